"""Promises with a date: what an agency says it will have done, and by when.

A promise is a clause that looks ahead and names a time: "将于6月底前完成", "15个工作日内答复".
What a rule lays down, what the citizen must do and what is past are none (`due_times` has the times).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from gov_sentiment.scoring.checks.due_times import DueTime, find_times, names_a_time

_AHEAD: Final = re.compile(
    r"将|拟|方可|需要?(?=\d|[一二两三四五六七八九十])|计划|预计|力争|争取|确保|保证|承诺|限期|限时?|责令|要求|督促|届时|尽快|安排(?!了)|定于|(?:们|局|委|办|镇|司|会)会在|可望|有望|预期|待|按期|即可|务必|责成|目标|拟定"
)
ACTION: Final = re.compile(
    r"完成|完工|竣工|开工|动工|启动|实施|整改|拆除|修复|维修|改造|建成|投用|投入使用|通车|开通|交付|答复|回复|反馈|解决|办结|处理|到位|发放|支付|清理|搬迁|安装|施工|招标|落实|进场|出台|公布|验收|恢复|改正|清退|退还|移交|建设|供[水气电热]|更换|办理|开放|开学|招生|更新|上线|通水|通气|整治|铺设|施划|增设|补种|清运"
)
# Deeds by which a promise is known; those of ACTION also tell that it was kept.
_DEED: Final = re.compile(
    ACTION.pattern
    + r"|摊铺|铺砌|办好|核实|勘查|展示|显示|开展|注资|拨付|公开|清淤|检修|抢修|消除|打通|启用|运行|通行|结束|安排|登录|使用|恢复|办理|施行|召开|答应|上门|查看|供暖|完毕|调试|排查|检测|鉴定|评估|论证|编制|审批|批复|增加|开设|设立|建立|推出"
)
# The deed close behind the time, and no other time between them.
_DEED_BESIDE: Final = re.compile(rf"[^\d]{{0,12}}?(?:{ACTION.pattern})")
# A clause that tells what was done, what a rule lays down in general, or what the citizen must do.
_PAST: Final = re.compile(
    r"(?:^|[^未尚])已(?:于|经|在|完成|全部)|曾|于[^，。；]{2,16}(?:收到|受理|接到|召开|到达)|了(?=[，。；]|$)"
)
_GENERAL: Final = re.compile(
    r"《[^》]+》|第[一二三四五六七八九十百\d]+条|规定|应[当在于]|须[在于]|不得|有效期|申请人|用人单位|当事人|参保|凡是?|之日起|(?:您|你)(?:可|可以|应|需|如|若|于|在)|复查|逾期|合同约定|约定(?:交|完)|行政复议|提起诉讼"
)
# "自3月1日起", "每年10月10日": since when or how often, not by when.
_SINCE: Final = re.compile(
    r"(?:(?<![今然])后|工期(?:为|约|共)?|自|从|每年|次年|逢|同年|直至|截[至止]|(?:持续|延续|延长)[至到])(?:下一年|次年)?\s*$"
)
_PLANNED_FOR: Final = re.compile(
    r"(?:预计|计划|拟定?|将|争取|力争|[有可]望|目标|安排)(?:于|在|到|至|可|可在|可于)?\s*$"
)
_FINISHED: Final = re.compile(r"完毕|完结|到位了|好了")
_CLOCK: Final = re.compile(r"\s*(?:[上下]午)?\d{1,2}\s*(?:[:：时点])")
# "今年我们将改造", "明年年鉴会整改": a year alone, with its verb close behind.
_WILL: Final = re.compile(r"[^，,]{0,6}?[将会拟]")
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
        if not names_a_time(text) or not (_AHEAD.search(text) or ACTION.search(text)):
            continue
        first = clause.start()
        found += [
            Promise(first + time.start, first + time.end, *clause.span(), time.due, time.kind)
            for time in _promised_times(text, replied_on)
        ]
    return found


def _promised_times(text: str, replied_on: date | None) -> list[DueTime]:
    """Return the times of a sentence that promise, one for each part between commas."""
    chosen: dict[int, DueTime] = {}
    # "今年国庆前": a year alone is the promised time only where nothing narrower stands there.
    for time in find_times(text, replied_on):
        part = _part(text, time)
        if part[0] in chosen:
            continue
        if _looks_ahead(text, part, time, replied_on, after_another=bool(chosen)):
            chosen[part[0]] = time
    return [chosen[start] for start in sorted(chosen)]


def _part(text: str, time: DueTime) -> tuple[int, int]:
    """Return the span between the commas around a time."""
    left = max(text.rfind(mark, 0, time.start) for mark in "，,：:") + 1
    return left, _comma(text, time.end)


def _comma(text: str, start: int) -> int:
    found = [p for p in (text.find(mark, start) for mark in "，,") if p >= 0]
    return min(found, default=len(text))


def _looks_ahead(
    text: str,
    part: tuple[int, int],
    time: DueTime,
    replied_on: date | None,
    *,
    after_another: bool,
) -> bool:
    left, right = part
    own = text[left:right]
    if _SINCE.search(text, left, time.start) or _GENERAL.search(own):
        return False
    if _PAST.search(text[left : time.end + 8]):
        return False
    planned = _PLANNED_FOR.search(text, left, time.start) is not None
    if time.kind == "date" and not _may_come(text, time, replied_on, planned=planned):
        return False
    # The signs may stand in the part after the one with the time. "预计于6月15日 …": what is
    # planned for a time needs no known deed.
    near = text[left : _comma(text, right + 1)]
    if not (planned or _DEED.search(near)):
        return False
    if _AHEAD.search(near):
        return True
    # A deed by a day to come looks ahead without a word for it: "8月31日前完成", "2018年底完成",
    # "预计6月开工，12月完工", "三个工作日内答复"; not "两小时内处理完毕".
    if time.due is None or replied_on is None or time.due <= replied_on:
        return False
    if not (after_another or time.to_come) or _FINISHED.search(own):
        return False
    return _DEED_BESIDE.match(text, time.end, right) is not None


def _may_come(text: str, time: DueTime, replied_on: date | None, *, planned: bool) -> bool:
    """Return whether a calendar time may lie ahead of the reply."""
    if time.bare_year and not (planned or _WILL.match(text, time.end)):
        return False  # "listed in the works of 2019"
    if replied_on is None:
        return True
    if time.due is None or time.due < replied_on or (time.due == replied_on and not planned):
        return False
    if not planned and _CLOCK.match(text, time.end):
        return False  # the hour of a call or a visit
    year = _YEAR_BEFORE.search(text, 0, time.start) if time.feast else None
    # The day before New Year's Day lies in the year before.
    return year is None or int(year[1]) in (time.due.year, time.due.year + 1)
