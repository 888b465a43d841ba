"""Flags of one exchange: the sign fires, and what excuses it keeps it silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from gov_sentiment.scoring.checks.rules import ReplyView, body_span, row_hits

NOON = datetime(2024, 3, 1, 12, 0)


def flags(reply: str, **more: Any) -> list[str]:
    start, end = body_span(reply)
    given: dict[str, Any] = {
        "post": "路口的红绿灯坏了，晚上过马路很危险。",
        "reply": reply,
        "body_start": start,
        "body_end": end,
        "post_intent": "complaint",
        "reply_type": "perfunctory",
        "status": None,
        "posted_at": NOON,
        "replied_at": NOON + timedelta(days=2),
    }
    return [hit.flag for hit in row_hits(ReplyView(**{**given, **more}))]


@pytest.mark.parametrize(
    ("reply", "more", "flag"),
    [
        ("您好，我们会认真研究您的意见，争取早日落实。", {}, "hollow_promise"),
        ("网友您好！我局将尽快处理。感谢您的关注！", {"reply_type": "committed"}, "hollow_promise"),
        ("您好，此事不属于我局职责范围，请理解。", {"reply_type": "referred"}, "shirking"),
        ("这个我们也没办法，我街道无权管理。", {"reply_type": "referred"}, "shirking"),
        (
            "您好！您反映的小区门口红绿灯损坏一事已收悉。感谢您对我们工作的关心。",
            {},
            "restates_only",
        ),
        (
            "您好，您的留言已转相关部门办理。",
            {"reply_type": "referred", "status": "已办结"},
            "status_without_answer",
        ),
        ("尊敬的XX：您好，您反映的问题我局将于XX年XX月处理。", {}, "template_fields_left"),
        ("您好，【请填写处理结果】。", {}, "template_fields_left"),
        ("我没时间跟你闲聊，随便你去告。", {}, "hostile"),
        ("请不要无理取闹。", {"reply_type": "explained"}, "hostile"),
    ],
)
def test_sign_fires(reply: str, more: dict[str, Any], flag: str) -> None:
    assert flag in flags(reply, **more)


@pytest.mark.parametrize(
    ("reply", "more", "flag"),
    [
        # a date, a step taken, a letter of thanks
        (
            "您好，我局将尽快处理，预计3月底前换新灯。",
            {"reply_type": "committed"},
            "hollow_promise",
        ),
        ("我局已联系交警部门，将尽快修复。", {"reply_type": "committed"}, "hollow_promise"),
        (
            "感谢您的肯定，我们会再接再厉，进一步加强管理。",
            {"post_intent": "praise"},
            "hollow_promise",
        ),
        # the competent body, its number, a transfer
        ("不属于我局职责，请向云陵市交警支队反映。", {"reply_type": "referred"}, "shirking"),
        ("不属于我局管理范围，可拨打0599-1234567咨询。", {"reply_type": "referred"}, "shirking"),
        ("经查，该路段不属于违法建设。", {"reply_type": "explained"}, "shirking"),
        # substance after the restated post
        (
            "您好！您反映的红绿灯损坏一事已收悉。经现场查看，控制箱进水，今天已更换并恢复。",
            {},
            "restates_only",
        ),
        ("您好，您的留言已转相关部门办理。", {"status": "办理中"}, "status_without_answer"),
        (
            "根据《道路交通安全法》第二十五条设置。",
            {"reply_type": "explained"},
            "template_fields_left",
        ),
        ("居民反映“没时间跟你闲聊”的问题已收悉。经核查，已对该窗口人员批评教育。", {}, "hostile"),
    ],
)
def test_excuse_keeps_it_silent(reply: str, more: dict[str, Any], flag: str) -> None:
    assert flag not in flags(reply, **more)


@pytest.mark.parametrize(
    ("reply", "status", "expected"),
    [
        # handed on, and still open: nothing to blame yet
        ("您好，已转相关部门处理。", "办理中", []),
        ("您好，已转相关部门处理。", None, ["hollow_promise"]),
        ("您好，已转相关部门处理。", "已办结", ["status_without_answer"]),
        ("您好，已转云陵市水务集团处理。", None, []),
        ("您好，正在核实处理。", "已办结", ["status_without_answer"]),
        ("您好，正在核实处理。", None, ["hollow_promise"]),
        # said to be told or handled: what it was, nobody else learns
        ("您好，工作人员已电话与您沟通。", None, ["status_without_answer"]),
        ("您好，工作人员已电话与您沟通，您表示理解。", None, []),
        ("您好，已按规定办结。", "已办结", ["status_without_answer"]),
        ("您好，已更换井盖，现已办结。", "已办结", []),
        # a promise is hollow in an open case too
        ("您好，我们将尽快解决。", "办理中", ["hollow_promise"]),
        ("您好，我们将尽快解决，预计5月底完成。", "办理中", []),
        # sent on to nobody, and to somebody
        ("您好，请向相关部门咨询。", None, ["shirking"]),
        ("您好，请向云陵市住建局咨询。", None, []),
        ("您好，您反映的问题回复如下：", None, ["restates_only"]),
    ],
)
def test_a_reply_without_substance(reply: str, status: str | None, expected: list[str]) -> None:
    assert flags(reply, status=status) == expected


def test_the_posts_own_words_are_no_answer() -> None:
    post = "滨河路与新园路交叉口的红绿灯坏了三天没有人修，晚上过马路很危险。"
    reply = "您好，滨河路与新园路交叉口的红绿灯坏了三天没有人修，晚上过马路很危险。"
    assert flags(reply, post=post) == ["restates_only"]
    assert flags(reply + "控制箱进水，已更换。", post=post) == []


def test_instant_reply_needs_times_of_day() -> None:
    reply = "您好，控制箱进水，已更换。"
    assert "instant_reply" in flags(reply, replied_at=NOON + timedelta(minutes=2))
    assert "instant_reply" not in flags(reply, replied_at=NOON + timedelta(hours=1))
    day = datetime(2024, 3, 1)
    assert "instant_reply" not in flags(reply, posted_at=day, replied_at=day)
    assert "instant_reply" not in flags(reply, posted_at=None)


def test_span_points_at_the_sign() -> None:
    reply = "您好，此事不归我局管，谢谢。"
    start, end = body_span(reply)
    view = ReplyView("甲", reply, start, end, "help", "referred", None, None, None)
    (hit,) = row_hits(view)
    assert reply[hit.start : hit.end] == "不归我局管"
