"""The sentence encoder: word vectors, convolutions, sentences pooled by attention, in NumPy.

Trained outside (scripts/build_models.py) and stored as arrays. A convolution over words whose
vectors are frozen is a sum of table rows, one table for each offset, so that no matrix product
touches a word; what is left runs once a sentence. The shape follows Kim (2014) and the
attention pooling of Yang et al. (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import N_PARTS, Parts
from gov_sentiment.model.hashing import Int64, UInt64

Float32 = npt.NDArray[np.float32]
Float = npt.NDArray[np.float64]
WIDTHS: Final = (1, 2, 3)
SENTENCE_FEATURES: Final = 8
PAD: Final = 2
"""Empty words behind each sentence, so that no convolution looks across its end."""


@dataclass(frozen=True)
class Pair:
    """Two arrays of a batch: of the post, and of the reply with its post."""

    post: Float
    pair: Float


@dataclass(frozen=True)
class Tokens:
    """The words of one text of each row, laid out in sentences.

    ids: rows of the vector table, each sentence followed by `PAD` empty words.
    begins: where each sentence begins in `ids`. documents: the row of each sentence.
    features: of each sentence, shape (n_sentences, SENTENCE_FEATURES).
    """

    ids: Int64
    begins: Int64
    documents: Int64
    features: Float32


def known_words(parts: Parts, words: UInt64) -> Int64:
    """Return each token's row in the vector table; 1 where the word is unknown."""
    hashes = parts.hasher.spans(parts.token_start, parts.token_end, 0)
    places = np.searchsorted(words, hashes)
    places[places == len(words)] = 0
    return np.where(words[places] == hashes, places + PAD, 1).astype(np.int64)


def lay_out(parts: Parts, ids: Int64, kinds: Sequence[int], longest: int) -> Tokens:
    """Return the words of the parts `kinds` of each row, at most `longest` a row.

    A row without words gets one sentence of one unknown word, so that rows and texts match.
    """
    row, kind = np.divmod(parts.token_part, N_PARTS)
    kept = np.isin(kind, kinds) & (parts.codes[parts.token_start] != ord(" "))
    rows, kind, ids = row[kept], kind[kept], ids[kept]
    sentence = parts.sentence[parts.token_start[kept]]
    first_of_row = np.searchsorted(rows, np.arange(parts.n_rows))
    short = np.arange(len(rows)) - first_of_row[rows] < longest
    rows, kind, ids, sentence = rows[short], kind[short], ids[short], sentence[short]
    empty = np.setdiff1d(np.arange(parts.n_rows), rows)
    if len(empty):
        order = np.argsort(np.concatenate([rows, empty]), kind="stable")
        rows = np.concatenate([rows, empty])[order]
        kind = np.concatenate([kind, np.full(len(empty), kinds[0])])[order]
        ids = np.concatenate([ids, np.ones(len(empty), dtype=np.int64)])[order]
        sentence = np.concatenate([sentence, -1 - np.arange(len(empty))])[order]
    begin = np.flatnonzero(np.concatenate([[True], sentence[1:] != sentence[:-1]]))
    index = np.cumsum(np.concatenate([[0], sentence[1:] != sentence[:-1]]))
    padded = np.zeros(len(ids) + PAD * len(begin), dtype=np.int64)
    padded[np.arange(len(ids)) + PAD * index] = ids
    lengths = np.diff(np.concatenate([begin, [len(ids)]]))
    documents = rows[begin]
    features = _sentence_features(documents, kind[begin], lengths, parts.n_rows)
    return Tokens(padded, begin + PAD * np.arange(len(begin)), documents, features)


def _sentence_features(documents: Int64, kinds: Int64, lengths: Int64, n_rows: int) -> Float32:
    """Return part (one of five), place in the text, whether it is the last, log length."""
    count = np.bincount(documents, minlength=n_rows)
    first = np.concatenate([[0], np.cumsum(count)])[:-1]
    place = np.arange(len(documents)) - first[documents]
    features = np.zeros((len(documents), SENTENCE_FEATURES), dtype=np.float32)
    features[np.arange(len(documents)), kinds] = 1
    features[:, 5] = place / np.maximum(count[documents] - 1, 1)
    features[:, 6] = place == count[documents] - 1
    features[:, 7] = np.log1p(lengths) / 4
    return features


@dataclass(frozen=True)
class Encoder:
    """A stored encoder."""

    words: UInt64

    def outputs(self, parts: Parts) -> Pair:
        """Return log-odds-like outputs of all targets for the batch."""
        raise ValueError("no encoder")

    def hidden(self, parts: Parts) -> Pair:
        """Return the pooled text vectors of the batch."""
        raise ValueError("no encoder")
