"""A ranking on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gov_sentiment.cli.words import Language, clip, format_table, word

if TYPE_CHECKING:
    from gov_sentiment.ranking import Ranking

_SHOWN = 10
_NAME_COLUMNS = 32
_KEYS = ("rank", "rank_interval", "tier", "agency", "n", "index", "interval", "response_rate")


def show_ranking(ranking: Ranking, lang: Language, shown: int = _SHOWN) -> str:
    """Return the first and the last agencies with intervals and tiers, as lines of text."""
    rows = [row for row in ranking.table.to_pylist() if row["rank"] is not None]
    if not rows:
        return word("too_few", lang)
    rows.sort(key=lambda row: (row["rank"], -row["index"], row["agency"]))
    if len(rows) <= 2 * shown:
        blocks = [_block("ranked", rows, lang)]
    else:
        blocks = [_block("top", rows[:shown], lang), _block("bottom", rows[-shown:], lang)]
    return "\n\n".join([*blocks, word("tie", lang)])


def notices(ranking: Ranking, lang: Language) -> list[str]:
    """Return what a reader of the ranking has to know."""
    return [notice.zh if lang is Language.zh else notice.en for notice in ranking.notices]


def _block(title: str, rows: list[dict[str, Any]], lang: Language) -> str:
    head = [word(key, lang) for key in (*_KEYS, "quality")]
    lines = [
        [
            str(row["rank"]),
            f"{row['rank_low']}–{row['rank_high']}",
            str(row["tier"]),
            clip(row["agency"], _NAME_COLUMNS),
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
    return "–" if value is None else f"{value:.{decimals}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"
