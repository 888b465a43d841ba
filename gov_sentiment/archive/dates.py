"""Every form of date and time that exports use → seconds, Asia/Shanghai.

Relative forms ("昨天 09:10") and dates without a year need the time of the export. China has
had one time zone without summer time since 1991, so eight hours are all there is to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from gov_sentiment.archive.cell_text import says_nothing

_OFFSET: Final = 8 * 3_600
_DAY: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)
_EARLIEST: Final = datetime(1980, 1, 1)
_LATEST: Final = datetime(2100, 1, 1)

_CLOCK: Final = (
    r"(?:\s*[T,，]?\s*(?P<half>上午|下午|晚上|凌晨|中午|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})?(?:\s*[:：分]\s*(?P<second>\d{1,2})?)?"
    r"(?:\.\d+)?\s*[分秒]?\s*(?P<half2>AM|PM)?(?:\s*(?P<zone>Z|[+\-]\d{2}:?\d{2}))?)?"
)
_CLOCK_ALONE: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_FULL: Final = re.compile(
    r"(?P<year>\d{4}|\d{2})\s*[年./\-]\s*(?P<month>\d{1,2})\s*[月./\-]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:\s*[（(]?(?:周|星期)[一二三四五六日天][)）]?)?" + _CLOCK
)
_COMPACT: Final = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:\s*(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<left>\d{1,2})[/.\-](?P<right>\d{1,2})[/.\-](?P<year>\d{4})" + _CLOCK
)
_NO_YEAR: Final = re.compile(r"(?P<month>\d{1,2})\s*[月./\-]\s*(?P<day>\d{1,2})\s*[日号]?" + _CLOCK)
_NEAR_DAY: Final = re.compile(r"(?P<word>今天|昨天|前天)" + _CLOCK)
_AGO: Final = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>秒|分钟|分|小时|天|周|个月)(?:之?前)")
_WEIBO: Final = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2}):"
    r"(?P<second>\d{2}) (?P<zone>[+\-]\d{4}) (?P<year>\d{4})"
)
_MONTHS: Final = dict(
    zip(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        range(1, 13),
        strict=True,
    )
)
_NUMBER: Final = re.compile(r"\d{4,13}(?:\.\d+)?")
_UNIT_SECONDS: Final = {"秒": 1, "分钟": 60, "分": 60, "小时": 3_600, "天": _DAY, "周": 7 * _DAY}

UNKNOWN_FORM: Final = "not a known form of date"
Order = Literal["month", "day"]


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """A point in time.

    seconds: since 1970-01-01 UTC; the day's midnight in Shanghai where only the day is known.
    guessed: whether the year came from the export's date and not from the cell.
    """

    seconds: int
    guessed: bool = False


class DateError(ValueError):
    """A cell that is no date; the message says why, without quoting the cell."""


def is_clock(cell: str) -> bool:
    """Tell whether a cell is a time of day without its day."""
    return _CLOCK_ALONE.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None


def has_year_last(cell: str | None) -> bool:
    """Tell whether a cell is a date such as 03/04/2021."""
    return bool(cell) and _YEAR_LAST.fullmatch((cell or "").strip()) is not None


def year_last_order(cells: Iterable[str | None]) -> Order | None:
    """Return whether the month or the day comes first in a column's dates such as 03/04/2021.

    None where no cell tells (a part above 12), or where cells contradict each other.
    """
    orders: set[Order] = set()
    for cell in cells:
        if cell and (found := _YEAR_LAST.fullmatch(cell.strip())):
            if int(found["left"]) > 12:
                orders.add("day")
            elif int(found["right"]) > 12:
                orders.add("month")
    return orders.pop() if len(orders) == 1 else None


def parse_time(
    cell: str | None, as_of: datetime | None = None, order: Order | None = None
) -> ParsedTime | None:
    """Return the time in a cell, None for an empty one.

    Args:
        cell: text, an Excel serial, or an epoch in seconds or milliseconds.
        as_of: local time of the export, for relative forms and missing years.
        order: what comes first in 03/04/2021 (see `year_last_order`).

    Raises:
        DateError: no known form; or a relative one without `as_of`.
    """
    text = unicodedata.normalize("NFKC", cell or "").strip().strip("'\"")
    if says_nothing(text):
        return None
    for pattern in (_FULL, _COMPACT):
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            return _from_parts(parts, _century(int(parts["year"])))
    if found := _WEIBO.fullmatch(text):
        parts = found.groupdict()
        if parts["month"] not in _MONTHS:
            raise DateError("unknown month name")
        return _from_parts({**parts, "month": str(_MONTHS[parts["month"]])}, int(parts["year"]))
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(found.groupdict(), order)
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    return _relative(text, as_of)


def _year_last(parts: dict[str, str | None], order: Order | None) -> ParsedTime:
    first, second = int(parts["left"] or 0), int(parts["right"] or 0)
    if order is None and first <= 12 and second <= 12 and first != second:
        raise DateError("day and month cannot be told apart")
    day_first = order == "day" or first > 12
    day, month = (first, second) if day_first else (second, first)
    return _from_parts({**parts, "day": str(day), "month": str(month)}, int(parts["year"] or 0))


def _century(year: int) -> int:
    return year if year >= 100 else 2000 + year


def _relative(text: str, as_of: datetime | None) -> ParsedTime:
    moment = None if as_of is None else as_of.replace(tzinfo=None)
    known = _AGO.fullmatch(text) or _NEAR_DAY.fullmatch(text) or _NO_YEAR.fullmatch(text)
    if known is None and text != "刚刚":
        raise DateError(UNKNOWN_FORM)
    if moment is None:
        raise DateError("a relative date, or one without a year, needs --as-of")
    if known is None:
        return ParsedTime(_seconds(moment))
    parts = known.groupdict()
    if "count" in parts:
        return ParsedTime(_seconds(_ago(moment, int(parts["count"]), parts["unit"])))
    if "word" in parts:
        day = moment.date() - timedelta(days={"今天": 0, "昨天": 1, "前天": 2}[parts["word"]])
        return ParsedTime(_seconds(_with_clock(day, parts)))
    parsed = _from_parts(parts, moment.year)
    if parsed.seconds > _seconds(moment) + _DAY:
        parsed = _from_parts(parts, moment.year - 1)
    return ParsedTime(parsed.seconds, guessed=True)


def _ago(moment: datetime, count: int, unit: str) -> datetime:
    if unit == "个月":
        return moment - timedelta(days=30 * count)
    return moment - timedelta(seconds=count * _UNIT_SECONDS[unit])


def _from_parts(parts: dict[str, str | None], year: int) -> ParsedTime:
    try:
        day = date(year, int(parts["month"] or 0), int(parts["day"] or 0))
        moment = _with_clock(day, parts)
    except ValueError:
        raise DateError("no such day or time") from None
    if not _EARLIEST <= moment <= _LATEST:
        raise DateError("outside the years 1980 to 2099")
    zone = parts.get("zone")
    if not zone:
        return ParsedTime(_seconds(moment))
    return ParsedTime(_seconds(moment) + _OFFSET - _zone_seconds(zone))


def _zone_seconds(zone: str) -> int:
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3_600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def _with_clock(day: date, parts: dict[str, str | None]) -> datetime:
    if parts.get("hour") is None:
        return datetime(day.year, day.month, day.day)
    hour = int(parts["hour"] or 0)
    half = parts.get("half") or parts.get("half2")
    if half in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "AM") and hour == 12:
        hour = 0
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    if hour == 24 and minute == second == 0:
        return datetime(day.year, day.month, day.day) + timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute, second)


def _from_number(value: float) -> ParsedTime:
    if 1e12 <= value < 4.2e12:
        return ParsedTime(int(value // 1000))
    if 3e8 <= value < 4.2e9:
        return ParsedTime(int(value))
    if 29_000 <= value < 74_000:  # Excel serial: 1979 to 2102
        moment = _EXCEL_EPOCH + timedelta(seconds=round(value * _DAY))
        return ParsedTime(_seconds(moment))
    raise DateError("a number that is no date")


def _seconds(local: datetime) -> int:
    return int((local - _EPOCH).total_seconds()) - _OFFSET
