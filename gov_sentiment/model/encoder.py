"""The sentence encoder: word vectors, convolutions, sentences pooled by attention, in NumPy.

Trained outside (scripts/build_models.py) and stored as arrays. A convolution over words whose
vectors are frozen is a sum of table rows, one table for each offset, so that no matrix product
touches a word; what is left runs once a sentence. The shape follows Kim (2014) and the
attention pooling of Yang et al. (2016).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import N_PARTS, Parts
from gov_sentiment.model.hashing import Int64, UInt64

Float32 = npt.NDArray[np.float32]
Int16 = npt.NDArray[np.int16]
Float = npt.NDArray[np.float64]
SENTENCE_FEATURES: Final = 8
BLOCK: Final = 192
CHUNK: Final = 8_192
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
class Tables:
    """What each word adds to the filters' answers, in steps, as 16-bit numbers.

    own: to its own answers (widths 1, 2, 3), shape (n_words + 2, 3 * n_filters).
    ahead: to the next word's (widths 2, 3), (n_words + 2, 2 * n_filters).
    behind: to the last word's (width 3), (n_words + 2, n_filters).
    step: the size of a step; three words' answers together stay within 16 bits.
    """

    own: Int16
    ahead: Int16
    behind: Int16
    step: float


@dataclass(frozen=True)
class TextEncoder:
    """One text of a row → a vector.

    offsets: filters at each offset, shape (6, size, n_filters): width 1; width 2 at −1, 0;
        width 3 at −1, 0, +1.
    tables: vectors · offsets, see `make_tables`.
    bias: of the filters, shape (3 * n_filters,).
    dense, dense_bias: sentence layer, (3 * n_filters + SENTENCE_FEATURES, n_hidden).
    attention, attention_bias: (n_hidden, n_heads).
    """

    kinds: tuple[int, ...]
    longest: int
    offsets: Float32
    tables: Tables
    bias: Float32
    dense: Float
    dense_bias: Float
    attention: Float
    attention_bias: Float

    def lay_out(self, parts: Parts, ids: Int64) -> Tokens:
        """Return the words of the batch as this encoder reads them."""
        return lay_out(parts, ids, self.kinds, self.longest)

    def encode(self, tokens: Tokens) -> Float:
        """Return the vectors of the batch's texts, shape (n_rows, 2 * n_hidden)."""
        steps = np.concatenate([self._filters(*chunk) for chunk in _chunks(tokens)])
        pooled = np.maximum(steps * self.tables.step + self.bias, 0.0)
        sentences = np.concatenate([pooled, tokens.features], axis=1)
        hidden = np.maximum(multiply(sentences, self.dense) + self.dense_bias, 0.0)
        return _pool(hidden, multiply(hidden, self.attention) + self.attention_bias, tokens)

    def _filters(self, ids: Int64, begins: Int64) -> Int16:
        """Return the largest answer of each filter in each sentence, (n_sentences, 3·filters)."""
        tables = self.tables
        size = tables.behind.shape[1]
        # "clip" spares the check of each index, half of the time; all are rows of the tables.
        answers = np.take(tables.own, ids, axis=0, mode="clip")
        answers[1:, size:] += np.take(tables.ahead, ids[:-1], axis=0, mode="clip")
        behind = np.take(tables.behind, ids[1:], axis=0, mode="clip")
        behind[begins[1:] - 1] = 0  # what follows an empty word is another sentence's first
        answers[:-1, 2 * size :] += behind
        return _largest(answers, begins)


def _largest(answers: Int16, begins: Int64) -> Int16:
    """Return the largest of each column in each run of rows.

    As `numpy.maximum.reduceat`, in half the time: the first rows of all runs, then the second
    rows of those that have one, and so on, the longest runs first.
    """
    lengths = np.diff(np.append(begins, len(answers)))
    order = np.argsort(-lengths, kind="stable")
    starts = begins[order]
    n_alive = np.searchsorted(-lengths[order], -np.arange(lengths.max()), side="left")
    best = np.take(answers, starts, axis=0, mode="clip")
    held = np.empty_like(best)
    for step, n in enumerate(n_alive[1:].tolist(), start=1):
        np.take(answers, starts[:n] + step, axis=0, out=held[:n], mode="clip")
        np.maximum(best[:n], held[:n], out=best[:n])
    largest = np.empty_like(best)
    largest[order] = best
    return largest


def make_tables(vectors: npt.NDArray[np.int8], step: float, offsets: Float32) -> Tables:
    """Return vectors · offsets."""
    exact = vectors.astype(np.float64) * step
    products = [exact @ offsets[place].astype(np.float64) for place in (0, 2, 4, 1, 3, 5)]
    own, ahead, behind = (
        np.concatenate(products[start:stop], axis=1) for start, stop in ((0, 3), (3, 5), (5, 6))
    )
    most = sum(float(np.abs(table).max(initial=0.0)) for table in (own, ahead, behind))
    size = max(most, 1e-6) / (np.iinfo(np.int16).max - 2)  # rounding may add half a step thrice
    steps = [np.rint(table / size).astype(np.int16) for table in (own, ahead, behind)]
    return Tables(steps[0], steps[1], steps[2], size)


