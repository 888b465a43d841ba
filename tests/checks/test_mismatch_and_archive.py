"""Mismatched pairs, and all checks over one archive."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from gov_sentiment.exchange import SCORED_SCHEMA
from gov_sentiment.scoring.checks import FLAGS, check_archive
from gov_sentiment.scoring.checks.archive import _pair_texts
from gov_sentiment.scoring.checks.mismatch import exchange_within_agency, find_mismatches

TOPICS = {
    "路灯": ("路灯 灯泡 照明 夜里 巷子 变压器", "更换灯泡 线路检修 照明恢复"),
    "公交": ("公交 班次 站台 司机 线路 早高峰", "增加班次 调整线路 公交公司"),
    "供水": ("停水 水压 水管 自来水 浑浊 阀门", "抢修水管 恢复供水 水质检测"),
    "噪音": ("广场舞 音响 噪音 工地 夜间 分贝", "劝导音量 夜间停工 现场测分贝"),
    "入学": ("学区 划片 入学 户口 幼儿园 名额", "划片方案 登记入学 教育局公示"),
    "医保": ("医保 报销 异地 药店 缴费 门诊", "报销比例 备案流程 缴费窗口"),
    "养犬": ("流浪狗 遛狗 狗绳 咬伤 疫苗 粪便", "捕捉流浪犬 办理犬证 巡查小区"),
    "停车": ("停车 车位 占道 收费 地库 划线", "新划车位 清理僵尸车 收费公示"),
}


def archive(n: int, seed: int = 1) -> pa.Table:
    """An archive in our own words: posts and replies of one matter share its vocabulary."""
    rng = random.Random(seed)
    rows = []
    names = list(TOPICS)
    for i in range(n):
        topic = names[i % len(names)]
        asked, answered = (part.split() for part in TOPICS[topic])
        place = f"{rng.choice('青云白石花柳')}{rng.choice('溪桥湾岭塘')}{rng.choice(['路', '街', '小区', '村'])}{i}号"
        post = "，".join([place, *rng.sample(asked, 3), f"{topic}的事拖了{rng.randint(2, 30)}天"])
        reply = "，".join(["经核实", f"{place}{topic}", *rng.sample(answered, 2), "已办妥"]) + "。"
        at = datetime(2024, 1, 1) + timedelta(hours=7 * i)
        rows.append(
            {
                "exchange_id": f"e{i}",
                "agency": f"第{i % 5}局",
                "post_title": f"{topic}问题",
                "post_text": post,
                "posted_at": at,
                "reply_text": reply,
                "first_replied_at": at + timedelta(days=3),
                "replied_at": at + timedelta(days=3),
                "n_replies": 1,
                "post_intent": "complaint",
                "reply_type": "resolved",
                "flags": [],
            }
        )
    naive = pa.schema(
        [
            pa.field(f.name, pa.timestamp("s") if pa.types.is_timestamp(f.type) else f.type)
            for f in SCORED_SCHEMA
        ]
    )
    return pa.Table.from_pylist(rows, schema=naive).cast(SCORED_SCHEMA)


def with_replies(table: pa.Table, order: np.ndarray) -> pa.Table:
    place = table.schema.get_field_index("reply_text")
    return table.set_column(place, "reply_text", table["reply_text"].take(pa.array(order)))


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
    found = find_mismatches(_pair_texts(table.to_pydict()))
    assert not found.learnt
    assert found.flagged[0]
    assert found.flagged[1:].mean() < 0.05


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
