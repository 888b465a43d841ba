"""Posts and replies of a shard in one space, compared with each other and with a sample."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = slice | Ints


class Similarity(Protocol):
    """How alike posts and replies are, in one sense of it."""

    def own(self, reply_of: Ints) -> Floats:
        """Return the similarity of each post with reply `reply_of[i]`, shape (n,)."""

    def within(self, posts: Rows, replies: Rows) -> Floats:
        """Return the similarity of some posts with some replies, shape (n_posts, n_replies)."""

    def to_sample_replies(self, posts: Rows) -> Floats:
        """Return the similarity of some posts with the sample's replies."""

    def to_sample_posts(self, replies: Rows) -> Floats:
        """Return the similarity of some replies with the sample's posts."""


class SparseSimilarity:
    """Dot products of sparse rows.

    Args:
        posts, replies: the shard's, shape (n, n_terms).
        sample_posts, sample_replies: shape (n_sample, n_terms).
    """

    def __init__(
        self,
        posts: sp.csr_matrix,
        replies: sp.csr_matrix,
        sample_posts: sp.csr_matrix,
        sample_replies: sp.csr_matrix,
    ) -> None:
        # Products cost time for every column of the table of hashes: keep those in use.
        known = np.zeros(posts.shape[1], dtype=bool)
        known[posts.indices] = True
        known[replies.indices] = True
        column = np.cumsum(known) - 1
        self._posts = _narrowed(posts, known, column)
        self._replies = _narrowed(replies, known, column)
        self._sample_posts = _narrowed(sample_posts, known, column).T.tocsr()
        self._sample_replies = _narrowed(sample_replies, known, column).T.tocsr()

    def own(self, reply_of: Ints) -> Floats:
        """Return the similarity of each post with reply `reply_of[i]`, shape (n,)."""
        product = self._posts.multiply(self._replies[reply_of])
        return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()

    def within(self, posts: Rows, replies: Rows) -> Floats:
        """Return the similarity of some posts with some replies, shape (n_posts, n_replies)."""
        return _dense(self._posts[posts] @ self._replies[replies].T.tocsr())

    def to_sample_replies(self, posts: Rows) -> Floats:
        """Return the similarity of some posts with the sample's replies."""
        return _dense(self._posts[posts] @ self._sample_replies)

    def to_sample_posts(self, replies: Rows) -> Floats:
        """Return the similarity of some replies with the sample's posts."""
        return _dense(self._replies[replies] @ self._sample_posts)

    def to_posts(self, replies: Ints) -> Floats:
        """Return the similarity of some replies with all posts of shard and sample, in a row."""
        some = self._replies[replies]
        return np.hstack([_dense(some @ self._posts.T.tocsr()), _dense(some @ self._sample_posts)])


class DenseSimilarity:
    """Dot products of dense rows, in the space of the reply's fold.

    Args:
        places: for each fold, where the shard's posts and replies lie in its space.
        fold: of the shard's exchanges.
        sample_places, sample_fold: the same of the sample.
    """

    def __init__(
        self,
        places: list[tuple[Floats, Floats]],
        fold: Ints,
        sample_places: list[tuple[Floats, Floats]],
        sample_fold: Ints,
    ) -> None:
        self._posts = [posts for posts, _ in places]
        self._replies = _by_fold([replies for _, replies in places], fold)
        self._fold = fold
        self._sample_posts = [posts for posts, _ in sample_places]
        self._sample_replies = _by_fold([replies for _, replies in sample_places], sample_fold)
        self._sample_fold = sample_fold

    def own(self, reply_of: Ints) -> Floats:
        """Return the similarity of each post with reply `reply_of[i]`, shape (n,)."""
        posts = _by_fold(self._posts, self._fold[reply_of])
        return np.asarray(np.einsum("ij,ij->i", posts, self._replies[reply_of]))

    def within(self, posts: Rows, replies: Rows) -> Floats:
        """Return the similarity of some posts with some replies, shape (n_posts, n_replies)."""
        some = [space[posts] for space in self._posts]
        return _across(some, self._replies[replies], self._fold[replies])

    def to_sample_replies(self, posts: Rows) -> Floats:
        """Return the similarity of some posts with the sample's replies."""
        some = [space[posts] for space in self._posts]
        return _across(some, self._sample_replies, self._sample_fold)

    def to_sample_posts(self, replies: Rows) -> Floats:
        """Return the similarity of some replies with the sample's posts."""
        return _across(self._sample_posts, self._replies[replies], self._fold[replies]).T


def _narrowed(matrix: sp.csr_matrix, known: npt.NDArray[np.bool_], column: Ints) -> sp.csr_matrix:
    """Return the matrix over the known columns alone, renumbered."""
    kept = known[matrix.indices]
    before = np.concatenate([[0], np.cumsum(kept)])
    parts = (matrix.data[kept], column[matrix.indices[kept]], before[matrix.indptr])
    return sp.csr_matrix(parts, shape=(matrix.shape[0], int(known.sum())))


def _dense(product: sp.csr_matrix) -> Floats:
    return np.asarray(product.toarray(), dtype=np.float64)


def _by_fold(spaces: list[Floats], fold: Ints) -> Floats:
    """Return each row as it lies in the space of its own fold."""
    out = np.empty((len(fold), spaces[0].shape[1]))
    for group, rows in enumerate(spaces):
        mine = fold == group
        out[mine] = rows[mine]
    return out


def _across(posts: list[Floats], replies: Floats, fold: Ints) -> Floats:
    out = np.empty((len(posts[0]), len(replies)))
    for group, rows in enumerate(posts):
        mine = np.flatnonzero(fold == group)
        out[:, mine] = rows @ replies[mine].T
    return out
