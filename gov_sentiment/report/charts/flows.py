"""Charts of what posts are about and where citizens are sent."""

from __future__ import annotations

from typing import Final

import altair as alt

from gov_sentiment.report.charts.style import (
    INK,
    MUTED,
    NAMES,
    SENTIMENT_COLOURS,
    WARM,
    Chart,
    data,
    name_axis,
)
from gov_sentiment.report.summary import Summary
from gov_sentiment.report.words import SENTIMENTS, pick

_SHOWN_EDGES: Final = 24
_SHOWN_TOPICS: Final = 20


def topics(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw the commonest categories, stacked by sentiment."""
    if len(summary.categories) < 2:
        return None
    rows = summary.categories[:_SHOWN_TOPICS]
    names = [pick(SENTIMENTS[key], lang) for key in SENTIMENT_COLOURS]
    values = [
        {"category": row["category"], "name": name, "n": n, "place": place}
        for row in rows
        for place, (name, n) in enumerate(
            zip(
                names,
                (
                    row["n_negative"],
                    row["n"] - row["n_negative"] - row["n_positive"],
                    row["n_positive"],
                ),
                strict=True,
            )
        )
    ]
    colours = alt.Scale(domain=names, range=list(SENTIMENT_COLOURS.values()))
    return (
        alt.Chart(data(values))
        .mark_bar(height=13)
        .encode(
            y=name_axis("category", [row["category"] for row in rows]),
            x=alt.X("n:Q", title=pick(("留言件数", "posts"), lang)),
            color=alt.Color("name:N", title=None, sort=names, scale=colours),
            order=alt.Order("place:Q"),
        )
        .properties(width=width - NAMES - 20, height=alt.Step(19))
    )


def referrals(summary: Summary, lang: str, width: int) -> Chart | None:
    """Draw the heaviest edges from who refers (left) to where (right); both ways in a warm red."""
    edges = summary.referrals[:_SHOWN_EDGES]
    if len(edges) < 2:
        return None
    sources = list(dict.fromkeys(edge["source"] for edge in edges))
    targets = list(dict.fromkeys(edge["target"] for edge in edges))
    tall = max(len(sources), len(targets))
    left = {name: (i + 0.5) * tall / len(sources) for i, name in enumerate(sources)}
    right = {name: (i + 0.5) * tall / len(targets) for i, name in enumerate(targets)}
    lines = [
        {
            "x": 0,
            "y": left[e["source"]],
            "x2": 1,
            "y2": right[e["target"]],
            "n": e["n"],
            "back": bool(e["ping_pong"]),
        }
        for e in edges
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[tall, 0], nice=False))
    rules = (
        alt.Chart(data(lines))
        .mark_rule(opacity=0.7)
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            color=alt.condition("datum.back", alt.value(WARM), alt.value(MUTED)),
            strokeWidth=alt.StrokeWidth(
                "n:Q",
                title=pick(("件数", "replies"), lang),
                scale=alt.Scale(range=[1, 9]),
                legend=alt.Legend(format="d", tickCount=3),
            ),
        )
    )
    layers = [rules]
    for names, place, align, shift in ((left, 0, "right", -8), (right, 1, "left", 8)):
        rows = [{"name": name, "x": place, "y": at} for name, at in names.items()]
        text = alt.Chart(data(rows)).mark_text(align=align, dx=shift, fontSize=12, limit=NAMES)
        layers.append(text.encode(x=x, y=y, text="name:N", color=alt.value(INK)))
    return alt.layer(*layers).properties(
        width=max(width - 2 * NAMES - 30, 120), height=max(120, 22 * tall)
    )
