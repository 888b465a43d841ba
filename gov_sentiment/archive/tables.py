"""Containers → raw tables: rows of text cells with their line numbers, nothing interpreted.

csv, tsv, xlsx, xls, ods, HTML saved as xls, json, jsonl, parquet, SQLite, folders and zips of
these, standard input. Rows stream where the container allows it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import os
import sqlite3
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any, Final

from gov_sentiment.archive.encodings import detect_encoding
from gov_sentiment.errors import BadArchive

Row = tuple[int, list[str | None]]

MAX_LINE: Final = 8 << 20  # characters; no post is longer, a line without end is no csv
MAX_CELL: Final = 4 << 20
MAX_UNZIPPED: Final = 4 << 30
MAX_RATIO: Final = 250
MAX_JSON: Final = 512 << 20
_SNIFF: Final = 1 << 16
_DELIMITERS: Final = (",", "\t", ";", "|", "，")
TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
SHEET_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".et"})
SQLITE_SUFFIXES: Final = frozenset({".db", ".sqlite", ".sqlite3"})
READABLE: Final = (
    TEXT_SUFFIXES
    | SHEET_SUFFIXES
    | SQLITE_SUFFIXES
    | {".json", ".jsonl", ".ndjson", ".parquet", ".html", ".htm", ".zip"}
)


@dataclass(frozen=True)
class RawTable:
    """One table of a file.

    rows: called anew for each pass, yields (line or row number from 1, cells).
    named: whether the container itself names its columns, so that row one is the header.
    """

    path: str
    container: str
    rows: Callable[[], Iterator[Row]]
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    named: bool = False
    notes: tuple[str, ...] = field(default=())


def open_tables(paths: Sequence[str | Path]) -> Iterator[RawTable]:
    """Yield the tables of files, folders, zips; "-" is standard input.

    Raises:
        BadArchive: a file is missing, empty, damaged, or of no known kind.
    """
    if not paths:
        raise BadArchive("No archive was named. Give a file, a folder or a zip.")
    for name in paths:
        if str(name) == "-":
            yield from _standard_input()
            continue
        path = Path(name)
        if path.is_dir():
            yield from _folder(path)
        elif path.is_file():
            yield from _file(path, path.name)
        else:
            raise BadArchive(f"{path}: no such file or folder. Check the path.")


def _folder(path: Path) -> Iterator[RawTable]:
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in READABLE
        and not file.name.startswith((".", "~$"))
    ]
    if not files:
        raise BadArchive(
            f"{path}: no file in this folder can be read. Known: {', '.join(sorted(READABLE))}."
        )
    for file in files:
        yield from _file(file, str(file.relative_to(path)))


def _standard_input() -> Iterator[RawTable]:
    data = sys.stdin.buffer.read()
    with tempfile.TemporaryDirectory(prefix="gov-sentiment-") as folder:
        path = Path(folder) / "stdin"
        path.write_bytes(data)
        yield from _file(path, "stdin")


def _file(path: Path, name: str) -> Iterator[RawTable]:
    try:
        name.encode()
    except UnicodeEncodeError:  # a name in GBK on a system of UTF-8
        name = os.fsencode(name).decode("gb18030", "replace")
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise BadArchive(f"{path}: the file is empty. Export it again.")
    suffix = path.suffix.lower()
    if head.startswith(b"SQLite format 3\0"):
        yield from _sqlite(path, name)
    elif head.startswith(b"PAR1"):
        yield _parquet(path, name)
    elif head.startswith(b"PK\x03\x04"):
        yield from _zip_or_sheet(path, name)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        yield from _sheets(path, name)
    elif _is_html(head):
        yield from _html(path, name)
    elif suffix in (".json", ".jsonl", ".ndjson") or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (
        b"{",
        b"[",
    ):
        yield from _json(path, name)
    else:
        yield _text(path, name)


def _is_html(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower().replace(b"\0", b"")
    return start.startswith(
        (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<?xml")
    ) and (b"<html" in start or b"<table" in start or b"<!doctype" in start)


# ------------------------------------------------------------------ delimited text


def _text(path: Path, name: str) -> RawTable:
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SNIFF)
    if "\0" in sample:
        raise BadArchive(f"{path}: binary data, not a table of text. Export it as csv or xlsx.")
    delimiter = sniff_delimiter(sample)

    def rows() -> Iterator[Row]:
        with path.open(encoding=encoding, newline="") as file:
            yield from delimited_rows(file, delimiter, str(path))

    return RawTable(name, "csv", rows, encoding=encoding, delimiter=delimiter)


def sniff_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the first lines into the most, and most even, cells."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            lines = list(
                itertools.islice(
                    csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 20
                )
            )
        except csv.Error:
            continue
        widths = [len(line) for line in lines if line][:-1] or [len(line) for line in lines if line]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def delimited_rows(file: Any, delimiter: str, where: str) -> Iterator[Row]:
    """Yield the rows of an open text file, numbered by the line they begin on.

    Raises:
        BadArchive: a line or a cell that is too long to be one.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_bounded_lines(file, where), delimiter=delimiter)
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise BadArchive(
                f"{where}, line {start:,}: a cell of more than {MAX_CELL:,} characters. A "
                "quotation mark was probably never closed; mend that line or export the file again."
            ) from None
        if cells is None:
            return
        yield start, [cell if cell else None for cell in cells]
        start = reader.line_num + 1


