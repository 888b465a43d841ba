"""Hashed bag-of-features matrices, one for the post and one for the reply of each exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gov_sentiment.model.features import N_PARTS, Parts, Spans, char_spans, span_hashes, word_spans
from gov_sentiment.model.hashing import sorted_unique, to_columns

Float = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class View:
    """One family of features: words or characters of some parts.

    spaces: the namespace of each part (title, post, head, body, closing), −1 leaves it out.
    sizes: lengths of character n-grams; empty for words and pairs of words.
    """

    name: str
    spaces: tuple[int, ...]
    sizes: tuple[int, ...] = ()

    def spans(self, parts: Parts) -> Spans:
        """Return the occurrences of this family's features."""
        spaces = np.array(self.spaces, dtype=np.int64)
        return char_spans(parts, self.sizes, spaces) if self.sizes else word_spans(parts, spaces)


POST_VIEWS: Final = (View("post_words", (2, 1, -1, -1, -1)),)
REPLY_VIEWS: Final = (View("reply_words", (-1, -1, 3, 3, 3)),)
# Characters add nothing to words where the encoder reads along (docs/evaluation.md), and cost
# more time than all else together; `train` takes them for a model that has no encoder.
POST_CHARS: Final = (View("post_chars", (1, 1, -1, -1, -1), (1, 2, 3, 4)),)
REPLY_CHARS: Final = (View("reply_chars", (-1, -1, 3, 3, 3), (2, 3, 4)),)
VIEWS: Final[Mapping[str, View]] = {
    view.name: view for view in (*POST_VIEWS, *REPLY_VIEWS, *POST_CHARS, *REPLY_CHARS)
}


def count_view(parts: Parts, view: View, bits: int) -> Any:
    """Return which features each row has, a 0/1 CSR of shape (n_rows, 2**bits)."""
    spans = view.spans(parts)
    columns = to_columns(span_hashes(parts, spans), bits)
    rows = parts.part[spans.start] // N_PARTS
    keys = sorted_unique((rows << bits) | columns)
    indptr = np.searchsorted(keys, np.arange(parts.n_rows + 1) << bits)
    return sparse.csr_matrix(
        (np.ones(len(keys)), keys & ((1 << bits) - 1), indptr), shape=(parts.n_rows, 1 << bits)
    )


def weigh(counts: Any, idf: Float) -> Any:
    """Return rows weighted by `idf` and scaled to length 1; rows without features stay empty."""
    data = counts.data * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    # bincount adds in storage order, so a row's norm does not depend on its neighbours.
    norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=counts.shape[0]))
    norms[norms == 0] = 1.0
    return sparse.csr_matrix(
        (data / norms[rows], counts.indices, counts.indptr), shape=counts.shape
    )


def idf_of(counts: Any, min_rows: int) -> Float:
    """Return smoothed inverse document frequencies, 0 for features of too few rows."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    return np.where(seen >= min_rows, idf, 0.0)
