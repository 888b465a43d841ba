from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import spearmanr

from gov_sentiment.model import load_model, save_model
from gov_sentiment.model.bins import COARSE, Bins, fit_bins, rank_agreement
from gov_sentiment.model.classifier import base_features
from gov_sentiment.model.metrics import spearman
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.train import train
from tests.model.samples import as_table, make_rows


def scattered(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return expected values and labels, most of them 1, as courtesy has them."""
    rng = np.random.default_rng(seed)
    truth = rng.choice([0.0, 1.0, 2.0], n, p=[0.08, 0.84, 0.08])
    return np.clip(1 + (truth - 1) * 0.6 + rng.normal(0, 0.12, n), 0, 2), truth


@given(
    arrays.arrays(
        np.int64, st.tuples(st.integers(2, 5), st.integers(2, 4)), elements=st.integers(0, 6)
    )
)
def test_agreement_is_spearmans_of_the_rows(table):
    places = [np.repeat(np.indices(table.shape)[axis], table.ravel()) for axis in (0, 1)]
    found = rank_agreement(table.astype(float))
    if min(len(set(side.tolist())) for side in places) < 2:
        assert found == 0.0
    else:
        assert found == pytest.approx(spearmanr(*places).statistic)


def test_rows_labelled_alike_come_to_score_alike():
    expected, truth = scattered(2000, 0)
    bins = fit_bins(expected, truth, 0, 2)
    others, wanted = scattered(2000, 1)
    assert spearman(bins.of(others), wanted) > spearman(others, wanted) + 0.1
    assert (bins.of(others) == 1).mean() > 0.7


@given(st.integers(0, 50), st.integers(200, 600))
def test_levels_rise_with_the_value_on_a_grid_of_the_scale(seed, n):
    bins = fit_bins(*scattered(n, seed), 0, 2)
    assert np.all(np.diff(bins.edges) > 0)
    assert np.all(np.diff(bins.values) > 0)
    assert set(bins.values * COARSE / 2) <= set(range(COARSE + 1))
    line = np.linspace(0, 2, 101)
    assert np.all(np.diff(bins.of(line)) >= 0)


def test_a_bin_begins_at_its_edge():
    bins = Bins(np.array([0.5, 1.5]), np.array([0.0, 1.0, 2.0]))
    assert bins.of(np.array([0.0, 0.49, 0.5, 1.49, 1.5, 2.0])).tolist() == [0, 0, 1, 1, 2, 2]


def test_an_order_that_means_something_is_kept():
    rng = np.random.default_rng(0)
    quality = rng.normal(3, 1, 3000)
    truth = np.clip(np.round(quality + rng.normal(0, 0.4, 3000)), 1, 5)
    assert fit_bins(np.clip(quality, 1, 5), truth, 1, 5) is None


def test_no_bins_from_what_says_nothing():
    truth = np.repeat([0.0, 1.0, 2.0], 100)
    assert fit_bins(np.ones(300), truth, 0, 2) is None
    assert fit_bins(np.linspace(0, 2, 9), np.ones(9), 0, 2) is None


def binned_rows() -> list[dict[str, object]]:
    """Return rows most of which have one courtesy."""
    rows = [row for row in make_rows(220, seed=2) if row["reply_type"] != "resolved"]
    plain = [i for i, row in enumerate(rows) if row["reply_type"] == "explained"]
    for row in rows:
        row["courtesy"] = 1
    for i in plain[:12]:
        rows[i]["reply_text"] = "少来问。这事不归我们管，别再打电话。" + str(i)
        rows[i]["courtesy"] = 0
    return rows


def test_a_model_with_bins_is_kept_and_handed_on_whole(tmp_path):
    training = train(as_table(binned_rows()), "courtesy")
    head = replace(training.model.heads["courtesy"], bins=Bins(np.array([0.9]), np.array([0, 1.0])))
    model = replace(training.model, heads={"courtesy": head})
    save_model(model, tmp_path)
    rows = binned_rows()[:50]
    parts = prepare(
        *([row[name] for row in rows] for name in ("post_title", "post_text", "reply_text"))
    )
    scores = load_model(tmp_path).predict_parts(parts)["courtesy"].scores
    assert np.array_equal(scores, model.predict_parts(parts)["courtesy"].scores)
    assert set(scores.ravel()) == {0.0, 1.0}
    # A model that starts from this one learns from what the bins would hide.
    ((_, handed_on),) = base_features(model, parts)
    assert len(set(handed_on.ravel())) > 10
