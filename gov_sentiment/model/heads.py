"""The second layer: from linear outputs and dense features to calibrated probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge

from gov_sentiment.model.bins import Bins
from gov_sentiment.model.encoder import multiply
from gov_sentiment.model.trees import Forest, grow_classes, grow_value
from gov_sentiment.model.views import Float


@dataclass(frozen=True)
class Head:
    """One target's linear map of the meta features, centred and scaled as in training.

    weights: shape (n_features, n_outputs): one output a class, or one expected value.
    temperature: divides the logits, so that probabilities mean what they say.
    forest: trees over the same features; the outputs are then the mean of both.
    bins: levels that an expected value is brought to; None where it stays as it is.
    """

    mean: Float
    scale: Float
    weights: Float
    intercept: Float
    temperature: float = 1.0
    forest: Forest | None = None
    bins: Bins | None = None

    def logits(self, features: Float) -> Float:
        """Return the outputs, shape (n_rows, n_outputs), with digits that no batch changes."""
        outputs = multiply((features - self.mean) / self.scale, self.weights) + self.intercept
        if self.forest is not None:
            outputs = (outputs + self.forest.outputs(features)) / 2
        return outputs / self.temperature


def softmax(logits: Float) -> Float:
    """Return probabilities, shape as given; rows sum to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    total = np.add.reduce(shifted.T, axis=0)
    result: Float = shifted / total[:, None]
    return result


def _centre(features: Float) -> tuple[Float, Float]:
    scale = features.std(axis=0)
    return features.mean(axis=0), np.where(scale > 1e-9, scale, 1.0)


def fit_classes(
    features: Float,
    codes: Float,
    n_classes: int,
    strength: float,
    trees: int = 0,
    weights_of_rows: Float | None = None,
) -> Head:
    """Return a multinomial logistic head; classes that never occur get probability near 0."""
    mean, scale = _centre(features)
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit((features - mean) / scale, codes, weights_of_rows)
    weights = np.zeros((features.shape[1], n_classes))
    intercept = np.full(n_classes, -20.0)
    seen = model.classes_.astype(int)
    if len(seen) == 2:
        weights[:, seen[1]], intercept[seen] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        weights[:, seen], intercept[seen] = model.coef_.T, model.intercept_
    grow = trees > 0 and len(seen) == n_classes > 2
    forest = grow_classes(features, codes, n_classes, trees, weights_of_rows) if grow else None
    return Head(mean, scale, weights, intercept, forest=forest)


def fit_value(
    features: Float,
    values: Float,
    strength: float,
    trees: int = 0,
    weights_of_rows: Float | None = None,
) -> Head:
    """Return a ridge head of the expected value."""
    mean, scale = _centre(features)
    model = Ridge(alpha=30.0 / strength).fit((features - mean) / scale, values, weights_of_rows)
    weights = np.asarray(model.coef_)[:, None]
    forest = grow_value(features, values, trees, weights_of_rows) if trees > 0 else None
    return Head(mean, scale, weights, np.array([float(model.intercept_)]), forest=forest)
