"""Named dense features: lengths, punctuation, figures, and how far a reply takes up its post."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gov_sentiment.model.features import BODY, HEAD, N_PARTS, POST, TITLE, Parts, span_hashes
from gov_sentiment.model.features import word_spans as _word_spans
from gov_sentiment.model.hashing import sorted_unique, to_columns
from gov_sentiment.model.views import Float, weigh

PART_NAMES: Final = ("title", "post", "head", "body", "closing")
_MARKS: Final = "。,;:!?《0%()、"
_MARK_NAMES: Final = (
    "stops", "commas", "semicolons", "colons", "exclamations", "questions",
    "titles_cited", "figures", "percents", "brackets", "closing_brackets", "lists",
)  # fmt: skip
_POST_PARTS: Final = (TITLE, POST)
_MARKED_PARTS: Final = (POST, HEAD, BODY)
OVERLAP_BITS: Final = 16

POST_NAMES: Final = (
    *(f"length_{PART_NAMES[part]}" for part in _POST_PARTS),
    *(f"{mark}_post" for mark in _MARK_NAMES),
)
REPLY_NAMES: Final = (
    *(f"length_{name}" for name in PART_NAMES[HEAD:]),
    *(f"{mark}_{PART_NAMES[part]}" for part in _MARKED_PARTS[1:] for mark in _MARK_NAMES),
    "overlap_post_body",
    "overlap_post_head",
    "overlap_head_body",
)


def post_dense(parts: Parts) -> Float:
    """Return the features of the post alone, shape (n_rows, len(POST_NAMES))."""
    lengths = np.log1p(parts.lengths.reshape(-1, N_PARTS))
    return np.column_stack([lengths[:, _POST_PARTS], _marks(parts)[:, :, POST]])


def reply_dense(parts: Parts, idf: Float) -> Float:
    """Return the features of the reply and of the pair, shape (n_rows, len(REPLY_NAMES)).

    Args:
        parts: the batch.
        idf: of words in the table of 2**OVERLAP_BITS columns, from `overlap_idf`.
    """
    lengths = np.log1p(parts.lengths.reshape(-1, N_PARTS))
    marks = _marks(parts)
    post, head, body = _word_matrices(parts, idf)
    overlaps = [_cosine(post, body), _cosine(post, head), _cosine(head, body)]
    return np.column_stack([lengths[:, HEAD:], marks[:, :, HEAD], marks[:, :, BODY], *overlaps])


def overlap_idf(parts: Parts) -> Float:
    """Return smoothed inverse document frequencies of words over all parts of a training set."""
    keys = _word_keys(parts)
    seen = np.bincount(keys & ((1 << OVERLAP_BITS) - 1), minlength=1 << OVERLAP_BITS)
    return np.round(np.log((1 + len(parts.starts)) / (1 + seen)) + 1, 2)


def _marks(parts: Parts) -> Float:
    counts = np.empty((parts.n_rows, len(_MARKS), N_PARTS))
    for index, mark in enumerate(_MARKS):
        where = parts.part[parts.codes == ord(mark)]
        counts[:, index] = np.bincount(where, minlength=len(parts.starts)).reshape(-1, N_PARTS)
    return np.log1p(counts)


def _word_keys(parts: Parts) -> npt.NDArray[np.int64]:
    """Return sorted unique part · 2**bits + word, for words of two characters and more."""
    spans = _word_spans(parts, np.zeros(N_PARTS, dtype=np.int64), bigrams=False)
    columns = to_columns(span_hashes(parts, spans), OVERLAP_BITS)
    keys = (parts.token_part << OVERLAP_BITS) | columns
    return sorted_unique(keys[spans.end - spans.start > 1])


def _word_matrices(parts: Parts, idf: Float) -> tuple[Any, Any, Any]:
    keys = _word_keys(parts)
    part, columns = keys >> OVERLAP_BITS, keys & ((1 << OVERLAP_BITS) - 1)
    matrices = []
    for kinds in (_POST_PARTS, (HEAD,), (BODY,)):
        kept = np.isin(part % N_PARTS, kinds)
        coordinates = (part[kept] // N_PARTS, columns[kept])
        shape = (parts.n_rows, 1 << OVERLAP_BITS)
        counts = sparse.csr_matrix((np.ones(int(kept.sum())), coordinates), shape=shape)
        counts.data[:] = 1.0
        matrices.append(weigh(counts, idf))
    return matrices[0], matrices[1], matrices[2]


def _cosine(left: Any, right: Any) -> Float:
    product: Float = np.asarray(left.multiply(right).sum(axis=1)).ravel()
    return product
