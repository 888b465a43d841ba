"""Charts that compare agencies: intervals by tier, the funnel, reply types."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from gov_sentiment.report.charts.style import (
    ACCENT,
    INK,
    MUTED,
    NAMES,
    TYPE_COLOURS,
    WARM,
    Chart,
    data,
    name_axis,
)
from gov_sentiment.report.summary import Row, Summary
from gov_sentiment.report.words import REPLY_TYPES, pick

SHOWN_AGENCIES: Final = 40
_NAMED_OUTLIERS: Final = 8


def shown_ranked(summary: Summary) -> list[Row]:
    """Return the ranked agencies that are drawn: of many, the first and the last ones."""
    ranked = [row for row in summary.ranking if row["rank"] is not None]
    if len(ranked) > SHOWN_AGENCIES:
        half = SHOWN_AGENCIES // 2
        ranked = ranked[:half] + ranked[-half:]
    return ranked


def caterpillar(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw indexes with intervals; neighbouring tiers have different colours."""
    ranked = shown_ranked(summary)
    if len(ranked) < 2:
        return None
    values = [
        {
            "agency": row["agency"],
            "index": row["index"],
            "low": row["index_low"],
            "high": row["index_high"],
            "odd": row["tier"] % 2,
            "tier": pick((f"第 {row['tier']} 档", f"tier {row['tier']}"), lang)
            if place == 0 or ranked[place - 1]["tier"] != row["tier"]
            else "",
        }
        for place, row in enumerate(ranked)
    ]
    title = pick(("指数（0–100）与 95% 区间", "index (0–100) and 95% interval"), lang)
    base = alt.Chart(data(values))
    y = name_axis("agency", [value["agency"] for value in values])
    colour = alt.condition("datum.odd == 1", alt.value(ACCENT), alt.value(WARM))
    x = alt.X("low:Q", title=title, scale=alt.Scale(zero=False))
    bars = base.mark_rule(strokeWidth=2).encode(y=y, x=x, x2="high:Q", color=colour)
    points = base.mark_point(filled=True, size=50, opacity=1).encode(y=y, x="index:Q", color=colour)
    tiers = base.mark_text(align="left", dx=10, fontSize=12).encode(
        y=y, x="high:Q", text="tier:N", color=alt.value(INK)
    )
    return (bars + points + tiers).properties(width=width - NAMES - 60, height=alt.Step(19))


def funnel(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw raw shares by size between their control limits; name the worst outliers."""
    if not summary.funnel:
        return None
    x = alt.X(
        "n:Q",
        title=pick(("答复件数（对数刻度）", "replies (log scale)"), lang),
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(grid=False, tickCount=8, format="~s"),
    )
    y_title = pick(("实质回应占比（未收缩）", "substantive share (raw)"), lang)
    y = alt.Y("share:Q", title=y_title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(data(_named_points(summary)))
    colour = alt.condition("datum.out", alt.value(WARM), alt.value(ACCENT))
    layers = [base.mark_circle(size=34, opacity=0.6).encode(x=x, y=y, color=colour)]
    limits = alt.Chart(data(dict(row) for row in summary.funnel))
    for name, dash in (("95", [1, 0]), ("998", [5, 3])):
        for side in ("low", "high"):
            line = limits.mark_line(color=MUTED, strokeWidth=1, strokeDash=dash)
            layers.append(line.encode(x="n:Q", y=f"{side}{name}:Q"))
    layers.append(limits.mark_line(color=INK, strokeWidth=1).encode(x="n:Q", y="mean:Q"))
    text = base.mark_text(align="right", dx=-7, fontSize=11).transform_filter("datum.name != ''")
    layers.append(text.encode(x=x, y=y, text="name:N", color=alt.value(INK)))
    return alt.layer(*layers).properties(width=width - 80, height=340)


def _named_points(summary: Summary) -> list[dict[str, Any]]:
    """Return the points, with a name where most replies lack substance beyond chance."""
    low = sorted(
        (p for p in summary.funnel_points if p["out"] and p["agency"]),
        key=lambda p: -p["n"] * (1 - p["share"]),
    )
    named = {p["agency"] for p in low[:_NAMED_OUTLIERS]}
    return [
        {**p, "name": p["agency"] if p["agency"] in named else ""} for p in summary.funnel_points
    ]


def reply_types(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw the shares of reply types, agencies in the ranking's order."""
    rows = shown_ranked(summary) or list(summary.ranking[:SHOWN_AGENCIES])
    profiles = [summary.profiles.get(row["agency"] or "") for row in rows]
    known = [profile for profile in profiles if profile is not None and profile.reply_types]
    values = [
        {"agency": p.agency, "type": pick(REPLY_TYPES[key], lang), "n": n, "place": place}
        for p in known
        for place, (key, n) in enumerate((k, p.reply_types.get(k, 0)) for k in TYPE_COLOURS)
    ]
    if not values:
        return None
    names = [pick(REPLY_TYPES[key], lang) for key in TYPE_COLOURS]
    title = pick(("占答复的比例", "share of replies"), lang)
    return (
        alt.Chart(data(values))
        .mark_bar(height=13)
        .encode(
            y=name_axis("agency", [p.agency for p in known]),
            x=alt.X("n:Q", stack="normalize", title=title, axis=alt.Axis(format="%")),
            color=alt.Color(
                "type:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=list(TYPE_COLOURS.values())),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=width - NAMES - 20, height=alt.Step(19))
    )
