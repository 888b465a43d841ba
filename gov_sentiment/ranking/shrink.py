"""Shrinkage within peer groups, and intervals of single rates.

Beta-binomial by maximum likelihood (rates), normal-normal with the variance between agencies by
restricted maximum likelihood (means). Both are empirical Bayes: the peers say what an agency with
few exchanges is probably like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaincinv, betaln, expit, logit, ndtri

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# A group of fewer agencies says too little of its own spread: it borrows everybody's.
SMALLEST_GROUP: Final = 5
_LOG_PRECISION: Final = (np.log(0.2), np.log(1e6))


@dataclass(frozen=True, slots=True)
class BetaPosterior:
    """Rates of agencies: `a` and `b` of a beta distribution each, (n_agencies,)."""

    a: Float
    b: Float

    def mean(self) -> Float:
        """Return the shrunk rates."""
        result: Float = self.a / (self.a + self.b)
        return result

    def interval(self, level: float = 0.95) -> tuple[Float, Float]:
        """Return the central interval of that probability."""
        tail = (1.0 - level) / 2.0
        return betaincinv(self.a, self.b, tail), betaincinv(self.a, self.b, 1.0 - tail)


@dataclass(frozen=True, slots=True)
class NormalPosterior:
    """Means of agencies: a normal distribution each, cut off at what is possible."""

    center: Float
    spread: Float
    low: float
    high: float

    def mean(self) -> Float:
        """Return the shrunk means."""
        result: Float = np.clip(self.center, self.low, self.high)
        return result

    def interval(self, level: float = 0.95) -> tuple[Float, Float]:
        """Return the central interval of that probability."""
        reach = float(ndtri(0.5 + level / 2.0)) * self.spread
        return (
            np.clip(self.center - reach, self.low, self.high),
            np.clip(self.center + reach, self.low, self.high),
        )


Posterior = BetaPosterior | NormalPosterior


def wilson(k: Float, n: Float, level: float = 0.95) -> tuple[Float, Float]:
    """Return Wilson's interval of k out of n (Wilson 1927); NaN where n is 0."""
    z = float(ndtri(0.5 + level / 2.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = k / n
        scale = 1.0 + z * z / n
        middle = (rate + z * z / (2.0 * n)) / scale
        reach = z * np.sqrt(rate * (1.0 - rate) / n + z * z / (4.0 * n * n)) / scale
    return np.clip(middle - reach, 0.0, 1.0), np.clip(middle + reach, 0.0, 1.0)


def fit_beta(k: Float, n: Float) -> tuple[float, float]:
    """Return (a, b) of the beta distribution that makes the counts likeliest.

    Args:
        k: successes, not negative, at most `n`; need not be whole numbers.
        n: trials; agencies with none say nothing.
    """
    used = n > 0
    k, n = k[used], n[used]
    if not len(n):
        return 0.5, 0.5
    pairs, weight = np.unique(np.column_stack([k, n]), axis=0, return_counts=True)
    k, n = pairs[:, 0], pairs[:, 1]
    start = np.clip((np.sum(weight * k) + 0.5) / (np.sum(weight * n) + 1.0), 1e-6, 1.0 - 1e-6)

    def loss(place: Float) -> float:
        precision = np.exp(np.clip(place[1], *_LOG_PRECISION))
        a = max(expit(place[0]) * precision, 1e-9)
        b = max(precision - a, 1e-9)
        return -float(np.sum(weight * (betaln(a + k, b + n - k) - betaln(a, b))))

    found = minimize(
        loss,
        np.array([logit(start), np.log(30.0)]),
        method="Nelder-Mead",
        bounds=[(-16.0, 16.0), _LOG_PRECISION],
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 2000},
    )
    precision = float(np.exp(found.x[1]))
    mean = float(expit(found.x[0]))
    return max(mean * precision, 1e-6), max((1.0 - mean) * precision, 1e-6)


def fit_normal(mean: Float, variance: Float) -> tuple[float, float]:
    """Return the mean and the variance of the agencies' true means, by restricted likelihood.

    Args:
        mean: observed means; NaN where there is nothing to see.
        variance: their sampling variances, above 0.
    """
    used = np.isfinite(mean) & np.isfinite(variance)
    y, v = mean[used], variance[used]
    if not len(y):
        return 0.0, 1.0
    if len(y) == 1:
        return float(y[0]), float(v[0])

    def center(between: float) -> float:
        weight = 1.0 / (v + between)
        return float(np.sum(weight * y) / np.sum(weight))

    def loss(log_between: float) -> float:
        between = float(np.exp(log_between))
        total = v + between
        error = y - center(between)
        likelihood = np.sum(np.log(total)) + np.sum(error**2 / total) + np.log(np.sum(1.0 / total))
        return float(likelihood)

    top = float(np.log(np.var(y) * 10.0 + float(np.max(v)) + 1e-12))
    grid = np.linspace(top - 25.0, top, 60)
    best = int(np.argmin([loss(point) for point in grid]))
    bounds = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-8})
    between = float(np.exp(found.x))
    return center(between), between


