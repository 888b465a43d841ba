"""What became of dated promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from archive_rows import archive

from gov_sentiment.exchange import AGENCY_POST
from gov_sentiment.scoring.checks import check_archive

SHANGHAI = ZoneInfo("Asia/Shanghai")
POST = "青溪小区七号楼楼道的灯全部不亮了，老人夜里上下楼摔倒过两次，请尽快安排人来修。"
REPLY = "您好，我局将于2024年3月20日前完成维修。"
AS_OF = datetime(2024, 6, 1, tzinfo=SHANGHAI)


def day(month: int, number: int, hour: int = 9) -> datetime:
    return datetime(2024, month, number, hour, tzinfo=SHANGHAI)


def row(name: str, posted: datetime, **more: Any) -> dict[str, Any]:
    base = archive(1).to_pylist()[0]
    base |= {"exchange_id": name, "agency": "青溪局", "post_text": POST, "posted_at": posted}
    return base | {"reply_text": None, "replied_at": None, "n_replies": 0} | more


FIRST = row("WZ20240001", day(3, 1), reply_text=REPLY, replied_at=day(3, 5), n_replies=1)


def outcome(*rows: dict[str, Any], as_of: datetime | None = AS_OF) -> dict[str, Any]:
    table = pa.Table.from_pylist(list(rows), schema=archive(1).schema)
    promises = check_archive(table, as_of, mismatches=False).promises
    back = check_archive(table.take(list(range(len(rows)))[::-1]), as_of, mismatches=False)
    assert promises.equals(back.promises)
    (promise,) = promises.to_pylist()
    return promise


@pytest.mark.parametrize(
    ("as_of", "state"), [(AS_OF, "due"), (day(3, 10), "open"), (day(3, 20), "open"), (None, None)]
)
def test_without_a_word_the_day_decides(as_of: datetime | None, state: str | None) -> None:
    promise = outcome(FIRST, as_of=as_of)
    assert (promise["state"], promise["followed_by"]) == (state, None)


LATE = POST + "现在灯还没有修好。"
CITING = "编号WZ20240001的来信，答复说月内修好，至今未见人来。"


@pytest.mark.parametrize(
    ("later", "state"),
    [
        ({"posted_at": day(4, 2), "post_text": LATE}, "broken"),
        ({"posted_at": day(4, 2), "post_text": CITING}, "broken"),
        ({"posted_at": day(3, 12), "post_text": LATE}, "asked_again"),
        ({"posted_at": day(4, 2), "post_text": POST}, "asked_again"),
        ({"posted_at": day(3, 3), "post_text": LATE}, "due"),  # before the reply
        ({"posted_at": day(3, 5, 0), "post_text": LATE}, "due"),  # the reply's day, hour unknown
        ({"posted_at": day(4, 2), "post_text": LATE, "agency": "白石局"}, "due"),
        ({"posted_at": day(4, 2), "post_text": LATE, "channel": AGENCY_POST}, "due"),
        ({"posted_at": day(4, 2), "post_text": "公交站牌被撞歪了，还没有人扶起来。"}, "due"),
    ],
)
def test_a_later_post_on_the_matter(later: dict[str, Any], state: str) -> None:
    promise = outcome(FIRST, row("WZ20240002", **{"posted": later["posted_at"], **later}))
    assert promise["state"] == state
    if state == "due":
        assert promise["followed_by"] is None
        return
    assert (promise["followed_by"], promise["followed_in"]) == ("WZ20240002", "post_text")
    shown = later["post_text"][promise["followed_start"] : promise["followed_end"]]
    assert shown in ("还没", "至今未") if state == "broken" else shown == later["post_text"]


def test_the_earliest_later_post_is_named() -> None:
    posts = [row(f"WZ2024000{n}", day(4, n), post_text=LATE) for n in (4, 2, 3)]
    assert outcome(*posts, FIRST)["followed_by"] == "WZ20240002"


def test_a_wave_of_form_letters_is_nobody_coming_back() -> None:
    wave = [
        FIRST | {"exchange_id": f"WZ2024{n:04d}", "posted_at": day(3, 1, n % 24)} for n in range(25)
    ]
    again = row("WZ20240999", day(4, 2), post_text=LATE)
    table = pa.Table.from_pylist([*wave, again], schema=archive(1).schema)
    promises = check_archive(table, AS_OF, mismatches=False).promises
    assert promises["state"].to_pylist() == ["due"] * 25


@pytest.mark.parametrize(
    ("second", "n_replies", "state"),
    [
        ("您好，楼道灯已于昨日完成维修。", 2, "kept"),
        ("您好，楼道灯已于昨日完成维修。", 1, "due"),  # a paragraph of the same reply
        ("您好，已完成维修方案的编制。", 2, "due"),  # not the deed
        ("您好，我局尚未完成维修。", 2, "due"),
    ],
)
def test_a_later_reply_says_done(second: str, n_replies: int, state: str) -> None:
    reply = f"{REPLY}\n\n{second}"
    promise = outcome(FIRST | {"reply_text": reply, "n_replies": n_replies})
    assert promise["state"] == state
    if state == "kept":
        assert promise["followed_by"] == "WZ20240001"
        assert reply[promise["followed_start"] : promise["followed_end"]].startswith("已于昨日完成")
