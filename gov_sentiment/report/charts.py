"""Charts of a summary as SVG, drawn by Vega-Altair at build time.

An SVG needs no script, prints sharply and opens offline. Its inks are named by sentinel colours
that the page turns into CSS variables, so that the dark page has dark charts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import altair as alt
import vl_convert

from gov_sentiment.report.summary import Summary
from gov_sentiment.report.words import INTENTS, REPLY_TYPES, SENTIMENTS, WORDS, pick

INK: Final = "#1a1a19"
MUTED: Final = "#73736f"
LINE: Final = "#dcdcd8"
ACCENT: Final = "#1f5a96"
# Colour-blind safe (Okabe–Ito order), dark to light so that grey print still separates them.
TYPE_COLOURS: Final = {
    "resolved": "#1f5a96",
    "explained": "#56a0d3",
    "committed": "#9ccbb0",
    "referred": "#e6b35a",
    "perfunctory": "#c4532d",
}
SENTIMENT_COLOURS: Final = {"negative": "#c4532d", "neutral": "#b9b9b4", "positive": "#1f5a96"}
FONT: Final = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_WIDTH: Final = 720
_SHOWN_AGENCIES: Final = 40
_VARIABLES: Final = {INK: "var(--ink)", MUTED: "var(--muted)", LINE: "var(--line)"}
_SIZE: Final = re.compile(r'<svg([^>]*?) width="(\d+)" height="(\d+)"')

Chart = Any


def page_charts(summary: Summary, lang: str) -> dict[str, str]:
    """Return the page's charts, name → inline SVG; a chart without data is left out."""
    made = {}
    for name, draw in _CHARTS.items():
        chart = draw(summary, lang)
        if chart is not None:
            made[name] = _for_page(_svg(chart), name, lang)
    return made


def figure_specs(summary: Summary, lang: str) -> dict[str, dict[str, Any]]:
    """Return the same charts as Vega-Lite specifications, for figures at print size."""
    drawn = {name: draw(summary, lang) for name, draw in _CHARTS.items()}
    return {name: _styled(chart).to_dict() for name, chart in drawn.items() if chart is not None}


def _svg(chart: Chart) -> str:
    svg: str = vl_convert.vegalite_to_svg(_styled(chart).to_dict())
    return svg


def _styled(chart: Chart) -> Chart:
    return (
        chart.configure(font=FONT, background="transparent", padding=6)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            labelLimit=190,
        )
        .configure_legend(labelColor=INK, titleColor=MUTED, orient="top", labelFontSize=12)
        .configure_header(labelColor=INK)
    )


def _for_page(svg: str, name: str, lang: str) -> str:
    """Scale with the page, follow its colours, and say in words what the picture is of."""
    label = pick(WORDS[_TITLES[name]], lang)
    svg = _SIZE.sub(
        rf'<svg\1 role="img" aria-label="{label}" preserveAspectRatio="xMidYMin meet" '
        r'style="width:100%;max-width:\2px;height:auto"',
        svg,
        count=1,
    )
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    # Ids would repeat between charts of one page.
    return re.sub(r'(id="|url\(#)(?=[a-z])', rf"\1{name}-{lang}-", svg)


def _data(rows: Iterable[dict[str, Any]]) -> Any:
    return alt.Data(values=list(rows))


