"""Kaplan–Meier and the restricted mean against lifelines."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.ranking.survival import (
    answered_by,
    kaplan_meier,
    median_time,
    restricted_mean,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 40), st.booleans(), st.integers(1, 4)),
    min_size=1,
    max_size=40,
)


def curves_of(rows):
    group, time, event, n = (np.array(column) for column in zip(*rows, strict=True))
    return kaplan_meier(group, time / 2.0, event.astype(int), n, 4)


def lifelines_of(rows, group):
    from lifelines import KaplanMeierFitter

    own = [(time / 2.0, event, n) for g, time, event, n in rows if g == group]
    if not own:
        return None
    time, event, n = zip(*own, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KaplanMeierFitter().fit(time, event, weights=n)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_curves_equal_lifelines(rows):
    from lifelines.utils import restricted_mean_survival_time

    curves = curves_of(rows)
    rate, _ = answered_by(curves, 7.0)
    mean, _ = restricted_mean(curves, 15)
    median = median_time(curves)
    for group in range(4):
        fitted = lifelines_of(rows, group)
        if fitted is None:
            assert np.isnan([rate[group], mean[group], median[group]]).all()
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = restricted_mean_survival_time(fitted, t=15.0)
            assert rate[group] == pytest.approx(1.0 - float(fitted.predict(7.0)), abs=1e-9)
        assert mean[group] == pytest.approx(expected, abs=1e-9)
        # lifelines rounds survival; the median jumps where it is one half.
        if not np.isclose(curves.survival[curves.group == group], 0.5).any():
            known = fitted.median_survival_time_
            assert (np.isinf(known) and np.isnan(median[group])) or median[group] == known


def test_variance_equals_greenwoods_formula():
    rng = np.random.default_rng(3)
    time = rng.integers(1, 30, 400).astype(float)
    event = (rng.random(400) < 0.7).astype(int)
    curves = kaplan_meier(np.zeros(400, int), time, event, np.ones(400, int), 1)
    survival, total = 1.0, 0.0
    for moment in np.unique(time[time <= 15]):
        at_risk = np.sum(time >= moment)
        died = np.sum((time == moment) & (event == 1))
        survival *= 1 - died / at_risk
        total += died / (at_risk * (at_risk - died))
    rate, variance = answered_by(curves, 15.0)
    assert rate[0] == pytest.approx(1 - survival, abs=1e-12)
    assert variance[0] == pytest.approx(survival**2 * total, abs=1e-12)


def test_variance_of_restricted_mean_without_censoring_is_that_of_a_mean():
    rng = np.random.default_rng(5)
    time = rng.integers(1, 30, 500).astype(float)
    one = np.ones(500, int)
    curves = kaplan_meier(np.zeros(500, int), time, one, one, 1)
    mean, variance = restricted_mean(curves, 20.0)
    cut = np.minimum(time, 20.0)
    assert mean[0] == pytest.approx(cut.mean(), abs=1e-9)
    assert variance[0] == pytest.approx(cut.var() / 500, abs=1e-9)


def test_nothing_known_gives_nothing():
    none = np.empty(0, int)
    curves = kaplan_meier(none, none.astype(float), none, none, 2)
    assert np.isnan(answered_by(curves, 3.0)[0]).all()
    assert np.isnan(restricted_mean(curves, 3.0)[0]).all()
    assert np.isnan(median_time(curves)).all()
