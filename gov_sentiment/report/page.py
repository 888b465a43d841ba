"""Summary → one self-contained HTML page. Nothing is computed here or in the template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gov_sentiment.report.charts import page_charts
from gov_sentiment.report.narrative import findings
from gov_sentiment.report.summary import Summary, to_plain
from gov_sentiment.report.words import (
    COLUMNS,
    FLAGS,
    INTENTS,
    REPLY_TYPES,
    SENTIMENTS,
    WORDS,
)

_FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")
# The page shows these columns of the ranking; the workbook and the JSON have them all.
SHOWN_COLUMNS: Final = (
    "rank",
    "tier",
    "agency",
    "n_exchanges",
    "index",
    "response_rate",
    "median_days",
    "quality",
    "substantive_share",
    "boilerplate_share",
    "mismatch_share",
    "negative_share",
    "satisfaction",
)


def write_page(summary: Summary, path: str | Path, lang: str = "zh") -> None:
    """Write the report as one HTML file that needs no network.

    Args:
        summary: what `summarise` returned.
        path: the file to write.
        lang: the language that the page opens in; it holds both.
    """
    Path(path).write_text(render_page(summary, lang), encoding="utf-8")


def render_page(summary: Summary, lang: str = "zh") -> str:
    """Return the page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    charts = {each: page_charts(summary, each) for each in LANGUAGES}
    return environment.get_template("page.html.j2").render(
        lang=lang,
        languages=LANGUAGES,
        summary=summary,
        words=WORDS,
        columns=COLUMNS,
        shown_columns=_present(summary),
        names={"type": REPLY_TYPES, "flag": FLAGS, "intent": INTENTS, "sentiment": SENTIMENTS},
        charts={n: {each: Markup(charts[each][n]) for each in LANGUAGES} for n in charts["zh"]},
        findings=findings(summary),
        css=Markup(_asset("page.css")),
        script=Markup(_asset("page.js")),
        data=Markup(script_json(_embedded(summary))),
    )


def _present(summary: Summary) -> list[str]:
    """Return the columns of which at least one agency has a value."""
    always = ("rank", "tier", "agency", "n_exchanges", "index")
    return [
        name
        for name in SHOWN_COLUMNS
        if name in always or any(row.get(name) is not None for row in summary.ranking)
    ]


def _embedded(summary: Summary) -> dict[str, Any]:
    """Return what the page's script shows: the tables that are sorted, searched and paged."""
    plain = to_plain(summary)
    kept = ("ranking", "profiles", "clusters", "mismatches", "promises", "referrals", "min_n")
    data = {name: plain[name] for name in kept}
    data["words"] = {
        "type": REPLY_TYPES,
        "flag": FLAGS,
        "intent": INTENTS,
        "sentiment": SENTIMENTS,
        "column": COLUMNS,
    }
    data["columns"] = _present(summary)
    wanted = {*SHOWN_COLUMNS, "rank_low", "rank_high", "index_low", "index_high", "note"}
    wanted |= {"peer_group", "n_replied", "n_pending"}
    data["ranking"] = [
        {k: v for k, v in row.items() if k in wanted and v is not None} for row in plain["ranking"]
    ]
    return data


def script_json(value: Any) -> str:
    """Return json that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _asset(name: str) -> str:
    return (_FOLDER / "assets" / name).read_text(encoding="utf-8")
