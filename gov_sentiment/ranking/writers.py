"""A ranking as a file: csv and parquet (the contract's columns), xlsx and json (all of it)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.errors import BadSettings

if TYPE_CHECKING:
    from gov_sentiment.ranking.result import Ranking

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SUFFIXES: Final = (".csv", ".xlsx", ".json", ".parquet")


def write_ranking(ranking: Ranking, path: Path) -> None:
    """Write a ranking by the path's suffix; the file is whole or not there.

    Raises:
        BadSettings: a suffix other than csv, xlsx, json, parquet.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadSettings(f"{path.name}: a ranking is written as {', '.join(SUFFIXES)}.")
    temporary = path.with_name(f".{path.name}.part")
    try:
        if suffix == ".csv":
            # Windows' Excel needs the mark to see that it is UTF-8.
            temporary.write_text(csv_text(ranking.table), encoding="utf-8-sig", newline="")
        elif suffix == ".json":
            temporary.write_text(json_text(ranking), encoding="utf-8")
        elif suffix == ".parquet":
            pq.write_table(ranking.table, temporary)
        else:
            _write_workbook(ranking, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def safe_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_text(table: pa.Table) -> str:
    """Return a table as csv with a header; missing values are empty cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow(["" if value is None else safe_cell(value) for value in row])
    return buffer.getvalue()


def json_text(ranking: Ranking) -> str:
    """Return everything of a ranking as JSON: agencies with raw values, tiers, pairs, methods."""
    document = {
        "agencies": ranking.full.to_pylist(),
        "tiers": ranking.tiers.to_pylist(),
        "pairs": ranking.pairs.to_pylist(),
        "trends": ranking.trends.to_pylist(),
        "notices": [
            {"code": notice.code, "zh": notice.zh, "en": notice.en} for notice in ranking.notices
        ],
        "methods": {lang: ranking.methods(lang) for lang in ("zh", "en")},
        "settings": dict(ranking.settings),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def _rows(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _write_workbook(ranking: Ranking, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheets = (
            ("排名", ranking.table),
            ("全部数值", ranking.full),
            ("档次", ranking.tiers),
            ("相邻单位", ranking.pairs),
        )
        for title, table in sheets:
            sheet = workbook.add_worksheet(title)
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, table.column_names)
            for number, row in enumerate(_rows(table), start=1):
                for column, value in enumerate(row):
                    cell = "、".join(value) if isinstance(value, list) else value
                    if cell is not None:
                        sheet.write(number, column, safe_cell(cell))
        notes = workbook.add_worksheet("方法与提示")
        for number, text in enumerate([ranking.methods("zh"), ranking.methods("en")]):
            notes.write_string(number, 0, text)