def shrink_rates(k: Float, n: Float, groups: Ints) -> BetaPosterior:
    """Return the posteriors of rates; an agency with n = 0 has its peers' prior.

    Args:
        k: successes, (n_agencies,).
        n: trials, (n_agencies,).
        groups: peer group of each, 0, 1, …
    """
    a, b = np.empty(len(n)), np.empty(len(n))
    whole = fit_beta(k, n)
    for group in np.unique(groups):
        inside = groups == group
        enough = np.count_nonzero(n[inside] > 0) >= SMALLEST_GROUP and not inside.all()
        prior = fit_beta(k[inside], n[inside]) if enough else whole
        a[inside] = prior[0] + k[inside]
        b[inside] = prior[1] + n[inside] - k[inside]
    return BetaPosterior(a, b)


def shrink_means(
    mean: Float, variance: Float, groups: Ints, low: float, high: float
) -> NormalPosterior:
    """Return the posteriors of means; an agency with NaN has its peers' distribution.

    Args:
        mean: observed means, (n_agencies,).
        variance: their sampling variances, (n_agencies,).
        groups: peer group of each, 0, 1, …
        low: the smallest possible value.
        high: the largest one.
    """
    center, spread = np.empty(len(mean)), np.empty(len(mean))
    whole = fit_normal(mean, variance)
    for group in np.unique(groups):
        inside = groups == group
        seen = np.isfinite(mean) & np.isfinite(variance) & inside
        enough = np.count_nonzero(seen) >= SMALLEST_GROUP and not inside.all()
        middle, between = fit_normal(mean[inside], variance[inside]) if enough else whole
        weight = np.where(seen, between / (between + np.where(seen, variance, 1.0)), 0.0)[inside]
        observed = np.where(seen, mean, middle)[inside]
        center[inside] = weight * observed + (1.0 - weight) * middle
        # The uncertainty of the peers' mean matters for agencies with few exchanges.
        pool = variance[seen if enough else np.isfinite(mean) & np.isfinite(variance)]
        others = 1.0 / np.sum(1.0 / (pool + between)) if len(pool) else 0.0
        spread[inside] = np.sqrt((1.0 - weight) * between + (1.0 - weight) ** 2 * others)
    return NormalPosterior(center, spread, low, high)


def variances_of_means(total: Float, squares: Float, n: Float) -> tuple[Float, Float]:
    """Return means and their sampling variances from n, the sum and the sum of squares.

    The variance of single values is drawn towards the pooled one with the weight of ten
    values: with three exchanges their own variance is chance, and may be zero.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        within = np.maximum(squares - n * mean**2, 0.0)
        freedom = np.maximum(n - 1.0, 0.0)
        pooled = np.nansum(within) / max(float(np.sum(freedom)), 1.0)
        single = (np.nan_to_num(within) + 10.0 * pooled) / (freedom + 10.0)
        variance = np.maximum(single, 1e-9) / n
    return np.where(n > 0, mean, np.nan), np.where(n > 0, variance, np.nan)
