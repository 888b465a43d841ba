from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as oracle
from statsmodels.stats.contingency_tables import mcnemar as oracle_mcnemar

from gov_sentiment.model import metrics

CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=60)


@given(CODES)
def test_agreement_equals_scikit_learn(pairs):
    truth, guess = np.array(pairs).T
    assert metrics.accuracy(truth, guess) == pytest.approx(oracle.accuracy_score(truth, guess))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f1 = oracle.f1_score(truth, guess, average="macro", zero_division=0)
        plain = oracle.cohen_kappa_score(truth, guess, labels=range(4))
        squared = oracle.cohen_kappa_score(truth, guess, labels=range(4), weights="quadratic")
    assert metrics.macro_f1(truth, guess, 4) == pytest.approx(f1)
    if not np.isnan(plain):
        assert metrics.kappa(truth, guess, 4) == pytest.approx(plain, abs=1e-9)
        assert metrics.kappa(truth, guess, 4, "quadratic") == pytest.approx(squared, abs=1e-9)


@given(st.lists(st.tuples(st.floats(-9, 9), st.integers(0, 4)), min_size=4, max_size=40))
def test_correlations_equal_scipy(pairs):
    left, right = np.round(np.array(pairs), 3).T
    if left.std() > 1e-6 and right.std() > 1e-6:
        assert metrics.spearman(left, right) == pytest.approx(stats.spearmanr(left, right)[0])
        assert metrics.pearson(left, right) == pytest.approx(
            stats.pearsonr(left, right)[0], abs=1e-6
        )


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
@settings(deadline=None)
def test_mcnemar_equals_statsmodels(pairs):
    first, second = np.array(pairs, dtype=bool).T
    b, c = int((first & ~second).sum()), int((~first & second).sum())
    table = [[0, b], [c, 0]]
    expected = oracle_mcnemar(table, exact=True).pvalue if b + c else 1.0
    assert metrics.mcnemar(first, second) == pytest.approx(expected)


def test_calibration_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.4, 0.6]])
    truth = np.array([0, 1, 0, 1])
    # Bin .9: half right; bin .6: all right.
    assert metrics.calibration_error(truth, probabilities) == pytest.approx(0.5 * 0.4 + 0.5 * 0.4)
    assert metrics.brier(truth, probabilities) == pytest.approx((0.02 + 1.62 + 0.32 + 0.32) / 4)


def test_a_constant_side_correlates_with_nothing():
    assert metrics.pearson(np.ones(4), np.arange(4.0)) == 0.0
    assert metrics.kappa(np.zeros(4, int), np.zeros(4, int), 2) == 0.0


def test_the_interval_holds_the_value():
    truth = np.array([0, 1] * 40)
    guess = np.array([0, 1, 1, 1] * 20)
    figure = metrics.bootstrap(lambda rows: metrics.accuracy(truth[rows], guess[rows]), 80)
    assert figure.low <= figure.value == 0.75 <= figure.high
    assert figure == metrics.bootstrap(lambda r: metrics.accuracy(truth[r], guess[r]), 80)
    assert str(figure).startswith("0.750 [")


def test_uncertain_rows_are_counted_apart():
    probabilities = np.array([[0.9, 0.05, 0.05], [0.45, 0.4, 0.15], [0.3, 0.1, 0.6]])
    truth = np.array([0, 1, 1])
    assert np.allclose(metrics.lead(probabilities), [0.85, 0.05, 0.3])
    assert metrics.UNCERTAIN_LEAD == 0.2
    assert metrics.certain_share(probabilities) == 2 / 3
    assert metrics.certain_accuracy(truth, probabilities) == 0.5
    assert metrics.certain_accuracy(truth[1:2], probabilities[1:2]) == 0.0
