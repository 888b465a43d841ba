"""The sentence encoder: word vectors, convolutions, sentences pooled by attention, in NumPy.

Trained outside (scripts/build_models.py) and stored as arrays. A convolution over words whose
vectors are frozen is a sum of table rows, one table for each offset, so that no matrix product
touches a word; what is left runs once a sentence. The shape follows Kim (2014) and the
attention pooling of Yang et al. (2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gov_sentiment.model.features import Parts
from gov_sentiment.model.hashing import Int64, UInt64
from gov_sentiment.model.layout import Block, Tokens, known_words, lay_out

Float32 = npt.NDArray[np.float32]
Int16 = npt.NDArray[np.int16]
Float = npt.NDArray[np.float64]
BLOCK: Final = 192
# What a sentence of a post does, and one of a reply.
POST_ROLES: Final = (
    "formula", "tells", "needs", "accuses", "asks", "demands", "proposes", "thanks",
)  # fmt: skip
REPLY_ROLES: Final = (
    "formula", "restates", "explains", "resolves", "promises", "stays_vague", "refers",
    "gives_contact", "asks_back", "shows_empathy",
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two arrays of a batch: of the post, and of the reply with its post."""

    post: Float
    pair: Float


@dataclass(frozen=True)
class Tables:
    """What each word adds to the filters' answers, in steps, as 16-bit numbers.

    words: for each of the six places of `TextEncoder.offsets`, shape (n_words + 2, n_filters).
    step: the size of a step; three words' answers together stay within 16 bits.
    """

    words: tuple[Int16, ...]
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
    roles, roles_bias: (n_hidden, n_roles + 1): what a sentence does; at last, whether the text
        turns on it.
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
    roles: Float
    roles_bias: Float

    @property
    def n_roles(self) -> int:
        """Roles that a sentence may have."""
        return len(self.roles_bias) - 1

    def lay_out(self, parts: Parts, ids: Int64) -> Tokens:
        """Return the words of the batch as this encoder reads them."""
        return lay_out(parts, ids, self.kinds, self.longest)

    def encode(self, tokens: Tokens) -> Float:
        """Return the vectors of the batch's texts, shape (n_rows, 3 * n_hidden + 2 * n_roles).

        The largest, the attended and the deciding sentence; what the deciding one does, and the
        likelihood of each role in the sentence that has it most.
        """
        hidden = self._sentences(tokens)
        counts = np.bincount(tokens.documents)
        first = np.cumsum(counts) - counts
        attended = _shares(multiply(hidden, self.attention) + self.attention_bias, tokens, first)
        roles, decides = self._roles(hidden, tokens, first)
        mean = _weighted(attended.mean(axis=0), len(counts), first)
        decided = _weighted(decides, len(counts), first)
        return np.concatenate(
            [
                _largest(hidden, first, counts),
                mean @ hidden,
                decided @ hidden,
                decided @ roles,
                _largest(roles, first, counts),
            ],
            axis=1,
        )

    def sentence_roles(self, tokens: Tokens) -> tuple[Float, Float]:
        """Return how likely each sentence has each role, and that its text turns on it.

        Shapes (n_sentences, n_roles) and (n_sentences,).
        """
        counts = np.bincount(tokens.documents)
        return self._roles(self._sentences(tokens), tokens, np.cumsum(counts) - counts)

    def _roles(self, hidden: Float, tokens: Tokens, first: Int64) -> tuple[Float, Float]:
        outputs = multiply(hidden, self.roles) + self.roles_bias
        logits = outputs[:, :-1]
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= np.add.reduce(likely.T, axis=0)[:, None]
        return likely, _shares(outputs[:, -1:], tokens, first)[0]

    def _sentences(self, tokens: Tokens) -> Float:
        """Return a vector of each sentence, shape (n_sentences, n_hidden)."""
        steps = np.concatenate([self._filters(block) for block in tokens.blocks])
        pooled = steps * self.tables.step
        pooled += self.bias
        np.maximum(pooled, 0.0, out=pooled)
        n_filters = len(self.bias)
        # What depends on the words alone is computed once for equal sentences.
        hidden = multiply(pooled, self.dense[:n_filters])[tokens.kind]
        hidden += multiply(tokens.features.astype(np.float64), self.dense[n_filters:])
        hidden += self.dense_bias
        np.maximum(hidden, 0.0, out=hidden)
        return hidden

    def _filters(self, block: Block) -> Int16:
        """Return the largest answer of each filter in each sentence, (n_sentences, 3·filters)."""
        single, left_of_2, own_of_2, left_of_3, own_of_3, right_of_3 = self.tables.words
        shape = (block.ids.shape[1], single.shape[1])
        # The last empty word answers 0, and so no largest answer is below it.
        best_1, best_2, best_3 = (np.zeros(shape, dtype=np.int16) for _ in range(3))
        own, other = np.empty(shape, dtype=np.int16), np.empty(shape, dtype=np.int16)
        before = 0
        for place, n in enumerate((*block.alive, 0)):
            ids = block.ids[place, :n]
            _look_up(single, ids, own)
            np.maximum(best_1[:n], own[:n], out=best_1[:n])
            for best, left_table, own_table in (
                (best_2, left_of_2, own_of_2),
                (best_3, left_of_3, own_of_3),
            ):
                _look_up(own_table, ids, own)
                if place:
                    _look_up(left_table, block.ids[place - 1, :before], other)
                    own[:n] += other[:n]
                    # Behind a sentence's end there is an empty word, which adds nothing.
                    np.maximum(best[n:before], other[n:before], out=best[n:before])
                if best is best_3 and n:
                    _look_up(right_of_3, block.ids[place + 1, :n], other)
                    own[:n] += other[:n]
                np.maximum(best[:n], own[:n], out=best[:n])
            before = n
        return np.concatenate([best_1, best_2, best_3], axis=1)


def _look_up(table: Int16, ids: Int64, out: Int16) -> None:
    """Write the table's rows `ids` to the first rows of `out`."""
    # "clip" spares the check of each index, half of the time; all are rows of the table.
    table.take(ids, axis=0, out=out[: len(ids)], mode="clip")


def make_tables(vectors: npt.NDArray[np.int8], steps: Float32, offsets: Float32) -> Tables:
    """Return vectors · offsets."""
    exact = vectors.astype(np.float64) * steps[:, None]
    products = [exact @ offset.astype(np.float64) for offset in offsets]
    places = ((0, 2, 4), (1, 3), (5,))  # on the word itself, the one before, the one after
    most = sum(max(float(np.abs(products[i]).max(initial=0.0)) for i in group) for group in places)
    size = max(most, 1e-6) / (np.iinfo(np.int16).max - 2)  # rounding may add half a step thrice
    return Tables(tuple(np.rint(table / size).astype(np.int16) for table in products), size)


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


def _shares(logits: Float, tokens: Tokens, first: Int64) -> Float:
    """Return the softmax over the sentences of each text, shape (n_columns, n_sentences)."""
    columns = np.ascontiguousarray(logits.T)
    peak = np.maximum.reduceat(columns, first, axis=1)
    share = np.exp(columns - peak[:, tokens.documents])
    # bincount and sparse products add in storage order, whatever stands in other rows.
    totals = [np.bincount(tokens.documents, weights=column) for column in share]
    result: Float = share / np.array(totals)[:, tokens.documents]
    return result


def _weighted(weights: Float, n_rows: int, first: Int64) -> Any:
    """Return the matrix that takes weighted means of each text's sentences."""
    ends = np.append(first, len(weights))
    return sparse.csr_matrix((weights, np.arange(len(weights)), ends), shape=(n_rows, len(weights)))


def _largest(values: Float, first: Int64, counts: Int64) -> Float:
    """Return the largest of each column in each run of rows.

    As `numpy.maximum.reduceat`, in half the time: the first rows of all runs, then the second
    rows of those that have one, and so on, the longest runs first.
    """
    order = np.argsort(-counts, kind="stable")
    starts = first[order]
    alive = np.searchsorted(-counts[order], -np.arange(counts.max()), side="left")
    best = values[starts]
    for step, n in enumerate(alive[1:].tolist(), start=1):
        np.maximum(best[:n], values[starts[:n] + step], out=best[:n])
    largest = np.empty_like(best)
    largest[order] = best
    return largest


@dataclass(frozen=True)
class Encoder:
    """The encoders of both texts and the layers that bring them together.

    words: sorted 64-bit hashes of the known words. vectors: int8 steps, shape (n_words + 2, size):
    an empty word, an unknown one, then the known. steps: the size of a step of each.
    layers: weights and biases by name, see `outputs`.
    """

    words: UInt64
    vectors: npt.NDArray[np.int8]
    steps: Float32
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
