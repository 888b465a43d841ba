"""Figures of agreement between labels and predictions, each with its formula's source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, rankdata

# Where the likeliest class leads the second by less, a label is to be read as uncertain.
UNCERTAIN_LEAD: Final = 0.2

Float = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its bootstrap interval: low–high holds the middle 95 %."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def confusion(truth: Codes, guess: Codes, n_classes: int) -> npt.NDArray[np.int64]:
    """Return counts of shape (n_classes, n_classes), rows the truth."""
    flat = np.bincount(truth * n_classes + guess, minlength=n_classes * n_classes)
    return flat.reshape(n_classes, n_classes)


def accuracy(truth: Codes, guess: Codes) -> float:
    """Return the share of rows that are right."""
    return float((truth == guess).mean())


def class_scores(truth: Codes, guess: Codes, n_classes: int) -> Float:
    """Return precision, recall, F1 and support of each class, shape (n_classes, 4)."""
    table = confusion(truth, guess, n_classes).astype(np.float64)
    hits = np.diag(table)
    precision = hits / np.maximum(table.sum(axis=0), 1)
    recall = hits / np.maximum(table.sum(axis=1), 1)
    total = precision + recall
    f1 = np.where(total > 0, 2 * precision * recall / np.where(total > 0, total, 1), 0.0)
    return np.column_stack([precision, recall, f1, table.sum(axis=1)])


def macro_f1(truth: Codes, guess: Codes, n_classes: int) -> float:
    """Return the mean F1 of the classes that occur in the truth or the guesses."""
    scores = class_scores(truth, guess, n_classes)
    seen = np.isin(np.arange(n_classes), np.concatenate([truth, guess]))
    return float(scores[seen, 2].mean())


def kappa(truth: Codes, guess: Codes, n_classes: int, weights: str = "none") -> float:
    """Return Cohen's κ (1960), or quadratically weighted (1968) with `weights="quadratic"`.

    0 where one side has a single class, as agreement beyond chance cannot be seen then.
    """
    table = confusion(truth, guess, n_classes) / len(truth)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    places = np.arange(n_classes)
    cost = (places[:, None] != places[None, :]).astype(np.float64)
    if weights == "quadratic":
        cost = (places[:, None] - places[None, :]).astype(np.float64) ** 2
    chance = float((cost * expected).sum())
    return 1.0 - float((cost * table).sum()) / chance if chance > 0 else 0.0


def pearson(left: Float, right: Float) -> float:
    """Return the linear correlation; 0 where one side is constant."""
    a, b = left - left.mean(), right - right.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def spearman(left: Float, right: Float) -> float:
    """Return the rank correlation, ties sharing their mean rank."""
    return pearson(rankdata(left), rankdata(right))


def calibration_error(truth: Codes, probabilities: Float, bins: int = 10) -> float:
    """Return the expected calibration error: mean |accuracy − confidence| over equal-width bins.

    Source: Naeini, Cooper & Hauskrecht 2015; confidence is the largest probability.
    """
    confidence = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == truth).astype(np.float64)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(truth))


def lead(probabilities: Float) -> Float:
    """Return by how much the likeliest class leads the second, shape (n_rows,)."""
    ordered = np.sort(probabilities, axis=1)
    ahead: Float = ordered[:, -1] - ordered[:, -2]
    return ahead


def certain_share(probabilities: Float) -> float:
    """Return the share of rows whose likeliest class leads by `UNCERTAIN_LEAD` or more."""
    return float((lead(probabilities) >= UNCERTAIN_LEAD).mean())


def certain_accuracy(truth: Codes, probabilities: Float) -> float:
    """Return the share of right ones among the certain rows; 0 where there are none."""
    certain = lead(probabilities) >= UNCERTAIN_LEAD
    if not certain.any():
        return 0.0
    return accuracy(truth[certain], probabilities[certain].argmax(axis=1))


def brier(truth: Codes, probabilities: Float) -> float:
    """Return the Brier score (1950), the sum over classes, in [0, 2]."""
    wanted = np.eye(probabilities.shape[1])[truth]
    return float(((probabilities - wanted) ** 2).sum(axis=1).mean())


def mcnemar(first_right: npt.NDArray[np.bool_], second_right: npt.NDArray[np.bool_]) -> float:
    """Return the exact two-sided p-value that both are right equally often (McNemar 1947)."""
    only_first = int((first_right & ~second_right).sum())
    only_second = int((~first_right & second_right).sum())
    n = only_first + only_second
    if n == 0:
        return 1.0
    return min(1.0, 2.0 * float(binom.cdf(min(only_first, only_second), n, 0.5)))


def bootstrap(
    figure: Callable[[Codes], float], n_rows: int, *, draws: int = 400, seed: int = 0
) -> Figure:
    """Return a figure with its 95 % percentile interval over resampled rows.

    Args:
        figure: computes the value from row numbers, which may repeat.
        n_rows: rows to draw from.
        draws: resamples.
        seed: of the resampling.
    """
    rng = np.random.default_rng(seed)
    values = [figure(rng.integers(0, n_rows, n_rows)) for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    return Figure(figure(np.arange(n_rows)), float(low), float(high))
