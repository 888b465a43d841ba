from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from gov_sentiment.model.fitting import Settings, fit_model, make_design
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.storage import load_model, save_model
from gov_sentiment.model.targets import codebook_target
from gov_sentiment.model.trees import _GROWTH, grow_classes, grow_value

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(300, 5))
VALUES = FEATURES[:, 0] * 2 + (FEATURES[:, 1] > 0)
CODES = (FEATURES[:, 0] > 0.3).astype(int) + (FEATURES[:, 2] > 0.5)


def test_values_equal_scikit_learn():
    forest = grow_value(FEATURES, VALUES, 12)
    oracle = HistGradientBoostingRegressor(max_iter=12, **_GROWTH).fit(FEATURES, VALUES)
    assert forest.outputs(FEATURES)[:, 0] == pytest.approx(oracle.predict(FEATURES))


def test_log_odds_equal_scikit_learn():
    forest = grow_classes(FEATURES, CODES.astype(float), 3, 7)
    oracle = HistGradientBoostingClassifier(max_iter=7, **_GROWTH).fit(FEATURES, CODES)
    expected = oracle.decision_function(FEATURES)
    assert forest.outputs(FEATURES) == pytest.approx(expected)


def test_steps_add_up_to_the_output():
    forest = grow_value(FEATURES, VALUES, 12)
    added, start = forest.contributions(FEATURES[4], 0)
    assert start + added.sum() == pytest.approx(forest.outputs(FEATURES[4:5])[0, 0])
    assert abs(added[0]) > abs(added[3])


def test_a_row_is_alone_in_its_sum():
    forest = grow_value(FEATURES, VALUES, 60)
    whole = forest.outputs(FEATURES)
    assert (forest.outputs(FEATURES[7:9]) == whole[7:9]).all()
    for row in range(40):
        assert forest.outputs(FEATURES[row : row + 1]) == whole[row]


def test_trees_are_stored_with_the_model(table, tmp_path):
    data = read_labelled(table)
    target = codebook_target("quality")
    labels = {"quality": target.parse(data.columns["quality"])}
    settings = Settings(trees=5, bits=14)
    design = make_design(prepare(*data.texts()), [target], settings)
    model = fit_model(design, [target], labels, [str(i) for i in range(len(data))], settings)
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert again.heads["quality"].forest is not None
    before = model.predict_inputs(design.inputs)["quality"].scores
    assert np.abs(again.predict(*data.texts())["quality"].scores - before).max() < 2e-6


def test_the_last_bits_of_a_value_decide_nothing():
    forest = grow_value(FEATURES, VALUES, 20)
    inner = forest.left != np.arange(len(forest.left))
    rows = np.zeros((int(inner.sum()), FEATURES.shape[1]))
    rows[np.arange(len(rows)), forest.feature[inner]] = forest.threshold[inner]
    above, below = np.nextafter(rows, np.inf), np.nextafter(rows, -np.inf)
    assert (forest.outputs(above) == forest.outputs(rows)).all()
    assert (forest.outputs(below) == forest.outputs(rows)).all()
    assert forest.contributions(above[0], 0)[1] == forest.contributions(rows[0], 0)[1]
