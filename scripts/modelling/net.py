"""The sentence encoder in PyTorch, for training alone; `gov_sentiment.model.encoder` runs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from gov_sentiment.model.encoder import (
    SENTENCE_FEATURES,
    Encoder,
    TextEncoder,
    Tokens,
    lay_out,
    make_tables,
)
from gov_sentiment.model.encoder import known_words as ids_of
from gov_sentiment.model.features import Parts

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
        """Return ids, sentence of each id, sentence features, row of each sentence."""
        ends = np.append(self.tokens.begins, len(self.tokens.ids))
        ids, sentences, features, documents, n = [], [], [], [], 0
        for place, row in enumerate(rows):
            first, last = self.sentence_of_row[row], self.sentence_of_row[row + 1]
            ids.append(self.tokens.ids[ends[first] : ends[last]])
            sentences.append(
                n + np.repeat(np.arange(last - first), np.diff(ends[first : last + 1]))
            )
            features.append(self.tokens.features[first:last])
            documents.append(np.full(last - first, place))
            n += last - first
        return tuple(
            torch.from_numpy(np.concatenate(part)) for part in (ids, sentences, features, documents)
        )


class TextNet(nn.Module):
    """One text → a vector: see `gov_sentiment.model.encoder.TextEncoder`."""

    def __init__(self, vectors: torch.Tensor, dropout: float = 0.3) -> None:
        super().__init__()
        self.vectors = vectors
        self.convolutions = nn.ModuleList(
            nn.Conv1d(vectors.shape[1], FILTERS, width, padding=width // 2) for width in WIDTHS
        )
        self.sentence = nn.Linear(len(WIDTHS) * FILTERS + SENTENCE_FEATURES, HIDDEN)
        self.attention = nn.Linear(HIDDEN, HEADS)
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: tuple[torch.Tensor, ...], word_dropout: float) -> torch.Tensor:
        """Return vectors of shape (n_rows, 2 * HIDDEN)."""
        ids, sentences, features, documents = batch
        if self.training and word_dropout > 0:
            hidden = (torch.rand(ids.shape) < word_dropout) & (ids > 0)
            ids = torch.where(hidden, torch.ones_like(ids), ids)
        words = self.vectors[ids].T.unsqueeze(0)
        ends = torch.ones(1, dtype=torch.bool)
        last_empty = torch.cat([sentences[1:] != sentences[:-1], ends])
        found = []
        for layer in self.convolutions:
            answers = F.relu(layer(words))[0, :, : len(ids)].T
            # The last empty word of a sentence would see the first word of the next one.
            answers = torch.where(last_empty[:, None], torch.zeros_like(answers), answers)
            found.append(_largest(answers, sentences, len(features)))
        pooled = self.dropout(torch.cat([*found, features], 1))
        hidden = self.dropout(F.relu(self.sentence(pooled)))
        n_rows = int(documents[-1]) + 1
        weights = self.attention(hidden)
        weights = torch.exp(weights - weights.max())
        total = torch.zeros(n_rows, HEADS).index_add(0, documents, weights)
        share = (weights / total[documents]).mean(1, keepdim=True)
        attended = torch.zeros(n_rows, HIDDEN).index_add(0, documents, hidden * share)
        return torch.cat([_largest(hidden, documents, n_rows), attended], 1)

    def export(self, kinds: tuple[int, ...], vectors: np.ndarray, step: float) -> TextEncoder:
        """Return the encoder as arrays; sums of table rows stand for the convolutions."""
        weights = [layer.weight.detach().double() for layer in self.convolutions]
        offsets = [weight[:, :, k].T for weight in weights for k in range(weight.shape[2])]
        stacked = torch.stack(offsets).float().numpy()
        return TextEncoder(
            kinds=kinds,
            longest=LONGEST,
            offsets=stacked,
            tables=make_tables(vectors, step, stacked),
            bias=torch.cat([layer.bias for layer in self.convolutions]).detach().numpy(),
            dense=_array(self.sentence.weight.T),
            dense_bias=_array(self.sentence.bias),
            attention=_array(self.attention.weight.T),
            attention_bias=_array(self.attention.bias),
        )


class ExchangeNet(nn.Module):
    """Both texts → linear outputs of the post's and of the pair's targets."""

    def __init__(self, vectors: torch.Tensor, n_dense: int, n_post: int, n_pair: int) -> None:
        super().__init__()
        self.post, self.reply = TextNet(vectors), TextNet(vectors)
        self.post_out = nn.Linear(2 * HIDDEN, n_post)
        self.asked, self.said = nn.Linear(2 * HIDDEN, MIX), nn.Linear(2 * HIDDEN, MIX)
        self.mixed = nn.Linear(2 * HIDDEN + 2 * MIX + n_dense, HIDDEN)
        self.pair_out = nn.Linear(3 * HIDDEN, n_pair)
        self.dropout = nn.Dropout(0.3)

    def forward(
        self,
        post_batch: tuple[torch.Tensor, ...],
        reply_batch: tuple[torch.Tensor, ...],
        dense: torch.Tensor,
        word_dropout: float,
    ) -> torch.Tensor:
        """Return the linear outputs of all targets, the post's before the pair's."""
        post, reply = self.post(post_batch, word_dropout), self.reply(reply_batch, word_dropout)
        asked, said = torch.tanh(self.asked(post)), torch.tanh(self.said(reply))
        joined = self.dropout(torch.cat([reply, asked, asked * said, dense], 1))
        mixed = F.relu(self.mixed(joined))
        pair = self.pair_out(self.dropout(torch.cat([mixed, reply], 1)))
        return torch.cat([self.post_out(self.dropout(post)), pair], 1)

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
        table = self.post.vectors.numpy().astype(np.float64)
        step = float(np.abs(table).max() / 127)
        vectors = np.round(table / step).astype(np.int8)
        post = self.post.export(POST_KINDS, vectors, step)
        return Encoder(
            words, vectors, step, post, self.reply.export(REPLY_KINDS, vectors, step), layers
        )


def _largest(values: torch.Tensor, groups: torch.Tensor, n: int) -> torch.Tensor:
    index = groups[:, None].expand(-1, values.shape[1])
    return torch.zeros(n, values.shape[1]).scatter_reduce(0, index, values, "amax")


def _array(value: torch.Tensor) -> np.ndarray:
    return value.detach().double().numpy().copy()