def _bounded_lines(file: Any, where: str) -> Iterator[str]:
    number = 0
    while True:
        try:
            line = file.readline(MAX_LINE)
        except UnicodeDecodeError:
            raise BadArchive(f"{where}, line {number + 1:,}: bytes that are no text.") from None
        if not line:
            return
        number += 1
        if len(line) == MAX_LINE and not line.endswith("\n"):
            raise BadArchive(
                f"{where}, line {number:,}: longer than {MAX_LINE:,} characters. This is no table "
                "of posts; export it again with line ends."
            )
        yield line


# ------------------------------------------------------------------ workbooks


def _zip_or_sheet(path: Path, name: str) -> Iterator[RawTable]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise BadArchive(f"{path}: a damaged zip or workbook. Export it again.") from None
    _check_sizes(path, members)
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or "mimetype" in names or "content.xml" in names:
        yield from _sheets(path, name)
    else:
        yield from _zip(path, members)


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    bomb = total > 100 << 20 and total > MAX_RATIO * max(packed, 1)
    if total > MAX_UNZIPPED or bomb:
        raise BadArchive(
            f"{path}: unpacks to {total / 2**30:,.1f} GiB from {packed / 2**20:,.1f} MiB. That is "
            "more than an archive of texts does; unpack it yourself if you trust it."
        )


def _zip(path: Path, members: list[zipfile.ZipInfo]) -> Iterator[RawTable]:
    wanted = [
        member
        for member in members
        if not member.is_dir()
        and PurePosixPath(member.filename).suffix.lower() in READABLE - {".zip"}
        and not PurePosixPath(member.filename).name.startswith((".", "~$"))
        and "__MACOSX" not in member.filename
    ]
    if not wanted:
        raise BadArchive(f"{path}: no file in this zip can be read.")
    with (
        tempfile.TemporaryDirectory(prefix="gov-sentiment-") as folder,
        zipfile.ZipFile(path) as archive,
    ):
        for number, member in enumerate(wanted):
            # A name of our own: the zip's may point outside the folder.
            target = Path(folder) / f"{number}{PurePosixPath(member.filename).suffix.lower()}"
            try:
                with archive.open(member) as source, target.open("wb") as sink:
                    _copy(source, sink, member.file_size)
            except (
                zipfile.BadZipFile,
                zlib.error,
                RuntimeError,
                NotImplementedError,
                EOFError,
                OSError,
            ) as error:
                raise BadArchive(
                    f"{path}: {_member_name(member)} cannot be unpacked ({type(error).__name__}); "
                    "it is damaged, or locked with a password."
                ) from None
            yield from _file(target, f"{path.name}/{_member_name(member)}")


def _copy(source: Any, sink: Any, expected: int) -> None:
    left = expected + 1
    while chunk := source.read(min(1 << 20, left)):
        sink.write(chunk)
        left -= len(chunk)
        if left <= 0:
            raise EOFError


