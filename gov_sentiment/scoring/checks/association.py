"""Words of posts and of replies in one space, learnt from the pairs of an archive.

The singular vectors of the whitened cross-covariance of post words and reply words (canonical
correlation with a diagonal whitening): "noise" in a post and "decibels" in a reply come to lie
together without sharing a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, svds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_N_TOPICS: Final = 64
_N_WORDS: Final = 30_000
_LEAST_PAIRS: Final = 6 * _N_TOPICS
_LEAST_FREQUENCY: Final = 4


@dataclass(frozen=True, slots=True)
class _Space:
    """One side's map into the space: word directions and the mean that is taken off."""

    directions: npt.NDArray[np.float32]
    mean: Floats

    def place(self, rows: sp.csr_matrix) -> Floats:
        return _unit(np.asarray(rows @ self.directions, dtype=np.float64) - self.mean)


class Association:
    """Three spaces, each learnt without one fold of the pairs.

    Args:
        posts, replies: word counts of the pairs, shape (n_pairs, n_words).
        fold: 0, 1 or 2 of each pair; the space that judges a fold is learnt from the other two,
            so that no pair vouches for itself.

    Too few pairs teach nothing: then every similarity is 0.
    """

    def __init__(self, posts: sp.csr_matrix, replies: sp.csr_matrix, fold: Ints) -> None:
        n = posts.shape[0]
        frequency = np.bincount(posts.indices, minlength=posts.shape[1])
        frequency = frequency + np.bincount(replies.indices, minlength=posts.shape[1])
        kept = np.flatnonzero(frequency >= _LEAST_FREQUENCY)
        if len(kept) > _N_WORDS:
            commonest = np.argsort(-frequency[kept], kind="stable")[:_N_WORDS]
            kept = np.sort(kept[commonest])
        self._column = np.full(posts.shape[1], -1, dtype=np.int32)
        self._column[kept] = np.arange(len(kept), dtype=np.int32)
        self._rarity = np.maximum(np.log(2 * n / (frequency[kept] + 1)), 0.0)
        self._spaces: list[tuple[_Space, _Space]] = []
        if len(kept) <= 2 * _N_TOPICS or n < _LEAST_PAIRS:
            return
        p, r = self._weighted(posts), self._weighted(replies)
        for group in range(3):
            rows = np.flatnonzero(fold != group)
            left, right = _cross_space(p[rows], r[rows])
            self._spaces.append((_space(left, p), _space(right, r)))

    def places(self, posts: sp.csr_matrix, replies: sp.csr_matrix) -> list[tuple[Floats, Floats]]:
        """Return for each fold where posts and replies lie, unit rows of shape (n, 64)."""
        if not self._spaces:
            nothing = np.zeros((posts.shape[0], 1)), np.zeros((replies.shape[0], 1))
            return [nothing] * 3
        p, r = self._weighted(posts), self._weighted(replies)
        return [(left.place(p), right.place(r)) for left, right in self._spaces]

    def _weighted(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Return unit rows over the kept words, weighted by rarity, counts left aside."""
        columns = self._column[counts.indices]
        known = columns >= 0
        before = np.concatenate([[0], np.cumsum(known)])
        matrix = sp.csr_matrix(
            (self._rarity[columns[known]], columns[known], before[counts.indptr]),
            shape=(counts.shape[0], len(self._rarity)),
        )
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        norms[norms == 0] = 1.0
        matrix.data /= np.repeat(norms, np.diff(matrix.indptr))
        return matrix


def _space(directions: Floats, rows: sp.csr_matrix) -> _Space:
    narrow = directions.astype(np.float32)
    return _Space(narrow, np.asarray(rows @ narrow, dtype=np.float64).mean(axis=0))


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _cross_space(p: sp.csr_matrix, r: sp.csr_matrix) -> tuple[Floats, Floats]:
    """Return the directions of post words and of reply words, shape (n_words, 64) each."""
    n, size = p.shape
    mean_p, mean_r = (np.asarray(m.mean(axis=0)).ravel() for m in (p, r))
    scale_p, scale_r = (
        1.0 / np.sqrt(np.asarray(m.multiply(m).sum(axis=0)).ravel() + 1.0) for m in (p, r)
    )

    def forward(vector: Any) -> Floats:
        v = np.ravel(vector) * scale_r
        return np.asarray((p.T @ (r @ v) - n * mean_p * (mean_r @ v)) * scale_p)

    def backward(vector: Any) -> Floats:
        v = np.ravel(vector) * scale_p
        return np.asarray((r.T @ (p @ v) - n * mean_r * (mean_p @ v)) * scale_r)

    operator = LinearOperator((size, size), matvec=forward, rmatvec=backward, dtype=np.float64)
    start = np.ones(size) / np.sqrt(size)
    u, values, vt = svds(operator, k=_N_TOPICS, v0=start)
    root = np.sqrt(values)
    return scale_p[:, None] * u * root, scale_r[:, None] * vt.T * root
