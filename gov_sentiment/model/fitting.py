"""From labelled rows to a model: linear layers, their out-of-fold outputs, heads on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from gov_sentiment.model.classifier import TextModel
from gov_sentiment.model.dense import overlap_idf, post_dense, reply_dense
from gov_sentiment.model.features import Parts
from gov_sentiment.model.heads import fit_classes, fit_value
from gov_sentiment.model.layers import (
    LinearLayer,
    fit_layer,
    fit_view,
    gram,
    out_of_fold,
    quantise,
    solve_dual,
)
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import POST_VIEWS, REPLY_VIEWS, Float, View, count_view

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Settings:
    """Choices of training; `train` searches some of them.

    bits: log2 of the hash table. min_rows: rows that a feature must occur in.
    alpha: ridge penalty. strength: inverse penalty of the heads. post_share: weight of the post's
    features beside the reply's in the layer for reply targets.
    """

    bits: int = 18
    min_rows: int = 2
    alpha: float = 0.2
    strength: float = 0.3
    post_share: float = 0.5
    folds: int = 5
    seed: int = 0


def make_folds(groups: Sequence[Any], folds: int, seed: int) -> list[tuple[Codes, Codes]]:
    """Return (train, test) row numbers; rows of one group stay together."""
    splitter = GroupKFold(folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(groups)), groups=np.asarray(groups)))


def fit_model(
    parts: Parts,
    targets: Sequence[Target],
    labels: Mapping[str, Float],
    groups: Sequence[Any],
    settings: Settings | None = None,
) -> TextModel:
    """Return a model of all `targets`.

    Args:
        parts: the training texts.
        targets: what to learn.
        labels: class code or value of each row, by target name (`Target.parse`).
        groups: rows that must not be split over folds share a group.
        settings: see `Settings`.
    """
    settings = settings or Settings()
    folds = make_folds(groups, settings.folds, settings.seed)
    post_targets = [target for target in targets if target.text == "post"]
    pair_targets = [target for target in targets if target.text != "post"]
    overlap = overlap_idf(parts)
    blocks = [post_dense(parts)]
    post_layer = pair_layer = None
    if post_targets:
        views = [(view, 1.0) for view in POST_VIEWS]
        post_layer, outputs = _fit_layer(
            parts, views, _stack(post_targets, labels), folds, settings
        )
        blocks.insert(0, outputs)
    post = np.column_stack(blocks)
    pair = post
    if pair_targets:
        views = [(view, 1.0) for view in REPLY_VIEWS]
        if any(target.text == "pair" for target in pair_targets):
            views += [(view, settings.post_share) for view in POST_VIEWS]
        pair_layer, outputs = _fit_layer(
            parts, views, _stack(pair_targets, labels), folds, settings
        )
        pair = np.column_stack([post, outputs, reply_dense(parts, overlap)])
    heads = {}
    for target in targets:
        features = post if target.text == "post" else pair
        known = labels[target.name]
        heads[target.name] = (
            fit_classes(features, known, len(target.classes), settings.strength)
            if target.nominal
            else fit_value(features, known, settings.strength)
        )
    return TextModel(tuple(targets), post_layer, pair_layer, overlap, heads)


def _stack(targets: Sequence[Target], labels: Mapping[str, Float]) -> Float:
    return np.column_stack([target.encode(labels[target.name]) for target in targets])


def _fit_layer(
    parts: Parts,
    views: Sequence[tuple[View, float]],
    wanted: Float,
    folds: Sequence[tuple[Codes, Codes]],
    settings: Settings,
) -> tuple[LinearLayer, Float]:
    fitted, matrices = [], []
    for view, share in views:
        counts = count_view(parts, view, settings.bits)
        fitted.append(fit_view(counts, view, settings.bits, share, settings.min_rows))
        matrices.append(fitted[-1].compact(counts))
    kernel = gram(matrices)
    outputs = out_of_fold(kernel, wanted, settings.alpha, folds)
    dual, mean = solve_dual(kernel, wanted, settings.alpha)
    return quantise(fit_layer(fitted, matrices, dual, mean)), outputs
