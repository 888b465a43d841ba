"""Tables as files: csv and parquet (the contract's columns), xlsx and json (all of a ranking)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.cells import inert_cell
from gov_sentiment.errors import BadSettings

SUFFIXES: Final = (".csv", ".xlsx", ".json", ".parquet")


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the files of a ranking hold.

    main: what csv and parquet hold, the contract's columns. tables: the workbook's sheets by title.
    notes: paragraphs of its last sheet. document: everything, for JSON.
    """

    main: pa.Table
    tables: Mapping[str, pa.Table]
    notes: Sequence[str]
    document: Mapping[str, Any]


def write_sheets(sheets: Sheets, path: Path) -> None:
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
            temporary.write_text(csv_text(sheets.main), encoding="utf-8-sig", newline="")
        elif suffix == ".json":
            text = json.dumps(dict(sheets.document), ensure_ascii=False, indent=1, default=str)
            temporary.write_text(text + "\n", encoding="utf-8")
        elif suffix == ".parquet":
            pq.write_table(sheets.main, temporary)
        else:
            _write_workbook(sheets, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def csv_text(table: pa.Table) -> str:
    """Return a table as csv with a header; missing values are empty cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow(["" if value is None else inert_cell(value) for value in row])
    return buffer.getvalue()


def _rows(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _write_workbook(sheets: Sheets, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        for title, table in sheets.tables.items():
            sheet = workbook.add_worksheet(title)
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, table.column_names)
            for number, row in enumerate(_rows(table), start=1):
                for column, value in enumerate(row):
                    cell = "、".join(value) if isinstance(value, list) else value
                    if cell is not None:
                        sheet.write(number, column, cell)
        notes = workbook.add_worksheet("方法与提示")
        for number, text in enumerate(sheets.notes):
            notes.write_string(number, 0, text)
