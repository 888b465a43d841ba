"""Expected values of a scale in bins, so that replies that people label alike can score alike.

People who read a codebook give most replies the same courtesy. A score with six decimals puts
those replies in an order that means nothing, and rank statistics count each such pair as if it
did. Histogram binning (Zadrozny & Elkan 2001) gives all rows of a bin the mean label of held-out
rows there, here to an eighth of the scale. Which bins, ranks decide: neighbours are joined while
Spearman's ρ with the labels grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.metrics import spearman
from gov_sentiment.model.views import Float

FINEST: Final = 40
"""Bins that the scale is cut into at first."""
COARSE: Final = 8
"""The scale's parts that the values are rounded to: finer ones would differ by chance alone."""
FEWEST_ROWS: Final = 10
TOLERANCE: Final = 0.001
"""What one bin more must add to ρ."""
LEAST_GAIN: Final = 0.005
"""What bins must add to ρ, beside what they add by chance."""
CHANCE_GAIN: Final = 10.0
"""Over the number of rows: what they add by chance."""


@dataclass(frozen=True)
class Bins:
    """Levels of a scale.

    edges: lowest value of each bin but the first, rising, shape (n_bins − 1,).
    values: what rows of each bin get, rising, shape (n_bins,).
    """

    edges: Float
    values: Float

    def of(self, expected: Float) -> Float:
        """Return the level of each expected value, shape as given."""
        levels: Float = self.values[np.searchsorted(self.edges, expected, side="right")]
        return levels


def fit_bins(expected: Float, truth: Float, low: float, high: float) -> Bins | None:
    """Return the bins whose levels agree with the labels in rank, None where they add nothing.

    Args:
        expected: expected values of rows that the model had not seen, shape (n_rows,).
        truth: their labels, of few different values.
        low: the scale's lowest value.
        high: its highest.
    """
    levels, level = np.unique(truth, return_inverse=True)
    _, place = np.unique(np.round((expected - low) / (high - low) * FINEST), return_inverse=True)
    table = np.zeros((place.max() + 1, len(levels)))
    np.add.at(table, (place, level), 1.0)
    lowest = np.full(len(table), np.inf)
    np.minimum.at(lowest, place, expected)
    starts, table = _rising(*_with_rows(lowest, table), levels)
    found = [(rank_agreement(table), starts, table)]
    while len(table) > 2:
        joined = [_join(table, index) for index in range(len(table) - 1)]
        best = int(np.argmax([rank_agreement(one) for one in joined]))
        starts, table = np.delete(starts, best + 1), joined[best]
        found.append((rank_agreement(table), starts, table))
    most = max(agreement for agreement, _, _ in found)
    # The coarsest of those that are as good.
    _, starts, table = [item for item in found if item[0] >= most - TOLERANCE][-1]
    means = (table @ levels / table.sum(axis=1) - low) / (high - low)
    values = low + np.round(means * COARSE) / COARSE * (high - low)
    first = np.flatnonzero(np.append(True, np.diff(values) > 0))
    bins = Bins(starts[first[1:]], values[first])
    gain = spearman(bins.of(expected), truth) - spearman(expected, truth)
    return bins if gain >= LEAST_GAIN + CHANCE_GAIN / len(truth) else None


def rank_agreement(table: Float) -> float:
    """Return Spearman's ρ of rows counted by bin (down) and label (across); 0 if one is constant.

    Ties share their mean rank.
    """
    down, across = table.sum(axis=1), table.sum(axis=0)
    rows = np.cumsum(down) - down / 2 - down.sum() / 2
    columns = np.cumsum(across) - across / 2 - across.sum() / 2
    scale = float(np.sqrt((down @ rows**2) * (across @ columns**2)))
    return float(rows @ table @ columns) / scale if scale > 0 else 0.0


def _join(table: Float, index: int) -> Float:
    """Return the table with this bin and the next as one."""
    joined = np.delete(table, index + 1, axis=0)
    joined[index] += table[index + 1]
    return joined


def _with_rows(starts: Float, table: Float) -> tuple[Float, Float]:
    """Return bins of at least `FEWEST_ROWS` rows."""
    index = 0
    while len(table) > 1 and index < len(table):
        if table[index].sum() >= FEWEST_ROWS:
            index += 1
            continue
        index = min(index, len(table) - 2)
        starts, table = np.delete(starts, index + 1), _join(table, index)
    return starts, table


def _rising(starts: Float, table: Float, levels: npt.NDArray[Any]) -> tuple[Float, Float]:
    """Return bins whose mean labels rise: isotonic regression, neighbours that fall joined."""
    index = 0
    while index < len(table) - 1:
        means = table @ levels / table.sum(axis=1)
        if means[index + 1] > means[index]:
            index += 1
            continue
        starts, table = np.delete(starts, index + 1), _join(table, index)
        index = max(index - 1, 0)
    return starts, table
