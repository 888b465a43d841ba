"""A ranking on the terminal and as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gov_sentiment.cli.words import Language, clip, format_table, word

if TYPE_CHECKING:
    import pyarrow as pa

    from gov_sentiment.ranking import Ranking

_SHOWN = 10
_NAME_COLUMNS = 32


def show_ranking(ranking: Ranking, lang: Language, shown: int = _SHOWN) -> str:
    """Return the first and the last agencies with intervals and tiers, as lines of text."""
    rows = [row for row in ranking.table.to_pylist() if row["rank"] is not None]
    rows.sort(key=lambda row: (row["rank"], row["agency"]))
    if not rows:
        return word("too_few", lang)
    blocks = []
    if len(rows) <= 2 * shown:
        blocks.append(_block("rank", rows, lang))
    else:
        blocks.append(_block("top", rows[:shown], lang))
        blocks.append(_block("bottom", rows[-shown:], lang))
    blocks.append(word("tie", lang))
    return "\n\n".join(blocks)


def _block(title: str, rows: list[dict[str, Any]], lang: Language) -> str:
    keys = ("rank", "rank_interval", "tier", "agency", "n", "index", "interval", "response_rate")
    head = [word(key, lang) for key in (*keys, "quality")]
    lines = [
        [
            f"{row['rank']:g}",
            f"{row['rank_low']:g}–{row['rank_high']:g}",
            str(row["tier"] if row["tier"] is not None else ""),
            clip(row["agency"] or "", _NAME_COLUMNS),
            f"{row['n_exchanges']:,}",
            _number(row["index"], 1),
            f"{_number(row['index_low'], 1)}–{_number(row['index_high'], 1)}",
            _percent(row["response_rate"]),
            _number(row["quality"], 2),
        ]
        for row in rows
    ]
    return f"{word(title, lang)}\n{format_table(head, lines, left=(3,))}"


def _number(value: float | None, decimals: int) -> str:
    return "–" if value is None or value != value else f"{value:.{decimals}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None or value != value else f"{100 * value:.1f}%"


def write_ranking(ranking: Ranking, scored: pa.Table | None, path: Path, lang: Language) -> None:
    """Write a ranking as csv, json or parquet, or as the report's workbook for xlsx.

    csv and parquet hold the contract's columns; json and the workbook also the raw values
    beside the shrunk ones, and the methods.
    """
    from gov_sentiment.cli.outputs import plain, write_table
    from gov_sentiment.engines.files import whole_file

    suffix = path.suffix.lower()
    if suffix == ".xlsx" and scored is not None:
        from gov_sentiment.report import summarise, write_workbook

        with whole_file(path) as temporary:
            write_workbook(summarise(scored, ranking), temporary, lang=lang.value)
    elif suffix == ".json":
        rows = [
            {key: plain(value) for key, value in row.items()} for row in ranking.table.to_pylist()
        ]
        document = {
            "agencies": rows,
            "warnings": list(ranking.warnings),
            "methods": {each.value: ranking.methods(each.value) for each in Language},
        }
        with whole_file(path) as temporary:
            text = json.dumps(document, ensure_ascii=False, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
    else:
        kept = [name for name in ranking.table.column_names if not name.endswith("_raw")]
        write_table(ranking.table.select(kept), path)
