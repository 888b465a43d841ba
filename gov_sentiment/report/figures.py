"""Static figures for papers: SVG and PNG at print size."""

from __future__ import annotations

from pathlib import Path

import vl_convert

from gov_sentiment.report.charts import figure_specs
from gov_sentiment.report.summary import Summary

_PNG_PER_INCH = 300


def write_figures(summary: Summary, folder: str | Path, lang: str = "zh") -> list[Path]:
    """Write each chart as SVG and as PNG of 300 dots an inch; return the paths.

    Args:
        summary: what `summarise` returned.
        folder: made where it does not exist.
        lang: "zh" or "en".
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, spec in figure_specs(summary, lang).items():
        spec["background"] = "white"
        spec.get("config", {}).pop("background", None)
        svg, png = target / f"{name}.svg", target / f"{name}.png"
        svg.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
        dots = vl_convert.vegalite_to_png(spec, scale=_PNG_PER_INCH / 72, ppi=_PNG_PER_INCH)
        png.write_bytes(dots)
        written += [svg, png]
    return written
