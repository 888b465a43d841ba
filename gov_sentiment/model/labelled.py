"""Labelled files: csv, xlsx, jsonl or parquet with texts and label columns."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from gov_sentiment.errors import BadLabels, MissingColumns

TEXT_COLUMNS: Final = ("post_title", "post_text", "reply_text")
_FILLED: Final = 0.8
_SUFFIXES: Final = ".csv, .tsv, .xlsx, .jsonl, .parquet"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Labelled:
    """Rows of a labelled file; every column has the same length.

    where: what to call the file in a message. sha256: of the file's bytes or the table's content.
    """

    where: str
    columns: Mapping[str, Sequence[Any]]
    sha256: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def texts(self) -> tuple[list[str | None], list[str | None], list[str | None]]:
        """Return titles, posts, replies; a file with a `text` column alone has only posts."""
        missing: list[str | None] = [None] * len(self)
        titles, posts, replies = (
            [_text(value) for value in self.columns[name]] if name in self.columns else missing
            for name in TEXT_COLUMNS
        )
        if "post_text" not in self.columns and "text" in self.columns:
            posts = [_text(value) for value in self.columns["text"]]
        return titles, posts, replies

    def sources(self) -> list[str]:
        """Return where each row comes from: its `source`, `group` or `agency`, or its id's stem.

        A column that is empty in a fifth of the rows says too little and is passed over. An id
        such as `shanghai-0017` has the stem `shanghai`.
        """
        for name in ("source", "group", "agency"):
            found = [_text(value) or "" for value in self.columns.get(name, ())]
            if sum(map(bool, found)) > _FILLED * len(self):
                return found
        if "exchange_id" in self.columns:
            return [str(value).split("-")[0] for value in self.columns["exchange_id"]]
        return [""] * len(self)

    def label_rows(self, name: str) -> list[int]:
        """Return the numbers of the rows that have a label in column `name`.

        Raises:
            MissingColumns: there is no such column.
            BadLabels: no row has a label.
        """
        if name not in self.columns:
            raise MissingColumns(self.where, [name], list(self.columns))
        rows = [i for i, value in enumerate(self.columns[name]) if _text(value)]
        if not rows:
            raise BadLabels(f"{self.where}: column {name} is empty.")
        return rows

    def take(self, rows: Sequence[int]) -> Labelled:
        """Return these rows alone."""
        kept = {name: [values[i] for i in rows] for name, values in self.columns.items()}
        return Labelled(self.where, kept, self.sha256)


def read_labelled(source: str | Path | pa.Table | Sequence[str | Path]) -> Labelled:
    """Return the rows of one labelled file, of several, or of a table.

    Raises:
        BadLabels: a file that cannot be read, or one without rows.
        MissingColumns: no text column.
    """
    if isinstance(source, pa.Table):
        columns: dict[str, Sequence[Any]] = {n: source[n].to_pylist() for n in source.column_names}
        digest = hashlib.sha256(json.dumps(columns, default=str, sort_keys=True).encode())
        return _checked(Labelled("table", columns, digest.hexdigest()))
    if isinstance(source, (str, Path)):
        return _checked(_read_file(Path(source)))
    parts = [_read_file(Path(path)) for path in source]
    if len(parts) == 1:
        return _checked(parts[0])
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    merged = {
        name: [v for part in parts for v in part.columns.get(name, [None] * len(part))]
        for name in names
    }
    if "source" not in merged:
        merged["source"] = [Path(part.where).stem for part in parts for _ in range(len(part))]
    digest = hashlib.sha256("".join(part.sha256 for part in parts).encode())
    return _checked(Labelled(", ".join(part.where for part in parts), merged, digest.hexdigest()))


def _checked(data: Labelled) -> Labelled:
    if not len(data):
        raise BadLabels(f"{data.where}: no rows.")
    if not {"post_text", "reply_text", "text"} & set(data.columns):
        raise MissingColumns(data.where, ["post_text"], list(data.columns))
    return data


def _read_file(path: Path) -> Labelled:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadLabels(f"{path}: cannot be read ({error.strerror}).") from error
    readers = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".txt": _read_csv,
        ".jsonl": _read_jsonl,
        ".ndjson": _read_jsonl,
        ".xlsx": _read_workbook,
        ".parquet": _read_parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadLabels(f"{path}: labelled files end in {_SUFFIXES}.")
    try:
        columns = reader(data)
    except BadLabels:
        raise
    except Exception as error:
        # Four foreign parsers raise kinds of their own; the user needs the file and the reason.
        raise BadLabels(f"{path}: not a readable {path.suffix[1:]} file: {error}") from error
    return Labelled(path.name, columns, hashlib.sha256(data).hexdigest())


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _read_csv(data: bytes) -> dict[str, Sequence[Any]]:
    text = _decode(data)
    header = text.partition("\n")[0]
    delimiter = "\t" if header.count("\t") > header.count(",") else ","
    csv.field_size_limit(1 << 30)
    return _from_rows(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))


def _read_jsonl(data: bytes) -> dict[str, Sequence[Any]]:
    rows = []
    for number, line in enumerate(_decode(data).split("\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise BadLabels(f"line {number}: not a JSON object ({error.msg}).") from error
            if not isinstance(row, dict):
                raise BadLabels(f"line {number}: not a JSON object.")
            rows.append(row)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def _read_workbook(data: bytes) -> dict[str, Sequence[Any]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return _from_rows(workbook.get_sheet_by_index(0).to_python())


def _read_parquet(data: bytes) -> dict[str, Sequence[Any]]:
    table = pq.read_table(pa.BufferReader(data))
    return {name: table[name].to_pylist() for name in table.column_names}


def _from_rows(rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    if not rows:
        return {}
    header = [str(name).strip() for name in rows[0]]
    body = [row for row in rows[1:] if any(_text(value) for value in row)]
    return {
        name: [row[i] if i < len(row) else None for row in body]
        for i, name in enumerate(header)
        if name
    }


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None
