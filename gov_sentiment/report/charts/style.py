"""How charts look, on the page and in print.

An SVG needs no script, prints sharply and opens offline. Its inks are named by sentinel colours
that the page turns into CSS variables, so that the dark page has dark charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import altair as alt

INK: Final = "#1a1a19"
MUTED: Final = "#5f5f5b"
LINE: Final = "#dcdcd8"
ACCENT: Final = "#1f5a96"
WARM: Final = "#c4532d"
# Colour-blind safe and ordered from dark to light, so that grey print still separates them.
TYPE_COLOURS: Final = {
    "resolved": ACCENT,
    "explained": "#56a0d3",
    "committed": "#9ccbb0",
    "referred": "#e6b35a",
    "perfunctory": WARM,
}
SENTIMENT_COLOURS: Final = {"negative": WARM, "neutral": "#b9b9b4", "positive": ACCENT}
INTENT_COLOURS: Final = (WARM, "#e6b35a", "#56a0d3", "#9ccbb0", ACCENT)
# Okabe and Ito's colours, for lines that have no order.
LINE_COLOURS: Final = (INK, "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
FONT: Final = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
NAMES: Final = 210  # pixels kept for agencies' names
_VARIABLES: Final = {INK: "var(--ink)", MUTED: "var(--muted)", LINE: "var(--line)"}
_SIZE: Final = re.compile(r'<svg([^>]*?) width="(\d+)" height="(\d+)"')

_ROLES: Final = re.compile(
    r' role="graphics-[a-z]+"| aria-roledescription="[^"]*"| aria-hidden="true"'
)

Chart = Any


def styled(chart: Chart) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in the report's look."""
    chart = (
        # Marks' own labels would double the page; the table below each chart has the values.
        chart.configure(font=FONT, background="transparent", padding=4, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelLimit=NAMES - 10,
        )
        .configure_legend(
            labelColor=INK, titleColor=MUTED, orient="top", labelFontSize=12, labelLimit=260
        )
        .configure_text(font=FONT)
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


def for_page(svg: str, label: str, key: str) -> str:
    """Return an SVG that scales with the page, follows its colours and has a name.

    Args:
        svg: as Vega drew it.
        label: what the picture is of, for screen readers.
        key: unique on the page; ids would repeat between charts.
    """
    svg = _SIZE.sub(
        rf'<svg\1 role="img" aria-label="{label}" preserveAspectRatio="xMidYMin meet" '
        r'style="width:100%;max-width:\2px;height:auto"',
        svg,
        count=1,
    )
    # The picture is one image with one name: roles of its marks would say "symbol mark container".
    svg = _ROLES.sub("", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    return re.sub(r'(id="|url\(#)(?=[a-z])', rf"\1{key}-", svg)


def data(rows: Iterable[dict[str, Any]]) -> Any:
    """Return rows as a chart's data."""
    return alt.Data(values=list(rows))


def name_axis(field: str, order: list[str]) -> Any:
    """Return a vertical axis of names in a given order."""
    return alt.Y(f"{field}:N", sort=order, title=None, axis=alt.Axis(grid=False, ticks=False))
