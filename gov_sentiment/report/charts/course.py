"""Charts over time: waiting, and posts month by month."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from gov_sentiment.report.charts.style import (
    ACCENT,
    INTENT_COLOURS,
    LINE_COLOURS,
    SENTIMENT_COLOURS,
    Chart,
    data,
)
from gov_sentiment.report.summary import Row, Summary
from gov_sentiment.report.words import INTENTS, SENTIMENTS, pick

_LONGEST: Final = 90.0  # days drawn


def waiting(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw the share still unanswered by day; the whole archive with its 95 % band."""
    if not summary.curves:
        return None
    longest = max((curve.days[-1] for curve in summary.curves if curve.days), default=0.0)
    limit = min(longest, _LONGEST)
    values = []
    for curve in summary.curves:
        name = curve.name or pick(("全部", "all"), lang)
        label = f"{name} (n = {curve.n:,})"
        band = {"low": 1.0, "high": 1.0} if not curve.name else {}
        values.append({"name": label, "days": 0.0, "share": 1.0, **band})
        steps = zip(curve.days, curve.unanswered, curve.low, curve.high, strict=True)
        for day, share, low, high in steps:
            if day <= limit:
                band = {"low": low, "high": high} if not curve.name else {}
                values.append({"name": label, "days": day, "share": share, **band})
    names = list(dict.fromkeys(value["name"] for value in values))
    base = alt.Chart(data(values))
    x = alt.X("days:Q", title=pick(("留言后的天数", "days after the post"), lang))
    title = pick(("尚未答复的比例", "share still unanswered"), lang)
    y = alt.Y("share:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    colour = alt.Color(
        "name:N",
        title=None,
        sort=None,
        scale=alt.Scale(domain=names, range=list(LINE_COLOURS[: len(names)])),
        legend=alt.Legend(columns=2, symbolStrokeWidth=3),
    )
    lines = base.mark_line(interpolate="step-after", strokeWidth=1.8).encode(x=x, y=y, color=colour)
    band = base.transform_filter("isValid(datum.low)").mark_area(
        interpolate="step-after", opacity=0.2, color=ACCENT
    )
    return (band.encode(x=x, y="low:Q", y2="high:Q") + lines).properties(
        width=width - 80, height=320
    )


def months(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw posts by sentiment and by intent, and the answers' mean quality."""
    if len(summary.months) < 2:
        return None
    sentiments = [
        {"month": row["month"], "name": pick(SENTIMENTS[key], lang), "n": n}
        for row in summary.months
        for key, n in _sentiments(row)
    ]
    intents = [
        {"month": row["month"], "name": pick(INTENTS[key], lang), "n": row[f"n_{key}"]}
        for row in summary.months
        for key in INTENTS
    ]
    charts = [
        _stacked(
            sentiments,
            [pick(SENTIMENTS[key], lang) for key in SENTIMENT_COLOURS],
            list(SENTIMENT_COLOURS.values()),
            pick(("留言件数，按情感", "posts by sentiment"), lang),
            width,
        ),
        _stacked(
            intents,
            [pick(INTENTS[key], lang) for key in INTENTS],
            list(INTENT_COLOURS),
            pick(("留言件数，按意图", "posts by intent"), lang),
            width,
        ),
    ]
    return alt.vconcat(*charts, spacing=14).resolve_scale(color="independent")


def _sentiments(row: Row) -> tuple[tuple[str, int], ...]:
    neutral = row["n"] - row["n_negative"] - row["n_positive"]
    return ("negative", row["n_negative"]), ("neutral", neutral), ("positive", row["n_positive"])


def _stacked(
    rows: list[dict[str, Any]], names: list[str], colours: list[str], title: str, width: int
) -> Chart:
    axis = alt.Axis(format="%Y-%m", labelAngle=0, labelOverlap=True, grid=False)
    return (
        alt.Chart(data(rows))
        .mark_bar()
        .encode(
            x=alt.X("month:T", timeUnit="yearmonth", title=None, axis=axis),
            y=alt.Y("n:Q", title=title),
            color=alt.Color(
                "name:N", title=None, sort=names, scale=alt.Scale(domain=names, range=colours)
            ),
        )
        .properties(width=width - 80, height=170)
    )
