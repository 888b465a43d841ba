"""From labelled rows to a model: linear layers, their out-of-fold outputs, heads on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from sklearn.model_selection import GroupKFold

from gov_sentiment.model.classifier import Inputs, TextModel, add_reading, dense_inputs
from gov_sentiment.model.dense import overlap_idf
from gov_sentiment.model.encoder import Encoder, Pair
from gov_sentiment.model.features import Parts
from gov_sentiment.model.heads import Head, fit_classes, fit_value
from gov_sentiment.model.layers import (
    FittedView,
    LinearLayer,
    fit_layer,
    fit_view,
    out_of_fold,
    quantise,
    solve_dual,
)
from gov_sentiment.model.margins import fit_margins, margins_out_of_fold
from gov_sentiment.model.recurrent import RecurrentNet
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import (
    POST_CHARS,
    POST_VIEWS,
    REPLY_CHARS,
    REPLY_VIEWS,
    Codes,
    Float,
    View,
    count_view,
)

Folds = Sequence[tuple[Codes, Codes]]


@dataclass(frozen=True)
class Settings:
    """Choices of training; `train` searches alpha and strength.

    bits: log2 of the hash table. min_rows: rows that a feature must occur in.
    alpha: ridge penalty of the linear layers. margin: cost of margin classifiers, which then take
    the place of ridge regression for nominal targets; 0 for none.
    strength: inverse penalty of the heads.
    post_share: weight of the post's features beside the reply's in a model of pairs.
    chars: whether to read character n-grams beside words.
    trees: boosted trees beside each linear head, a class each; 0 for none.
    """

    bits: int = 18
    min_rows: int = 2
    alpha: float = 0.2
    margin: float = 0.0
    strength: float = 0.3
    post_share: float = 0.5
    chars: bool = False
    trees: int = 0
    folds: int = 5
    seed: int = 0


@dataclass(frozen=True)
class Design:
    """All that training needs of the texts; labels do not enter it."""

    post_views: tuple[FittedView, ...]
    pair_views: tuple[FittedView, ...]
    inputs: Inputs
    overlap: Float
    encoders: tuple[Encoder, ...]
    base: TextModel | None
    nets: tuple[RecurrentNet, ...] = ()

    def take(self, rows: Codes) -> Inputs:
        """Return the inputs of these rows."""
        return Inputs(
            [matrix[rows] for matrix in self.inputs.post],
            [matrix[rows] for matrix in self.inputs.pair],
            self.inputs.post_dense[rows],
            self.inputs.pair_dense[rows],
        )

    def with_nets(
        self, nets: tuple[RecurrentNet, ...], side: Literal["post", "reply"], reading: Float
    ) -> Design:
        """Return the design of a model that has recurrent nets besides.

        Args:
            nets: of the model to be; empty where only rows of the design are predicted.
            side: the text that they read.
            reading: outputs for each row by nets that had not seen it, (n_rows, n_classes).
        """
        post, pair = add_reading(self.inputs.post_dense, self.inputs.pair_dense, side, reading)
        inputs = replace(self.inputs, post_dense=post, pair_dense=pair)
        return replace(self, inputs=inputs, nets=nets)


def make_design(
    parts: Parts,
    targets: Sequence[Target],
    settings: Settings,
    *,
    encoders: tuple[Encoder, ...] = (),
    encoded: Sequence[Pair] | None = None,
    base: TextModel | None = None,
) -> Design:
    """Return the design of the training texts for these targets.

    Args:
        parts: the training texts.
        targets: what will be learnt.
        settings: see `Settings`.
        encoders: of the model to be.
        encoded: their outputs of the training rows, from encoders that had not seen these rows;
            the final encoders have, and would promise too much.
        base: a model to adapt.
    """
    overlap = overlap_idf(parts)
    texts = {target.text for target in targets}
    post_views: list[tuple[View, float]] = []
    pair_views: list[tuple[View, float]] = []
    post = POST_VIEWS + (POST_CHARS if settings.chars else ())
    reply = REPLY_VIEWS + (REPLY_CHARS if settings.chars else ())
    if "post" in texts:
        post_views = [(view, 1.0) for view in post]
    if texts - {"post"}:
        pair_views = [(view, 1.0) for view in reply]
    if "pair" in texts and settings.post_share > 0:
        pair_views += [(view, settings.post_share) for view in post]
    post_fitted, post_matrices = _fit_views(parts, post_views, settings)
    pair_fitted, pair_matrices = _fit_views(parts, pair_views, settings)
    post_dense, pair_dense = dense_inputs(parts, overlap, encoders, base, encoded)
    inputs = Inputs(post_matrices, pair_matrices, post_dense, pair_dense)
    return Design(post_fitted, pair_fitted, inputs, overlap, encoders, base)


def make_folds(groups: Sequence[Any], folds: int, seed: int) -> list[tuple[Codes, Codes]]:
    """Return (train, test) row numbers; rows of one group stay together."""
    codes = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
    splitter = GroupKFold(min(folds, int(codes.max()) + 1), shuffle=True, random_state=seed)
    return list(splitter.split(codes, groups=codes))


def fit_model(
    design: Design,
    targets: Sequence[Target],
    labels: Mapping[str, Float],
    groups: Sequence[Any],
    settings: Settings,
    rows: Codes | None = None,
    weights: Float | None = None,
) -> TextModel:
    """Return a model of all `targets`.

    Args:
        design: of the training texts.
        targets: what to learn.
        labels: class code or value of each row, by target name (`Target.parse`).
        groups: rows that must not be split over folds share a group.
        settings: see `Settings`.
        rows: learn from these rows of the design alone.
        weights: how much each row of the design counts in the heads; all alike without.
    """
    rows = np.arange(len(groups)) if rows is None else rows
    known = {name: values[rows] for name, values in labels.items()}
    folds = make_folds([groups[row] for row in rows], settings.folds, settings.seed)
    inputs = design.take(rows)
    post_targets = [target for target in targets if target.text == "post"]
    pair_targets = [target for target in targets if target.text != "post"]
    post_layer, post_outputs = _fit_layer(
        design.post_views, inputs.post, post_targets, known, folds, settings
    )
    pair_layer, pair_outputs = _fit_layer(
        design.pair_views, inputs.pair, pair_targets, known, folds, settings
    )
    post = np.column_stack([post_outputs, inputs.post_dense])
    pair = np.column_stack([post, pair_outputs, inputs.pair_dense])
    chosen = None if weights is None else weights[rows]
    heads = {
        target.name: fit_head(
            target, post if target.text == "post" else pair, known[target.name], settings, chosen
        )
        for target in targets
    }
    return TextModel(
        tuple(targets),
        post_layer,
        pair_layer,
        design.overlap,
        heads,
        design.encoders,
        design.base,
        design.nets,
    )


def fit_head(
    target: Target,
    features: Float,
    values: Float,
    settings: Settings,
    weights: Float | None = None,
) -> Head:
    """Return the head of one target for meta features of shape (n_rows, n_features)."""
    if target.nominal:
        n_classes = len(target.classes)
        return fit_classes(features, values, n_classes, settings.strength, settings.trees, weights)
    return fit_value(features, values, settings.strength, settings.trees, weights)


def _fit_views(
    parts: Parts, views: Sequence[tuple[View, float]], settings: Settings
) -> tuple[tuple[FittedView, ...], list[Any]]:
    fitted, matrices = [], []
    for view, share in views:
        counts = count_view(parts, view, settings.bits)
        fitted.append(fit_view(counts, view, settings.bits, share, settings.min_rows))
        matrices.append(fitted[-1].compact(counts))
    return tuple(fitted), matrices


def _fit_layer(
    views: Sequence[FittedView],
    matrices: Sequence[Any],
    targets: Sequence[Target],
    labels: Mapping[str, Float],
    folds: Folds,
    settings: Settings,
) -> tuple[LinearLayer | None, Float]:
    """Return the layer, and the outputs of each row from layers that have not seen it."""
    if not targets or not views:
        return None, np.zeros((len(next(iter(labels.values()))), 0))
    if settings.margin > 0 and all(target.nominal for target in targets):
        return _fit_margin_layer(views, matrices, targets, labels, folds, settings)
    wanted = np.column_stack([target.encode(labels[target.name]) for target in targets])
    outputs = out_of_fold(matrices, wanted, settings.alpha, folds)
    dual, mean = solve_dual(matrices, wanted, settings.alpha)
    return quantise(fit_layer(views, matrices, dual, mean)), outputs


def _fit_margin_layer(
    views: Sequence[FittedView],
    matrices: Sequence[Any],
    targets: Sequence[Target],
    labels: Mapping[str, Float],
    folds: Folds,
    settings: Settings,
) -> tuple[LinearLayer, Float]:
    """Return what `_fit_layer` does, of margin classifiers."""
    sizes = [len(target.classes) for target in targets]
    codes = [labels[target.name] for target in targets]
    outputs = [
        margins_out_of_fold(matrices, known, size, settings.margin, folds)
        for known, size in zip(codes, sizes, strict=True)
    ]
    fitted = [
        fit_margins(matrices, known, size, settings.margin)
        for known, size in zip(codes, sizes, strict=True)
    ]
    weights = np.column_stack([weights for weights, _ in fitted])
    ends = np.cumsum([matrix.shape[1] for matrix in matrices])[:-1]
    intercept = np.concatenate([intercept for _, intercept in fitted])
    layer = LinearLayer(tuple(views), tuple(np.split(weights, ends)), intercept)
    return quantise(layer), np.column_stack(outputs)
