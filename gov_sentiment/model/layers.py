"""The linear layer: weights of hashed features, learnt by ridge regression in its dual form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.linalg
from scipy import sparse

from gov_sentiment.model.features import N_PARTS, Parts, span_hashes, word_hashes
from gov_sentiment.model.hashing import Int64, UInt64, sorted_unique, to_columns
from gov_sentiment.model.views import Float, View, idf_of, weigh

EXACT_ROWS: Final = 7_000
MAX_STEPS: Final = 120
TOLERANCE: Final = 1e-3


@dataclass(frozen=True)
class FittedView:
    """A family of features with what was learnt of it.

    columns: hash columns that are kept, sorted, shape (n_kept,).
    idf: shape (n_kept,). share: the family's part in the sum of families.
    """

    view: View
    bits: int
    columns: npt.NDArray[np.int64]
    idf: Float
    share: float

    @cached_property
    def _slots(self) -> npt.NDArray[np.int32]:
        """Where each column of the table is kept, -1 where it is not."""
        slots = np.full(1 << self.bits, -1, dtype=np.int32)
        slots[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        return slots

    def reads_like(self, other: FittedView) -> bool:
        """Whether both weigh the same features alike, up to their share."""
        return (
            (self.view, self.bits) == (other.view, other.bits)
            and np.array_equal(self.columns, other.columns)
            and np.array_equal(self.idf, other.idf)
        )

    def matrix(self, parts: Parts) -> Any:
        """Return the weighted features of each row, CSR (n_rows, n_kept)."""
        return self.scaled(self.unit_rows(parts))

    def unit_rows(self, parts: Parts) -> Any:
        """Return what `compact` makes of the batch's counts, before the share is applied.

        Unknown features, which are many, are left out before the rest is sorted.
        """
        hashes, part = view_hashes(parts, self.view)
        slots = self._slots[to_columns(hashes, self.bits)]
        known = np.flatnonzero(slots >= 0)
        width = max(len(self.columns) - 1, 1).bit_length()
        small = parts.n_rows << width < 1 << 31  # half as wide sorts twice as fast
        keys = ((part[known] // N_PARTS) << width) | slots[known]
        keys = sorted_unique(keys.astype(np.int32) if small else keys)
        starts = np.arange(parts.n_rows + 1, dtype=np.int64) << width
        indptr = np.append(np.searchsorted(keys, starts[:-1].astype(keys.dtype)), len(keys))
        shape = (parts.n_rows, len(self.columns))
        places = keys & keys.dtype.type((1 << width) - 1)
        return weigh(sparse.csr_matrix((np.ones(len(keys)), places, indptr), shape=shape), self.idf)

    def compact(self, counts: Any) -> Any:
        """Keep the known columns of a 0/1 matrix, weigh them, scale rows to √share."""
        places = self._slots[counts.indices]
        kept = places >= 0
        running = np.concatenate([[0], np.cumsum(kept)])
        known = sparse.csr_matrix(
            (np.ones(int(running[-1])), places[kept], running[counts.indptr]),
            shape=(counts.shape[0], len(self.columns)),
        )
        return self.scaled(weigh(known, self.idf))

    def scaled(self, unit_rows: Any) -> Any:
        """Return rows of length √share from rows of length 1."""
        return unit_rows if self.share == 1.0 else unit_rows * np.sqrt(self.share)


def view_hashes(parts: Parts, view: View) -> tuple[UInt64, Int64]:
    """Return the hash and the part of each occurrence of a view's features."""
    if not view.sizes:
        return word_hashes(parts, np.array(view.spaces, dtype=np.int64))
    spans = view.spans(parts)
    return span_hashes(parts, spans), parts.part[spans.start]


def fit_view(counts: Any, view: View, bits: int, share: float, min_rows: int) -> FittedView:
    """Return the view with the columns that at least `min_rows` rows have, and their idf."""
    idf = idf_of(counts, min_rows)
    columns = np.flatnonzero(idf)
    return FittedView(view, bits, columns, np.round(idf[columns], 3), share)


@dataclass(frozen=True)
class LinearLayer:
    """Several views that feed the same outputs.

    weights: of each view, shape (n_kept, n_outputs); intercept: shape (n_outputs,).
    """

    views: tuple[FittedView, ...]
    weights: tuple[Float, ...]
    intercept: Float

    def matrices(self, parts: Parts, seen: list[tuple[FittedView, Any]] | None = None) -> list[Any]:
        """Return each view's features of the batch.

        Args:
            parts: the batch.
            seen: views of it that were read so far; layers of one model pass the same list.
        """
        seen = [] if seen is None else seen
        matrices = []
        for view in self.views:
            rows = next((rows for other, rows in seen if other.reads_like(view)), None)
            if rows is None:
                rows = view.unit_rows(parts)
                seen.append((view, rows))
            matrices.append(view.scaled(rows))
        return matrices

    def outputs(self, matrices: Sequence[Any]) -> Float:
        """Return the linear outputs, shape (n_rows, n_outputs).

        A CSR product adds a row's terms one after the other, so its digits do not depend on the
        other rows of the batch as a BLAS product's may.
        """
        total = np.zeros((matrices[0].shape[0], len(self.intercept)))
        for matrix, weights in zip(matrices, self.weights, strict=True):
            total += matrix @ weights
        return total + self.intercept


