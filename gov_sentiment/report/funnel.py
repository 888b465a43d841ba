"""Control limits of the funnel plot."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import binom

from gov_sentiment.report.summary import Row

_TAILS: Final = {"95": 0.025, "998": 0.001}


def funnel_limits(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return control limits of the substantive share around its mean.

    Exact binomial limits, interpolated between counts (Spiegelhalter 2005, appendix): shares that
    differ by chance alone lie within them 95 and 99.8 times in a hundred, also near 100 %.
    """
    known = [
        (row["substantive_share_raw"], row["substantive_share_n"])
        for row in rows
        if row.get("substantive_share_raw") is not None and row.get("substantive_share_n")
    ]
    total = sum(n for _, n in known)
    if len(known) < 3 or not total:
        return ()
    mean = sum(share * n for share, n in known) / total
    sizes = np.unique(np.geomspace(1, max(n for _, n in known) + 1, 60).round())
    return tuple(
        {
            "n": float(n),
            "mean": mean,
            **{f"low{key}": _limit(tail, n, mean) for key, tail in _TAILS.items()},
            **{f"high{key}": _limit(1 - tail, n, mean) for key, tail in _TAILS.items()},
        }
        for n in sizes
    )


def funnel_points(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return each agency's raw share, and whether chance alone would hardly make it so.

    out: at most one in a thousand shares of that size would be so low, or so high, by chance.
    """
    limits = funnel_limits(rows)
    if not limits:
        return ()
    mean, tail = limits[0]["mean"], _TAILS["998"]
    points = []
    for row in rows:
        share, n = row.get("substantive_share_raw"), row.get("substantive_share_n")
        if share is not None and n:
            k = round(share * n)
            chance = min(float(binom.cdf(k, n, mean)), float(binom.sf(k - 1, n, mean)))
            points.append({"agency": row["agency"], "n": n, "share": share, "out": chance <= tail})
    return tuple(points)


def _limit(p: float, n: float, mean: float) -> float:
    """Return the share that a binomial share of n stays below with probability p."""
    if mean in (0.0, 1.0):
        return mean
    k = float(binom.ppf(p, n, mean))
    above, below = float(binom.cdf(k, n, mean)), float(binom.cdf(k - 1, n, mean))
    return min(1.0, max(0.0, (k - (above - p) / (above - below)) / n))
