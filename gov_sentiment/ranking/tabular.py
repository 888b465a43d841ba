"""Small tables of people's making: csv in any usual encoding, workbooks with a title above."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.errors import BadArchive


def read_table(path: Path) -> tuple[pa.Table, str]:
    """Return a file's table, every cell as text, and what to call the file.

    Raises:
        BadArchive: the file cannot be read, or is of another kind than csv, tsv, xlsx, xls, json,
            parquet.
    """
    if not path.is_file():
        raise BadArchive(f"{path}: no such file.")
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return pq.read_table(path), path.name
        if suffix == ".json":
            rows = json.loads(path.read_text(encoding="utf-8-sig"))
            return pa.Table.from_pylist(rows), path.name
        if suffix in (".csv", ".tsv"):
            separator = "\t" if suffix == ".tsv" else ","
            text = _decode(path.read_bytes())
            return _from_cells(list(csv.reader(io.StringIO(text), delimiter=separator)), path)
        if suffix in (".xlsx", ".xls", ".ods"):
            from python_calamine import CalamineWorkbook

            book = CalamineWorkbook.from_path(str(path))
            return _from_cells(book.get_sheet_by_index(0).to_python(), path)
    except (ValueError, OSError, TypeError, pa.ArrowException) as error:
        raise BadArchive(f"{path.name}: cannot be read ({type(error).__name__}).") from error
    raise BadArchive(f"{path.name}: a table of counts is csv, tsv, xlsx, xls, json or parquet.")


def _decode(data: bytes) -> str:
    # UTF-8 first: most UTF-8 Chinese is also valid, and wrong, GB18030.
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _from_cells(cells: list[list[Any]], path: Path) -> pa.Table:
    """Return the table below the header: the first row with at least two named cells."""
    texts = [["" if cell is None else str(cell).strip() for cell in row] for row in cells]
    for place, row in enumerate(texts):
        names = [name for name in row if name]
        if len(names) >= 2 and len(set(names)) == len(names):
            body = [each for each in texts[place + 1 :] if any(each)]
            return pa.table(
                {
                    name: pa.array(
                        [each[column] if column < len(each) else "" for each in body], pa.string()
                    )
                    for column, name in enumerate(row)
                    if name
                }
            )
    raise BadArchive(f"{path.name}: no header row with two or more columns.")