def _member_name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & 0x800:
        return member.filename
    try:  # zips packed on Chinese Windows name their files in GBK
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _sheets(path: Path, name: str) -> Iterator[RawTable]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheet_names = list(book.sheet_names)
    except calamine.PasswordError:
        raise BadArchive(f"{path}: locked with a password. Save it without one.") from None
    except calamine.CalamineError:
        raise BadArchive(
            f"{path}: a damaged or unknown kind of workbook. Export it again."
        ) from None
    for sheet_name in sheet_names:
        try:
            sheet = book.get_sheet_by_name(sheet_name)
            cells = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except calamine.CalamineError:
            raise BadArchive(
                f"{path}, sheet {sheet_name}: cannot be read. Export it again."
            ) from None
        _fill_merged(cells, merged)
        yield RawTable(
            name, path.suffix.lstrip(".").lower() or "xlsx", _listed(cells), sheet=sheet_name
        )


def _fill_merged(cells: list[list[Any]], merged: Iterable[Any]) -> None:
    """Give every cell of a merged block its value, but for blocks that span columns (titles)."""
    for (top, left), (bottom, right) in merged:
        if left != right or top >= len(cells):
            continue
        value = cells[top][left] if left < len(cells[top]) else None
        for row in range(top + 1, min(bottom + 1, len(cells))):
            if left < len(cells[row]) and cells[row][left] in ("", None):
                cells[row][left] = value


def _listed(cells: list[list[Any]]) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, line in enumerate(cells, 1):
            yield number, [cell_text(cell) for cell in line]

    return rows


def cell_text(cell: Any) -> str | None:
    """Return a typed cell as text: whole numbers without a point, dates in ISO form."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell != cell:
            return None
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, list | dict):
        return _whole(json.dumps(cell, ensure_ascii=False))
    return _whole(str(cell))


def _whole(text: str) -> str:
    """Return text that can be stored: json may escape half a character (a lone surrogate)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


# ------------------------------------------------------------------ HTML


