"""Small boosted trees as plain arrays, walked in NumPy.

scikit-learn grows them; what is kept is numbers, so that its next version changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from gov_sentiment.model.views import Float

DEPTH: Final = 3
FEATURE_DECIMALS: Final = 9
_BLOCK: Final = 192  # rows whose answers to all questions stay in the processor's cache
_GROWTH: Final = {
    "learning_rate": 0.08,
    "max_depth": DEPTH,
    "max_leaf_nodes": None,
    "min_samples_leaf": 25,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "early_stopping": False,
    "random_state": 0,
}
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Forest:
    """Trees of one target; node arrays of all trees one after the other.

    Features and thresholds are compared as rounded to `FEATURE_DECIMALS`: many a threshold is the
    very value of some text, and the last bits of a sum, which differ from machine to machine,
    would send it either way.

    feature, threshold, left, right: of each node; a leaf leads to itself. value: of each node, of
    an inner one the mean of what is below it. roots, output: of each tree, grouped by output.
    start: shape (n_outputs,), the value before any tree.
    """

    feature: Ints
    threshold: Float
    left: Ints
    right: Ints
    value: Float
    roots: Ints
    output: Ints
    start: Float

    def outputs(self, features: Float) -> Float:
        """Return the summed values, shape (n_rows, n_outputs)."""
        # A column to spare: NumPy adds up a single one in another order than one of several.
        values = np.zeros((len(self.roots), len(features) + 1))
        rounded = np.round(features, FEATURE_DECIMALS).T
        for start in range(0, len(features), _BLOCK):
            part = np.ascontiguousarray(rounded[:, start : start + _BLOCK])
            values[:, start : start + part.shape[1]] = self._leaf_values(part)
        # One tree after the other: the sum must not depend on how many rows there are.
        sums = [np.add.reduce(values[self.output == k], axis=0) for k in range(len(self.start))]
        total: Float = np.column_stack(sums)[:-1] + self.start
        return total

    @cached_property
    def _limits(self) -> Float:
        return np.round(self.threshold, FEATURE_DECIMALS)

    @cached_property
    def _levels(self) -> list[Ints]:
        """The nodes of each depth, 2**depth a tree: all trees' first, then all trees' second.

        A leaf stands for everything below it.
        """
        levels = [self.roots]
        for _ in range(DEPTH):
            last = levels[-1].reshape(-1, len(self.roots))
            levels.append(np.stack([self.left[last], self.right[last]], axis=1).ravel())
        return levels

    def _leaf_values(self, columns: Float) -> Float:
        """Return what each tree says of each row, shape (n_trees, n_rows).

        Every question of a tree is asked of every row: comparing whole columns takes a third of
        the time of walking each row down its path.
        """
        n_trees, n_rows = len(self.roots), columns.shape[1]
        leaf = np.zeros((n_trees, n_rows), dtype=np.uint8)
        answers: list[npt.NDArray[np.bool_]] = []
        for nodes in self._levels[:-1]:
            high = columns.take(self.feature[nodes], axis=0) > self._limits[nodes, None]
            chosen = high.reshape(-1, n_trees, n_rows)
            # Of the questions of this depth each row's own, by its answers so far.
            for answer in answers:
                chosen = np.where(answer, *reversed(np.split(chosen, 2)))
            answers.append(chosen[0])
            leaf += leaf + chosen[0]
        own = self.value[self._levels[-1]]
        return own.take(leaf.astype(np.intp) * n_trees + np.arange(n_trees)[:, None])

    def contributions(self, features: Float, output: int) -> tuple[Float, float]:
        """Return what each feature of one row adds to an output, and the start.

        A step down a tree changes the expected value; the change is the feature's that the tree
        asked for (Saabas 2014). The changes add up to the output.
        """
        features = np.round(features, FEATURE_DECIMALS)
        added = np.zeros(len(features))
        start = float(self.start[output])
        for node in self.roots[self.output == output]:
            start += float(self.value[node])
            while self.left[node] != node:
                asked = self.feature[node]
                low = features[asked] <= self._limits[node]
                child = self.left[node] if low else self.right[node]
                added[asked] += self.value[child] - self.value[node]
                node = child
        return added, start


def grow_classes(
    features: Float, codes: Float, n_classes: int, trees: int, weights: Float | None = None
) -> Forest:
    """Return boosted trees of log-odds, `trees` a class; classes must all occur."""
    model = HistGradientBoostingClassifier(max_iter=trees, **_GROWTH)
    model.fit(features, codes, weights)
    start = np.zeros(n_classes)
    start[model.classes_.astype(int)] = np.ravel(model._baseline_prediction)
    return _as_arrays(model._predictors, model.classes_.astype(int), start)


def grow_value(features: Float, values: Float, trees: int, weights: Float | None = None) -> Forest:
    """Return boosted trees of an expected value."""
    model = HistGradientBoostingRegressor(max_iter=trees, **_GROWTH)
    model.fit(features, values, weights)
    return _as_arrays(model._predictors, np.array([0]), np.ravel(model._baseline_prediction))


def _as_arrays(rounds: Any, outputs: npt.NDArray[np.int64], start: Float) -> Forest:
    kept: dict[str, list[Any]] = {n: [] for n in ("feature", "threshold", "left", "right", "value")}
    roots, owners, size = [], [], 0
    for place, output in enumerate(outputs):
        for trees in rounds:
            nodes = trees[place].nodes
            leaf = nodes["is_leaf"].astype(bool)
            own = np.arange(len(nodes))
            kept["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
            kept["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
            kept["left"].append(np.where(leaf, own, nodes["left"]) + size)
            kept["right"].append(np.where(leaf, own, nodes["right"]) + size)
            kept["value"].append(_node_values(nodes, leaf))
            roots.append(size)
            owners.append(output)
            size += len(nodes)
    joined = {name: np.concatenate(parts) for name, parts in kept.items()}
    return Forest(
        feature=joined["feature"].astype(np.int32),
        threshold=joined["threshold"].astype(np.float64),
        left=joined["left"].astype(np.int32),
        right=joined["right"].astype(np.int32),
        value=joined["value"].astype(np.float64),
        roots=np.array(roots, dtype=np.int32),
        output=np.array(owners, dtype=np.int32),
        start=start.astype(np.float64),
    )


def _node_values(nodes: Any, leaf: npt.NDArray[np.bool_]) -> Float:
    values: Float = np.where(leaf, nodes["value"], 0.0)
    # Children stand behind their parents, so one pass from the end fills the inner nodes.
    for node in range(len(nodes) - 1, -1, -1):
        if not leaf[node]:
            left, right = int(nodes["left"][node]), int(nodes["right"][node])
            weights = nodes["count"][left], nodes["count"][right]
            values[node] = (values[left] * weights[0] + values[right] * weights[1]) / sum(weights)
    return values
