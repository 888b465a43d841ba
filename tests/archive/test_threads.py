"""Long exports folded into exchanges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.threads import (
    BYSTANDER,
    EMPTY,
    ORPHAN_REPLY,
    Message,
    is_official,
    pair_messages,
)
from gov_sentiment.exchange import AGENCY_POST, EXCHANGE_SCHEMA


def citizen(mid, text, **more):
    return Message(mid, text=text, role="citizen", **more)


def official(mid, text, **more):
    return Message(mid, text=text, role="official", **more)


def test_reply_by_parent_id():
    result = pair_messages(
        [
            citizen("1", "路灯坏了", author="甲", at=100, source_file="a.csv", source_row=2),
            official("2", "已修好", author="示例城管", parent_id="1", at=200, source_row=3),
        ]
    )
    assert result.rows == [
        {
            "exchange_id": "1",
            "agency": "示例城管",
            "post_title": None,
            "post_text": "路灯坏了",
            "posted_at": 100,
            "reply_text": "已修好",
            "first_replied_at": 200,
            "replied_at": 200,
            "n_replies": 1,
            "category": None,
            "channel": None,
            "region": None,
            "status": None,
            "satisfaction": None,
            "source_file": "a.csv",
            "source_row": 2,
        }
    ]
    assert result.n_merged == 1
    assert set(result.rows[0]) == set(EXCHANGE_SCHEMA.names)


def test_several_replies_and_follow_ups_stay_in_order():
    result = pair_messages(
        [
            citizen("1", "水管漏水", author="甲", at=100),
            official("4", "已修复", author="水务", parent_id="1", at=400),
            official("2", "正在核实", author="水务", parent_id="1", at=200),
            citizen("3", "什么时候修？", author="甲", parent_id="1", at=300),
        ]
    )
    (row,) = result.rows
    assert row["reply_text"] == "正在核实\n\n已修复"
    assert (row["first_replied_at"], row["replied_at"], row["n_replies"]) == (200, 400, 2)
    assert row["post_text"] == "水管漏水\n\n追问：什么时候修？"


def test_reply_prefix_pairs_when_only_the_thread_is_known():
    result = pair_messages(
        [
            Message("p", author="示例发布", author_type="蓝v", text="通知", at=1),
            Message("c1", root_id="p", author="小鱼", text="停水到几点？", at=2),
            Message("c2", root_id="p", author="小草", text="电话打不通", at=3),
            Message(
                "r1", root_id="p", author="示例发布", author_type="蓝v", text="回复@小鱼:八点", at=4
            ),
            Message(
                "r2",
                root_id="p",
                author="示例发布",
                author_type="蓝v",
                text="回复 @小草：已转",
                at=5,
            ),
        ]
    )
    post, fish, grass = result.rows
    assert post["channel"] == AGENCY_POST
    assert (fish["reply_text"], fish["agency"]) == ("八点", "示例发布")
    assert grass["reply_text"] == "已转"


def test_prefix_takes_the_latest_earlier_message():
    result = pair_messages(
        [
            citizen("1", "第一问", author="甲", root_id="w", at=1),
            citizen("2", "第二问", author="甲", root_id="w", at=5),
            official("3", "回复@甲:答", author="局", root_id="w", at=6),
        ]
    )
    assert [row["reply_text"] for row in result.rows] == [None, "答"]


def test_own_comment_continues_an_agency_post():
    result = pair_messages(
        [
            official("p", "通告", author="局"),
            official("c", "补充说明", author="局", parent_id="p"),
        ]
    )
    (row,) = result.rows
    assert row["post_text"] == "通告\n\n补充说明"
    assert row["n_replies"] == 0


def test_reply_without_its_post_is_a_reject():
    result = pair_messages([official("9", "已办理", parent_id="8", source_row=7)])
    assert result.rows == []
    assert [(reject.source_row, reject.reason) for reject in result.rejects] == [(7, ORPHAN_REPLY)]
    assert "rejects" in result.warnings[0]


def test_bystander_is_set_aside_unless_answered():
    result = pair_messages(
        [
            citizen("1", "求助", author="甲"),
            citizen("2", "我也是", author="乙", parent_id="1"),
            citizen("3", "同求", author="丙", parent_id="1"),
            official("4", "请留电话", author="局", parent_id="3"),
        ]
    )
    assert [row["exchange_id"] for row in result.rows] == ["1", "3"]
    assert [reject.reason for reject in result.rejects] == [BYSTANDER]


def test_bystanders_follow_up_goes_with_it():
    result = pair_messages(
        [
            citizen("1", "求助", author="甲"),
            citizen("2", "我也是", author="乙", parent_id="1"),
            citizen("3", "还是我", author="乙", parent_id="2"),
        ]
    )
    assert (len(result.rows), result.n_merged, len(result.rejects)) == (1, 0, 2)


def test_message_written_twice_is_one():
    twice = citizen("1", "路面塌陷", author="甲")
    result = pair_messages([twice, twice])
    assert (len(result.rows), result.n_merged) == (1, 1)


def test_same_id_with_another_text_keeps_both():
    result = pair_messages([citizen("1", "一"), citizen("1", "二")])
    ids = [row["exchange_id"] for row in result.rows]
    assert ids[0] == "1"
    assert len(set(ids)) == 2


def test_empty_message_is_a_reject():
    result = pair_messages([citizen("1", " ", title=None)])
    assert [reject.reason for reject in result.rejects] == [EMPTY]


def test_circle_of_parents_ends():
    result = pair_messages(
        [
            citizen("1", "一", author="甲", parent_id="2"),
            citizen("2", "二", author="甲", parent_id="1"),
        ]
    )
    assert len(result.rows) + result.n_merged == 2


def test_nobody_official_is_said():
    result = pair_messages([Message("1", text="有人吗", author="甲")])
    assert "--official" in result.warnings[0]


def test_official_by_type_list_and_role():
    assert is_official(Message("1", author_type="蓝V"))
    assert not is_official(Message("1", author_type="黄v"))
    assert is_official(Message("1", author="@示例发布"), frozenset({"示例发布"}))
    assert not is_official(Message("1", author_type="蓝v", role="citizen"))


def test_extra_columns_and_missing_id():
    message = Message(
        None, text="咨询", extra={"category": "社保", "agency": "人社局"}, source_row=4
    )
    (row,) = pair_messages([message]).rows
    assert (row["category"], row["agency"]) == ("社保", "人社局")
    assert len(row["exchange_id"]) == 16
    assert pair_messages([message]).rows[0]["exchange_id"] == row["exchange_id"]


def test_no_messages():
    result = pair_messages([])
    assert (result.rows, result.n_merged, result.rejects, result.warnings) == ([], 0, [], [])


IDS = st.sampled_from(["1", "2", "3", "4", "5", None, ""])
MESSAGES = st.builds(
    Message,
    message_id=IDS,
    parent_id=IDS,
    root_id=IDS,
    author=st.sampled_from(["甲", "乙", "局", None]),
    author_type=st.sampled_from(["蓝v", "普通用户", None]),
    role=st.sampled_from(["citizen", "official", None]),
    text=st.sampled_from(["问", "答", "", "回复@甲:好", "回复@局：谢谢", "回复@无名:在"]),
    at=st.one_of(st.none(), st.integers(0, 5)),
    source_row=st.integers(0, 9),
)


@given(st.lists(MESSAGES, max_size=25))
def test_nothing_is_lost(messages):
    result = pair_messages(messages, official=["局"])
    assert len(result.rows) + result.n_merged + len(result.rejects) == len(messages)
    assert all(row["post_text"] or row["post_title"] for row in result.rows)
    assert all((row["reply_text"] is None) == (row["n_replies"] == 0) for row in result.rows)


@given(st.lists(MESSAGES, max_size=15))
def test_ids_are_unique_where_rows_differ(messages):
    rows = pair_messages(messages).rows
    keys = [(row["exchange_id"], row["source_row"], row["post_text"]) for row in rows]
    with_id = [key for key in keys if len(key[0]) == 1]
    assert len({key[0] for key in with_id}) == len(with_id)