def _chunks(tokens: Tokens) -> Iterator[tuple[Int64, Int64]]:
    """Yield runs of whole sentences that are small enough for the processor's cache."""
    ends = np.append(tokens.begins[1:], len(tokens.ids))
    first = 0
    while first < len(tokens.begins):
        start = tokens.begins[first]
        last = max(int(np.searchsorted(ends, start + CHUNK, side="right")), first + 1)
        yield tokens.ids[start : ends[last - 1]], tokens.begins[first:last] - start
        first = last


def multiply(left: Float, right: Float) -> Float:
    """Return left @ right in calls of one fixed shape.

    A BLAS may add up a product in another order for another number of rows; in calls of equal
    shape a row's digits do not depend on how large the batch was.
    """
    n_rows = len(left)
    n_whole = n_rows // BLOCK * BLOCK
    out = np.empty((n_rows, right.shape[1]))
    for start in range(0, n_whole, BLOCK):
        np.matmul(left[start : start + BLOCK], right, out=out[start : start + BLOCK])
    rest = np.zeros((BLOCK, left.shape[1]))
    rest[: n_rows - n_whole] = left[n_whole:]
    out[n_whole:] = (rest @ right)[: n_rows - n_whole]
    return out


def _pool(hidden: Float, attention: Float, tokens: Tokens) -> Float:
    """Return the largest and the attended sentence vector of each text."""
    first = np.flatnonzero(np.append(True, tokens.documents[1:] != tokens.documents[:-1]))
    largest = np.maximum.reduceat(hidden, first, axis=0)
    peak = np.maximum.reduceat(attention, first, axis=0)
    share = np.exp(attention - peak[tokens.documents])
    share /= np.add.reduceat(share, first, axis=0)[tokens.documents]
    weighted = hidden * share.mean(axis=1)[:, None]
    return np.concatenate([largest, np.add.reduceat(weighted, first, axis=0)], axis=1)


@dataclass(frozen=True)
class Encoder:
    """The encoders of both texts and the layers that bring them together.

    words: sorted 64-bit hashes of the known words. vectors: int8 steps, shape (n_words + 2, size):
    an empty word, an unknown one, then the known. step: the size of a step.
    layers: weights and biases by name, see `outputs`.
    """

    words: UInt64
    vectors: npt.NDArray[np.int8]
    step: float
    post: TextEncoder
    reply: TextEncoder
    layers: Mapping[str, Float]

    def hidden(self, parts: Parts) -> Pair:
        """Return the text vectors of the batch."""
        return self.read(*self.lay_out(parts))

    def lay_out(self, parts: Parts) -> tuple[Tokens, Tokens]:
        """Return the words of the posts and of the replies."""
        ids = known_words(parts, self.words)
        return self.post.lay_out(parts, ids), self.reply.lay_out(parts, ids)

    def read(self, post: Tokens, reply: Tokens) -> Pair:
        """Return the text vectors of words laid out already."""
        return Pair(self.post.encode(post), self.reply.encode(reply))

    def reads_like(self, other: Encoder) -> bool:
        """Whether both lay out words alike, so that they can share them."""
        shapes = [(e.kinds, e.longest) for e in (self.post, self.reply, other.post, other.reply)]
        return shapes[:2] == shapes[2:] and np.array_equal(self.words, other.words)

    def outputs(self, hidden: Pair, dense: Float) -> Pair:
        """Return the outputs of all targets.

        Args:
            hidden: of the batch.
            dense: the dense features of post and pair, in the order of training.
        """
        layers = self.layers
        scaled = np.clip((dense - layers["dense.mean"]) / layers["dense.scale"], -4.0, 4.0)
        asked = np.tanh(self._apply("asked", hidden.post))
        said = np.tanh(self._apply("said", hidden.pair))
        joined = np.concatenate([hidden.pair, asked, asked * said, scaled], axis=1)
        mixed = np.maximum(self._apply("mixed", joined), 0.0)
        pair = self._apply("pair", np.concatenate([mixed, hidden.pair], axis=1))
        return Pair(self._apply("post", hidden.post), pair)

    def _apply(self, name: str, values: Float) -> Float:
        return multiply(values, self.layers[f"{name}.weight"]) + self.layers[f"{name}.bias"]


def hidden_of_all(encoders: Sequence[Encoder], parts: Parts) -> list[Pair]:
    """Return each encoder's text vectors; words are laid out once for encoders that agree."""
    found: list[Pair] = []
    laid: list[tuple[Encoder, tuple[Tokens, Tokens]]] = []
    for encoder in encoders:
        tokens = next((t for other, t in laid if encoder.reads_like(other)), None)
        if tokens is None:
            tokens = encoder.lay_out(parts)
            laid.append((encoder, tokens))
        found.append(encoder.read(*tokens))
    return found