class _TableParser(HTMLParser):
    """Collects the rows of every table; cells that span rows are repeated downwards."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str | None]] = []
        self._cell: list[str] | None = None
        self._row: list[str | None] | None = None
        self._span = 1
        self._hanging: dict[int, tuple[int, str | None]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._close_row()
            self._row = []
        elif tag in ("td", "th"):
            self._close_cell()
            if self._row is None:
                self._row = []
            span = dict(attrs).get("rowspan") or "1"
            self._span = min(int(span), 100_000) if span.isdigit() else 1
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._close_cell()
        elif tag in ("tr", "table"):
            self._close_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _hang(self) -> None:
        assert self._row is not None
        while (hanging := self._hanging.get(len(self._row))) is not None:
            left, value = hanging
            if left <= 1:
                del self._hanging[len(self._row)]
            else:
                self._hanging[len(self._row)] = (left - 1, value)
            self._row.append(value)

    def _close_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._hang()
        value = "".join(self._cell).strip() or None
        if self._span > 1:
            self._hanging[len(self._row)] = (self._span - 1, value)
        self._row.append(value)
        self._cell, self._span = None, 1

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None:
            self._hang()
            if self._row:
                self.rows.append(self._row)
        self._row = None


def _html(path: Path, name: str) -> Iterator[RawTable]:
    encoding = detect_encoding(path)
    parser = _TableParser()
    parser.feed(path.read_text(encoding=encoding))
    parser.close()
    parser.handle_endtag("table")
    if not parser.rows:
        raise BadArchive(f"{path}: a web page without a table. Export the table itself.")
    rows = parser.rows
    yield RawTable(name, "html", lambda: iter(list(enumerate(rows, 1))), encoding=encoding)


# ------------------------------------------------------------------ json


def _json(path: Path, name: str) -> Iterator[RawTable]:
    encoding = detect_encoding(path)
    if path.suffix.lower() in (".jsonl", ".ndjson") or _is_json_lines(path, encoding):
        yield _json_lines(path, name, encoding)
        return
    if path.stat().st_size > MAX_JSON:
        raise BadArchive(f"{path}: a json file of this size must have one object a line (jsonl).")
    try:
        document = json.loads(path.read_text(encoding=encoding))
    except json.JSONDecodeError as error:
        raise BadArchive(
            f"{path}, line {error.lineno:,}: broken json ({error.msg}). Export it again."
        ) from None
    except RecursionError:
        raise BadArchive(f"{path}: json nested too deeply to be an export.") from None
    found = _record_lists(document, "")
    if not found:
        raise BadArchive(f"{path}: no list of records in this json. Export a list of objects.")
    for key, records in found:
        yield _records(path, name, _whole(key) or None, encoding, records)


def _is_json_lines(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding) as file:
        lines = [file.readline(MAX_LINE).strip() for _ in range(2)]
    if not all(line.startswith("{") and line.endswith("}") for line in lines if line):
        return False
    try:
        return all(isinstance(json.loads(line), dict) for line in lines if line) and bool(lines[1])
    except (json.JSONDecodeError, RecursionError):
        return False


def _json_lines(path: Path, name: str, encoding: str) -> RawTable:
    def records() -> Iterator[tuple[int, dict[str, Any]]]:
        with path.open(encoding=encoding) as file:
            for number, line in enumerate(_bounded_lines(file, str(path)), 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (json.JSONDecodeError, RecursionError):
                    raise BadArchive(
                        f"{path}, line {number:,}: broken json. Mend or drop it."
                    ) from None
                if not isinstance(record, dict):
                    raise BadArchive(
                        f"{path}, line {number:,}: not an object. Each line must be one."
                    )
                yield number, _flatten(record)

    def rows() -> Iterator[Row]:
        header: dict[str, int] = {}
        for _, record in itertools.islice(records(), 2_000):
            for key in record:
                header.setdefault(key, len(header))
        yield 0, list(header)
        for number, record in records():
            yield number, [cell_text(record.get(key)) for key in header]

    return RawTable(name, "jsonl", rows, encoding=encoding, named=True)


def _record_lists(value: Any, key: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the lists of objects in a document: itself, or the longest inside an object."""
    if isinstance(value, list):
        records = [item for item in value if isinstance(item, dict)]
        return [(key, records)] if records and len(records) == len(value) else []
    if isinstance(value, dict):
        nested = [found for name, item in value.items() for found in _record_lists(item, name)]
        nested.sort(key=lambda found: -len(found[1]))
        return nested[:4]
    return []


def _records(
    path: Path, name: str, sheet: str | None, encoding: str, records: list[dict[str, Any]]
) -> RawTable:
    flat = [_flatten(record) for record in records]
    header = list(dict.fromkeys(key for record in flat for key in record))

    def rows() -> Iterator[Row]:
        yield 0, list(header)
        for number, record in enumerate(flat, 1):
            yield number, [cell_text(record.get(key)) for key in header]

    return RawTable(name, "json", rows, sheet=sheet, encoding=encoding, named=True)


def _flatten(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return one level of cells: nested objects become `outer.inner`, lists stay json text."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and len(prefix) < 200:
            flat |= _flatten(value, f"{prefix}{_whole(key)}.")
        else:
            flat[f"{prefix}{_whole(key)}"] = value
    return flat


# ------------------------------------------------------------------ parquet, SQLite


def _parquet(path: Path, name: str) -> RawTable:
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


def _read_only(path: Path) -> sqlite3.Connection:
    # as_uri escapes the # and % that names such as "#话题#.db" have.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _sqlite(path: Path, name: str) -> Iterator[RawTable]:
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


def _sqlite_rows(path: Path, table: str) -> Callable[[], Iterator[Row]]:
    quoted = '"' + table.replace('"', '""') + '"'

    def rows() -> Iterator[Row]:
        try:
            with closing(_read_only(path)) as base:
                base.text_factory = lambda data: data.decode("utf-8", "replace")
                cursor = base.execute(f"SELECT * FROM {quoted}")
                yield 0, [column[0] for column in cursor.description]
                for number, cells in enumerate(cursor, 1):
                    yield number, [cell_text(cell) for cell in cells]
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            raise BadArchive(
                f"{path}, table {table}: cannot be read. Copy the file again."
            ) from None

    return rows
