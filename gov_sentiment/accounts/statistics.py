"""Shares, means and inequality with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gov_sentiment.accounts.result import Estimate, Share
from gov_sentiment.ranking.shrink import wilson
from gov_sentiment.ranking.survival import Curves, answered_by, kaplan_meier, median_time

_Z = 1.959963984540054


def share(k: int, n: int) -> Share | None:
    """Return k of n with Wilson's interval; None where n is 0."""
    if not n:
        return None
    low, high = wilson(np.array([float(k)]), np.array([float(n)]))
    return Share(k, n, k / n, float(low[0]), float(high[0]))


def mean(values: Sequence[float], lowest: float, highest: float) -> Estimate | None:
    """Return the mean with a normal interval cut at what is possible; none where all are equal."""
    if not values:
        return None
    array = np.sort(np.asarray(values, dtype=np.float64))  # the order of rows must not show
    center = float(array.mean())
    if len(array) < 2 or not array.std():
        return Estimate(len(array), center, None, None)
    reach = _Z * float(array.std(ddof=1)) / len(array) ** 0.5
    return Estimate(len(array), center, max(lowest, center - reach), min(highest, center + reach))


def waiting(
    hours: Sequence[float], answered: Sequence[bool]
) -> tuple[Estimate | None, Estimate | None, float | None]:
    """Return P(answered within 24 hours), within 7 days, and the median, by Kaplan–Meier.

    Args:
        hours: from the comment to the first answer, or to the export where there is none.
        answered: False = still waiting then (censored).
    """
    n = len(hours)
    if not n:
        return None, None, None
    curves = kaplan_meier(
        np.zeros(n, dtype=np.int64),
        np.asarray(hours, dtype=np.float64),
        np.asarray(answered, dtype=np.int64),
        np.ones(n, dtype=np.int64),
        1,
    )
    median = float(median_time(curves)[0])
    # Beyond the last comment followed nothing is known, unless all were answered by then.
    known_to = math.inf if curves.survival[-1] == 0 else max(hours)
    return (
        _answered(curves, 24.0, n) if known_to >= 24 else None,
        _answered(curves, 168.0, n) if known_to >= 168 else None,
        None if np.isnan(median) else median,
    )


def _answered(curves: Curves, limit: float, n: int) -> Estimate:
    """Return the share answered by a time, with Wilson's interval of an effective n.

    Rothman 1978: the binomial n that has Greenwood's variance. Where that is 0 (nobody or
    everybody answered) n is those still followed at the time, or answered before it.
    """
    rate, variance = answered_by(curves, limit)
    value = float(rate[0])
    if variance[0] > 0:
        effective = value * (1 - value) / float(variance[0])
    else:
        later = curves.at_risk[curves.time > limit]
        answered = float(curves.events[curves.time <= limit].sum())
        effective = answered + (float(later[0]) if len(later) else 0.0)
    if not effective:
        return Estimate(n, value, None, None)
    low, high = wilson(np.array([value * effective]), np.array([effective]))
    return Estimate(n, value, float(low[0]), float(high[0]))


def gini(values: Sequence[float]) -> float | None:
    """Return Gini's coefficient of values not below 0; None where all are 0, or of one."""
    array = np.sort(np.asarray(values, dtype=np.float64))
    if len(array) < 2 or not array.sum():
        return None
    places = np.arange(1, len(array) + 1)
    return float((2 * places - len(array) - 1) @ array / (len(array) * array.sum()))


def top_share(values: Sequence[float], part: float = 0.1) -> float | None:
    """Return what share of the sum the largest `part` of the values has (at least one value)."""
    array = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    if not len(array) or not array.sum():
        return None
    return float(array[: max(1, round(part * len(array)))].sum() / array.sum())
