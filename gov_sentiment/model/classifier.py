"""The model of a set of targets: texts in, probabilities and expected values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gov_sentiment.model.dense import post_dense, reply_dense
from gov_sentiment.model.features import Parts
from gov_sentiment.model.heads import Head, softmax
from gov_sentiment.model.layers import LinearLayer
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import Float

DECIMALS = 6


@dataclass(frozen=True)
class Prediction:
    """One target's result for a batch.

    probabilities: of a nominal target's classes, shape (n_rows, n_classes); else None.
    values: expected values on the scale of any other target, shape (n_rows,); else None.
    """

    target: Target
    probabilities: Float | None = None
    values: Float | None = None

    @property
    def labels(self) -> list[str]:
        """The likeliest class of each row of a nominal target."""
        assert self.probabilities is not None
        return [self.target.classes[code] for code in self.probabilities.argmax(axis=1)]


@dataclass(frozen=True)
class TextModel:
    """A trained model; immutable, picklable, the same digits for any batch and order.

    post_layer reads the post and feeds the targets of the post; pair_layer reads both texts and
    feeds the targets of the reply. Either may be missing.
    """

    targets: tuple[Target, ...]
    post_layer: LinearLayer | None
    pair_layer: LinearLayer | None
    overlap: Float
    heads: Mapping[str, Head]
    card: Mapping[str, Any] = field(default_factory=dict)

    def predict(
        self,
        titles: Sequence[str | None],
        posts: Sequence[str | None],
        replies: Sequence[str | None],
    ) -> dict[str, Prediction]:
        """Return the prediction of each target, by its name."""
        return self.predict_parts(prepare(titles, posts, replies))

    def predict_parts(self, parts: Parts) -> dict[str, Prediction]:
        """Return the prediction of each target for a batch laid out already."""
        post, pair = self.meta_features(parts)
        result = {}
        for target in self.targets:
            features = post if target.text == "post" else pair
            result[target.name] = _predict(target, self.heads[target.name], features)
        return result

    def meta_features(self, parts: Parts) -> tuple[Float, Float]:
        """Return what the heads of post targets and those of reply targets see."""
        blocks = [post_dense(parts)]
        if self.post_layer is not None:
            blocks.insert(0, self.post_layer.outputs(self.post_layer.matrices(parts)))
        post = np.column_stack(blocks)
        if self.pair_layer is None:
            return post, post
        pair = self.pair_layer.outputs(self.pair_layer.matrices(parts))
        return post, np.column_stack([post, pair, reply_dense(parts, self.overlap)])


def _predict(target: Target, head: Head, features: Float) -> Prediction:
    logits = head.logits(features)
    if target.nominal:
        return Prediction(target, probabilities=np.round(softmax(logits), DECIMALS))
    values = np.clip(logits[:, 0], target.low, target.high)
    return Prediction(target, values=np.round(values, DECIMALS))
