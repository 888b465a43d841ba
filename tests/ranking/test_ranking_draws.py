"""Draws, ranks and tiers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from gov_sentiment.ranking.draws import (
    Component,
    choose_draws,
    draw_index,
    rank_draws,
    summarise_ranks,
)
from gov_sentiment.ranking.shrink import BetaPosterior, NormalPosterior
from gov_sentiment.ranking.tiers import (
    count_sure,
    make_tiers,
    neighbour_pairs,
    simultaneous_ranks,
    tier_table,
)

NAMES = ["甲局", "乙局", "丙局", "丁局"]


def parts(rows):
    a, b = np.array([80, 50, 20, 8.0])[rows], np.array([20, 50, 80, 2.0])[rows]
    center = np.array([4.0, 3.0, 2.0, 3.0])[rows]
    return [
        Component("rate", BetaPosterior(a, b), 0.5, 100.0, 0.0),
        Component(
            "quality", NormalPosterior(center, np.full(len(rows), 0.1), 1, 5), 0.5, 25.0, -25.0
        ),
    ]


def test_draws_depend_on_name_and_seed_alone():
    whole = draw_index(NAMES, parts([0, 1, 2, 3]), 300, seed=4)
    turned = draw_index([NAMES[i] for i in (3, 1)], parts([3, 1]), 300, seed=4)
    assert (turned.index[0] == whole.index[3]).all()
    assert (turned.index[1] == whole.index[1]).all()
    other = draw_index(NAMES, parts([0, 1, 2, 3]), 300, seed=5)
    assert not np.allclose(other.index, whole.index)


def test_chunks_change_no_digit(monkeypatch):
    whole = draw_index(NAMES, parts([0, 1, 2, 3]), 200, seed=0)
    monkeypatch.setattr("gov_sentiment.ranking.draws._CHUNK_CELLS", 200)
    assert (draw_index(NAMES, parts([0, 1, 2, 3]), 200, seed=0).index == whole.index).all()


def test_draws_have_the_posteriors_mean():
    drawn = draw_index(NAMES, parts([0, 1, 2, 3]), 4000, seed=0)
    assert drawn.index_mean == pytest.approx([77.5, 50.0, 22.5, 65.0], abs=0.6)


def test_number_of_draws_falls_with_the_number_of_agencies():
    assert [choose_draws(n) for n in (1, 10_000, 100_000, 300_000)] == [4000, 4000, 400, 200]


def test_equal_values_share_a_rank_whatever_the_order():
    values = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 4.0]])
    ranks = rank_draws(values)
    assert ranks.T.tolist() == [[3, 2, 1], [1, 1, 3]]
    assert (rank_draws(values[::-1])[::-1] == ranks).all()


def test_sure_pairs_are_counted(monkeypatch):
    draws = normal_draws([90, 88, 50], [2, 2, 2])
    assert [counts.tolist() for counts in count_sure(draws)] == [[0, 0, 2], [1, 1, 0]]
    monkeypatch.setattr("gov_sentiment.ranking.tiers._MOST_COUNTED", 2)
    assert count_sure(draws)[0].tolist() == [-1, -1, -1]


def test_rank_summary_counts():
    ranks = np.array([[1] * 90 + [2] * 10, [2] * 90 + [1] * 10, [3] * 100], dtype=np.int32)
    summary = summarise_ranks(ranks, 1)
    assert summary.median.tolist() == [1, 2, 3]
    assert summary.low.tolist() == [1, 1, 3]
    assert summary.high.tolist() == [2, 2, 3]
    assert summary.p_top == pytest.approx([0.9, 0.1, 0.0])
    assert summary.p_bottom == pytest.approx([0.0, 0.0, 1.0])


def normal_draws(means, spread, n=4000, seed=0):
    rng = np.random.default_rng(seed)
    means = np.asarray(means, float)
    return (
        means[:, None]
        + rng.standard_normal((len(means), n))
        * np.broadcast_to(np.asarray(spread, float), len(means))[:, None]
    )


def test_tiers_part_only_where_every_pair_is_sure():
    # The third is so uncertain that it cannot be told from the fourth.
    draws = normal_draws([90, 89, 70, 60, 20], [1, 1, 15, 1, 1])
    tiers = make_tiers(draws, draws.mean(axis=1))
    assert tiers.tolist() == [1, 1, 1, 1, 2] or tiers.tolist() == [1, 1, 2, 2, 3]
    for i in range(5):
        for j in range(5):
            if tiers[i] < tiers[j]:
                assert np.mean(draws[i] > draws[j]) >= 0.9


def test_bound_for_many_agencies_never_parts_more_than_pairs_do(monkeypatch):
    draws = normal_draws([90, 88, 70, 69, 30, 29.5, 10], [2, 1, 3, 1, 1, 2, 1])
    means = draws.mean(axis=1)
    exact = make_tiers(draws, means)
    monkeypatch.setattr("gov_sentiment.ranking.tiers._MOST_PAIRED", 2)
    bound = make_tiers(draws, means)
    assert bound.max() > 1
    for i in range(7):
        for j in range(7):
            assert not (bound[i] < bound[j] and exact[i] >= exact[j])


def test_one_agency_is_one_tier():
    assert make_tiers(np.ones((1, 10)), np.ones(1)).tolist() == [1]


def test_simultaneous_sets_hold_all_truths():
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        truth = np.sort(rng.normal(0, 2, 12))[::-1]
        observed = truth + rng.standard_normal(12)
        low, high = simultaneous_ranks(normal_draws(observed, 1.0, 1000, seed))
        places = np.arange(1, 13)
        wrong += not np.all((low <= places) & (places <= high))
    assert wrong <= 5


def test_neighbours_say_what_would_turn_them_round():
    draws = normal_draws([60, 58], 2.0)
    points = {"quality": np.array([80.0, 56.0]), "response_rate": np.array([40.0, 60.0])}
    table = neighbour_pairs(
        ["甲", "乙"], ["", ""], draws, draws.mean(axis=1), points,
        {"quality": 0.5, "response_rate": 0.5}, seed=0,
    )  # fmt: skip
    row = table.to_pylist()[0]
    assert (row["above"], row["below"]) == ("甲", "乙")
    assert row["p_above"] == pytest.approx(norm.cdf(2 / np.sqrt(8)), abs=0.03)
    assert 0.6 < row["holds_weights"] < 1.0
    assert row["turned_by"] == ["quality"]


def test_pairs_stay_within_groups_and_tiers_are_listed():
    draws = normal_draws([60, 58, 30], 1.0)
    means = draws.mean(axis=1)
    groups = ["东", "西", "东"]
    pairs = neighbour_pairs(
        NAMES[:3], groups, draws, means, {"quality": means}, {"quality": 1.0}, seed=0
    )
    assert pairs["above"].to_pylist() == ["甲局"]
    assert pairs["below"].to_pylist() == ["丙局"]
    listed = tier_table(NAMES[:3], groups, np.array([1, 1, 2]), means).to_pylist()
    assert [(row["peer_group"], row["tier"], row["agencies"]) for row in listed] == [
        ("东", 1, ["甲局"]),
        ("东", 2, ["丙局"]),
        ("西", 1, ["乙局"]),
    ]
