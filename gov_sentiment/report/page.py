"""Summary → one self-contained HTML page. Nothing is computed here or in the template."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from gov_sentiment.report.charts import page_charts
from gov_sentiment.report.html import LANGUAGES, render
from gov_sentiment.report.summary import Summary, to_plain
from gov_sentiment.report.tables import MEASURES, table_columns
from gov_sentiment.report.words import (
    COLUMNS,
    DEAD_ENDS,
    FLAG_MEANINGS,
    FLAGS,
    INTENTS,
    PROMISE_STATES,
    REFERRAL_KINDS,
    REPLY_TYPES,
    SENTIMENTS,
    WORDS,
)

_SCRIPTS: Final = ("settings.js", "tables.js", "profile.js")


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
    charts = {each: page_charts(summary, each) for each in LANGUAGES}
    return render(
        "page.html.j2",
        lang,
        scripts=_SCRIPTS,
        data=_embedded(summary),
        summary=to_plain(summary),
        words=WORDS,
        flag_names=FLAGS,
        flag_meanings=FLAG_MEANINGS,
        charts={n: {each: Markup(charts[each][n]) for each in LANGUAGES} for n in charts["zh"]},
    )


def _embedded(summary: Summary) -> dict[str, Any]:
    """Return what the page's scripts show: tables that are sorted, searched and paged; profiles."""
    plain = to_plain(summary)
    columns = table_columns(summary)
    wanted = {name for name, _ in MEASURES} | {column["name"] for column in columns["ranking"]}
    wanted |= {f"{name}_{end}" for name in wanted for end in ("low", "high")}
    wanted |= {f"{name}_n" for name, _ in MEASURES}
    wanted |= {"note", "peer_group", "n_replied", "n_pending"}
    rows = {name: plain[name] for name in columns}
    rows["ranking"] = [
        {k: v for k, v in row.items() if k in wanted and v is not None} for row in plain["ranking"]
    ]
    return {
        "columns": columns,
        "rows": rows,
        "profiles": plain["profiles"],
        "measures": [[name, form, COLUMNS[name]] for name, form in MEASURES],
        "words": {
            "type": REPLY_TYPES,
            "flag": FLAGS,
            "intent": INTENTS,
            "sentiment": SENTIMENTS,
            "kind": {**REFERRAL_KINDS, **DEAD_ENDS, **PROMISE_STATES},
        },
    }
