"""Which settings suit the labels: tried by cross-validation, inside each outer fold anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize_scalar

from gov_sentiment.model.bins import fit_bins
from gov_sentiment.model.classifier import Prediction, TextModel, finish, from_scores
from gov_sentiment.model.fitting import Design, Folds, Settings, fit_head, fit_model, make_folds
from gov_sentiment.model.heads import Head
from gov_sentiment.model.layers import EXACT_ROWS, kernel_of, out_of_fold
from gov_sentiment.model.margins import margins_out_of_fold
from gov_sentiment.model.metrics import kappa, spearman
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import Codes, Float

ALPHAS: Final = (0.1, 0.4, 1.6)
MARGINS: Final = (0.2,)
STRENGTHS: Final = (0.003, 0.03, 0.1, 0.3)
TREES: Final = 80
Redesign = Callable[[Codes, Codes], Design]


@dataclass(frozen=True)
class Choice:
    """The settings that did best, their figure, and the scores of rows held out."""

    settings: Settings
    figure: float
    held_out: Float


def main_figure(target: Target, truth: Float, scores: Float) -> float:
    """Return κ of a nominal target, Spearman's ρ of a scale."""
    if target.nominal:
        return kappa(truth.astype(int), scores.argmax(axis=1), len(target.classes))
    return spearman(truth, scores[:, 0])


def choose_settings(
    design: Design,
    target: Target,
    labels: Float,
    groups: Sequence[Any],
    settings: Settings,
    rows: Codes,
) -> Choice:
    """Return the best of the grid on these rows by cross-validation over groups."""
    folds = make_folds([groups[row] for row in rows], settings.folds, settings.seed)
    inputs = design.take(rows)
    known = labels[rows]
    post = target.text == "post"
    matrices = inputs.post if post else inputs.pair
    dense = inputs.post_dense
    if not post:
        dense = np.column_stack([dense, inputs.pair_dense])
    best: Choice | None = None
    best_features = dense
    for some, outputs in _layer_outputs(target, matrices, known, folds, settings):
        features = np.column_stack([outputs, dense])
        for strength in STRENGTHS:
            tried = replace(some, strength=strength)
            scores = head_scores(target, features, known, folds, tried)
            figure = main_figure(target, known, scores)
            if best is None or figure > best.figure:
                best, best_features = Choice(tried, figure, scores), features
    assert best is not None
    if post:
        return best
    # Trees cost more than all else, so that they are tried beside the best linear head alone.
    tried = replace(best.settings, trees=TREES)
    scores = head_scores(target, best_features, known, folds, tried)
    figure = main_figure(target, known, scores)
    return Choice(tried, figure, scores) if figure > best.figure else best


def _layer_outputs(
    target: Target, matrices: Sequence[Any], known: Float, folds: Folds, settings: Settings
) -> Iterator[tuple[Settings, Float]]:
    """Yield the settings of each linear layer worth trying, and its outputs of rows held out."""
    if target.nominal:
        for cost in MARGINS:
            size = len(target.classes)
            outputs = margins_out_of_fold(matrices, known, size, cost, folds)
            yield replace(settings, margin=cost), outputs
    # Ridge regression of many rows takes minutes a fold, and margins did better on all of those.
    if not target.nominal or len(known) <= EXACT_ROWS:
        kernel = kernel_of(matrices)
        for alpha in ALPHAS:
            outputs = out_of_fold(matrices, target.encode(known), alpha, folds, kernel)
            yield replace(settings, alpha=alpha, margin=0.0), outputs


def head_scores(
    target: Target,
    features: Float,
    known: Float,
    folds: Sequence[tuple[Codes, Codes]],
    settings: Settings,
    weights: Float | None = None,
) -> Float:
    """Return each row's scores from a head that has not seen it; `weights` as in `fit_model`."""
    result: Float | None = None
    for train, test in folds:
        counted = None if weights is None else weights[train]
        head = fit_head(target, features[train], known[train], settings, counted)
        scores = finish(target, head, features[test]).scores
        if result is None:
            result = np.zeros((len(known), scores.shape[1]))
        result[test] = scores
    assert result is not None
    return result


def nested_scores(
    design: Design,
    target: Target,
    labels: Float,
    groups: Sequence[Any],
    settings: Settings,
    redesign: Redesign | None = None,
) -> Prediction:
    """Return each row's prediction from a model that neither learnt from it nor was tuned on it.

    Args:
        design: of all rows.
        target: what is learnt.
        labels: of all rows.
        groups: of all rows.
        settings: where the search begins.
        redesign: gives the design for a fold's rows (train, test) where it rests on labels.
    """
    result: Float | None = None
    for train, test in make_folds(groups, settings.folds, settings.seed):
        fold = redesign(train, test) if redesign else design
        chosen = choose_settings(fold, target, labels, groups, settings, train)
        model = calibrated_model(fold, target, labels, groups, chosen, train)
        scores = model.predict_inputs(fold.take(test))[target.name].scores
        if result is None:
            result = np.zeros((len(labels), scores.shape[1]))
        result[test] = scores
    assert result is not None
    return from_scores(target, result)


def calibrated_model(
    design: Design,
    target: Target,
    labels: Float,
    groups: Sequence[Any],
    chosen: Choice,
    rows: Codes,
) -> TextModel:
    """Return the model of the chosen settings, calibrated on rows held out."""
    model = fit_model(design, [target], {target.name: labels}, groups, chosen.settings, rows)
    head = calibrated_head(model.heads[target.name], target, chosen.held_out, labels[rows])
    return replace(model, heads={target.name: head})


def calibrated_head(head: Head, target: Target, held_out: Float, truth: Float) -> Head:
    """Return the head with its temperature, or with the bins of an ordinal target.

    Args:
        head: as fitted.
        target: what it predicts.
        held_out: scores of rows that heads like it had not seen.
        truth: the labels of these rows.
    """
    if target.nominal:
        return replace(head, temperature=fit_temperature(held_out, truth.astype(int)))
    if target.kind == "ordinal":
        return replace(head, bins=fit_bins(held_out[:, 0], truth, target.low, target.high))
    return head


def fit_temperature(probabilities: Float, codes: Codes) -> float:
    """Return the temperature of least log-loss (Guo et al. 2017) for held-out probabilities."""
    logits = np.log(np.maximum(probabilities, 1e-6))

    def loss(log_heat: float) -> float:
        scaled = logits / np.exp(log_heat)
        shifted = scaled - scaled.max(axis=1, keepdims=True)
        chosen = shifted[np.arange(len(codes)), codes]
        return float((np.log(np.exp(shifted).sum(axis=1)) - chosen).mean())

    found = minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded")
    return round(float(np.exp(found.x)), 4)
