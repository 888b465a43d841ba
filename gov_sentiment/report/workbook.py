"""The report's workbook: what the page says, with every row behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import xlsxwriter

from gov_sentiment.exchange import SCORED_SCHEMA
from gov_sentiment.ranking.result import RANKING_SCHEMA
from gov_sentiment.report.summary import Row, Summary
from gov_sentiment.report.words import (
    DEAD_ENDS,
    FLAGS,
    INTENTS,
    PROMISE_STATES,
    REFERRAL_KINDS,
    REPLY_TYPES,
    SENTIMENTS,
    WORDS,
    column_label,
    pick,
)
from gov_sentiment.text import redact

_MOST_ROWS: Final = 1_048_575
_LONGEST_CELL: Final = 32_000
# Endings of columns that are shares of one: printed as percentages.
_SHARES: Final = re.compile(
    r"(_rate|_share|^satisfaction|^similarity|_confidence|^p_top|^p_bottom|^share|^low|^high)"
    r"(_raw|(_wilson)?_(low|high))?$"
)
_CLASSES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "post_sentiment": SENTIMENTS,
    "post_intent": INTENTS,
    "reply_type": REPLY_TYPES,
    "kind": REFERRAL_KINDS,
    "dead_end": DEAD_ENDS,
    "state": PROMISE_STATES,
}
_WIDTHS: Final = {"agency": 30, "post_text": 50, "reply_text": 60, "post_title": 28, "note": 36}


def write_workbook(
    summary: Summary, path: str | Path, lang: str = "zh", scored: pa.Table | None = None
) -> None:
    """Write the workbook (xlsx).

    Args:
        summary: what `summarise` returned.
        path: the file to write.
        lang: language of headers and class names.
        scored: the scored table, for the sheet of exchanges; texts are redacted on the way.
    """
    # Strings stay strings: a cell that begins with = or + must never become a formula.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheets = _Sheets(book, lang)
        columns = list(RANKING_SCHEMA.names)
        sheets.add("ranking", columns, summary.ranking, scale="index")
        every = list(summary.ranking[0]) if summary.ranking else []
        raw = [name for name in every if name not in columns]
        sheets.add("agencies", ["agency", *raw], summary.ranking)
        if scored is not None:
            _add_exchanges(sheets, scored)
        sheets.add("passing_on", _names(summary.passing_on), summary.passing_on, scale="share")
        sheets.add("clusters", _names(summary.clusters), summary.clusters)
        sheets.add("mismatches", _names(summary.mismatches), summary.mismatches)
        sheets.add("promises", _names(summary.promises), summary.promises)
        sheets.add("referrals", _names(summary.referrals), summary.referrals)
        sheets.add("rejects", ["source_file", "source_row", "reason"], summary.rejects)
        sheets.add_methods(summary)


def _names(rows: Sequence[Row]) -> list[str]:
    return list(rows[0]) if rows else []


def _add_exchanges(sheets: _Sheets, scored: pa.Table) -> None:
    names = [name for name in SCORED_SCHEMA.names if name in scored.column_names]
    for number, start in enumerate(range(0, max(scored.num_rows, 1), _MOST_ROWS), 1):
        rows = (
            row
            for batch in scored.select(names).slice(start, _MOST_ROWS).to_batches()
            for row in batch.to_pylist()
        )
        sheets.add("exchanges", names, rows, suffix="" if number == 1 else f" {number}")


class _Sheets:
    """Writes sheets of one look: bold frozen header, filter, formats by column."""

    def __init__(self, book: xlsxwriter.Workbook, lang: str) -> None:
        self.book = book
        self.lang = lang
        self.head = book.add_format(
            {"bold": True, "bg_color": "#1f5a96", "font_color": "#ffffff", "text_wrap": True}
        )
        self.share = book.add_format({"num_format": "0.0%"})
        self.number = book.add_format({"num_format": "0.00"})
        self.whole = book.add_format({"num_format": "#,##0"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})

    def add(
        self,
        key: str,
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        scale: str | None = None,
        suffix: str = "",
    ) -> None:
        """Add a sheet of rows."""
        sheet = self.book.add_worksheet(pick(WORDS[key], self.lang)[:28] + suffix)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, column_label(name, self.lang), self.head)
            sheet.set_column(place, place, _WIDTHS.get(name, 13))
        n = 0
        for n, row in enumerate(rows, 1):
            for place, name in enumerate(columns):
                self._write(sheet, n, place, name, row.get(name))
        sheet.freeze_panes(1, columns.index("agency") + 1 if "agency" in columns[:5] else 0)
        if columns:
            sheet.autofilter(0, 0, max(n, 1), len(columns) - 1)
        if scale in columns and n > 1:
            place = columns.index(str(scale))
            low, high = ("#8fb8de", "#e8a48c") if scale == "share" else ("#e8a48c", "#8fb8de")
            sheet.conditional_format(
                1,
                place,
                n,
                place,
                {
                    "type": "3_color_scale",
                    "min_color": low,
                    "mid_color": "#ffffff",
                    "max_color": high,
                },
            )

    def _write(self, sheet: Any, row: int, column: int, name: str, value: Any) -> None:
        if value is None or (isinstance(value, float) and value != value):
            return
        if name in _CLASSES:
            value = pick(_CLASSES[name].get(value, (value, value)), self.lang)
        elif name == "flags":
            value = "、".join(pick(FLAGS.get(flag, (flag, flag)), self.lang) for flag in value)
        elif name in ("post_text", "reply_text", "post_title"):
            value = redact(value, reply=name == "reply_text")
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int):
            sheet.write_number(
                row, column, value, None if name in ("source_row", "tier") else self.whole
            )
        elif isinstance(value, float):
            sheet.write_number(
                row, column, value, self.share if _SHARES.search(name) else self.number
            )
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.time)
        else:
            shown = "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            sheet.write_string(row, column, shown[:_LONGEST_CELL])

    def add_methods(self, summary: Summary) -> None:
        """Add the sheet of methods, warnings and settings."""
        sheet = self.book.add_worksheet(pick(WORDS["methods"], self.lang)[:28])
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 110)
        lines: list[tuple[str, str]] = [
            (pick(WORDS["methods"], self.lang), summary.methods[self.lang])
        ]
        lines += [(pick(WORDS["notices"], self.lang), str(n[self.lang])) for n in summary.notices]
        lines += [(str(key), str(value)) for key, value in sorted(summary.run.items())]
        for row, (name, value) in enumerate(lines):
            sheet.write_string(row, 0, name, self.text)
            sheet.write_string(row, 1, value[:_LONGEST_CELL], self.text)
