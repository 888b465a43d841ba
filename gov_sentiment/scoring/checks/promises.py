"""Promises with a date: what an agency says it will have done, and by when.

A promise is a clause that looks ahead and names a time: "将于6月底前完成", "15个工作日内答复".
Relative times count from the reply's own date. Working days follow the official calendar of
holidays where it is known, Monday to Friday where it is not.
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
_BY: Final = r"(?P<by>\s*(?:之?前|底前|以前|前后|左右|期间|之?内|内|起|开始|中)?)"

_MONTH_PART: Final = r"(?P<part>底|末|初|[上中下]旬|份|中)"
_YEAR_PART: Final = r"(?P<yearpart>底|末|年底|年末|初|[上下]半年|第?[一二三四]季度)"
_NEAR_TIME: Final = (
    r"本月底?|下个?月(?:底|初|份)?|月底|年底|年内|本周内?|下周|[上下]半年|第?[一二三四]季度"
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
_FURTHEST_DAY: Final = 270  # a day further ahead would be named with its year
_SEARCHED_DAYS: Final = 370  # within which every feast comes round


def _by(number: int) -> str:
    return _BY.replace("by", f"by{number}")


_ABSOLUTE: Final = re.compile(
    rf"(?:{_YEAR}\s*)?(?P<month>{_MONTH})\s*月(?!内|以内|之内)\s*(?:(?P<day>\d{{1,2}})\s*[日号]|{_MONTH_PART})?{_BY}"
    r"|(?<!\d)(?P<isoyear>20\d\d)\s*[-./]\s*(?P<isomonth>\d{1,2})"
    rf"(?:\s*[-./]\s*(?P<isoday>\d{{1,2}}))?{_by(2)}"
    rf"|{_YEAR.replace('year', 'year2')}\s*{_YEAR_PART}?{_by(3)}"
    rf"|(?<![一-鿿])(?P<near>{_NEAR_TIME}){_by(4)}"
    rf"|(?<=[于在至到，、争取计划拟示诺])(?P<near2>{_NEAR_TIME}){_by(5)}"
    rf"|(?P<feast>{'|'.join(_FEASTS)})(?!节?(?:假期|假日)?(?:之|以)?后)节?(?:假期)?{_by(6)}"
)
_SPAN: Final = re.compile(
    rf"(?P<count>{_NUMBER})\s*个?\s*(?P<unit>工作日|自然日|日|天|周|星期|小时|个月|月(?!\d))\s*(?:之?内|以内|(?<!日)左右)"
)
_AHEAD: Final = re.compile(
    r"将|拟|计划|预计|力争|争取|确保|保证|承诺|限期|限时?|责令|要求|督促|届时|尽快|安排(?!了)|定于|(?:们|局|委|办|镇|司|会)会在|可望|有望|预期|待|按期|即可|务必|责成|目标|拟定"
)
ACTION: Final = re.compile(
    r"完成|完工|竣工|开工|动工|启动|实施|整改|拆除|修复|维修|改造|建成|投用|投入使用|通车|开通|交付|答复|回复|反馈|解决|办结|处理|到位|发放|支付|清理|搬迁|安装|施工|招标|落实|进场|出台|公布|验收|恢复|改正|清退|退还|移交|建设|供[水气电热]|更换|办理|开放|开学|招生|更新|上线|通水|通气|整治|铺设|施划|增设|补种|清运"
)
# A clause that tells what was done, what a rule lays down in general, or what the citizen must do.
_PAST: Final = re.compile(
    r"(?:^|[^未尚])已(?:于|经|在|完成|全部)|曾|于[^，。；]{2,16}(?:收到|受理|接到|召开|到达)|了(?=[，。；]|$)"
)
_GENERAL: Final = re.compile(
    r"《[^》]+》|第[一二三四五六七八九十百\d]+条|规定|应当|不得|有效期|申请人|用人单位|当事人|参保|凡是?|之日起|(?:您|你)(?:可|可以|应|需|如|若|于|在)|复查|逾期|行政复议|提起诉讼"
)
# "自3月1日起", "每年10月10日": since when or how often, not by when.
_SINCE: Final = re.compile(r"(?:自|从|每年|次年|逢)\s*$")
_PLANNED_FOR: Final = re.compile(r"(?:预计|计划|拟|将|争取|力争|[有可]望|目标)(?:于|在|到|至)?\s*$")
_YEAR_BEFORE: Final = re.compile(r"(20\d\d)\s*年\s*$")
_CLAUSE: Final = re.compile(r"[^。；！？\n;!?]+")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised deed.

    start, end: character span of the time in the text; clause_start, clause_end: of its clause.
    due: the last day of the promised time; None where neither text nor reply date gives a year.
    kind: "date" (a calendar time) or "term" (a span from the reply on).
    """

    start: int
    end: int
    clause_start: int
    clause_end: int
    due: date | None
    kind: str


