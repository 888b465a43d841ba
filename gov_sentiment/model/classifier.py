"""The model of a set of targets: texts in, probabilities and expected values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.dense import post_dense, reply_dense
from gov_sentiment.model.encoder import Encoder, Pair, hidden_of_all
from gov_sentiment.model.features import Parts
from gov_sentiment.model.heads import Head, softmax
from gov_sentiment.model.layers import FittedView, LinearLayer
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.recurrent import RecurrentNet, read_all
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import Float

DECIMALS: Final = 6


@dataclass(frozen=True)
class Prediction:
    """One target's result for a batch.

    probabilities: of a nominal target's classes, shape (n_rows, n_classes); else None.
    values: expected values on the scale of any other target, shape (n_rows,), brought to the
        head's bins where it has some; else None.
    """

    target: Target
    probabilities: Float | None = None
    values: Float | None = None

    @property
    def labels(self) -> list[str]:
        """The likeliest class of each row of a nominal target."""
        return [self.target.classes[code] for code in self.scores.argmax(axis=1)]

    @property
    def scores(self) -> Float:
        """The probabilities, or the values as one column."""
        if self.probabilities is not None:
            return self.probabilities
        assert self.values is not None
        return self.values[:, None]

    def take(self, rows: npt.NDArray[np.int64]) -> Prediction:
        """Return the predictions of these rows."""
        return from_scores(self.target, self.scores[rows])


def from_scores(target: Target, scores: Float) -> Prediction:
    """Return a prediction from what `Prediction.scores` gives."""
    if target.nominal:
        return Prediction(target, probabilities=scores)
    return Prediction(target, values=scores[:, 0])


@dataclass(frozen=True)
class Inputs:
    """What the layers and heads of a model read of a batch.

    post, pair: feature matrices of the two linear layers, empty where a layer is missing.
    post_dense: shape (n_rows, n), of the post alone. pair_dense: of the reply and the pair.
    """

    post: Sequence[Any]
    pair: Sequence[Any]
    post_dense: Float
    pair_dense: Float


@dataclass(frozen=True)
class TextModel:
    """A trained model; immutable, picklable, the same digits for any batch and order.

    post_layer reads the post and feeds the targets of the post; pair_layer reads the reply too
    and feeds the others. `encoders` add what they read in whole sentences, `base` the outputs of
    the model that this one was adapted from, `nets` what they read word by word. Any of them may
    be missing.
    """

    targets: tuple[Target, ...]
    post_layer: LinearLayer | None
    pair_layer: LinearLayer | None
    overlap: Float
    heads: Mapping[str, Head]
    encoders: tuple[Encoder, ...] = ()
    base: TextModel | None = None
    nets: tuple[RecurrentNet, ...] = ()
    card: Mapping[str, Any] = field(default_factory=dict)

    def predict(
        self,
        titles: Sequence[str | None],
        posts: Sequence[str | None],
        replies: Sequence[str | None],
    ) -> dict[str, Prediction]:
        """Return the prediction of each target, by its name."""
        if not len(titles):
            none = np.array([], dtype=np.int64)
            one = self.predict([None], [None], [None])
            return {name: result.take(none) for name, result in one.items()}
        return self.predict_parts(prepare(titles, posts, replies))

    def predict_parts(self, parts: Parts) -> dict[str, Prediction]:
        """Return the prediction of each target for a batch laid out already."""
        return self.predict_inputs(self.inputs(parts))

    def inputs(self, parts: Parts) -> Inputs:
        """Return what the layers and heads read of the batch."""
        post, pair = dense_inputs(parts, self.overlap, self.encoders, self.base)
        if self.nets:
            post, pair = add_reading(post, pair, self.nets[0].side, read_all(self.nets, parts))
        seen: list[tuple[FittedView, Any]] = []
        return Inputs(
            self.post_layer.matrices(parts, seen) if self.post_layer else (),
            self.pair_layer.matrices(parts, seen) if self.pair_layer else (),
            post,
            pair,
        )

    def predict_inputs(self, inputs: Inputs) -> dict[str, Prediction]:
        """Return the prediction of each target for inputs computed already."""
        post, pair = self.meta_features(inputs)
        result = {}
        for target in self.targets:
            head = self.heads[target.name]
            result[target.name] = finish(target, head, post if target.text == "post" else pair)
        return result

    def meta_features(self, inputs: Inputs) -> tuple[Float, Float]:
        """Return what the heads of post targets and those of reply targets see."""
        post = inputs.post_dense
        if self.post_layer is not None:
            post = np.column_stack([self.post_layer.outputs(inputs.post), post])
        if self.pair_layer is None:
            return post, post
        pair = self.pair_layer.outputs(inputs.pair)
        return post, np.column_stack([post, pair, inputs.pair_dense])


def finish(target: Target, head: Head, features: Float) -> Prediction:
    """Return a head's prediction, rounded so that equal rows give equal digits anywhere."""
    logits = head.logits(features)
    if target.nominal:
        return Prediction(target, probabilities=np.round(softmax(logits), DECIMALS))
    values: Float = np.round(logits[:, 0], DECIMALS).clip(target.low, target.high)
    return Prediction(target, values=values if head.bins is None else head.bins.of(values))


def dense_inputs(
    parts: Parts,
    overlap: Float,
    encoders: Sequence[Encoder],
    base: TextModel | None,
    encoded: Sequence[Pair] | None = None,
) -> tuple[Float, Float]:
    """Return the dense features of the post, and those of the reply and the pair.

    Args:
        parts: the batch.
        overlap: idf of words for the overlap features.
        encoders: each adds its outputs.
        base: adds the outputs of the model that this one is adapted from.
        encoded: the encoders' outputs where they are known already (out of fold, in training).
    """
    post, pair = [post_dense(parts)], [reply_dense(parts, overlap)]
    if encoded is None:
        dense = np.column_stack([*post, *pair])
        hidden = hidden_of_all(encoders, parts)
        encoded = [e.outputs(h, dense) for e, h in zip(encoders, hidden, strict=True)]
    for outputs in encoded:
        post.append(outputs.post)
        pair.append(outputs.pair)
    if base is not None:
        for side, block in base_features(base, parts):
            (post if side == "post" else pair).append(block)
    return np.column_stack(post), np.column_stack(pair)


def add_reading(
    post: Float, pair: Float, side: Literal["post", "reply"], reading: Float
) -> tuple[Float, Float]:
    """Return dense features with what recurrent nets make of that text behind them."""
    if side == "post":
        return np.column_stack([post, reading]), pair
    return post, np.column_stack([pair, reading])


def base_features(base: TextModel, parts: Parts) -> list[tuple[str, Float]]:
    """Return ("post" | "pair", block) of what an adapted model takes over from its base."""
    heads = {name: replace(head, bins=None) for name, head in base.heads.items()}
    base = replace(base, heads=heads)
    blocks = [
        ("post" if result.target.text == "post" else "pair", result.scores)
        for result in base.predict_parts(parts).values()
    ]
    for hidden in hidden_of_all(base.encoders, parts):
        blocks += [("post", hidden.post), ("pair", hidden.pair)]
    return blocks
