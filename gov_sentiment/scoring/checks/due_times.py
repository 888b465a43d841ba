"""Times to come that a text names, and the last day of each.

Calendar times ("6月底前", "下周三", "国庆前") and spans ("15个工作日内"); relative ones count from
the reply's own date. Working days follow the official calendar of holidays where it is known,
Monday to Friday where it is not.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DIGITS: Final = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMBER: Final = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半(?=个月))"
_MONTH: Final = r"(?:\d{1,2}|(?<![一二三四五六七八九十第个])(?:十[一二]?|[一二三四五六七八九]))"
_YEAR: Final = r"(?P<year>20\d\d|今|明|本|当|后)\s*年(?:度)?"
_BY: Final = r"(?P<by>\s*(?:前后|左右|之?前|底前|以前|期间|之?内|内|起|开始|中)?)"

_MONTH_PART: Final = r"(?P<part>底|末|初|[上中下]旬|份|中)"
_YEAR_PART: Final = r"(?P<yearpart>底|末|年底|年末|初|[上下]半年|第?[一二三四]季度)"
_NEAR_TIME: Final = (
    r"本月底?|下个?月(?:底|初|份)?|月底|年底|年内|[本下]?个?(?:周|星期)[一二三四五六日天]|本周内?|下周|[上下]半年|第?[一二三四]季度"
    r"|今[天日晚]|明[天日早晚]|后天"
)
# Feasts by which works are promised, as the official calendar of holidays names them.
_FEASTS: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "五一": "Labour Day",
    "劳动节": "Labour Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
    "国庆": "National Day",
}
_WEEKDAYS: Final = "一二三四五六日天"
_FURTHEST_DAY: Final = 270  # a day further ahead would be named with its year
_SEARCHED_DAYS: Final = 370  # within which every feast comes round


def _by(number: int) -> str:
    return _BY.replace("by", f"by{number}")


_ABSOLUTE: Final = re.compile(
    rf"(?:{_YEAR}\s*)?(?P<month>{_MONTH})\s*月(?!内|以内|之内)\s*(?:份(?=[底末初上中下]))?(?:(?P<day>\d{{1,2}})\s*[日号]|{_MONTH_PART})?{_BY}"
    r"|(?<!\d)(?P<isoyear>20\d\d)\s*[-./]\s*(?P<isomonth>\d{1,2})"
    rf"(?:\s*[-./]\s*(?P<isoday>\d{{1,2}}))?{_by(2)}"
    rf"|{_YEAR.replace('year', 'year2')}\s*{_YEAR_PART}?{_by(3)}"
    r"|(?P<which>本月|当月|下个?月)\s*(?P<monthday>\d{1,2})\s*[日号]"
    rf"|(?<![一-鿿])(?P<near>{_NEAR_TIME}){_by(4)}"
    rf"|(?<=[于在至到，、争取计划拟示诺排将])(?P<near2>{_NEAR_TIME}){_by(5)}"
    rf"|(?P<feast>{'|'.join(_FEASTS)})(?!节?(?:假期|假日)?(?:之|以)?后)节?(?:假期)?{_by(6)}"
)
_UNIT: Final = r"(?:工作日|自然日|日|天|周|星期|小时|个月|月(?!\d)|年)"
_SPAN: Final = re.compile(
    rf"(?P<count>{_NUMBER})\s*个?\s*(?P<unit>{_UNIT})\s*(?:之?内|以内|(?<!\d日)左右)"
    rf"|(?<=[需约要经计~～–—至到-])(?P<count2>{_NUMBER})\s*个?\s*(?P<unit2>工作日|天|周|星期|小时|个月)(?:的?时间)?(?P<after>之?后)?"
)
_SPAN_CUE: Final = re.compile(r"内|左右|[需约要经计~～–—至到-][\d一二两三四五六七八九十]")
# A text without these names no time.
_TIME_CHARACTER: Final = re.compile(r"[月日号天周年时季节旦庆午秋晚早期底明五./-]")
# The look at the first character spares most positions the alternatives: half the time.
_TIME_CUE: Final = re.compile(
    r"(?=[\d一二三四五六七八九十两半年季本下今明后当周期月元端中清国春])(?:"
    r"\d\s*个?[月日号天周年工小星自]|20\d\d\s*[-./]|[一二三四五六七八九十两半]\s*个?[月日天周年工小星自]|[年月]底|年内|年末|季度|半年|[本下]个?[周月]|[今明后本当]年|[今明后]天|[今明][日晚早]|[周期][一二三四五六日天]|元旦|五一|端午|中秋|清明|国庆|春节)"
)


@dataclass(frozen=True, slots=True)
class DueTime:
    """One time in a text.

    start, end: its characters; due: its last day, None where neither the text nor the reply's
    date gives a year; kind: "date" (a calendar time) or "term" (a span from the reply on).
    bare_year: a year alone; feast: named by a holiday; to_come: its words point ahead ("明年",
    "6月前", "三个工作日内"), a month alone may be the last one.
    """

    start: int
    end: int
    due: date | None
    kind: str
    bare_year: bool = False
    feast: bool = False
    to_come: bool = False


def names_a_time(text: str) -> bool:
    """Return whether a text may name a time: `find_times` need not look elsewhere."""
    # The first look is the cheaper one.
    return bool(_TIME_CHARACTER.search(text) and _TIME_CUE.search(text))


def find_times(text: str, replied_on: date | None) -> list[DueTime]:
    """Return the times of a text, years alone behind the narrower ones."""
    times = [_calendar_time(match, replied_on) for match in _ABSOLUTE.finditer(text)]
    if _SPAN_CUE.search(text):
        times += [
            DueTime(*m.span(), _term_due(m, replied_on), "term", to_come=m["unit"] != "小时")
            for m in _SPAN.finditer(text)
        ]
    return sorted(times, key=lambda time: (time.bare_year, time.start))


def _calendar_time(match: re.Match[str], replied_on: date | None) -> DueTime:
    found = match.groupdict()
    ahead = any(found[name] for name in ("year", "year2", "near", "near2", "which"))
    return DueTime(
        *match.span(),
        _absolute_due(match, replied_on),
        "date",
        bare_year=bool(found["year2"]) and not found["yearpart"],
        feast=bool(found["feast"]),
        to_come=ahead or match.group().endswith("前"),
    )


def _absolute_due(match: re.Match[str], replied_on: date | None) -> date | None:
    found = match.groupdict()
    if found["isoyear"]:
        return _month_day(int(found["isoyear"]), int(found["isomonth"]), found["isoday"], None)
    if found["month"]:
        month = _chinese(found["month"])
        if not 1 <= month <= 12:
            return None
        year = _year(found["year"], replied_on)
        if year is None:
            return None
        due = _month_day(year, month, found["day"], found["part"])
        if due and not found["year"] and replied_on and (replied_on - due).days > 180:
            # "3月" in a reply of November means the March to come.
            due = _month_day(year + 1, month, found["day"], found["part"])
        day_alone = found["day"] and not found["year"]
        if due and replied_on and day_alone and (due - replied_on).days > _FURTHEST_DAY:
            # "11月22日" in a reply of January is the one that has been.
            due = _month_day(due.year - 1, month, found["day"], None)
        return due
    if found["which"]:
        if replied_on is None:
            return None
        year, month = replied_on.year, replied_on.month + found["which"].startswith("下")
        return _month_day(year + month // 13, (month - 1) % 12 + 1, found["monthday"], None)
    if found["year2"]:
        year = _year(found["year2"], replied_on)
        return None if year is None else _part_of_year(year, found["yearpart"])
    if found["feast"]:
        return _feast(found["feast"], replied_on, before=(found["by6"] or "").endswith("前"))
    near = found["near"] or found["near2"]
    return None if replied_on is None or near is None else _near(near, replied_on)


def _year(text: str | None, replied_on: date | None) -> int | None:
    if text and text.isdigit():
        return int(text)
    if replied_on is None:
        return None
    return replied_on.year + {"明": 1, "后": 2}.get(text or "", 0)


def _month_day(year: int, month: int, day: str | None, part: str | None) -> date | None:
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day:
        return date(year, month, int(day)) if 1 <= int(day) <= last else None
    return date(year, month, {"初": 10, "上旬": 10, "中旬": 20, "中": 20}.get(part or "", last))


def _part_of_year(year: int, part: str | None) -> date:
    if part in ("初",):
        return date(year, 3, 31)
    if part == "上半年":
        return date(year, 6, 30)
    if part and "季度" in part:
        return _month_day(year, 3 * _chinese(part.strip("第季度")), None, None) or date(
            year, 12, 31
        )
    return date(year, 12, 31)


def _feast(name: str, today: date | None, *, before: bool) -> date | None:
    """Return the last day before the next holiday of that name, or its first day.

    None beyond the years whose holidays are announced.
    """
    import chinese_calendar

    if today is None:
        return None
    for day in (today + timedelta(days=n) for n in range(1, _SEARCHED_DAYS)):
        try:
            free, holiday = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return None
        if free and holiday == _FEASTS[name]:
            return day - timedelta(days=1) if before else day
    return None


def _near(text: str, today: date) -> date | None:
    if text.startswith("下") and "月" in text:
        year, month = today.year + today.month // 12, today.month % 12 + 1
        return _month_day(year, month, None, "初" if "初" in text else None)
    days = {"今": 0, "明": 1, "后": 2}.get(text[0])
    if days is not None:
        return today + timedelta(days=days)
    if text[-1] in _WEEKDAYS:
        days = min(_WEEKDAYS.index(text[-1]), 6) - today.weekday()
        return today + timedelta(days=days + (7 if text.startswith("下") else 0))
    if "月" in text:
        return _month_day(today.year, today.month, None, None)
    if "周" in text:
        days = 6 - today.weekday() + (7 if text.startswith("下") else 0)
        return today + timedelta(days=days)
    return _part_of_year(today.year, text if text not in ("年底", "年内") else None)


def _term_due(match: re.Match[str], replied_on: date | None) -> date | None:
    if replied_on is None:
        return None
    number, unit = match["count"] or match["count2"], match["unit"] or match["unit2"]
    if number == "半":
        return replied_on + timedelta(days=15)
    count = _chinese(number)
    if unit == "工作日":
        return _after_working_days(replied_on, count)
    if unit in ("个月", "月", "年"):
        months = replied_on.month - 1 + count * (12 if unit == "年" else 1)
        year, month = replied_on.year + months // 12, months % 12 + 1
        return date(year, month, min(replied_on.day, calendar.monthrange(year, month)[1]))
    days = {"周": 7, "星期": 7}.get(unit, 1) * count
    return replied_on + timedelta(days=count // 24 if unit == "小时" else days)


def _after_working_days(start: date, count: int) -> date:
    import chinese_calendar

    day = start
    while count > 0:
        day += timedelta(days=1)
        try:
            working = chinese_calendar.is_workday(day)
        except NotImplementedError:  # beyond the years whose holidays are announced
            working = day.weekday() < 5
        count -= working
    return day


def _chinese(text: str) -> int:
    """Return the value of a numeral below 100, Arabic or Chinese."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text[0]]
