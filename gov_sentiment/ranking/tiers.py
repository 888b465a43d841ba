"""Tiers, and how sure the order of neighbours is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.ranking.correct import shared_stream

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SURE: Final = 0.9
# Above this many agencies the tiers come from a bound that needs no pairs.
_MOST_PAIRED: Final = 1500
_MOST_COUNTED: Final = 5000
_SURE_Z: Final = 1.2815515655446004  # the normal distribution's 90 % point
_WEIGHT_DRAWS: Final = 1000
_CONCENTRATION: Final = 50.0


def make_tiers(draws: Float, means: Float) -> Ints:
    """Return the tier of each agency, 1 = the best, (n_agencies,).

    Agencies stand in the order of their means. A new tier begins only where every agency above
    is better than every agency below with a probability of at least .9; all others are ties. For
    more than 1,500 agencies a bound that needs no pairs is used, which can only join tiers.

    Args:
        draws: index, (n_agencies, n_draws).
        means: posterior means, (n_agencies,).
    """
    n = len(means)
    tiers = np.ones(n, dtype=np.int64)
    if n < 2:
        return tiers
    order = np.argsort(-means, kind="stable")
    cut = _cuts_by_pairs(draws[order]) if n <= _MOST_PAIRED else _cuts_by_bound(draws[order])
    tiers[order] = 1 + np.concatenate([[0], np.cumsum(cut)])
    return tiers


def _cuts_by_pairs(draws: Float) -> npt.NDArray[np.bool_]:
    """Return whether the order is sure across each gap between neighbours, (n − 1,)."""
    n = len(draws)
    # worst[c]: the least P(above > below) over all pairs on two sides of gap c.
    worst = np.ones(n - 1)
    mean, spread = draws.mean(axis=1), draws.var(axis=1)
    for row in range(n - 1):
        # A pair far from .9 by the normal approximation needs no counting.
        distance = (mean[row] - mean[row + 1 :]) / np.sqrt(spread[row] + spread[row + 1 :] + 1e-18)
        sure = (distance > 3.0).astype(np.float64)
        unclear = np.flatnonzero((distance <= 3.0) & (distance > 0.5))
        for other in unclear:
            sure[other] = np.mean(draws[row] > draws[row + 1 + other])
        below = np.minimum.accumulate(sure[::-1])[::-1]
        worst[row:] = np.minimum(worst[row:], below)
        # Gaps before `row` are not between it and those below.
    return worst >= SURE


def _cuts_by_bound(draws: Float) -> npt.NDArray[np.bool_]:
    mean, spread = draws.mean(axis=1), draws.std(axis=1)
    low = np.minimum.accumulate(mean - _SURE_Z * spread)
    high = np.maximum.accumulate((mean + _SURE_Z * spread)[::-1])[::-1]
    return low[:-1] >= high[1:]


def count_sure(draws: Float) -> tuple[Ints, Ints]:
    """Return how many peers are better, and how many worse, with a probability of at least .9.

    By the normal approximation to the draws; two counts for each agency, (n_agencies,).
    """
    mean, spread = draws.mean(axis=1), draws.var(axis=1)
    better, worse = (np.zeros(len(mean), dtype=np.int64) for _ in range(2))
    if len(mean) > _MOST_COUNTED:
        return better - 1, worse - 1
    for row in range(len(mean)):
        gap = (mean - mean[row]) / np.sqrt(spread + spread[row] + 1e-18)
        better[row] = np.count_nonzero(gap >= _SURE_Z)
        worse[row] = np.count_nonzero(gap <= -_SURE_Z)
    return better, worse


def tier_table(names: Sequence[str], groups: Sequence[str], tiers: Ints, means: Float) -> pa.Table:
    """Return one row for each tier of each group: how many, best and worst index, who."""
    rows: dict[tuple[str, int], list[int]] = {}
    for row in np.argsort(-means, kind="stable").tolist():
        rows.setdefault((groups[row], int(tiers[row])), []).append(row)
    keys = sorted(rows)
    return pa.table(
        {
            "peer_group": pa.array([key[0] for key in keys], pa.string()),
            "tier": pa.array([key[1] for key in keys], pa.int64()),
            "n_agencies": pa.array([len(rows[key]) for key in keys], pa.int64()),
            "index_high": pa.array([float(means[rows[key][0]]) for key in keys], pa.float64()),
            "index_low": pa.array([float(means[rows[key][-1]]) for key in keys], pa.float64()),
            "agencies": pa.array(
                [[names[row] for row in rows[key]] for key in keys], pa.list_(pa.string())
            ),
        }
    )


def neighbour_pairs(
    names: Sequence[str],
    groups: Sequence[str],
    draws: Float,
    means: Float,
    points: Mapping[str, Float],
    weights: Mapping[str, float],
    seed: int,
) -> pa.Table:
    """Return how often the order of each neighbouring pair holds.

    Args:
        names: agencies.
        groups: peer group of each; pairs stay within it.
        draws: index, (n_agencies, n_draws).
        means: posterior means of the index.
        points: measure → index points (0 to 100) of each agency.
        weights: measure → weight of the index.
        seed: of the run.

    Returns:
        `peer_group, above, below, gap, p_above` (by the data), `holds_weights` (share of 1,000
        weights drawn from a Dirichlet distribution around the preset's, concentration 50, for which
        the order of the means holds) and `turned_by` (measures without which it turns round).
    """
    order = sorted(range(len(names)), key=lambda row: (groups[row], -means[row], names[row]))
    pairs = [(a, b) for a, b in pairwise(order) if groups[a] == groups[b]]
    measures = sorted(points)
    values = np.column_stack([points[name] for name in measures])
    base = np.array([weights[name] for name in measures])
    base = base / base.sum()
    stream = shared_stream("weights", seed)
    drawn = stream.dirichlet(np.maximum(base * _CONCENTRATION, 1e-3), _WEIGHT_DRAWS)
    above = np.array([pair[0] for pair in pairs], dtype=np.int64)
    below = np.array([pair[1] for pair in pairs], dtype=np.int64)
    gaps = values[above] - values[below]
    holds = np.empty(len(pairs))
    for start in range(0, len(pairs), 10_000):
        part = slice(start, start + 10_000)
        holds[part] = np.mean(gaps[part] @ drawn.T > 0, axis=1)
    turned = [[] for _ in pairs] if len(measures) < 2 else _turned(gaps, base, measures)
    return pa.table(
        {
            "peer_group": pa.array([groups[a] for a, _ in pairs], pa.string()),
            "above": pa.array([names[a] for a, _ in pairs], pa.string()),
            "below": pa.array([names[b] for _, b in pairs], pa.string()),
            "gap": means[above] - means[below],
            "p_above": np.array([np.mean(draws[a] > draws[b]) for a, b in pairs], dtype=np.float64),
            "holds_weights": holds,
            "turned_by": pa.array(turned, pa.list_(pa.string())),
        }
    )


def _turned(gaps: Float, base: Float, measures: Sequence[str]) -> list[list[str]]:
    """Return, for each pair, the measures that alone keep its order."""
    without = np.column_stack(
        [
            gaps @ np.where(np.arange(len(base)) == left_out, 0.0, base)
            for left_out in range(len(base))
        ]
    )
    return [[measures[place] for place in np.flatnonzero(row < 0).tolist()] for row in without]


def simultaneous_ranks(draws: Float, level: float = 0.95) -> tuple[Ints, Ints]:
    """Return rank sets that hold for all agencies together, lowest and highest, (n_agencies,) each.

    After the idea of Mogstad, Romano, Shaikh and Wilhelm 2023: an agency's best possible rank is
    one more than the number of agencies that beat it for sure, where "for sure" uses the
    largest studentised difference over all pairs, so that all claims hold at once.

    Args:
        draws: index, (n_agencies, n_draws), independent between agencies.
        level: probability that every set is right.
    """
    n = len(draws)
    means, spread = draws.mean(axis=1), draws.var(axis=1)
    noise = (draws - means[:, None])[:, : min(draws.shape[1], 1000)]
    scale = np.sqrt(spread[:, None] + spread[None, :]) + 1e-18
    largest = np.zeros(noise.shape[1])
    for row in range(n - 1):
        gap = np.abs(noise[row] - noise[row + 1 :]) / scale[row, row + 1 :, None]
        np.maximum(largest, gap.max(axis=0), out=largest)
    critical = float(np.quantile(largest, level))
    difference = (means[:, None] - means[None, :]) / scale
    better = np.count_nonzero(difference < -critical, axis=1)
    worse = np.count_nonzero(difference > critical, axis=1)
    return 1 + better, n - worse
