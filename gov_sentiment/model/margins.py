"""Margin classifiers: linear support vector machines over log-count ratios.

Each class is told from the others by a linear classifier whose features are weighted by how much
more often they stand in its rows (Wang & Manning 2012, "Baselines and bigrams"). On short, informal
texts this does better than ridge regression, and liblinear learns it in seconds. What is kept is
linear in the features, so that a score can still be traced to words.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from gov_sentiment.model.views import Codes, Float

_SMOOTHING: Final = 1.0


def fit_margins(
    matrices: Sequence[Any], codes: Float, n_classes: int, cost: float
) -> tuple[Float, Float]:
    """Return (weights of shape (n_features, n_classes), intercepts) of one margin a class.

    Args:
        matrices: features of the rows, side by side.
        codes: class code of each row.
        n_classes: classes that there are; one without rows gets the margin −1 everywhere.
        cost: of a row on the wrong side of its margin; the inverse of the penalty.
    """
    joined = sparse.hstack(matrices, format="csr")
    weights = np.zeros((joined.shape[1], n_classes))
    intercepts = np.full(n_classes, -1.0)
    for code in range(n_classes):
        wanted = codes == code
        if wanted.any() and not wanted.all():
            weights[:, code], intercepts[code] = _fit_one(joined, wanted, cost)
    return weights, intercepts


def margins_out_of_fold(
    matrices: Sequence[Any],
    codes: Float,
    n_classes: int,
    cost: float,
    folds: Sequence[tuple[Codes, Codes]],
) -> Float:
    """Return each row's margins by classifiers that have not seen it, (n_rows, n_classes)."""
    joined = sparse.hstack(matrices, format="csr")
    result = np.zeros((len(codes), n_classes))
    for train, test in folds:
        weights, intercepts = fit_margins([joined[train]], codes[train], n_classes, cost)
        result[test] = joined[test] @ weights + intercepts
    return result


def _fit_one(features: Any, wanted: Any, cost: float) -> tuple[Float, float]:
    ratios = _log_ratios(features, wanted)
    weighted = (features @ sparse.diags(ratios)).tocsr()
    # One scale for all rows keeps the classifier linear in the features and `cost` comparable.
    length = np.sqrt(weighted.multiply(weighted).sum() / weighted.shape[0])
    scale = np.sqrt(2.0) / length if length > 0 else 1.0
    with warnings.catch_warnings():
        # Its last digits are not waited for: what it reached is measured by cross-validation.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LinearSVC(C=cost, random_state=0, max_iter=400).fit(weighted * scale, wanted)
    found: Float = ratios * scale * model.coef_[0]
    return found, float(model.intercept_[0])


def _log_ratios(features: Any, wanted: Any) -> Float:
    """Return |log| of each feature's share of the class over its share of the other rows."""
    present = features.copy()
    present.data = np.ones_like(present.data)
    inside = np.asarray(present[wanted].sum(axis=0)).ravel() + _SMOOTHING
    outside = np.asarray(present[~wanted].sum(axis=0)).ravel() + _SMOOTHING
    ratios: Float = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    return ratios
