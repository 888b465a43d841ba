"""Named dense features: lengths, punctuation, figures, and how far a reply takes up its post."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.cues import (
    POST_CUE_NAMES,
    REPLY_CUE_NAMES,
    post_cues,
    reply_cues,
    signs,
)
from gov_sentiment.model.features import BODY, HEAD, N_PARTS, POST, TITLE, Parts, span_hashes
from gov_sentiment.model.features import word_spans as _word_spans
from gov_sentiment.model.hashing import sorted_unique, to_columns
from gov_sentiment.model.views import Float

PART_NAMES: Final = ("title", "post", "head", "body", "closing")
_MARKS: Final = "。,;:!?《0%()、"
_MARK_NAMES: Final = (
    "stops", "commas", "semicolons", "colons", "exclamations", "questions",
    "titles_cited", "figures", "percents", "brackets", "closing_brackets", "lists",
)  # fmt: skip
_POST_PARTS: Final = (TITLE, POST)
_MARKED_PARTS: Final = (POST, HEAD, BODY)
OVERLAP_BITS: Final = 16
# The text whose words a part's are, for the overlaps: post, head, body, none.
_NO_TEXT: Final = 3
_TEXT_OF: Final = np.array([0, 0, 1, 2, _NO_TEXT])
_TINY: Final = 1e-300
_MARK_OF: Final = np.full(0x10000, -1, dtype=np.int8)
_MARK_OF[[ord(mark) for mark in _MARKS]] = np.arange(len(_MARKS))

POST_NAMES: Final = (
    *(f"length_{PART_NAMES[part]}" for part in _POST_PARTS),
    *(f"{mark}_post" for mark in _MARK_NAMES),
    *POST_CUE_NAMES,
)
REPLY_NAMES: Final = (
    *(f"length_{name}" for name in PART_NAMES[HEAD:]),
    *(f"{mark}_{PART_NAMES[part]}" for part in _MARKED_PARTS[1:] for mark in _MARK_NAMES),
    "overlap_post_body",
    "overlap_post_head",
    "overlap_head_body",
    *REPLY_CUE_NAMES,
)


def post_dense(parts: Parts) -> Float:
    """Return the features of the post alone, shape (n_rows, len(POST_NAMES))."""
    lengths = np.log1p(parts.lengths.reshape(-1, N_PARTS))
    cues = post_cues(parts, signs(parts))
    return np.column_stack([lengths[:, _POST_PARTS], _marks(parts)[:, :, POST], cues])


def reply_dense(parts: Parts, idf: Float) -> Float:
    """Return the features of the reply and of the pair, shape (n_rows, len(REPLY_NAMES)).

    Args:
        parts: the batch.
        idf: of words in the table of 2**OVERLAP_BITS columns, from `overlap_idf`.
    """
    lengths = np.log1p(parts.lengths.reshape(-1, N_PARTS))
    marks = _marks(parts)
    overlaps = _overlaps(parts, idf)
    cues = reply_cues(parts, signs(parts))
    return np.column_stack(
        [lengths[:, HEAD:], marks[:, :, HEAD], marks[:, :, BODY], overlaps, cues]
    )


def overlap_idf(parts: Parts) -> Float:
    """Return smoothed inverse document frequencies of words over all parts of a training set."""
    keys = _word_keys(parts)
    seen = np.bincount(keys & ((1 << OVERLAP_BITS) - 1), minlength=1 << OVERLAP_BITS)
    return np.round(np.log((1 + len(parts.starts)) / (1 + seen)) + 1, 2)


def _marks(parts: Parts) -> Float:
    place = np.flatnonzero(_MARK_OF.take(parts.codes, mode="clip") >= 0)
    mark = _MARK_OF[parts.codes[place]]
    keys = parts.part[place] * len(_MARKS) + mark
    counts = np.bincount(keys, minlength=len(parts.starts) * len(_MARKS))
    return np.log1p(counts.reshape(-1, N_PARTS, len(_MARKS)).transpose(0, 2, 1))


def _word_keys(parts: Parts) -> npt.NDArray[np.int64]:
    """Return sorted unique part · 2**bits + word, for words of two characters and more."""
    spans = _word_spans(parts, np.zeros(N_PARTS, dtype=np.int64), bigrams=False)
    columns = to_columns(span_hashes(parts, spans), OVERLAP_BITS)
    keys = (parts.token_part << OVERLAP_BITS) | columns
    return sorted_unique(keys[spans.end - spans.start > 1])


def _overlaps(parts: Parts, idf: Float) -> Float:
    """Return the cosines of words of post and body, post and head, head and body, (n_rows, 3).

    Each word of a row counts once for each text that has it: one sort brings the texts together.
    """
    keys = _word_keys(parts)
    text = _TEXT_OF[(keys >> OVERLAP_BITS) % N_PARTS]
    row, column = (keys >> OVERLAP_BITS) // N_PARTS, keys & ((1 << OVERLAP_BITS) - 1)
    words = (row << OVERLAP_BITS) | column
    joined = sorted_unique(((words << 2) | text)[text < _NO_TEXT])
    words = joined >> 2
    new = np.ones(len(words), dtype=bool)
    new[1:] = words[1:] != words[:-1]
    has = np.zeros((_NO_TEXT, int(new.sum())), dtype=bool)
    has[joined & 3, np.cumsum(new) - 1] = True
    word = words[new]
    row, weight = word >> OVERLAP_BITS, idf[word & ((1 << OVERLAP_BITS) - 1)] ** 2

    def total(kept: npt.NDArray[np.bool_]) -> Float:
        sums = np.bincount(row[kept], weights=weight[kept], minlength=parts.n_rows)
        return sums.astype(np.float64)

    sizes = [np.sqrt(total(own)) for own in has]
    pairs = ((0, 2), (0, 1), (1, 2))
    cosines = [total(has[a] & has[b]) / np.maximum(sizes[a] * sizes[b], _TINY) for a, b in pairs]
    return np.column_stack(cosines)
