"""Personal columns on read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.privacy import (
    Guard,
    author_column,
    is_personal,
)


@pytest.mark.parametrize(
    "header",
    [
        "来电人",
        "来电人电话/账号",
        "联系电话",
        "手机号码",
        "身份证号",
        "用户昵称",
        "nickname",
        "user_screen_name",
        "user_id",
        "userId",
        "contactPhone",
        "IP",
        "ip_location",
        "诉求详细地址",
        " 姓 名 ",
        "性别",
        "ＩＰ",
        "申请人姓名",
        "家长手机号",
        "投诉者邮箱",
        "guardian_phone",
        "avatar",
    ],
)
def test_personal_headers(header):
    assert is_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        "标题",
        "内容",
        "回复单位",
        "承办单位电话",
        "办公电话",
        "热线电话",
        "单位邮箱",
        "category",
        "ID",
        "工单编号",
        "回复时间",
        "status",
        "description",
        "",
        "agency",
        "office_phone",
    ],
)
def test_other_headers(header):
    assert not is_personal(header)


def test_headers_of_the_shared_list(shared_data):
    path = shared_data.parent / "header_aliases.json"
    listed = json.loads(path.read_text(encoding="utf-8"))["pii"]
    assert [name for name in listed if not is_personal(name)] == []


test_headers_of_the_shared_list = pytest.mark.real_data(test_headers_of_the_shared_list)


def test_author_column_prefers_an_id():
    assert author_column(["昵称", "user_id", "正文"]) == "user_id"
    assert author_column(["来电人", "标题"]) == "来电人"
    assert author_column(["标题"]) is None


def test_drop_is_the_default():
    assert Guard().protect("某人") is None


def test_hash_is_stable_within_a_run_and_not_between_runs():
    one, two = Guard("hash"), Guard("hash")
    assert one.protect("138 0000") == one.protect("１３８0000")
    assert one.protect("138 0000") != two.protect("138 0000")
    assert one.protect("") is None
    assert one.protect("某人") == one.token("某人")


def test_key_makes_runs_comparable():
    key = b"0123456789abcdef"
    assert Guard("hash", key).token("某人") == Guard("hash", key).token("某人")


def test_keep_leaves_all():
    assert Guard("keep").protect("某人") == "某人"


@given(st.text(max_size=30))
def test_token_never_shows_the_value(value):
    token = Guard("hash").token(value)
    assert len(token) == 17
    assert len(value.strip()) < 3 or value not in token
