"""Charts of a summary as SVG, drawn by Vega-Altair at build time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import vl_convert

from gov_sentiment.report.charts import agencies, course, flows
from gov_sentiment.report.charts.style import Chart, for_page, styled
from gov_sentiment.report.summary import Summary
from gov_sentiment.report.words import WORDS, pick

PAGE_WIDTH: Final = 880
PRINT_WIDTH: Final = 640

# The name is also the key of the chart's section in `words.WORDS`.
_CHARTS: Final[dict[str, Callable[[Summary, str, int], Chart | None]]] = {
    "tiers": agencies.caterpillar,
    "funnel": agencies.funnel,
    "waiting": course.waiting,
    "types": agencies.reply_types,
    "months": course.months,
    "topics": flows.topics,
    "referrals": flows.referrals,
}


def page_charts(summary: Summary, lang: str) -> dict[str, str]:
    """Return the page's charts, name → inline SVG; a chart without data is left out."""
    made = {}
    for name, spec in _specs(summary, lang, PAGE_WIDTH).items():
        svg: str = vl_convert.vegalite_to_svg(spec)
        made[name] = for_page(svg, pick(WORDS[name], lang), f"{name}-{lang}")
    return made


def figure_specs(summary: Summary, lang: str) -> dict[str, dict[str, Any]]:
    """Return the same charts as Vega-Lite specifications, narrow enough for a page of print."""
    return _specs(summary, lang, PRINT_WIDTH)


def _specs(summary: Summary, lang: str, width: int) -> dict[str, dict[str, Any]]:
    drawn = {name: draw(summary, lang, width) for name, draw in _CHARTS.items()}
    return {name: styled(chart) for name, chart in drawn.items() if chart is not None}
