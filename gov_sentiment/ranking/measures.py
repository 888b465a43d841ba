"""The measures: what each is called, counted from, and how it becomes a score from 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gov_sentiment.exchange import DIMENSIONS, PROCEDURAL, SUBSTANTIVE, SYMBOLIC


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an agency.

    Attributes:
        name: column of the ranking.
        zh: the name for people, in Chinese.
        en: the same in English.
        low: the smallest possible value.
        high: the largest one.
        better: "high" or "low", whichever is good for the citizen.
    """

    name: str
    zh: str
    en: str
    low: float = 0.0
    high: float = 1.0
    better: str = "high"

    def slope(self) -> float:
        """Return points of the index (0 to 100) for one unit of the measure."""
        points = 100.0 / (self.high - self.low)
        return points if self.better == "high" else -points

    def offset(self) -> float:
        """Return the points at a value of zero."""
        return -self.slope() * (self.low if self.better == "high" else self.high)


# share → (target of the classifier, the classes that count)
CLASS_SHARES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "substantive_share": ("reply_type", SUBSTANTIVE),
    "procedural_share": ("reply_type", PROCEDURAL),
    "symbolic_share": ("reply_type", SYMBOLIC),
    "resolved_share": ("reply_type", ("resolved",)),
    "negative_share": ("sentiment", ("negative",)),
}
FLAG_SHARES: Final[Mapping[str, str]] = {
    "boilerplate_share": "boilerplate",
    "mismatch_share": "mismatch",
    "hollow_share": "hollow_promise",
}
MEANS: Final = ("quality", *DIMENSIONS, "satisfaction", "responsiveness")

_ALL = (
    Measure("response_rate", "回应率", "response rate"),
    Measure("on_time_rate", "按时回应率", "on-time rate"),
    Measure("substantive_share", "实质回应占比", "substantive share"),
    Measure("procedural_share", "程序性回应占比", "procedural share", better="low"),
    Measure("symbolic_share", "象征性回应占比", "symbolic share", better="low"),
    Measure("resolved_share", "办结占比", "resolved share"),
    Measure("boilerplate_share", "雷同回复占比", "boilerplate share", better="low"),
    Measure("mismatch_share", "答非所问占比", "mismatch share", better="low"),
    Measure("hollow_share", "空泛承诺占比", "hollow-promise share", better="low"),
    Measure("negative_share", "负面诉求占比", "share of negative posts", better="low"),
    Measure("quality", "回复质量", "reply quality", 1.0, 5.0),
    Measure("relevance", "相关性", "relevance", 0.0, 2.0),
    Measure("completeness", "完整性", "completeness", 0.0, 2.0),
    Measure("explanation", "可解释性", "explanation", 0.0, 2.0),
    Measure("actionability", "可操作性", "actionability", 0.0, 2.0),
    Measure("courtesy", "礼貌与共情", "courtesy", 0.0, 2.0),
    Measure("satisfaction", "群众满意度", "citizens' satisfaction"),
    Measure("responsiveness", "单件回应得分", "responsiveness of exchanges", 0.0, 100.0),
    Measure("rmst_days", "限期内平均等待天数", "restricted mean waiting days", 0.0, 60.0, "low"),
    Measure("closed_rate", "办结率", "closed rate"),
    Measure("spread", "传播力", "spread", 0.0, 100.0),
    Measure("service", "服务力", "service", 0.0, 100.0),
    Measure("interaction", "互动力", "interaction", 0.0, 100.0),
)
MEASURES: Final[Mapping[str, Measure]] = {measure.name: measure for measure in _ALL}

# A tally of exchanges never holds these; they come from published tables.
PUBLISHED: Final = ("closed_rate", "spread", "service", "interaction")
