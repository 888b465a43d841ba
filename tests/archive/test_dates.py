"""Dates: every form of the domain notes, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.dates import (
    DateError,
    has_year_last,
    parse_time,
    year_last_order,
)

AS_OF = datetime(2020, 2, 1, 12, 0)


def local(cell: str, as_of: datetime | None = AS_OF) -> datetime | None:
    parsed = parse_time(cell, as_of)
    return (
        None
        if parsed is None
        else datetime(1970, 1, 1) + timedelta(seconds=parsed.seconds + 28_800)
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2020/1/6 12:00", (2020, 1, 6, 12, 0, 0)),
        ("2020/1/6 12:09:38", (2020, 1, 6, 12, 9, 38)),
        ("2020-01-06T12:00:00", (2020, 1, 6, 12, 0, 0)),
        ("2020-01-06 12:00:00.0", (2020, 1, 6, 12, 0, 0)),
        ("2020-01-06", (2020, 1, 6)),
        ("2020年1月6日 12时05分", (2020, 1, 6, 12, 5, 0)),
        ("2020年1月6日", (2020, 1, 6)),
        ("2020年1月6日（星期一）", (2020, 1, 6)),
        ("2020.1.6", (2020, 1, 6)),
        ("20200106", (2020, 1, 6)),
        ("20200106 12:30", (2020, 1, 6, 12, 30)),
        ("20-1-6", (2020, 1, 6)),
        ("２０２０－０１－０６　１２：００", (2020, 1, 6, 12, 0)),
        ("2020-01-06 下午 3:20", (2020, 1, 6, 15, 20)),
        ("2020-01-06 上午12:20", (2020, 1, 6, 0, 20)),
        ("2020-01-06 24:00", (2020, 1, 7)),
        ("2020-01-06T04:00:00Z", (2020, 1, 6, 12, 0)),
        ("2020-01-06T12:00:00+08:00", (2020, 1, 6, 12, 0)),
        ("Mon Jan 06 12:00:00 +0800 2020", (2020, 1, 6, 12, 0)),
        ("Mon Jan 06 04:00:00 +0000 2020", (2020, 1, 6, 12, 0)),
        ("1578283200", (2020, 1, 6, 12, 0)),
        ("1578283200000", (2020, 1, 6, 12, 0)),
        ("43836.5", (2020, 1, 6, 12, 0)),
        ("43836", (2020, 1, 6)),
        ("今天 09:30", (2020, 2, 1, 9, 30)),
        ("昨天 09:10", (2020, 1, 31, 9, 10)),
        ("前天", (2020, 1, 30)),
        ("刚刚", (2020, 2, 1, 12, 0)),
        ("30秒前", (2020, 2, 1, 11, 59, 30)),
        ("5分钟前", (2020, 2, 1, 11, 55)),
        ("2小时前", (2020, 2, 1, 10, 0)),
        ("3天前", (2020, 1, 29, 12, 0)),
        ("01月06日 12:00", (2020, 1, 6, 12, 0)),
        ("1-6", (2020, 1, 6)),
        ("12-30", (2019, 12, 30)),
        ("25/12/2019", (2019, 12, 25)),
        ("12/25/2019", (2019, 12, 25)),
        ("5/5/2019", (2019, 5, 5)),
    ],
)
def test_known_forms(cell: str, expected: tuple[int, ...]) -> None:
    assert local(cell) == datetime(*expected)


@pytest.mark.parametrize("cell", ["", "  ", "待回复", "—", "-", "无", None, "nan"])
def test_blank_cells_hold_no_time(cell: str | None) -> None:
    assert parse_time(cell) is None


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("昨天 09:10", "as-of"),
        ("01-06", "as-of"),
        ("3天前", "as-of"),
        ("2020-02-30", "no such day"),
        ("2020-01-06 25:00", "no such day"),
        ("下个月", "not a known form"),
        ("123456", "no date"),
        ("1234-01-01", "outside"),
        ("03/04/2021", "told apart"),
        ("Mon Foo 06 12:00:00 +0800 2020", "month name"),
    ],
)
def test_refused_cells_say_why_without_quoting(cell: str, why: str) -> None:
    with pytest.raises(DateError, match=why) as caught:
        parse_time(cell)
    assert cell not in str(caught.value)


def test_a_year_taken_from_the_export_is_marked() -> None:
    parsed = parse_time("01-06", AS_OF)
    assert parsed is not None
    assert parsed.guessed


def test_a_column_tells_the_order_of_day_and_month() -> None:
    assert year_last_order(["03/04/2021", "12/25/2020", None]) == "month"
    assert year_last_order(["03/04/2021", "25/12/2020"]) == "day"
    assert year_last_order(["03/04/2021"]) is None
    assert year_last_order(["25/12/2020", "12/25/2020"]) is None
    assert has_year_last(" 03/04/2021 ")
    assert not has_year_last("2021/03/04")
    parsed = parse_time("03/04/2021", order="month")
    assert parsed is not None
    assert parsed.seconds == parse_time("2021-03-04").seconds  # type: ignore[union-attr]


def _epoch(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds()) - 28_800


def _half(moment: datetime) -> str:
    word = "上午" if moment.hour < 12 else "下午"
    return f"{moment:%Y-%m-%d} {word} {moment.hour % 12 or 12}:{moment:%M:%S}"


FULL_WIDTH = str.maketrans("0123456789-: ", "０１２３４５６７８９－：\u3000")
MINUTE, DAY = {"second": 0}, {"hour": 0, "minute": 0, "second": 0}
# Every absolute form of the domain notes: how it is written, and what of the time it keeps.
ABSOLUTE = {
    "slashes, minutes": (lambda m: f"{m.year}/{m.month}/{m.day} {m:%H:%M}", MINUTE),
    "slashes, seconds": (lambda m: f"{m.year}/{m.month}/{m.day} {m:%H:%M:%S}", {}),
    "ISO": (datetime.isoformat, {}),
    "ISO with zone": (lambda m: f"{m.isoformat()}+08:00", {}),
    "UTC": (lambda m: f"{(m - timedelta(hours=8)).isoformat()}Z", {}),
    "day": (lambda m: f"{m:%Y-%m-%d}", DAY),
    "Chinese, minutes": (lambda m: f"{m.year}年{m.month}月{m.day}日 {m:%H}时{m:%M}分", MINUTE),
    "Chinese, seconds": (
        lambda m: f"{m.year}年{m.month}月{m.day}日 {m.hour}时{m.minute}分{m.second}秒",
        {},
    ),
    "points": (lambda m: f"{m.year}.{m.month}.{m.day}", DAY),
    "compact day": (lambda m: f"{m:%Y%m%d}", DAY),
    "compact": (lambda m: f"{m:%Y%m%d %H:%M:%S}", {}),
    "two-digit year": (lambda m: f"{m:%y-%m-%d %H:%M:%S}", {}),
    "half of the day": (_half, {}),
    "Weibo": (lambda m: f"{m:%a %b %d %H:%M:%S} +0800 {m.year}", {}),
    "epoch": (lambda m: str(_epoch(m)), {}),
    "epoch in milliseconds": (lambda m: str(_epoch(m) * 1000), {}),
    "Excel serial": (lambda m: repr((m - datetime(1899, 12, 30)) / timedelta(days=1)), {}),
    "fraction of a second": (lambda m: f"{m:%Y-%m-%d %H:%M:%S}.0", {}),
    "full width": (lambda m: f"{m:%Y-%m-%d %H:%M:%S}".translate(FULL_WIDTH), {}),
    "apostrophe": (lambda m: f"'{m:%Y-%m-%d %H:%M:%S}", {}),
    "weekday": (
        lambda m: f"{m.year}年{m.month}月{m.day}日（星期{'一二三四五六日'[m.weekday()]}）",
        DAY,
    ),
}
# Forms that only the time of the export completes.
RELATIVE = {
    "seconds ago": (lambda m, now: f"{int((now - m).total_seconds())}秒前", 9_999),
    "minutes ago": (lambda m, now: f"{int((now - m).total_seconds() // 60)}分钟前", 599_940),
    "hours ago": (lambda m, now: f"{int((now - m).total_seconds() // 3600)}小时前", 9_000_000),
    "days ago": (lambda m, now: f"{(now - m).days}天前", 300 * 86_400),
}
UNITS = {"seconds ago": 1, "minutes ago": 60, "hours ago": 3_600, "days ago": 86_400}
# A year of two digits is one of this century; an epoch must not look like a compact day.
moments = st.datetimes(datetime(2001, 9, 10), datetime(2098, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.mark.parametrize("form", ABSOLUTE)
@given(moment=moments)
def test_round_trip_through_every_absolute_form(form: str, moment: datetime) -> None:
    write, lost = ABSOLUTE[form]
    assert local(write(moment)) == moment.replace(**lost)


@pytest.mark.parametrize("form", RELATIVE)
@given(now=moments, ago=st.floats(0, 1))
def test_round_trip_through_every_relative_form(form: str, now: datetime, ago: float) -> None:
    write, longest = RELATIVE[form]
    unit = UNITS[form]
    moment = now - timedelta(seconds=int(ago * longest) // unit * unit)
    assert local(write(moment, now), now) == moment


@given(now=moments, days=st.integers(0, 364), seconds=st.integers(0, 86_399))
def test_round_trip_without_a_year(now: datetime, days: int, seconds: int) -> None:
    moment = (
        datetime(now.year, now.month, now.day) - timedelta(days=days) + timedelta(seconds=seconds)
    )
    if moment > now or (moment.month, moment.day) == (2, 29):
        return
    assert local(f"{moment:%m月%d日 %H:%M:%S}", now) == moment
    assert local(f"{moment.month}-{moment.day}", now) == moment.replace(**DAY)
    word = {0: "今天", 1: "昨天", 2: "前天"}.get(days)
    if word:
        assert local(f"{word} {moment:%H:%M:%S}", now) == moment


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_a_date_error(cell: str) -> None:
    try:
        parse_time(cell, AS_OF)
    except DateError:
        pass
