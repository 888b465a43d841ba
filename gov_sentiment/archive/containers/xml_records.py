"""XML: Excel's "XML spreadsheet" (.xls of 2003) and lists of records, both read element by element.

A document type is refused before anything is expanded, so entities cannot grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError, iterparse

from gov_sentiment.archive.containers.raw import RawTable, Row, check_size
from gov_sentiment.errors import BadArchive

_SPREADSHEET: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_WIDEST: Final = 2_000  # cells; an index beyond it is damage


def is_xml(head: bytes) -> bool:
    """Tell whether a file's first bytes are those of XML."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")


def read_xml(path: Path, name: str) -> Iterator[RawTable]:
    """Yield the sheets of an XML spreadsheet, or the records of another document.

    Raises:
        BadArchive: the XML is broken, has a document type, or holds no records.
    """
    check_size(path)
    with path.open("rb") as file:
        if b"<!DOCTYPE" in file.read(1 << 16):
            raise BadArchive(f"{path}: XML with a document type is not read. Export it without.")
    try:
        root = _root(path)
        if root == f"{_SPREADSHEET}Workbook":
            yield from _sheets(path, name)
            return
        tag = _record_tag(path)
        if tag is None:
            raise BadArchive(f"{path}: no list of records in this XML. Export a table.")
        yield _records(path, name, tag)
    except ParseError as error:
        line = error.position[0]
        raise BadArchive(f"{path}, line {line:,}: broken XML. Export it again.") from None


def _root(path: Path) -> str:
    for _, element in iterparse(path, events=("start",)):
        return str(element.tag)
    return ""


def _sheets(path: Path, name: str) -> Iterator[RawTable]:
    rows: list[list[str | None]] = []
    for _, element in iterparse(path):
        if element.tag == f"{_SPREADSHEET}Row":
            rows.append(_cells(element))
            element.clear()
        elif element.tag == f"{_SPREADSHEET}Worksheet":
            sheet = element.get(f"{_SPREADSHEET}Name")
            yield RawTable(name, "xml", partial(_numbered, rows), sheet=sheet)
            rows = []


def _numbered(rows: list[list[str | None]]) -> Iterator[Row]:
    yield from enumerate(rows, 1)


def _cells(row: Any) -> list[str | None]:
    cells: list[str | None] = []
    for cell in row.iter(f"{_SPREADSHEET}Cell"):
        place = cell.get(f"{_SPREADSHEET}Index") or ""  # given where cells before it are empty
        if place.isdecimal() and len(cells) < int(place) <= _WIDEST:
            cells += [None] * (int(place) - 1 - len(cells))
        data = cell.find(f"{_SPREADSHEET}Data")
        cells.append("".join(data.itertext()) or None if data is not None else None)
    return cells


def _record_tag(path: Path) -> str | None:
    """Return the element that comes most often among those that hold only elements of text."""
    counts: Counter[str] = Counter()
    for _, element in iterparse(path):
        children = list(element)
        if len(children) >= 2 and not any(len(child) for child in children):
            counts[element.tag] += 1
            element.clear()
    return counts.most_common(1)[0][0] if counts else None


def _records(path: Path, name: str, tag: str) -> RawTable:
    header: dict[str, int] = {}
    records: list[dict[str, str]] = []
    for _, element in iterparse(path):
        if element.tag == tag:
            record = {_local(child.tag): (child.text or "").strip() for child in element}
            records.append(record)
            for key in record:
                header.setdefault(key, len(header))
            element.clear()

    def rows() -> Iterator[Row]:
        yield 0, list(header)
        for number, record in enumerate(records, 1):
            yield number, [record.get(key) or None for key in header]

    return RawTable(name, "xml", rows, named=True)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
