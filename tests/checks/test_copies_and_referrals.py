"""Copied replies and the referral graph."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.scoring.checks.boilerplate import (
    find_clusters,
    mask_reply,
    near_duplicate_groups,
)
from gov_sentiment.scoring.checks.minhash import band_keys, minhash_signatures
from gov_sentiment.scoring.checks.referrals import AgencyAnswers, find_referrals, referral_edges

POSTS = ["楼道灯不亮", "广场舞太吵了睡不着", "公交站牌被撞歪", "菜市场污水横流", "学校门口堵车"]
FORMULA = "您好，您的留言我们已经收到，已转交有关部门核实处理，请您耐心等待，感谢您的支持。"


@given(
    st.text("甲乙丙丁戊己", min_size=20, max_size=60),
    st.text("甲乙丙丁戊己", min_size=20, max_size=60),
)
def test_signatures_estimate_the_jaccard_similarity(first: str, second: str) -> None:
    signatures = minhash_signatures([first, second], n_hashes=512)
    estimate = float((signatures[0] == signatures[1]).mean())
    a = {(first + "\0\0")[i : i + 3] for i in range(len(first))}
    b = {(second + "\0\0")[i : i + 3] for i in range(len(second))}
    exact = len(a & b) / len(a | b)
    assert abs(estimate - exact) < 0.12


def test_signatures_do_not_depend_on_the_batch() -> None:
    texts = ["路灯坏了", "", "车", "公交太少了", FORMULA]
    whole = minhash_signatures(texts)
    for i, text in enumerate(texts):
        assert np.array_equal(whole[i], minhash_signatures([text])[0])
    assert band_keys(whole, 3).shape == (5, 16)


def test_copies_to_different_posts_are_boilerplate() -> None:
    replies = [
        FORMULA,
        FORMULA.replace("您好", "王女士，您好"),
        FORMULA.replace("有关", "相关"),
        "已换灯泡，今晚已亮。",
        None,
    ]
    clusters = find_clusters(replies, POSTS)
    assert [cluster.members for cluster in clusters] == [(0, 1, 2)]
    assert clusters[0].boilerplate
    assert clusters[0].similarity > 0.9


def test_the_same_answer_to_the_same_question_is_legitimate() -> None:
    posts = ["请问落户需要什么材料", "请问落户需要什么材料？", "请问落户需要什么材料呢", "别的事情"]
    answer = "落户需带身份证、毕业证、劳动合同到青石街道政务中心三楼办理。"
    (cluster,) = find_clusters([answer] * 3 + ["已修好路灯。"], posts)
    assert cluster.members == (0, 1, 2)
    assert not cluster.boilerplate


def test_names_dates_and_numbers_do_not_hide_a_copy() -> None:
    first = "李先生：您好！您3月5日反映的事项我单位已受理，编号202403051，将按程序办理。"
    second = "赵女士：您好！您4月18日反映的事项我单位已受理，编号202404187，将按程序办理。"
    assert mask_reply(first) == mask_reply(second)


WORDS = list("修灯路水电网门窗墙桥树车站校医院楼道井盖管线牌坡沟亭栏杆渠闸泵阀")


def sentence(rng: random.Random, n: int) -> str:
    return "".join(rng.choice(WORDS) for _ in range(n))


def test_planted_paraphrases_are_found() -> None:
    rng = random.Random(7)
    texts = [sentence(rng, rng.randint(40, 120)) for _ in range(1500)]
    source = sentence(rng, 80)
    planted = []
    for _ in range(100):
        copy = list(source)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(copy) - 2)
            copy[at : at + 2] = sentence(rng, 2)
        planted.append("".join(copy))
    groups = near_duplicate_groups([*texts, *planted], 80.0)
    largest = set(max(groups, key=len))
    truth = set(range(1500, 1600))
    assert len(largest & truth) >= 98
    assert not largest - truth


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        ("您的留言已转交青榆县交通运输局办理。", [("青榆县交通运输局", "transferred")]),
        ("此事请您向云陵市住房公积金管理中心咨询。", [("云陵市住房公积金管理中心", "redirected")]),
        ("已转相关部门处理。", []),
        ("我局已派人查看。", []),
    ],
)
def test_referrals(reply: str, named: list[tuple[str, str]]) -> None:
    assert [(r.target, r.kind) for r in find_referrals(reply)] == named


def test_ping_pong_and_full_names() -> None:
    edges = referral_edges(
        [
            ("云陵市城市管理局", "交通运输局", "transferred"),
            ("云陵市城市管理局", "交通运输局", "transferred"),
            ("云陵市交通运输局", "云陵市城市管理局", "redirected"),
            ("云陵市交通运输局", "交通运输局", "transferred"),
        ],
        dict.fromkeys(["云陵市城市管理局", "云陵市交通运输局"], AgencyAnswers(9, 5)),
    )
    assert [(e.source, e.target, e.n, e.ping_pong) for e in edges] == [
        ("云陵市城市管理局", "云陵市交通运输局", 2, True),
        ("云陵市交通运输局", "云陵市城市管理局", 1, True),
    ]


def test_dead_ends() -> None:
    agencies = {
        "甲局": AgencyAnswers(9, 5),
        "乙局": AgencyAnswers(4, 0),  # sends on to 丙局, which sends back
        "丙局": AgencyAnswers(3, 0),
        "丁局": AgencyAnswers(5, 0),  # sends on to 甲局, which answers
        "戊局": AgencyAnswers(0, 0),
        "己局": AgencyAnswers(2, 0),  # too few replies to judge
        "庚局": AgencyAnswers(8, 0),  # hollow answers of its own
    }
    sends = [
        ("甲局", "乙局"),
        ("乙局", "丙局"),
        ("丙局", "乙局"),
        ("甲局", "丁局"),
        ("丁局", "甲局"),
        ("甲局", "戊局"),
        ("甲局", "己局"),
        ("甲局", "庚局"),
        ("甲局", "自来水公司"),
    ]
    edges = referral_edges([(a, b, "transferred") for a, b in sends], agencies)
    assert {edge.target: edge.dead_end for edge in edges} == {
        "甲局": None,
        "乙局": "sends_on",
        "丙局": "sends_on",
        "丁局": None,
        "戊局": "silent",
        "己局": None,
        "庚局": None,
        "自来水公司": "outside",
    }
