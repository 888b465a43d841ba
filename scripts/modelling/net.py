"""The sentence encoder in PyTorch, for training alone; `gov_sentiment.model.encoder` runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gov_sentiment.model.encoder import (
    POST_ROLES,
    REPLY_ROLES,
    Encoder,
    TextEncoder,
    make_tables,
)
from gov_sentiment.model.features import Parts
from gov_sentiment.model.layout import SENTENCE_FEATURES, Tokens, lay_out
from gov_sentiment.model.layout import known_words as ids_of

FILTERS, HIDDEN, HEADS, MIX = 48, 96, 4, 48
POST_KINDS, REPLY_KINDS, LONGEST = (0, 1), (2, 3, 4), 500
WIDTHS = (1, 2, 3)


@dataclass(frozen=True)
class Rows:
    """Texts of many rows that batches can be taken from."""

    tokens: Tokens
    sentence_of_row: np.ndarray
    n_rows: int

    @classmethod
    def of(cls, parts: Parts, words: np.ndarray, kinds: tuple[int, ...]) -> Rows:
        """Lay out one text of each row."""
        tokens = lay_out(parts, ids_of(parts, words), kinds, LONGEST)
        first = np.searchsorted(tokens.documents, np.arange(parts.n_rows + 1))
        return cls(tokens, first, parts.n_rows)

    def batch(self, rows: np.ndarray) -> tuple[torch.Tensor, ...]:
        """Return ids, length of each sentence, sentence features, sentences of each row."""
        ends = np.append(self.tokens.begins, len(self.tokens.ids))
        ids, lengths, features = [], [], []
        for row in rows:
            first, last = self.sentence_of_row[row], self.sentence_of_row[row + 1]
            ids.append(self.tokens.ids[ends[first] : ends[last]])
            lengths.append(np.diff(ends[first : last + 1]))
            features.append(self.tokens.features[first:last])
        counts = self.sentence_of_row[rows + 1] - self.sentence_of_row[rows]
        return (
            *(torch.from_numpy(np.concatenate(part)) for part in (ids, lengths, features)),
            torch.from_numpy(counts),
        )


class Read(NamedTuple):
    """What a net makes of a batch of texts.

    vectors: shape (n_rows, size). roles: logits of each sentence, shape (n_sentences, n_roles).
    decides: how likely each sentence is the one that its text turns on, shape (n_sentences,).
    """

    vectors: torch.Tensor
    roles: torch.Tensor
    decides: torch.Tensor


@dataclass(frozen=True)
class SentenceRoles:
    """What the sentences of texts do, as far as that is known.

    codes: of each row, the role of each sentence, −100 where it is unknown.
    deciding: the sentence that the row's text turns on, −1 where that is unknown.
    """

    codes: list[np.ndarray]
    deciding: np.ndarray

    @classmethod
    def of(cls, rows: Rows, strings: list[str], letters: str) -> SentenceRoles:
        """Read one letter a sentence; a string of another length than its text is unknown."""
        counts = np.diff(rows.sentence_of_row)
        codes, deciding = [], np.full(len(strings), -1)
        for row, (n, string) in enumerate(zip(counts.tolist(), strings, strict=True)):
            if len(string) != n:
                codes.append(np.full(n, -100))
                continue
            codes.append(np.array([letters.index(letter) for letter in string.lower()]))
            deciding[row] = next((i for i, s in enumerate(string) if s.isupper()), -1)
        return cls(codes, deciding)

    def loss(self, read: Read, rows: np.ndarray) -> torch.Tensor:
        """Return the mean cross-entropy of roles and of deciding sentences."""
        codes = torch.from_numpy(np.concatenate([self.codes[row] for row in rows]))
        if not (codes >= 0).any():
            return read.roles.sum() * 0.0
        sizes = np.array([len(self.codes[row]) for row in rows])
        known = self.deciding[rows] >= 0
        places = (np.cumsum(sizes) - sizes + self.deciding[rows])[known]
        decides = torch.log(read.decides[torch.from_numpy(places)] + 1e-9)
        return F.cross_entropy(read.roles, codes, ignore_index=-100) - decides.mean()


class TextNet(nn.Module):
    """One text → a vector: see `gov_sentiment.model.encoder.TextEncoder`."""

    def __init__(self, vectors: nn.Parameter, n_roles: int, dropout: float = 0.3) -> None:
        super().__init__()
        self.vectors = vectors
        self.n_roles = n_roles
        size = vectors.shape[1]
        filters = [nn.Conv1d(size, FILTERS, width) for width in WIDTHS]
        by_offset = [layer.weight.detach().permute(2, 1, 0) for layer in filters]
        self.offsets = nn.Parameter(torch.cat(by_offset))
        self.bias = nn.Parameter(torch.cat([layer.bias.detach() for layer in filters]))
        self.sentence = nn.Linear(len(WIDTHS) * FILTERS + SENTENCE_FEATURES, HIDDEN)
        self.attention = nn.Linear(HIDDEN, HEADS)
        self.roles = nn.Linear(HIDDEN, n_roles + 1)
        self.dropout = nn.Dropout(dropout)

    @property
    def size(self) -> int:
        """Columns of a text's vector."""
        return 3 * HIDDEN + 2 * self.n_roles

    def forward(self, batch: tuple[torch.Tensor, ...], word_dropout: float) -> Read:
        """Return the vectors, shape (n_rows, size), and what each sentence does."""
        ids, lengths, features, counts = batch
        if self.training and word_dropout > 0:
            hidden = (torch.rand(ids.shape) < word_dropout) & (ids > 0)
            ids = torch.where(hidden, torch.ones_like(ids), ids)
        pooled = F.relu(_largest(self._answers(ids, lengths), lengths) + self.bias)
        pooled = self.dropout(torch.cat([pooled, features], 1))
        hidden = self.dropout(F.relu(self.sentence(pooled)))
        documents = torch.repeat_interleave(torch.arange(len(counts)), counts)
        attended = _shares(self.attention(hidden), documents, len(counts)).mean(1, keepdim=True)
        roles = self.roles(hidden)
        likely = F.softmax(roles[:, :-1], dim=1)
        decides = _shares(roles[:, -1:], documents, len(counts))
        means = [
            torch.zeros(len(counts), values.shape[1]).index_add(0, documents, values * share)
            for values, share in ((hidden, attended), (hidden, decides), (likely, decides))
        ]
        vectors = torch.cat([_largest(hidden, counts), *means, _largest(likely, counts)], 1)
        return Read(vectors, roles[:, :-1], decides[:, 0])

    def _answers(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the filters' answers at each word: each distinct word is multiplied once."""
        words, places = torch.unique(ids, return_inverse=True)
        own, ahead, behind = self.offsets[[0, 2, 4]], self.offsets[[1, 3]], self.offsets[[5]]
        vectors = self.vectors[words]
        own, ahead, behind = (
            F.embedding(places, vectors @ torch.cat(tuple(part), 1))
            for part in (own, ahead, behind)
        )
        # The last empty word of a sentence would see the first word of the next one.
        inside = torch.ones(len(ids))
        inside[torch.cumsum(lengths, 0) - 1] = 0.0
        following = F.pad(behind[1:], (0, 0, 0, 1)) * inside[:, None]
        before = F.pad(ahead[:-1], (0, 0, 1, 0))
        return own + torch.cat(
            [torch.zeros(len(ids), FILTERS), before[:, :FILTERS], before[:, FILTERS:] + following],
            1,
        )

    def export(self, kinds: tuple[int, ...], vectors: np.ndarray, steps: np.ndarray) -> TextEncoder:
        """Return the encoder as arrays; sums of table rows stand for the convolutions."""
        stacked = self.offsets.detach().numpy().copy()
        return TextEncoder(
            kinds=kinds,
            longest=LONGEST,
            offsets=stacked,
            tables=make_tables(vectors, steps, stacked),
            bias=self.bias.detach().numpy().copy(),
            dense=_array(self.sentence.weight.T),
            dense_bias=_array(self.sentence.bias),
            attention=_array(self.attention.weight.T),
            attention_bias=_array(self.attention.bias),
            roles=_array(self.roles.weight.T),
            roles_bias=_array(self.roles.bias),
        )


class ExchangeNet(nn.Module):
    """Both texts → linear outputs of the post's and of the pair's targets."""

    def __init__(self, vectors: torch.Tensor, n_dense: int, n_post: int, n_pair: int) -> None:
        super().__init__()
        words = nn.Parameter(vectors)
        self.post, self.reply = TextNet(words, len(POST_ROLES)), TextNet(words, len(REPLY_ROLES))
        self.post_out = nn.Linear(self.post.size, n_post)
        self.asked, self.said = nn.Linear(self.post.size, MIX), nn.Linear(self.reply.size, MIX)
        self.mixed = nn.Linear(self.reply.size + 2 * MIX + n_dense, HIDDEN)
        self.pair_out = nn.Linear(HIDDEN + self.reply.size, n_pair)
        self.dropout = nn.Dropout(0.3)

    def forward(
        self,
        post_batch: tuple[torch.Tensor, ...],
        reply_batch: tuple[torch.Tensor, ...],
        dense: torch.Tensor,
        word_dropout: float,
    ) -> tuple[torch.Tensor, Read, Read]:
        """Return the linear outputs of all targets, the post's before the pair's; both readings."""
        post, reply = self.post(post_batch, word_dropout), self.reply(reply_batch, word_dropout)
        asked, said = torch.tanh(self.asked(post.vectors)), torch.tanh(self.said(reply.vectors))
        joined = self.dropout(torch.cat([reply.vectors, asked, asked * said, dense], 1))
        mixed = F.relu(self.mixed(joined))
        pair = self.pair_out(self.dropout(torch.cat([mixed, reply.vectors], 1)))
        return torch.cat([self.post_out(self.dropout(post.vectors)), pair], 1), post, reply

    def export(self, words: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> Encoder:
        """Return what the package runs."""
        layers = {"dense.mean": mean, "dense.scale": scale}
        for name, layer in (
            ("post", self.post_out),
            ("asked", self.asked),
            ("said", self.said),
            ("mixed", self.mixed),
            ("pair", self.pair_out),
        ):
            layers[f"{name}.weight"] = _array(layer.weight.T)
            layers[f"{name}.bias"] = _array(layer.bias)
        table = self.post.vectors.detach().numpy().astype(np.float64)
        # A step of its own for each word: tuning makes some vectors much longer than others.
        steps = (np.abs(table).max(axis=1) / 127).astype(np.float32)
        vectors = np.round(table / np.maximum(steps, 1e-12)[:, None]).astype(np.int8)
        post = self.post.export(POST_KINDS, vectors, steps)
        return Encoder(
            words, vectors, steps, post, self.reply.export(REPLY_KINDS, vectors, steps), layers
        )


def _shares(logits: torch.Tensor, documents: torch.Tensor, n: int) -> torch.Tensor:
    """Return the softmax of each column over the sentences of each text."""
    weights = torch.exp(logits - logits.max())
    total = torch.zeros(n, logits.shape[1]).index_add(0, documents, weights)
    return weights / total[documents]


class _Largest(torch.autograd.Function):
    """The largest of each column in each run of rows; equal ones share the gradient.

    `torch.segment_reduce` finds them fast, but its own gradient is wrong where values are equal.
    """

    @staticmethod
    def forward(context, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        largest = torch.segment_reduce(values, "max", lengths=lengths, axis=0)
        places = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        context.save_for_backward(values == largest[places], lengths, places)
        return largest

    @staticmethod
    def backward(context, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        equal, lengths, places = context.saved_tensors
        shares = torch.segment_reduce(equal.float(), "sum", lengths=lengths, axis=0)
        return (gradient / shares)[places] * equal, None


def _largest(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    return _Largest.apply(values, lengths)


def _array(value: torch.Tensor) -> np.ndarray:
    return value.detach().double().numpy().copy()
