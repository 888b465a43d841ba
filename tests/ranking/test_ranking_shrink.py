"""Shrinkage and intervals against scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta, betabinom, norm
from statsmodels.stats.proportion import proportion_confint

from gov_sentiment.ranking.shrink import (
    fit_beta,
    fit_normal,
    shrink_means,
    shrink_rates,
    variances_of_means,
    wilson,
)


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilson_equals_statsmodels(n, share):
    k = round(n * share)
    low, high = wilson(np.array([k], float), np.array([n], float))
    expected = proportion_confint(k, n, method="wilson")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_beta_fit_is_the_likeliest_by_scipy(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(5, 300, 40)
    k = rng.binomial(n, rng.beta(8, 3, 40))

    def loss(logs):
        return -betabinom.logpmf(k, n, *np.exp(logs)).sum()

    a, b = fit_beta(k.astype(float), n.astype(float))
    expected = minimize(loss, np.log([5.0, 5.0]), method="Nelder-Mead", options={"xatol": 1e-8})
    assert loss(np.log([a, b])) == pytest.approx(expected.fun, abs=1e-5)


def test_posterior_is_betas():
    k, n = np.array([3.0, 50.0, 0.0, 9.0, 30.0]), np.array([4.0, 60.0, 0.0, 10.0, 90.0])
    posterior = shrink_rates(k, n, np.zeros(5, int))
    a, b = fit_beta(k, n)
    low, high = posterior.interval()
    assert low == pytest.approx(beta.ppf(0.025, a + k, b + n - k), abs=1e-9)
    assert high == pytest.approx(beta.ppf(0.975, a + k, b + n - k), abs=1e-9)
    # Nothing observed: the peers' prior.
    assert posterior.mean()[2] == pytest.approx(a / (a + b))


def test_rates_move_towards_peers_and_less_with_more_cases():
    k, n = np.array([9, 900, 40, 50, 45, 60.0]), np.array([10, 1000, 100, 100, 100, 100.0])
    posterior = shrink_rates(k, n, np.zeros(6, int))
    mean = posterior.mean()
    assert mean[0] < mean[1] < 0.9
    assert mean[2] > 0.4


def test_each_large_group_has_its_own_prior_and_small_ones_borrow():
    n = np.full(22, 50.0)
    k = np.concatenate([np.full(10, 45.0), np.full(10, 10.0), [25.0, 25.0]])
    groups = np.repeat([0, 1, 2], [10, 10, 2])
    mean = shrink_rates(k, n, groups).mean()
    assert mean[0] == pytest.approx(0.9, abs=0.01)
    assert mean[10] == pytest.approx(0.2, abs=0.01)
    assert mean[20] == pytest.approx(0.5, abs=0.05)


def test_no_case_at_all_gives_a_flat_prior():
    assert fit_beta(np.zeros(3), np.zeros(3)) == (0.5, 0.5)
    assert fit_normal(np.full(3, np.nan), np.full(3, np.nan)) == (0.0, 1.0)


def test_normal_fit_recovers_the_spread_between_agencies():
    rng = np.random.default_rng(11)
    variance = rng.uniform(0.001, 0.05, 3000)
    mean = rng.normal(3.0, 0.4, 3000) + rng.normal(0, np.sqrt(variance))
    middle, between = fit_normal(mean, variance)
    assert middle == pytest.approx(3.0, abs=0.03)
    assert between == pytest.approx(0.16, rel=0.1)


def test_means_are_shrunk_by_the_textbook_formula():
    mean, variance = np.array([2.0, 3.0, 4.0, np.nan]), np.array([0.1, 0.2, 0.1, np.nan])
    posterior = shrink_means(mean, variance, np.zeros(4, int), 1.0, 5.0)
    middle, between = fit_normal(mean, variance)
    weight = between / (between + variance[:3])
    assert posterior.mean()[:3] == pytest.approx(weight * mean[:3] + (1 - weight) * middle)
    assert posterior.mean()[3] == pytest.approx(middle)
    assert posterior.spread[3] > posterior.spread[0]
    low, high = posterior.interval()
    assert high[0] - low[0] == pytest.approx(2 * norm.ppf(0.975) * posterior.spread[0], abs=1e-9)


def test_variance_of_three_equal_values_is_not_zero():
    n, sums, squares = np.array([3, 100.0]), np.array([12, 300.0]), np.array([48, 1000.0])
    mean, variance = variances_of_means(sums, squares, n)
    assert mean == pytest.approx([4.0, 3.0])
    assert variance[0] > 0.1