def find_promises(reply: str, replied_on: date | None) -> list[Promise]:
    """Return the dated promises of a reply in their order.

    Args:
        reply: the official reply.
        replied_on: its day; without it, terms and dates without a year have no `due`.
    """
    found = []
    for clause in _CLAUSE.finditer(reply):
        text = clause.group()
        if not ACTION.search(text):
            continue
        for match, due, kind in _times(text, replied_on):
            if not _looks_ahead(text, match, due, replied_on, kind):
                continue
            found.append(
                Promise(
                    start=clause.start() + match.start(),
                    end=clause.start() + match.end(),
                    clause_start=clause.start(),
                    clause_end=clause.end(),
                    due=due,
                    kind=kind,
                )
            )
            break  # the first time of a clause is its promise; a second one bounds the same deed
    return found


def _times(text: str, replied_on: date | None) -> list[tuple[re.Match[str], date | None, str]]:
    times = [(m, _absolute_due(m, replied_on), "date") for m in _ABSOLUTE.finditer(text)]
    times += [(m, _term_due(m, replied_on), "term") for m in _SPAN.finditer(text)]
    # "今年国庆前": a year alone is the promised time only where nothing narrower stands there.
    times.sort(key=lambda time: (_bare_year(time[0]), time[0].start()))
    return times


def _looks_ahead(
    text: str, match: re.Match[str], due: date | None, replied_on: date | None, kind: str
) -> bool:
    # The signs must stand in the same comma clause as the time, or in the one after it.
    left = max(text.rfind(mark, 0, match.start()) for mark in "，,：:") + 1
    right = match.end()
    for _ in range(2):
        comma = min((p for p in (text.find(m, right + 1) for m in "，,") if p >= 0), default=-1)
        right = len(text) if comma < 0 else comma
    near = text[left:right]
    if _SINCE.search(text, left, match.start()):
        return False
    if kind == "date" and not _names_a_day_to_come(text, match, due, replied_on):
        return False
    # "8月31日前完成": a deed by a day to come looks ahead without a word for it.
    ahead = _AHEAD.search(near) or (
        match.group().endswith("前") and due and replied_on and due > replied_on
    )
    if not (ahead and ACTION.search(near)):
        return False
    before = text[left : match.end() + 8]
    return not (_PAST.search(before) or _GENERAL.search(near))


def _names_a_day_to_come(
    text: str, match: re.Match[str], due: date | None, replied_on: date | None
) -> bool:
    if _bare_year(match) and not _PLANNED_FOR.search(text, 0, match.start()):
        return False  # "listed in the works of 2019"
    if replied_on is None:
        return True
    if due is None or due < replied_on:
        return False
    year = _YEAR_BEFORE.search(text, 0, match.start()) if match["feast"] else None
    # The day before New Year's Day lies in the year before.
    return year is None or int(year[1]) in (due.year, due.year + 1)


def _bare_year(match: re.Match[str]) -> bool:
    found = match.groupdict()
    return bool(found.get("year2")) and not found["yearpart"]


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
    if "月" in text:
        return _month_day(today.year, today.month, None, None)
    if "周" in text:
        days = 6 - today.weekday() + (7 if text.startswith("下") else 0)
        return today + timedelta(days=days)
    return _part_of_year(today.year, text if text not in ("年底", "年内") else None)


def _term_due(match: re.Match[str], replied_on: date | None) -> date | None:
    if replied_on is None:
        return None
    if match["count"] == "半":
        return replied_on + timedelta(days=15)
    count, unit = _chinese(match["count"]), match["unit"]
    if unit == "工作日":
        return _after_working_days(replied_on, count)
    if unit in ("个月", "月"):
        months = replied_on.month - 1 + count
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
