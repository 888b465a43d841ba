"""A recurrent net that reads a text word by word (or character), both ways, in NumPy.

Gated recurrent units (Cho et al. 2014) over word vectors, both directions; each unit's largest and
mean state over the text feed a linear map to the classes. What a word adds to the gates does not
depend on its neighbours, so that it is looked up in a table; what is left is a product of each
state with one small matrix. `gov_sentiment.model.learn_recurrent` learns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import N_PARTS, SEPARATOR, Parts
from gov_sentiment.model.hashing import Int64, UInt64, mix
from gov_sentiment.model.layout import PAD, WordTable, words_read

Float = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
BLOCK: Final = 64
"""Texts that are read together; as many for a single text, so that no digit depends on others."""
LONGEST: Final = 160
POST_KINDS: Final = (0, 1)
REPLY_KINDS: Final = (2, 3, 4)


@dataclass(frozen=True)
class Sequences:
    """The words of one text of each row, one text after the other.

    ids: rows of the vector table. begins, lengths: of each row, shape (n_rows,); a row without
    words has one unknown word.
    """

    ids: Int64
    begins: Int64
    lengths: Int64

    def block(self, rows: Int64, size: int) -> Block:
        """Return these rows' words, place by place, the longest text first."""
        lengths = self.lengths[rows]
        order = np.argsort(-lengths, kind="stable")
        lengths = lengths[order]
        place = np.arange(lengths[0])[:, None]
        alive = place < lengths
        begins = self.begins[rows[order]]
        ids = np.zeros((2, len(place), size), dtype=np.int64)
        ends = begins + lengths - 1
        last = len(self.ids) - 1
        ids[0, :, : len(rows)] = np.where(alive, self.ids[np.minimum(begins + place, last)], 0)
        ids[1, :, : len(rows)] = np.where(alive, self.ids[np.maximum(ends - place, 0)], 0)
        return Block(ids, tuple(alive.sum(axis=1).tolist()), lengths, order)


@dataclass(frozen=True)
class Block:
    """Texts of like length, the longest first.

    ids: read forwards and backwards, shape (2, longest, size); 0 behind a text's end.
    alive: how many texts have a word at each place. lengths: shape (n_texts,).
    order: which of the rows each text is.
    """

    ids: Int64
    alive: tuple[int, ...]
    lengths: Int64
    order: Int64


@dataclass(frozen=True)
class RecurrentNet:
    """One text → a number for each class.

    kinds: the parts that it reads, see `Parts`. characters: whether it reads them character by
    character; all that is said of words then holds of characters.
    words: sorted 64-bit hashes of the known words.
    vectors: int8 steps, shape (n_words + 2, size): an empty word, an unknown one, the known.
    steps: the size of a step of each. inputs, input_bias: of both directions, the gates for reset
    and update and the candidate state, shape (2, size, 3 * n_units) and (2, 1, 3 * n_units).
    states: the same of the state before, (2, n_units, 3 * n_units); state_bias: of the candidate,
    (2, 1, n_units). outputs, output_bias: (4 * n_units, n_classes): largest, then mean states.
    """

    kinds: tuple[int, ...]
    characters: bool
    words: UInt64
    vectors: npt.NDArray[np.int8]
    steps: Float32
    inputs: Float32
    input_bias: Float32
    states: Float32
    state_bias: Float32
    outputs: Float32
    output_bias: Float32

    @property
    def side(self) -> Literal["post", "reply"]:
        """The text that it reads."""
        return "post" if self.kinds == POST_KINDS else "reply"

    @property
    def n_classes(self) -> int:
        """How many outputs there are."""
        return len(self.output_bias)

    @cached_property
    def table(self) -> Float32:
        """What each word adds to the gates, shape (2, n_words + 2, 3 * n_units)."""
        vectors = self.vectors * self.steps[:, None]
        result: Float32 = np.matmul(vectors, self.inputs) + self.input_bias
        return result

    def lay_out(self, parts: Parts) -> Sequences:
        """Return the words of the batch as this net reads them."""
        return lay_out(parts, self.words, self.kinds, self.characters)

    def logits(self, sequences: Sequences, rows: Int64) -> Float:
        """Return the outputs of these rows, shape (n_rows, n_classes)."""
        order = rows[np.argsort(-sequences.lengths[rows], kind="stable")]
        found = np.zeros((len(sequences.lengths), len(self.output_bias)))
        for start in range(0, len(order), BLOCK):
            some = order[start : start + BLOCK]
            block = sequences.block(some, BLOCK)
            pooled = self._pool(block)
            logits = (pooled @ self.outputs + self.output_bias)[: len(some)]
            found[some[block.order]] = logits
        return found[rows]

    def _pool(self, block: Block) -> Float32:
        """Return largest and mean states of each text, shape (BLOCK, 4 * n_units)."""
        n_units = self.states.shape[1]
        shape = (2, block.ids.shape[2], n_units)
        state, total = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        largest = np.full(shape, -1.0, np.float32)
        gates = np.empty((2, block.ids.shape[2], 3 * n_units), np.float32)
        for place, n in enumerate(block.alive):
            for side in range(2):
                # The whole block, whatever is alive: products of one shape give the same digits.
                self.table[side].take(block.ids[side, place], axis=0, out=gates[side], mode="clip")
            new = next_state(gates, np.matmul(state, self.states), self.state_bias, state)[0]
            state[:, :n] = new[:, :n]
            total[:, :n] += new[:, :n]
            np.maximum(largest[:, :n], new[:, :n], out=largest[:, :n])
        counts = np.ones(block.ids.shape[2], np.float32)
        counts[: len(block.lengths)] = block.lengths
        return join(largest, total / counts[:, None])


def next_state(
    inputs: Float32, products: Float32, bias: Float32, before: Float32
) -> tuple[Float32, Float32, Float32, Float32]:
    """Return the next state, both gates side by side, the candidate, and what the reset scales.

    Args:
        inputs: what the word adds, shape (2, n_texts, 3 * n_units).
        products: what the state adds, of the same shape.
        bias: see `RecurrentNet.state_bias`.
        before: the state, shape (2, n_texts, n_units).
    """
    size = before.shape[2]
    gates = sigmoid(inputs[..., : 2 * size] + products[..., : 2 * size])
    inner = products[..., 2 * size :] + bias
    candidate = np.tanh(inputs[..., 2 * size :] + gates[..., :size] * inner)
    update = gates[..., size:]
    return candidate + update * (before - candidate), gates, candidate, inner


def sigmoid(values: Float32) -> Float32:
    """Return 1 / (1 + exp(−x)), which no x overflows."""
    half: Float32 = np.tanh(values * np.float32(0.5)) * np.float32(0.5) + np.float32(0.5)
    return half


def join(largest: Float32, mean: Float32) -> Float32:
    """Return (n_texts, 4 * n_units) from two arrays of shape (2, n_texts, n_units)."""
    return np.concatenate([largest[0], largest[1], mean[0], mean[1]], axis=1)


def read_all(nets: Sequence[RecurrentNet], parts: Parts) -> Float:
    """Return the mean log-odds of each class against the mean class, (n_rows, n_classes)."""
    rows = np.arange(parts.n_rows)
    return mean_logits([net.logits(net.lay_out(parts), rows) for net in nets])


def mean_logits(logits: Sequence[Float]) -> Float:
    """Return the mean over nets, each row less what all classes share, which says nothing."""
    total = np.zeros_like(logits[0])
    for one in logits:
        total += one
    mean = total / len(logits)
    shared = np.add.reduce(mean.T, axis=0) / mean.shape[1]
    result: Float = mean - shared[:, None]
    return result


def lay_out(parts: Parts, words: UInt64, kinds: Sequence[int], characters: bool) -> Sequences:
    """Return the known words of the parts `kinds` of each row, at most `LONGEST` a row."""
    rows, hashes = units(parts, kinds, characters)
    ids = WordTable(words).find(hashes) + PAD
    lengths = np.bincount(rows, minlength=parts.n_rows)
    empty = np.flatnonzero(lengths == 0)
    begins = np.cumsum(lengths) - lengths
    ids = np.insert(ids, begins[empty], 1)
    lengths = np.maximum(lengths, 1)
    return Sequences(ids, np.cumsum(lengths) - lengths, lengths)


def units(parts: Parts, kinds: Sequence[int], characters: bool) -> tuple[Int64, UInt64]:
    """Return the row and the hash of each word, or each character, that is read."""
    if not characters:
        kept = words_read(parts, kinds, LONGEST)
        return parts.token_part[kept] // N_PARTS, mix(parts.word_codes[kept], 0)
    wanted = np.isin(parts.part % N_PARTS, kinds)
    place = np.flatnonzero(wanted & (parts.codes != ord(" ")) & (parts.codes != ord(SEPARATOR)))
    rows = parts.part[place] // N_PARTS
    first_of_row = np.searchsorted(rows, np.arange(parts.n_rows))
    kept = np.flatnonzero(np.arange(len(rows)) - first_of_row[rows] < LONGEST)
    return rows[kept], mix(parts.codes[place[kept]].astype(np.uint64), 0)


def net_arrays(net: RecurrentNet, name: str) -> dict[str, Any]:
    """Return the arrays of a net under names that begin with `name`."""
    return {f"{name}.{field.name}": np.asarray(getattr(net, field.name)) for field in fields(net)}


def read_net(arrays: Mapping[str, Any], name: str) -> RecurrentNet:
    """Return the net among the arrays."""
    found = {field.name: arrays[f"{name}.{field.name}"] for field in fields(RecurrentNet)}
    found["kinds"] = tuple(found["kinds"].tolist())
    found["characters"] = bool(found["characters"])
    return RecurrentNet(**found)
