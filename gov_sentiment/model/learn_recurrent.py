"""How a recurrent net is learnt: word vectors of the texts themselves, then gradients, in NumPy.

Word vectors come from what stands near what (PPMI and a truncated SVD, Levy & Goldberg 2014) and
are tuned along with the rest: Adam for the small matrices, Adagrad for the rows of the words that
a batch has. Batches hold texts of like length, so that little is read in vain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from gov_sentiment.model.features import Parts
from gov_sentiment.model.hashing import Int64, UInt64
from gov_sentiment.model.recurrent import (
    Block,
    Float32,
    RecurrentNet,
    Sequences,
    join,
    lay_out,
    next_state,
    units,
)

UNKNOWN: Final = 1
N_SPECIAL: Final = 2
_WINDOW: Final = 5
_LENGTH: Final = 4.0  # of a word vector at the start
_CHUNK: Final = 40  # batches that are sorted by length together
_WARM: Final = 0.1


@dataclass(frozen=True)
class Plan:
    """Choices of training.

    size: of word vectors. n_units: of each direction. epochs: of words; characters, each of which
    says less, want one more. rate, vector_rate: of Adam and of Adagrad.
    dropout: of the pooled states. input_dropout: of word vectors. word_dropout: of whole words,
    which are then unknown. min_count, n_words: which words are known.
    """

    size: int = 128
    n_units: int = 64
    epochs: int = 3
    epochs_of_characters: int = 4
    batch: int = 64
    rate: float = 5e-3
    vector_rate: float = 0.02
    decay: float = 0.01
    dropout: float = 0.4
    input_dropout: float = 0.2
    word_dropout: float = 0.15
    min_count: int = 3
    n_words: int = 30_000


@dataclass(frozen=True)
class Corpus:
    """Texts to learn from: the known words, where vectors start, the words of each row.

    kinds, characters: see `RecurrentNet`.
    """

    kinds: tuple[int, ...]
    characters: bool
    words: UInt64
    vectors: Float32
    sequences: Sequences


def make_corpus(parts: Parts, kinds: tuple[int, ...], characters: bool, plan: Plan) -> Corpus:
    """Return the corpus of these texts; labels do not enter it."""
    _, hashes = units(parts, kinds, characters)
    found, counts = np.unique(hashes, return_counts=True)
    common = np.argsort(-counts, kind="stable")[: plan.n_words]
    words = np.sort(found[common[counts[common] >= plan.min_count]])
    sequences = lay_out(parts, words, kinds, characters)
    vectors = _first_vectors(sequences, len(words), plan.size)
    return Corpus(kinds, characters, words, vectors, sequences)


def _first_vectors(sequences: Sequences, n_words: int, size: int) -> Float32:
    """Return vectors of words by what stands near them; the empty and the unknown word have 0."""
    vectors = np.zeros((N_SPECIAL + n_words, size), np.float32)
    kept = min(size, n_words - 1)
    if kept < 1:
        return vectors
    texts = np.repeat(np.arange(len(sequences.lengths)), sequences.lengths)
    near = ppmi(sequences.ids - N_SPECIAL, texts, n_words, _WINDOW)
    left, strength, _ = randomized_svd(near, n_components=kept, n_iter=2, random_state=0)
    found = left * np.sqrt(strength)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    found -= found.mean(axis=0)
    found *= _LENGTH / np.sqrt(max(float((found**2).sum(axis=1).mean()), 1e-9))
    vectors[N_SPECIAL:, :kept] = found
    return vectors


def ppmi(ids: Int64, texts: Int64, n_words: int, window: int) -> sparse.csr_matrix:
    """Return positive pointwise mutual information of neighbouring words, (n_words, n_words).

    Args:
        ids: of all words in order, below 0 where a word is unknown.
        texts: the text that each stands in; words of two texts are no neighbours.
        n_words: known words.
        window: how far apart neighbours may stand; the farther, the less they count.
    """
    near = sparse.csr_matrix((n_words, n_words))
    for distance in range(1, window + 1):
        left, right = ids[:-distance], ids[distance:]
        both = (texts[:-distance] == texts[distance:]) & (left >= 0) & (right >= 0)
        values = np.full(int(both.sum()), 1.0 / distance)
        near = near + sparse.csr_matrix((values, (left[both], right[both])), shape=near.shape)
    near = (near + near.T).tocoo()
    total = np.asarray(near.sum(axis=1)).ravel()
    context = total**0.75 / max(float((total**0.75).sum()), 1e-9)
    value = np.log(near.data / (total[near.row] * context[near.col]))
    kept = value > 0
    return sparse.csr_matrix((value[kept], (near.row[kept], near.col[kept])), shape=near.shape)


def learn_net(corpus: Corpus, codes: Int64, n_classes: int, plan: Plan, seed: int) -> RecurrentNet:
    """Return the net that tells the classes of all rows of a corpus apart.

    Args:
        corpus: see `make_corpus`.
        codes: class code of each row, −1 for rows that are not learnt from.
        n_classes: classes that there are.
        plan: see `Plan`.
        seed: of all draws; equal seeds give equal nets.
    """
    rng = np.random.default_rng(seed)
    net = _Net.start(corpus.vectors.copy(), n_classes, plan, rng)
    rows = np.flatnonzero(codes >= 0)
    epochs = plan.epochs_of_characters if corpus.characters else plan.epochs
    n_steps = epochs * -(-len(rows) // plan.batch)
    step = 0
    for _ in range(epochs):
        for some in _batches(corpus.sequences, rows, plan.batch, rng):
            block = corpus.sequences.block(some, len(some))
            net.learn(block, codes[some[block.order]], plan, rng, _pace(step, n_steps))
            step += 1
    return net.finish(corpus)


def _batches(
    sequences: Sequences, rows: Int64, size: int, rng: np.random.Generator
) -> Iterator[Int64]:
    """Yield all rows in batches of like length, in random order."""
    shuffled = rng.permutation(rows)
    batches = []
    for start in range(0, len(rows), size * _CHUNK):
        chunk = shuffled[start : start + size * _CHUNK]
        chunk = chunk[np.argsort(sequences.lengths[chunk], kind="stable")]
        batches += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    for index in rng.permutation(len(batches)).tolist():
        yield batches[index]


def _pace(step: int, n_steps: int) -> float:
    """Return the share of the learning rate: it rises, then falls towards 0."""
    warm = max(_WARM * n_steps, 1.0)
    return min((step + 1) / warm, max(n_steps - step, 1) / max(n_steps - warm, 1.0), 1.0)


@dataclass
class _Net:
    """A net that learns: vectors and named parameters, with what the optimisers remember."""

    vectors: Float32
    parameters: dict[str, Float32]
    squares: Float32
    means: dict[str, Float32] = field(default_factory=dict)
    variances: dict[str, Float32] = field(default_factory=dict)
    steps: int = 0

    @classmethod
    def start(cls, vectors: Float32, n_classes: int, plan: Plan, rng: np.random.Generator) -> _Net:
        """Return a net with random parameters."""
        n_units, size = plan.n_units, vectors.shape[1]

        def draw(*shape: int, width: float) -> Float32:
            return rng.uniform(-width, width, shape).astype(np.float32)

        width = n_units**-0.5
        parameters = {
            "inputs": draw(2, size, 3 * n_units, width=width),
            "input_bias": np.zeros((2, 1, 3 * n_units), np.float32),
            "states": draw(2, n_units, 3 * n_units, width=width),
            "state_bias": np.zeros((2, 1, n_units), np.float32),
            "outputs": draw(4 * n_units, n_classes, width=width / 2),
            "output_bias": np.zeros(n_classes, np.float32),
        }
        net = cls(vectors, parameters, np.zeros_like(vectors))
        for name, values in parameters.items():
            net.means[name], net.variances[name] = np.zeros_like(values), np.zeros_like(values)
        return net

    def learn(
        self, block: Block, codes: Int64, plan: Plan, rng: np.random.Generator, pace: float
    ) -> None:
        """Take one step down the gradient of a batch."""
        block = _hide_words(block, plan.word_dropout, rng)
        words = np.unique(block.ids)
        pooled_shape = (len(codes), len(self.parameters["outputs"]))
        _, gradients, vectors = self.gradients(
            block,
            codes,
            words,
            _mask((len(words), self.vectors.shape[1]), plan.input_dropout, rng),
            _mask(pooled_shape, plan.dropout, rng),
        )
        self._adam(gradients, plan.rate * pace, plan.decay)
        vectors[words == 0] = 0.0  # the empty word stays empty
        self.squares[words] += vectors**2
        self.vectors[words] -= plan.vector_rate * vectors / (np.sqrt(self.squares[words]) + 1e-8)

    def gradients(
        self, block: Block, codes: Int64, words: Int64, input_mask: Float32, mask: Float32
    ) -> tuple[float, dict[str, Float32], Float32]:
        """Return the mean cross-entropy, its gradients, and those of the vectors of `words`.

        Args:
            block: the texts.
            codes: class of each text of the block.
            words: the distinct words of the block, sorted.
            input_mask: factors of their vectors, (n_words, size).
            mask: factors of the pooled states, (n_texts, 4 * n_units).
        """
        p = self.parameters
        vectors = self.vectors[words] * input_mask
        places = np.searchsorted(words, block.ids)
        table = np.matmul(vectors, p["inputs"]) + p["input_bias"]
        trace = _read(table, places, block, p["states"], p["state_bias"])
        pooled = trace.pooled() * mask
        logits = pooled @ p["outputs"] + p["output_bias"]
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        chosen = np.arange(len(codes)), codes
        loss = -float(np.log(shares[chosen] + 1e-9).mean())
        shares[chosen] -= 1.0
        shares /= len(codes)
        pooled_gradient = (shares @ p["outputs"].T) * mask
        added, gradients = trace.back(pooled_gradient, p["states"])
        by_word = np.stack([_sum_by_word(places[s], added[s], len(words)) for s in range(2)])
        gradients |= {
            "inputs": np.matmul(vectors.T, by_word),
            "input_bias": by_word.sum(axis=1, keepdims=True),
            "outputs": pooled.T @ shares,
            "output_bias": shares.sum(axis=0),
        }
        of_vectors = np.matmul(by_word, p["inputs"].transpose(0, 2, 1)).sum(axis=0) * input_mask
        return loss, gradients, of_vectors

    def _adam(self, gradients: dict[str, Float32], rate: float, decay: float) -> None:
        """Take one step of Adam (Kingma & Ba 2015) with decoupled decay of weights."""
        norm = np.sqrt(sum(float((values**2).sum()) for values in gradients.values()))
        clip = min(1.0, 1.0 / max(norm, 1e-9))
        self.steps += 1
        for name, values in self.parameters.items():
            gradient = gradients[name] * np.float32(clip)
            mean, variance = self.means[name], self.variances[name]
            mean += 0.1 * (gradient - mean)
            variance += 0.001 * (gradient**2 - variance)
            if not name.endswith("bias"):
                values *= 1.0 - rate * decay
            size = np.sqrt(variance / (1 - 0.999**self.steps)) + 1e-8
            values -= rate / (1 - 0.9**self.steps) * mean / size

    def finish(self, corpus: Corpus) -> RecurrentNet:
        """Return what the package stores and runs."""
        # A step of its own for each word: tuning makes some vectors much longer than others.
        steps = (np.abs(self.vectors).max(axis=1) / 127).astype(np.float32)
        vectors = np.round(self.vectors / np.maximum(steps, 1e-12)[:, None]).astype(np.int8)
        return RecurrentNet(
            corpus.kinds, corpus.characters, corpus.words, vectors, steps, **self.parameters
        )


@dataclass(frozen=True)
class _Trace:
    """All that was computed on the way through a block; arrays of shape (2, places, texts, …).

    states: after each place, −2 behind a text's end; before: the state that each place began with.
    """

    block: Block
    states: Float32
    before: Float32
    gates: Float32
    candidates: Float32
    inner: Float32

    @property
    def largest(self) -> Float32:
        result: Float32 = self.states.max(axis=1)
        return result

    def pooled(self) -> Float32:
        """Return largest and mean states, shape (n_texts, 4 * n_units)."""
        total = np.where(self.states > -2.0, self.states, 0.0).sum(axis=1)
        return join(self.largest, total / self.block.lengths[:, None].astype(np.float32))

    def back(self, pooled: Float32, states: Float32) -> tuple[Float32, dict[str, Float32]]:
        """Return gradients of what words added, (2, places, texts, 3 * n_units), and of weights.

        Args:
            pooled: gradients of `pooled()`.
            states: the weights of the state before.
        """
        size = states.shape[1]
        parts = np.split(pooled, 4, axis=1)
        best, mean = np.stack(parts[:2]), np.stack(parts[2:])
        mean /= self.block.lengths[:, None].astype(np.float32)
        at_best = self.states == self.largest[:, None]
        best /= at_best.sum(axis=1)  # equal ones share the gradient
        added = np.zeros((*self.before.shape[:3], 3 * size), np.float32)
        products = np.zeros_like(added)
        carried = np.zeros_like(best)
        turned = np.ascontiguousarray(states.transpose(0, 2, 1))
        for place in range(len(self.block.alive) - 1, -1, -1):
            n = self.block.alive[place]
            gates, candidate = self.gates[:, place, :n], self.candidates[:, place, :n]
            reset, update = gates[..., :size], gates[..., size:]
            here = carried[:, :n] + mean[:, :n] + best[:, :n] * at_best[:, place, :n]
            of_update = here * (self.before[:, place, :n] - candidate)
            of_candidate = here * (1 - update) * (1 - candidate**2)
            add, product = added[:, place, :n], products[:, place, :n]
            add[..., :size] = of_candidate * self.inner[:, place, :n] * reset * (1 - reset)
            add[..., size : 2 * size] = of_update * update * (1 - update)
            add[..., 2 * size :] = of_candidate
            product[..., : 2 * size] = add[..., : 2 * size]
            product[..., 2 * size :] = of_candidate * reset
            carried[:, :n] = here * update + np.matmul(product, turned)
        flat = products.reshape(2, -1, 3 * size)
        before = self.before.reshape(2, -1, size)
        return added, {
            "states": np.matmul(before.transpose(0, 2, 1), flat),
            "state_bias": flat[..., 2 * size :].sum(axis=1, keepdims=True),
        }


def _read(table: Float32, places: Int64, block: Block, states: Float32, bias: Float32) -> _Trace:
    """Return the trace of a block whose words have rows `places` in the table."""
    size = states.shape[1]
    shape = (*places.shape, size)
    found = np.full(shape, -2.0, table.dtype)
    before, candidates, inner = (np.zeros(shape, table.dtype) for _ in range(3))
    gates = np.zeros((*places.shape, 2 * size), table.dtype)
    state = np.zeros((2, places.shape[2], size), table.dtype)
    for place, n in enumerate(block.alive):
        now = state[:, :n]
        inputs = np.stack([table[side].take(places[side, place, :n], axis=0) for side in range(2)])
        new, *rest = next_state(inputs, np.matmul(now, states), bias, now)
        before[:, place, :n] = now
        gates[:, place, :n], candidates[:, place, :n], inner[:, place, :n] = rest
        found[:, place, :n] = new
        state[:, :n] = new
    return _Trace(block, found, before, gates, candidates, inner)


def _sum_by_word(places: Int64, values: Float32, n_words: int) -> Float32:
    """Return the sums of the values of each word, shape (n_words, n_columns)."""
    flat = places.ravel()
    ones = np.ones(len(flat), values.dtype)
    chosen = sparse.csr_matrix((ones, flat, np.arange(len(flat) + 1)), shape=(len(flat), n_words))
    total: Float32 = chosen.T @ values.reshape(len(flat), -1)
    return total


def _hide_words(block: Block, share: float, rng: np.random.Generator) -> Block:
    """Return the block with some words unknown, each direction for itself."""
    hidden = (rng.random(block.ids.shape) < share) & (block.ids > 0)
    return Block(np.where(hidden, UNKNOWN, block.ids), block.alive, block.lengths, block.order)


def _mask(shape: tuple[int, ...], share: float, rng: np.random.Generator) -> Float32:
    """Return factors of dropout: 0 or what keeps the mean."""
    kept = rng.random(shape, dtype=np.float32) >= share
    return kept.astype(np.float32) / np.float32(1.0 - share)
