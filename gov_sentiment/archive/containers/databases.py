"""Parquet and SQLite: typed columns, read in bounded memory."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from gov_sentiment.archive.cell_text import cell_text
from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    DamagedRow,
    RawTable,
    Row,
    has_broken_bytes,
)
from gov_sentiment.errors import BadArchive


def read_parquet(path: Path, name: str) -> RawTable:
    """Return the table of a Parquet file.

    Raises:
        BadArchive: the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        names = list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError):
        raise _damaged_parquet(path) from None

    def rows() -> Iterator[Row]:
        yield 0, list(names)
        number = 0
        batches = file.iter_batches(batch_size=4096)
        while True:
            try:
                batch = next(batches, None)
                columns = [_column_cells(column) for column in batch.columns] if batch else []
            except (pa.ArrowException, OSError, ValueError, OverflowError):
                # Pages are unpacked only now, so damage inside one shows only now.
                raise _damaged_parquet(path) from None
            if batch is None:
                return
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)

    return RawTable(name, "parquet", rows, named=True)


def _damaged_parquet(path: Path) -> BadArchive:
    return BadArchive(f"{path}: a damaged Parquet file. Write it again.")


def _column_cells(column: Any) -> list[str | None]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        # As local time without the machine's zone tables: Shanghai is eight hours ahead.
        seconds = column.cast(pa.timestamp("s")).cast(pa.int64()).to_pylist()
        return [
            None if s is None else str(dt.datetime(1970, 1, 1) + dt.timedelta(seconds=s + 28_800))
            for s in seconds
        ]
    return [cell_text(value) for value in column.to_pylist()]


def read_sqlite(path: Path, name: str) -> Iterator[RawTable]:
    """Yield every table of a SQLite file; it is opened read-only.

    Raises:
        BadArchive: the file is damaged.
    """
    try:
        with closing(_read_only(path)) as base:
            tables = [
                row[0]
                for row in base.execute(
                    "SELECT name FROM sqlite_master"
                    " WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                )
            ]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        raise BadArchive(
            f"{path}: a damaged SQLite file. Copy it again while nobody writes."
        ) from None
    for table in tables:
        yield RawTable(name, "sqlite", _sqlite_rows(path, table), sheet=table, named=True)


def _read_only(path: Path) -> sqlite3.Connection:
    # as_uri escapes the # and % that names such as "#话题#.db" have.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _sqlite_rows(path: Path, table: str) -> Callable[[], Iterator[Row]]:
    quoted = '"' + table.replace('"', '""') + '"'

    def rows() -> Iterator[Row]:
        try:
            with closing(_read_only(path)) as base:
                base.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
                cursor = base.execute(f"SELECT * FROM {quoted}")
                yield 0, [column[0] for column in cursor.description]
                for number, cells in enumerate(cursor, 1):
                    if any(isinstance(cell, str) and has_broken_bytes(cell) for cell in cells):
                        yield number, DamagedRow(BROKEN_BYTES)
                    else:
                        yield number, [cell_text(cell) for cell in cells]
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            raise BadArchive(
                f"{path}, table {table}: cannot be read. Copy the file again."
            ) from None

    return rows