def solve_dual(matrices: Sequence[Any], targets: Float, alpha: float) -> tuple[Float, Float]:
    """Return (coefficients of the rows, intercept) of ridge regression.

    With K = X·Xᵀ and centred targets Y, (K + α·I)·A = Y gives predictions x·Xᵀ·A + mean
    (Saunders, Gammerman & Vovk 1998). All outputs are solved at once: by Cholesky up to
    `EXACT_ROWS` rows, by conjugate gradients without K beyond.
    """
    mean = targets.mean(axis=0)
    joined = sparse.hstack(matrices, format="csr")
    centred = targets - mean
    if len(targets) > EXACT_ROWS:
        return _conjugate_gradients(joined, centred, alpha), mean
    return _solve(gram(joined, joined), centred, alpha), mean


def kernel_of(matrices: Sequence[Any]) -> Float | None:
    """Return the inner products of all rows, None where there are too many rows for that."""
    joined = sparse.hstack(matrices, format="csr")
    return gram(joined, joined) if joined.shape[0] <= EXACT_ROWS else None


def out_of_fold(
    matrices: Sequence[Any],
    targets: Float,
    alpha: float,
    folds: Sequence[tuple[Any, Any]],
    kernel: Float | None = None,
) -> Float:
    """Return predictions for each row from the rows outside its fold.

    Args:
        matrices: features, side by side.
        targets: shape (n_rows, n_outputs).
        alpha: ridge penalty.
        folds: (train, test) row numbers.
        kernel: of `kernel_of`, where the caller has it already.
    """
    joined = sparse.hstack(matrices, format="csr")
    kernel = kernel_of(matrices) if kernel is None else kernel
    result = np.empty_like(targets)
    for train, test in folds:
        mean = targets[train].mean(axis=0)
        if kernel is not None:
            dual = _solve(kernel[np.ix_(train, train)], targets[train] - mean, alpha)
            result[test] = kernel[np.ix_(test, train)] @ dual + mean
        else:
            dual = _conjugate_gradients(joined[train], targets[train] - mean, alpha)
            result[test] = joined[test] @ (joined[train].T @ dual) + mean
    return result


def gram(left: Any, right: Any) -> Float:
    """Return the inner products of the rows, shape (n_left, n_right)."""
    product: Float = (left @ right.T).toarray()
    return product


def _solve(kernel: Float, targets: Float, alpha: float) -> Float:
    solved: Float = scipy.linalg.solve(
        kernel + alpha * np.eye(len(kernel)), targets, assume_a="pos"
    )
    return solved


def _conjugate_gradients(features: Any, targets: Float, alpha: float) -> Float:
    """Solve (X·Xᵀ + α·I)·A = Y for all columns of Y by conjugate gradients (Hestenes 1952)."""
    solution = np.zeros_like(targets)
    residual = targets.copy()
    direction = residual.copy()
    size = (residual**2).sum(axis=0)
    goal = size * TOLERANCE**2
    for _ in range(MAX_STEPS):
        image = features @ (features.T @ direction) + alpha * direction
        step = size / np.maximum((direction * image).sum(axis=0), 1e-300)
        solution += step * direction
        residual -= step * image
        last, size = size, (residual**2).sum(axis=0)
        if (size <= goal).all():
            break
        direction = residual + (size / np.maximum(last, 1e-300)) * direction
    return solution


def fit_layer(
    views: Sequence[FittedView], matrices: Sequence[Any], dual: Float, mean: Float
) -> LinearLayer:
    """Return the primal weights Xᵀ·A of a dual solution."""
    weights = tuple(np.asarray(matrix.T @ dual) for matrix in matrices)
    return LinearLayer(tuple(views), weights, mean)


def quantise(layer: LinearLayer) -> LinearLayer:
    """Round weights to 255 steps a column, as they will be stored, so that both agree."""
    return replace(layer, weights=tuple(_round_steps(weights) for weights in layer.weights))


def _round_steps(weights: Float) -> Float:
    steps, scale = to_steps(weights)
    return steps * scale


def to_steps(weights: Float) -> tuple[npt.NDArray[np.int8], Float]:
    """Return (int8 steps, step size of each column); their product is the rounded weight."""
    largest = np.abs(weights).max(axis=0) if len(weights) else np.ones(weights.shape[1])
    scale = np.where(largest > 0, largest, 1.0).astype(np.float32).astype(np.float64) / 127.0
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale
