"""Carrying the classifier's errors into shares and means.

A share of predicted classes is biased: a classifier that is right four times in five turns a true
share of 5 % into one near 20 %. With a labelled sample of the same kind of archive the share is
corrected by the confusion matrix (Rogan and Gladen 1978, for several classes Buonaccorsi 2010; in
the literature of quantification "adjusted classify and count"), a mean by the mean error of the
predictions (prediction-powered inference, Angelopoulos et al. 2023). The labelled sample is itself
a sample: its uncertainty is drawn along with everything else, shared by all agencies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.errors import BadLabels, BadScores
from gov_sentiment.exchange import NOMINAL_TARGETS, ORDINAL_TARGETS
from gov_sentiment.model.labelled import read_labelled

Float = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Below this distance between hit rate and false-alarm rate a correction is mostly noise.
SMALLEST_CONTRAST: Final = 0.1
_FEWEST_LABELS: Final = 30


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of a labelled sample: rows the truth, columns the prediction, order of `labels`."""

    labels: tuple[str, ...]
    matrix: Ints


@dataclass(frozen=True, slots=True)
class MeanError:
    """Truth minus prediction on a labelled sample: how many, their mean, their variance."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of the classifier's errors.

    Attributes:
        source: "none", "model card" or "labelled sample".
        confusions: target → confusion matrix.
        errors: target of a scale → mean error.
    """

    source: str = "none"
    confusions: Mapping[str, Confusion] = field(default_factory=dict)
    errors: Mapping[str, MeanError] = field(default_factory=dict)


def calibration_of_model(info: Mapping[str, Any]) -> Calibration:
    """Return what the run info's `model` says of its own errors; empty where it says nothing.

    Read is `model.confusion` = {target: {labels, matrix}}, rows the truth. For a scale the matrix
    of rounded values gives the mean error and its variance.

    Raises:
        BadScores: the entry is damaged.
    """
    model = info.get("model")
    if not isinstance(model, Mapping):
        return Calibration()
    confusions: dict[str, Confusion] = {}
    errors: dict[str, MeanError] = {}
    for target, entry in (model.get("confusion") or {}).items():
        try:
            matrix = np.asarray(entry["matrix"], dtype=np.int64)
            labels = tuple(str(label) for label in entry["labels"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadScores(
                f"The table's run info has a damaged confusion matrix for {target}.\n"
                "Score the archive again."
            ) from error
        if matrix.shape != (len(labels), len(labels)):
            raise BadScores(
                f"The table's run info: the confusion matrix of {target} does not fit its "
                f"{len(labels)} labels.\nScore the archive again."
            )
        if target in NOMINAL_TARGETS:
            confusions[target] = Confusion(labels, matrix)
        elif target in ORDINAL_TARGETS and matrix.sum() > 1:
            errors[target] = _error_of_matrix(matrix)
    return Calibration("model card" if confusions or errors else "none", confusions, errors)


def _error_of_matrix(matrix: Ints) -> MeanError:
    """Return truth minus prediction of a scale whose steps are one apart."""
    steps = np.arange(len(matrix))
    gaps = steps[:, None] - steps[None, :]
    n = int(matrix.sum())
    mean = float(np.sum(matrix * gaps) / n)
    variance = float(np.sum(matrix * (gaps - mean) ** 2) / (n - 1))
    return MeanError(n, mean, variance)


def calibrate_on(labelled: str | Path | pa.Table, scores: pa.Table) -> Calibration:
    """Return the errors on the user's own labelled sample of this archive.

    Args:
        labelled: file or table with `exchange_id` and label columns (`sentiment`, `reply_type`,
            `quality`, …).
        scores: `exchange_id` and the score columns of the labelled exchanges.

    Raises:
        BadLabels: too few labelled exchanges are in the archive.
    """
    data = read_labelled(labelled)
    if "exchange_id" not in data.columns:
        raise BadLabels(f"{data.where}: no column exchange_id, so no score can be found for a row.")
    places = {key: row for row, key in enumerate(scores["exchange_id"].to_pylist())}
    keys = [str(key) for key in data.columns["exchange_id"]]
    matched = [(i, places[key]) for i, key in enumerate(keys) if key in places]
    if len(matched) < _FEWEST_LABELS:
        raise BadLabels(
            f"{data.where}: {len(matched)} of {len(keys)} labelled exchanges are in the scored "
            f"table; at least {_FEWEST_LABELS} are needed.\n"
            "Draw the sample from this archive and keep its exchange_id column."
        )
    confusions: dict[str, Confusion] = {}
    errors: dict[str, MeanError] = {}
    for target, column in _score_columns().items():
        if target not in data.columns:
            continue
        guesses: list[Any] = scores[column].to_pylist()
        pairs = [(data.columns[target][i], guesses[row]) for i, row in matched]
        pairs = [(truth, guess) for truth, guess in pairs if truth not in (None, "") and guess]
        if len(pairs) < _FEWEST_LABELS:
            continue
        try:
            if target in NOMINAL_TARGETS:
                confusions[target] = _count_pairs(pairs, NOMINAL_TARGETS[target])
            else:
                gaps = np.array([float(truth) - float(guess) for truth, guess in pairs])
                errors[target] = MeanError(len(gaps), float(gaps.mean()), float(gaps.var(ddof=1)))
        except ValueError:
            raise BadLabels(
                f"{data.where}: column {target} holds a value that is no label of it."
            ) from None
    return Calibration("labelled sample", confusions, errors)


def _score_columns() -> dict[str, str]:
    return {
        "sentiment": "post_sentiment",
        "reply_type": "reply_type",
        **{target: f"reply_{target}" for target in ORDINAL_TARGETS},
    }


def _count_pairs(pairs: Sequence[tuple[Any, Any]], labels: tuple[str, ...]) -> Confusion:
    matrix = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for truth, guess in pairs:
        matrix[labels.index(truth), labels.index(guess)] += 1
    return Confusion(labels, matrix)


def share_counts(confusion: Confusion, classes: Sequence[str]) -> tuple[int, int, int, int]:
    """Return (true positives, false negatives, false positives, true negatives) of some classes."""
    inside = np.array([label in classes for label in confusion.labels])
    matrix = confusion.matrix
    return (
        int(matrix[np.ix_(inside, inside)].sum()),
        int(matrix[np.ix_(inside, ~inside)].sum()),
        int(matrix[np.ix_(~inside, inside)].sum()),
        int(matrix[np.ix_(~inside, ~inside)].sum()),
    )


@dataclass(frozen=True, slots=True)
class ShareCorrection:
    """Draws of a classifier's hit rate and false-alarm rate for one share, (n_draws,) each."""

    hits: Float
    alarms: Float

    def apply(self, predicted: Float) -> Float:
        """Return true shares for draws of predicted ones, (…, n_draws)."""
        return np.clip((predicted - self.alarms) / (self.hits - self.alarms), 0.0, 1.0)


def shared_stream(purpose: str, seed: int) -> np.random.Generator:
    """Return a stream of random numbers that depends on its purpose and the seed alone."""
    digest = hashlib.blake2b(f"{purpose}\0{seed}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))


def correct_share(
    confusion: Confusion, classes: Sequence[str], n_draws: int, seed: int, purpose: str
) -> ShareCorrection | None:
    """Return the draws that correct one share; None where the classifier cannot tell it.

    Args:
        confusion: counts of the labelled sample.
        classes: the classes that the share counts.
        n_draws: how many draws.
        seed: of the run.
        purpose: names the stream, so that measures do not share one.
    """
    tp, fn, fp, tn = share_counts(confusion, classes)
    if min(tp + fn, fp + tn) == 0:
        return None
    if tp / (tp + fn) - fp / (fp + tn) < SMALLEST_CONTRAST:
        return None
    stream = shared_stream(f"confusion:{purpose}", seed)
    # Jeffreys' prior: half a case in each cell.
    hits = stream.beta(tp + 0.5, fn + 0.5, n_draws)
    alarms = stream.beta(fp + 0.5, tn + 0.5, n_draws)
    hits = np.maximum(hits, alarms + SMALLEST_CONTRAST / 2.0)
    return ShareCorrection(hits, alarms)


def correct_classes(counts: Ints, confusion: Confusion) -> tuple[Float, Float]:
    """Return corrected shares of all classes and their standard errors, (n_agencies, n_classes).

    The matrix method: solve q = Cᵀ p for the shares p that the predicted shares q come from, then
    move p to the nearest point with shares not negative and adding up to one. The errors are the
    delta method's: of the agency's sample and of the labelled one.

    Args:
        counts: predicted classes of each agency, order of `confusion.labels`.
        confusion: counts of the labelled sample; each class has to occur in it.
    """
    matrix = confusion.matrix.astype(np.float64)
    per_class = matrix.sum(axis=1)
    rows = matrix / per_class[:, None]
    inverse = np.linalg.pinv(rows.T)
    n = counts.sum(axis=1, keepdims=True)
    predicted = counts / n
    solved = predicted @ inverse.T
    shares = _to_simplex(solved)
    sampling = np.einsum("ij,aj->ai", inverse**2, predicted) - (predicted @ inverse.T) ** 2
    variance = np.maximum(sampling, 0.0) / n
    for k, total in enumerate(per_class):
        row = rows[k]
        spread = (inverse**2) @ row - (inverse @ row) ** 2
        variance += shares[:, [k]] ** 2 * np.maximum(spread, 0.0)[None, :] / total
    return shares, np.sqrt(variance)


def _to_simplex(points: Float) -> Float:
    """Return the nearest points (Euclid) whose coordinates are shares (Duchi et al. 2008)."""
    ordered = -np.sort(-points, axis=1)
    excess = np.cumsum(ordered, axis=1) - 1.0
    place = np.arange(1, points.shape[1] + 1)
    last = np.count_nonzero(ordered - excess / place > 0, axis=1)
    shift = excess[np.arange(len(points)), last - 1] / last
    result: Float = np.maximum(points - shift[:, None], 0.0)
    return result
