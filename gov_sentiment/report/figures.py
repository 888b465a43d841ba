"""Static figures for papers: SVG and PNG at print size."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import vl_convert

from gov_sentiment.report.charts import figure_specs
from gov_sentiment.report.summary import Summary

_DOTS_PER_INCH: Final = 300
_WIDTH_MM: Final = 165  # the text width of an A4 page
_SIZE: Final = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def write_figures(summary: Summary, folder: str | Path, lang: str = "zh") -> list[Path]:
    """Write each chart, 165 mm wide, as SVG and as PNG of 300 dots an inch; return the paths.

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
        spec["config"].pop("background")
        drawing: str = vl_convert.vegalite_to_svg(spec)
        found = _SIZE.search(drawing)
        assert found is not None, "Vega's SVG states its size"
        width, height = float(found[1]), float(found[2])
        size = f'width="{_WIDTH_MM}mm" height="{_WIDTH_MM * height / width:.1f}mm"'
        svg, png = target / f"{name}.svg", target / f"{name}.png"
        svg.write_text(_SIZE.sub(size, drawing, count=1), encoding="utf-8")
        scale = _WIDTH_MM / 25.4 * _DOTS_PER_INCH / width
        png.write_bytes(vl_convert.vegalite_to_png(spec, scale=scale, ppi=_DOTS_PER_INCH))
        written += [svg, png]
    return written
