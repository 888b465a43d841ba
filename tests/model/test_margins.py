"""Margin classifiers: what they tell apart, what is linear in them, what no order changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from gov_sentiment.model import read_labelled
from gov_sentiment.model.attribution import attribute
from gov_sentiment.model.fitting import Settings, fit_model, make_design
from gov_sentiment.model.margins import fit_margins, margins_out_of_fold
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.targets import infer_target

RNG = np.random.default_rng(3)
CODES = RNG.integers(0, 3, 150).astype(float)
# Feature k marks class k in most rows, features 3–9 are noise.
ROWS = RNG.random((150, 10)) < 0.12
ROWS[np.arange(150), CODES.astype(int)] |= RNG.random(150) < 0.9
FEATURES = sparse.csr_matrix(ROWS.astype(float))


def test_marked_classes_are_told_apart() -> None:
    weights, intercepts = fit_margins([FEATURES], CODES, 3, 0.2)
    guess = (FEATURES @ weights + intercepts).argmax(axis=1)
    assert (guess == CODES).mean() > 0.8
    assert weights[:3].argmax(axis=0).tolist() == [0, 1, 2]


def test_columns_may_come_in_parts() -> None:
    whole = fit_margins([FEATURES], CODES, 3, 0.2)
    parts = fit_margins([FEATURES[:, :4], FEATURES[:, 4:]], CODES, 3, 0.2)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


def test_rows_held_out_do_not_learn_their_own_label() -> None:
    folds = [(np.arange(50, 150), np.arange(50)), (np.arange(50), np.arange(50, 150))]
    first = margins_out_of_fold([FEATURES], CODES, 3, 0.2, folds)
    changed = CODES.copy()
    changed[7] = (changed[7] + 1) % 3
    second = margins_out_of_fold([FEATURES], changed, 3, 0.2, folds)
    assert np.array_equal(first[7], second[7])
    assert not np.array_equal(first[60], second[60])


@pytest.mark.parametrize("n_classes", [4, 5])
def test_a_class_without_rows_never_wins(n_classes: int) -> None:
    weights, intercepts = fit_margins([FEATURES], CODES, n_classes, 0.2)
    assert (weights[:, 3:] == 0).all()
    assert (intercepts[3:] == -1).all()


def test_the_reasons_of_a_margin_add_up_to_the_score(table):
    data = read_labelled(table)
    target = infer_target("sentiment", data.columns["sentiment"], "post")
    labels = {"sentiment": target.parse(data.columns["sentiment"])}
    settings = Settings(margin=0.2, chars=True, bits=14)
    design = make_design(prepare(*data.texts()), [target], settings)
    model = fit_model(design, [target], labels, list(range(len(data))), settings)
    post = "太气人了，东门的噪声整夜不停"
    odds = model.predict([None], [post], [None])["sentiment"].probabilities[0]
    first, second = np.argsort(-odds)[:2]
    assert target.classes[first] == "negative"
    reasons = attribute(model, target, (None, post, None), int(first), int(second))
    told = sum(reason.weight for reason in reasons)
    assert told == pytest.approx(np.log(odds[first] / odds[second]), abs=1e-3)
    assert "噪声" in {reason.text for reason in reasons if reason.kind == "word"}
