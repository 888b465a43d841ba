"""json and jsonl: lists of objects, wherever they stand in a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from gov_sentiment.archive.cell_text import cell_text, whole
from gov_sentiment.archive.containers.delimited import MAX_LINE, bounded_lines
from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    BROKEN_JSON,
    DamagedRow,
    RawTable,
    Row,
    check_size,
    has_broken_bytes,
)
from gov_sentiment.archive.encodings import TextEncoding, detect_text
from gov_sentiment.archive.formats import headers_known, holds_reply
from gov_sentiment.errors import BadArchive

_LINES: Final = frozenset({".jsonl", ".ndjson"})
_MOST_REPLIES: Final = 20
_DEEPEST: Final = 200  # characters of "outer.inner." names

Record = dict[str, Any]


def read_json(path: Path, name: str) -> Iterator[RawTable]:
    """Yield the tables of a json document, or the one of a file of an object a line.

    Raises:
        BadArchive: broken json, or no list of objects in it.
    """
    encoding = detect_text(path)
    if path.suffix.lower() in _LINES or _is_lines(path, encoding):
        yield _Lines(path, name, encoding).table()
        return
    check_size(path)
    if encoding.n_broken:
        raise BadArchive(f"{path}: bytes that are no text. Export it again, or as jsonl.")
    try:
        document = json.loads(path.read_text(encoding=encoding.codec))
        found = _record_lists(document, "")
    except json.JSONDecodeError as error:
        raise BadArchive(
            f"{path}, line {error.lineno:,}: broken json ({error.msg}). Export it again."
        ) from None
    except RecursionError:
        raise BadArchive(f"{path}: json nested too deeply to be an export.") from None
    if not found:
        raise BadArchive(f"{path}: no list of records in this json. Export a list of objects.")
    for key, records in found:
        yield _listed(name, whole(key) or None, encoding.codec, records)


def _is_lines(path: Path, encoding: TextEncoding) -> bool:
    with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
        lines = [file.readline(MAX_LINE).strip() for _ in range(2)]
    if not all(line.startswith("{") and line.endswith("}") for line in lines):
        return False
    return all(isinstance(_parsed(line), dict) for line in lines)


def _parsed(line: str) -> Any:
    """Return what a line says, None where it is no json."""
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None


class _Lines:
    """A file of one object a line; a line may also be a page of an interface with a list inside."""

    def __init__(self, path: Path, name: str, encoding: TextEncoding) -> None:
        self.path, self.name, self.encoding = path, name, encoding

    def table(self) -> RawTable:
        header = cache(self._header)

        def rows() -> Iterator[Row]:
            names = header()
            yield 0, list(names)
            for number, record in self._records():
                if isinstance(record, DamagedRow):
                    yield number, record
                else:
                    yield number, [cell_text(record.get(key)) for key in names]

        return RawTable(self.name, "jsonl", rows, encoding=self.encoding.codec, named=True)

    def _header(self) -> list[str]:
        """Look through all lines: a field such as the reply may come late for the first time."""
        names: dict[str, None] = {}
        for _, record in self._records():
            if not isinstance(record, DamagedRow):
                names.update(dict.fromkeys(record))
        if not names:
            raise BadArchive(f"{self.path}: no line is a json object. Each line must be one.")
        return list(names)

    def _records(self) -> Iterator[tuple[int, Record | DamagedRow]]:
        with self.path.open(encoding=self.encoding.codec, errors=self.encoding.errors) as file:
            for number, line in enumerate(bounded_lines(file, str(self.path)), 1):
                if not line.strip():
                    continue
                if self.encoding.n_broken and has_broken_bytes(line):
                    yield number, DamagedRow(BROKEN_BYTES)
                    continue
                record = _parsed(line)
                if not isinstance(record, dict):
                    yield number, DamagedRow(BROKEN_JSON)
                    continue
                yield from ((number, _flatten(inner)) for inner in _page(record))


def _page(record: Record) -> list[Record]:
    """Return the records of an interface's answer, or the record itself where it is one."""
    flat = _flatten(record)
    if headers_known(list(flat)) >= 2:
        return [record]
    try:
        lists = _record_lists(record, "")
    except RecursionError:
        return [record]
    known = [found for _, found in lists if headers_known(list(_flatten(found[0]))) >= 2]
    return known[0] if known else [record]


def _record_lists(value: Any, key: str) -> list[tuple[str, list[Record]]]:
    """Return the lists of objects in a document: itself, or those inside an object."""
    if isinstance(value, list):
        records = [item for item in value if isinstance(item, dict)]
        return [(key, records)] if records and len(records) == len(value) else []
    if isinstance(value, dict):
        if _is_keyed(value):
            return [(key, list(value.values()))]
        nested = [found for name, item in value.items() for found in _record_lists(item, name)]
        return sorted(nested, key=lambda found: -len(found[1]))
    return []


def _is_keyed(value: Record) -> bool:
    """Tell whether an object's values are records of one kind, by id: {"17": {…}, "18": {…}}."""
    records = list(value.values())
    if len(records) < 2 or not all(isinstance(record, dict) for record in records):
        return False
    return len(set(records[0]).intersection(*records[1:])) >= 2


def _listed(name: str, sheet: str | None, codec: str, records: list[Record]) -> RawTable:
    flat = [_flatten(record) for record in records]
    header = list(dict.fromkeys(key for record in flat for key in record))

    def rows() -> Iterator[Row]:
        yield 0, list(header)
        for number, record in enumerate(flat, 1):
            yield number, [cell_text(record.get(key)) for key in header]

    return RawTable(name, "json", rows, sheet=sheet, encoding=codec, named=True)


def _flatten(record: Record, prefix: str = "") -> Record:
    """Return one level of cells: nested objects become `outer.inner`, lists stay json text.

    Replies in a list become `outer.inner`, `outer.2.inner` and so on.
    """
    flat: Record = {}
    for key, value in record.items():
        name = f"{prefix}{whole(key)}"
        if isinstance(value, dict) and len(prefix) < _DEEPEST:
            flat |= _flatten(value, f"{name}.")
        elif _are_replies(value):
            for place, reply in enumerate(value, 1):
                flat |= _flatten(reply, f"{name}." if place == 1 else f"{name}.{place}.")
        else:
            flat[name] = value
    return flat


def _are_replies(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_REPLIES:
        return False
    return all(isinstance(each, dict) and holds_reply(list(each)) for each in value)
