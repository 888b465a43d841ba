"""Mismatched pairs, and all checks over one archive."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from archive_rows import archive, with_replies

from gov_sentiment.scoring.checks import FLAGS, check_archive
from gov_sentiment.scoring.checks.mismatch import exchange_within_agency, learn_signs
from gov_sentiment.scoring.checks.pair_texts import PairTexts
from gov_sentiment.scoring.checks.pairing import ArchiveFit
from gov_sentiment.scoring.checks.swaps import Tries


@pytest.fixture(scope="module")
def shuffled() -> tuple[pa.Table, set[str]]:
    table = archive(400)
    rng = np.random.default_rng(3)
    order = np.arange(400)
    for agency in range(5):
        moved = rng.choice(np.arange(agency, 400, 5), 8, replace=False)
        order[moved] = np.roll(moved, 1)
    moved = np.flatnonzero(order != np.arange(400))
    return with_replies(table, order), {f"e{i}" for i in moved}


def test_shuffled_replies_are_found(shuffled: tuple[pa.Table, set[str]]) -> None:
    table, wrong = shuffled
    checks = check_archive(table)
    flagged = {
        name
        for name, flags in zip(table["exchange_id"].to_pylist(), checks.flags, strict=True)
        if "mismatch" in flags
    }
    assert len(flagged & wrong) / len(wrong) >= 0.85
    assert len(flagged - wrong) / (400 - len(wrong)) <= 0.02
    rows = {r["exchange_id"]: r for r in checks.evidence.to_pylist() if r["flag"] == "mismatch"}
    assert all(row["other_exchange_id"] != name for name, row in rows.items())


def test_order_of_rows_changes_nothing(shuffled: tuple[pa.Table, set[str]]) -> None:
    table, _ = shuffled
    order = np.random.default_rng(9).permutation(table.num_rows)
    first, second = check_archive(table), check_archive(table.take(pa.array(order)))
    assert [first.flags[i] for i in order] == second.flags
    assert first.evidence.equals(second.evidence)
    assert first.clusters.equals(second.clusters)


def test_small_archives_go_by_fixed_signs() -> None:
    table = archive(60)
    replies = table["reply_text"].to_pylist()
    replies[0] = (
        "您好，关于学校食堂的来信收悉。经查，食堂已更换供餐公司，每周公示菜谱和价格，家长可到校陪餐监督，咨询电话见校门口公示栏。"
    )
    place = table.schema.get_field_index("reply_text")
    table = table.set_column(place, "reply_text", pa.array(replies))
    texts = PairTexts.of(table, np.arange(60, dtype=np.uint64))
    model = learn_signs(ArchiveFit(texts), texts, np.arange(60))
    assert not model.learnt
    found = model.judge(texts, np.arange(60)).rows.tolist()
    assert found[0] == 0
    assert len(found) <= 3


@pytest.mark.parametrize("n", [0, 1])
def test_empty_and_single(n: int) -> None:
    checks = check_archive(archive(5).slice(0, n))
    assert checks.flags == [[]] * n
    assert checks.evidence.num_rows == 0


def test_exchange_moves_every_reply() -> None:
    agencies = ["甲"] * 5 + ["乙"] * 2 + ["丙", "丁"]
    moved = exchange_within_agency(agencies, np.random.default_rng(0))
    assert sorted(moved) == list(range(9))
    assert all(moved[i] != i for i in range(9))
    assert all(agencies[moved[i]] == agencies[i] for i in range(7))


def test_clusters_promises_and_referrals_have_their_tables() -> None:
    table = archive(30)
    formula = "您好，已转交云陵市城市管理局办理，将于2024年9月底前完成整改，请耐心等待。"
    replies = table["reply_text"].to_pylist()
    replies[:4] = [formula] * 4
    replies[4] = None
    place = table.schema.get_field_index("reply_text")
    table = table.set_column(place, "reply_text", pa.array(replies, pa.string()))
    checks = check_archive(table, datetime(2024, 12, 1))
    (cluster,) = [row for row in checks.clusters.to_pylist() if "e0" in row["exchange_ids"]]
    assert cluster["boilerplate"]
    assert cluster["n_replies"] == 4
    assert checks.flags[0][0] in FLAGS
    assert "boilerplate" in checks.flags[0]
    assert checks.flags[4] == []
    assert checks.promises["overdue"].to_pylist() == [True] * 4
    assert set(checks.referrals["target"].to_pylist()) == {"云陵市城市管理局"}
    without = check_archive(table, mismatches=False)
    assert not any("mismatch" in flags for flags in without.flags)


def test_tries_count_for_more_where_chance_seldom_fits() -> None:
    pairs = np.array([[0, 5], [1, 5], [2, 0], [3, 0], [4, 1]])
    sure = np.array([2, 3, 4])
    fitting = np.array([0.05, 0.9, 0.95, 0.99, 0.97])
    evidence = Tries.of(pairs, fitting, sure).evidence(np.array([0, 1, 9]))
    assert evidence[0] > 2.0
    assert evidence[1] == evidence[2] == 0.0
    everything_fits = np.array([0.05, 0.9, 0.04, 0.03, 0.02])
    assert Tries.of(pairs, everything_fits, sure).evidence(np.array([0]))[0] == 0.0