def _caterpillar(summary: Summary, lang: str) -> Chart | None:
    ranked = [row for row in summary.ranking if row["rank"] is not None]
    if len(ranked) < 2:
        return None
    if len(ranked) > _SHOWN_AGENCIES:
        half = _SHOWN_AGENCIES // 2
        ranked = ranked[:half] + ranked[-half:]
    values = [
        {
            "agency": row["agency"],
            "index": row["index"],
            "low": row["index_low"],
            "high": row["index_high"],
            "tier": str(row["tier"]),
        }
        for row in ranked
    ]
    order = [value["agency"] for value in values]
    title = {"zh": "指数（0–100）与 95% 区间", "en": "index (0–100) and 95 % interval"}[lang]
    y = alt.Y("agency:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False))
    base = alt.Chart(_data(values))
    colour = alt.Color(
        "tier:N",
        title=pick(("档", "tier"), lang),
        scale=alt.Scale(scheme="tableau10"),
        legend=alt.Legend(title=pick(("档", "tier"), lang)) if _n_tiers(values) <= 10 else None,
    )
    bars = base.mark_rule(strokeWidth=2).encode(
        y=y, x=alt.X("low:Q", title=title, scale=alt.Scale(zero=False)), x2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=46, opacity=1).encode(y=y, x="index:Q", color=colour)
    return (bars + points).properties(width=_WIDTH - 200, height=alt.Step(17))


def _n_tiers(values: list[dict[str, Any]]) -> int:
    return len({value["tier"] for value in values})


def _funnel(summary: Summary, lang: str) -> Chart | None:
    if not summary.funnel:
        return None
    points = [
        {"n": row["substantive_share_n"], "share": row["substantive_share_raw"]}
        for row in summary.ranking
        if row.get("substantive_share_raw") is not None and row.get("substantive_share_n")
    ]
    x = alt.X(
        "n:Q",
        title=pick(("答复件数（对数）", "replies (log scale)"), lang),
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(grid=False),
    )
    y_title = pick(("实质回应占比", "substantive share"), lang)
    y = alt.Y("share:Q", title=y_title, axis=alt.Axis(format="%"))
    dots = alt.Chart(_data(points)).mark_circle(size=26, opacity=0.55, color=ACCENT)
    layers = [dots.encode(x=x, y=y)]
    limits = alt.Chart(_data(dict(row) for row in summary.funnel))
    for name, dash in (("95", [1, 0]), ("998", [4, 3])):
        for side in ("low", "high"):
            line = limits.mark_line(color=MUTED, strokeWidth=1, strokeDash=dash)
            layers.append(line.encode(x="n:Q", y=f"{side}{name}:Q"))
    layers.append(limits.mark_line(color=INK, strokeWidth=1).encode(x="n:Q", y="mean:Q"))
    return alt.layer(*layers).properties(width=_WIDTH - 80, height=300)


def _waiting(summary: Summary, lang: str) -> Chart | None:
    if not summary.curves:
        return None
    longest = max((c.days[-1] for c in summary.curves if c.days), default=0.0)
    limit = min(longest, 90.0)
    values = []
    for curve in summary.curves:
        name = curve.name or pick(("全部", "all"), lang)
        values.append({"name": name, "days": 0.0, "share": 1.0})
        values += [
            {"name": name, "days": day, "share": share}
            for day, share in zip(curve.days, curve.unanswered, strict=True)
            if day <= limit
        ]
    return (
        alt.Chart(_data(values))
        .mark_line(interpolate="step-after", strokeWidth=1.6)
        .encode(
            x=alt.X("days:Q", title=pick(("留言后的天数", "days after the post"), lang)),
            y=alt.Y(
                "share:Q",
                title=pick(("尚未答复的比例", "share still unanswered"), lang),
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color("name:N", title=None, sort=None, legend=alt.Legend(columns=3)),
        )
        .properties(width=_WIDTH - 80, height=260)
    )


def _types(summary: Summary, lang: str) -> Chart | None:
    rows = [row for row in summary.ranking if row["agency"] in summary.profiles][:_SHOWN_AGENCIES]
    values = []
    order = []
    for row in rows:
        counts = summary.profiles[row["agency"]].reply_types
        if not counts:
            continue
        order.append(row["agency"])
        values += [
            {"agency": row["agency"], "type": pick(REPLY_TYPES[k], lang), "n": n, "o": o}
            for o, (k, n) in enumerate(counts.items())
        ]
    if not values:
        return None
    names = [pick(REPLY_TYPES[key], lang) for key in TYPE_COLOURS]
    return (
        alt.Chart(_data(values))
        .mark_bar(height=11)
        .encode(
            y=alt.Y("agency:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False)),
            x=alt.X(
                "n:Q",
                stack="normalize",
                title=pick(("占答复的比例", "share of replies"), lang),
                axis=alt.Axis(format="%"),
            ),
            color=alt.Color(
                "type:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=list(TYPE_COLOURS.values())),
            ),
            order=alt.Order("o:Q"),
        )
        .properties(width=_WIDTH - 200, height=alt.Step(17))
    )


def _months(summary: Summary, lang: str) -> Chart | None:
    if len(summary.months) < 2:
        return None
    sentiments = _stacked(
        [
            {
                "month": row["month"],
                "name": pick(SENTIMENTS[key], lang),
                "n": n,
            }
            for row in summary.months
            for key, n in (
                ("negative", row["n_negative"]),
                ("neutral", row["n"] - row["n_negative"] - row["n_positive"]),
                ("positive", row["n_positive"]),
            )
        ],
        [pick(SENTIMENTS[key], lang) for key in SENTIMENT_COLOURS],
        list(SENTIMENT_COLOURS.values()),
        pick(("件数，按情感", "posts by sentiment"), lang),
    )
    intents = _stacked(
        [
            {"month": row["month"], "name": pick(INTENTS[key], lang), "n": row[f"n_{key}"]}
            for row in summary.months
            for key in INTENTS
        ],
        [pick(INTENTS[key], lang) for key in INTENTS],
        ["#c4532d", "#e6b35a", "#56a0d3", "#9ccbb0", "#1f5a96"],
        pick(("件数，按意图", "posts by intent"), lang),
    )
    return alt.vconcat(sentiments, intents, spacing=10).resolve_scale(color="independent")


def _stacked(rows: list[dict[str, Any]], names: list[str], colours: list[str], title: str) -> Chart:
    return (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            y=alt.Y("n:Q", title=title),
            color=alt.Color(
                "name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=colours)
            ),
        )
        .properties(width=_WIDTH - 80, height=150)
    )


def _topics(summary: Summary, lang: str) -> Chart | None:
    if len(summary.categories) < 2:
        return None
    rows = [dict(row) for row in summary.categories[:20]]
    return (
        alt.Chart(_data(rows))
        .mark_bar(color=ACCENT, height=11)
        .encode(
            y=alt.Y(
                "category:N",
                sort=[row["category"] for row in rows],
                title=None,
                axis=alt.Axis(grid=False, ticks=False),
            ),
            x=alt.X("n:Q", title=pick(("件数", "exchanges"), lang)),
            opacity=alt.Opacity(
                "negative_share:Q",
                title=pick(("负面占比", "negative share"), lang),
                legend=alt.Legend(format="%"),
            ),
        )
        .properties(width=_WIDTH - 200, height=alt.Step(17))
    )


_CHARTS: Final[dict[str, Callable[[Summary, str], Chart | None]]] = {
    "caterpillar": _caterpillar,
    "funnel": _funnel,
    "waiting": _waiting,
    "types": _types,
    "months": _months,
    "topics": _topics,
}
_TITLES: Final = {
    "caterpillar": "tiers",
    "funnel": "funnel",
    "waiting": "waiting",
    "types": "types",
    "months": "months",
    "topics": "topics",
}
