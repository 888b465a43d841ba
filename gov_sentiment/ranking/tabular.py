"""Small tables of people's making: csv in any usual encoding, workbooks with a title above."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from gov_sentiment.errors import BadArchive


def read_table(path: Path) -> pa.Table:
    """Return a file's table; cells of csv and workbooks are text.

    Raises:
        BadArchive: the file cannot be read, or is of another kind than csv, tsv, xlsx, xls, json,
            parquet.
    """
    if not path.is_file():
        raise BadArchive(f"{path}: no such file.")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadArchive(f"{path.name}: a table of counts is {', '.join(_READERS)}.")
    try:
        return reader(path)
    except (ValueError, OSError, TypeError, pa.ArrowException, CalamineError) as error:
        raise BadArchive(f"{path.name}: cannot be read ({type(error).__name__}).") from error


def is_counts_file(path: Path) -> bool:
    """Return whether a file is of a kind that tables of counts have and scored tables have not."""
    return path.is_file() and path.suffix.lower() in _READERS and path.suffix.lower() != ".parquet"


def _read_separated(path: Path) -> pa.Table:
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    text = _decode(path.read_bytes())
    return _from_cells(list(csv.reader(io.StringIO(text), delimiter=separator)), path)


def _read_workbook(path: Path) -> pa.Table:
    book = CalamineWorkbook.from_path(str(path))
    return _from_cells(book.get_sheet_by_index(0).to_python(), path)


def _read_json(path: Path) -> pa.Table:
    return pa.Table.from_pylist(json.loads(path.read_text(encoding="utf-8-sig")))


def _read_parquet(path: Path) -> pa.Table:
    table: pa.Table = pq.read_table(path)
    return table


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


_READERS: Final[Mapping[str, Callable[[Path], pa.Table]]] = {
    ".csv": _read_separated,
    ".tsv": _read_separated,
    ".xlsx": _read_workbook,
    ".xls": _read_workbook,
    ".ods": _read_workbook,
    ".json": _read_json,
    ".parquet": _read_parquet,
}
