"""Promises with a date: what counts, and by when."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.scoring.checks.promises import find_promises

DAY = date(2024, 4, 10)


@pytest.mark.parametrize(
    ("reply", "due"),
    [
        ("该路段将于6月底前完成修复。", date(2024, 6, 30)),
        ("预计2024年5月中旬开工。", date(2024, 5, 20)),
        ("计划于5月8日通车。", date(2024, 5, 8)),
        ("力争年底前完成改造。", date(2024, 12, 31)),
        ("工程计划明年3月竣工。", date(2025, 3, 31)),
        # 28 April 2024, a Sunday, was a working day to make up for the May holiday.
        ("我局将在15个工作日内答复。", date(2024, 4, 30)),
        ("已责令施工方三日内整改到位。", date(2024, 4, 13)),
        ("物业承诺两周内修复门禁。", date(2024, 4, 24)),
        ("争取本月底恢复供水。", date(2024, 4, 30)),
        ("预计下个月完成验收。", date(2024, 5, 31)),
        ("拟于第三季度启动招标。", date(2024, 9, 30)),
        ("预计2月启动二期施工。", None),
        ("项目计划2026年上半年建成。", date(2026, 6, 30)),
        ("预计2024-07-15前交付使用。", date(2024, 7, 15)),
    ],
)
def test_promise(reply: str, due: date | None) -> None:
    promises = find_promises(reply, DAY)
    if due is None:
        assert not promises or promises[0].due is None or promises[0].due > DAY
    else:
        assert [promise.due for promise in promises] == [due]
        (promise,) = promises
        assert promise.clause_start <= promise.start < promise.end <= promise.clause_end


@pytest.mark.parametrize(
    "reply",
    [
        "路灯已于3月5日修复。",
        "根据《物业条例》，业主应当在30日内提出。",
        "您可在60日内申请行政复议。",
        "4月2日工作人员到现场查看。",
        "我局会尽快处理。",
        "该工程2022年开工，2023年6月已完成。",
    ],
)
def test_no_promise(reply: str) -> None:
    assert find_promises(reply, DAY) == []


@pytest.mark.parametrize(
    ("reply", "dues"),
    [
        ("预计6月份开工，12月底完工。", [date(2024, 6, 30), date(2024, 12, 31)]),
        ("一期将于5月底前交付，二期计划明年6月建成。", [date(2024, 5, 31), date(2025, 6, 30)]),
        # The year alone is not the promised time where the month stands beside it.
        ("该项目计划2025年6月建成通车，总投资3亿元。", [date(2025, 6, 30)]),
        ("我局将于4月30日前答复您。路灯已于4月2日修复。", [date(2024, 4, 30)]),
    ],
)
def test_each_part_of_a_sentence_has_its_own_time(reply: str, dues: list[date]) -> None:
    assert [promise.due for promise in find_promises(reply, DAY)] == dues


def test_a_day_behind_the_reply_is_no_promise() -> None:
    reply = "物业公司4月20日前完成门禁更换。"
    assert [promise.due for promise in find_promises(reply, DAY)] == [date(2024, 4, 20)]
    assert find_promises(reply, date(2024, 5, 6)) == []


def test_terms_need_the_day_of_the_reply() -> None:
    (promise,) = find_promises("我局将在3-5个工作日内答复您。", None)
    assert (promise.due, promise.kind) == (None, "term")
    (promise,) = find_promises("我局将在3-5个工作日内答复您。", DAY)
    assert promise.due == date(2024, 4, 17)


def test_without_the_reply_date_only_full_dates_are_due() -> None:
    assert [p.due for p in find_promises("将于2024年6月底前完成修复。", None)] == [
        date(2024, 6, 30)
    ]
    assert [p.due for p in find_promises("将于6月底前完成修复。", None)] == [None]
    assert [p.due for p in find_promises("我局将在5日内答复。", None)] == [None]


@given(st.text(alphabet="将于年月日底前完成0123456789。，计划工作内一二三十个今明", max_size=60))
def test_never_fails(reply: str) -> None:
    for promise in find_promises(reply, DAY):
        assert 0 <= promise.start < promise.end <= len(reply)
