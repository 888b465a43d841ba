"""Words of a batch laid out in sentences, as the encoders read them.

Official replies repeat one another: of the sentences of a batch only the distinct ones are read.
They are ordered by length and stored place by place (all first words, all second words, …), so
that a step of the encoder is one operation on many sentences and nothing is padded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import N_PARTS, Parts
from gov_sentiment.model.hashing import Int64, SpanHasher, UInt64, mix

Float32 = npt.NDArray[np.float32]
SENTENCE_FEATURES: Final = 8
BLOCK_SENTENCES: Final = 768
PAD: Final = 2
"""Empty words behind each sentence, so that no convolution looks across its end."""
_PREFIX_BITS: Final = 17


@dataclass(frozen=True)
class Block:
    """Sentences of like length, the longest first, stored place by place.

    ids: shape (longest + 1, n_sentences); 0 behind a sentence's end.
    alive: how many sentences have a word at each place, shape (longest,).
    """

    ids: Int64
    alive: tuple[int, ...]


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

    @cached_property
    def lengths(self) -> Int64:
        """Words of each sentence."""
        return np.diff(np.append(self.begins, len(self.ids))) - PAD

    @cached_property
    def _distinct(self) -> tuple[Int64, Int64]:
        """One sentence of each kind, the longest first; and the kind of each sentence."""
        hasher = SpanHasher(self.ids.astype(np.uint32))
        hashes = hasher.spans(self.begins, self.begins + self.lengths, 0)
        order = np.lexsort((hashes, -self.lengths))
        ordered, long = hashes[order], self.lengths[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (ordered[1:] != ordered[:-1]) | (long[1:] != long[:-1])
        kind = np.empty(len(order), dtype=np.int64)
        kind[order] = np.cumsum(new) - 1
        return order[new], kind

    @property
    def kind(self) -> Int64:
        """Which row of the blocks' sentences, one block after the other, each sentence equals."""
        return self._distinct[1]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The distinct sentences, the longest first."""
        sentences = self._distinct[0]
        return tuple(
            self._block(sentences[start : start + BLOCK_SENTENCES])
            for start in range(0, len(sentences), BLOCK_SENTENCES)
        )

    def _block(self, sentences: Int64) -> Block:
        begins, lengths = self.begins[sentences], self.lengths[sentences]
        alive = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
        column = np.repeat(np.arange(len(sentences)), lengths)
        place = np.arange(len(column)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        ids = np.zeros((int(lengths[0]) + 1, len(sentences)), dtype=np.int64)
        ids[place, column] = self.ids[np.repeat(begins, lengths) + place]
        return Block(ids, tuple(alive.tolist()))


class WordTable:
    """Finds words by their hash: the first bits lead to the few words that share them."""

    def __init__(self, words: UInt64) -> None:
        self._words = words
        prefix = (words >> np.uint64(64 - _PREFIX_BITS)).astype(np.int64)
        count = np.bincount(prefix, minlength=1 << _PREFIX_BITS)
        self._begin = (np.cumsum(count) - count).astype(np.int32)
        self._most = int(count.max(initial=0))

    def find(self, hashes: UInt64) -> Int64:
        """Return the place of each hash in the sorted words, -1 where it is none."""
        found = np.full(len(hashes), -1, dtype=np.int64)
        if not len(self._words):
            return found
        places = self._begin[(hashes >> np.uint64(64 - _PREFIX_BITS)).astype(np.int64)]
        words = self._words.take(places, mode="clip")
        hit = words == hashes
        found[hit] = places[hit]
        # A bucket is sorted: only a hash beyond its word may stand at a later place.
        rest = np.flatnonzero(words < hashes)
        for step in range(1, self._most):
            later = places[rest] + step
            words = self._words.take(later, mode="clip")
            hit = words == hashes[rest]
            found[rest[hit]] = later[hit]
            rest = rest[words < hashes[rest]]
        return found


def known_words(parts: Parts, words: UInt64) -> Int64:
    """Return each token's row in the vector table; 1 where the word is unknown."""
    # Behind the empty word (0) and the unknown one (1): not found is -1.
    return WordTable(words).find(mix(parts.word_codes, 0)) + PAD


def lay_out(parts: Parts, ids: Int64, kinds: Sequence[int], longest: int) -> Tokens:
    """Return the words of the parts `kinds` of each row, at most `longest` a row.

    A row without words gets one sentence of one unknown word, so that rows and texts match.
    """
    kept = words_read(parts, kinds, longest)
    rows, ids = parts.token_part[kept] // N_PARTS, ids[kept]
    sentence, kind = parts.sentence[parts.token_start[kept]], parts.token_part[kept]
    empty = np.flatnonzero(np.bincount(rows, minlength=parts.n_rows) == 0)
    if len(empty):
        order = np.argsort(np.concatenate([rows, empty]), kind="stable")
        rows = np.concatenate([rows, empty])[order]
        kind = np.concatenate([kind, N_PARTS * empty + kinds[0]])[order]
        ids = np.concatenate([ids, np.ones(len(empty), dtype=np.int64)])[order]
        sentence = np.concatenate([sentence, -1 - np.arange(len(empty))])[order]
    begins = np.ones(len(ids), dtype=bool)
    begins[1:] = sentence[1:] != sentence[:-1]
    begin = np.flatnonzero(begins)
    lengths = np.diff(np.append(begin, len(ids)))
    padded = np.zeros(len(ids) + PAD * len(begin), dtype=np.int64)
    padded[np.arange(len(ids)) + np.repeat(PAD * np.arange(len(begin)), lengths)] = ids
    documents = rows[begin]
    features = _sentence_features(documents, kind[begin] % N_PARTS, lengths, parts.n_rows)
    return Tokens(padded, begin + PAD * np.arange(len(begin)), documents, features)


def sentences_read(parts: Parts, kinds: Sequence[int], longest: int) -> list[str]:
    """Return the sentences of rows that have words, as `lay_out` takes them."""
    kept = words_read(parts, kinds, longest)
    sentence = parts.sentence[parts.token_start[kept]]
    runs = np.split(kept, np.flatnonzero(np.diff(sentence)) + 1)
    return ["".join(parts.tokens[token] for token in run.tolist()) for run in runs]


def words_read(parts: Parts, kinds: Sequence[int], longest: int) -> Int64:
    """Return the tokens of the parts `kinds`, spaces left out, at most `longest` a row."""
    wanted = np.tile(np.isin(np.arange(N_PARTS), kinds), parts.n_rows)[parts.token_part]
    kept = np.flatnonzero(wanted & (parts.codes[parts.token_start] != ord(" ")))
    rows = parts.token_part[kept] // N_PARTS
    first_of_row = np.searchsorted(rows, np.arange(parts.n_rows))
    return kept[np.arange(len(rows)) - first_of_row[rows] < longest]


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
