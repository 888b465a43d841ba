"""Tables of web pages; government systems save them as .xls."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    DamagedRow,
    RawTable,
    Row,
    check_size,
    has_broken_bytes,
)
from gov_sentiment.archive.encodings import detect_text
from gov_sentiment.errors import BadArchive


def is_web_page(head: bytes) -> bool:
    """Tell whether a file's first bytes are those of a web page."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower().replace(b"\0", b"")
    if start.startswith(b"<?xml"):
        return b"<html" in start or b"<!doctype html" in start
    return start.startswith((b"<html", b"<table", b"<!doctype html", b"<meta", b"<head"))


def read_web_page(path: Path, name: str) -> RawTable:
    """Return the rows of all tables of a page.

    Raises:
        BadArchive: the page has no table.
    """
    check_size(path)
    encoding = detect_text(path)
    parser = _TableParser()
    parser.feed(path.read_text(encoding=encoding.codec, errors=encoding.errors))
    parser.close()
    parser.handle_endtag("table")
    if not parser.rows:
        raise BadArchive(f"{path}: a web page without a table. Export the table itself.")

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(parser.rows, 1):
            damaged = encoding.n_broken and any(has_broken_bytes(cell or "") for cell in cells)
            yield number, DamagedRow(BROKEN_BYTES) if damaged else list(cells)

    return RawTable(name, "html", rows, encoding=encoding.codec)


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
            self._span = min(int(span), 100_000) if span.isdecimal() else 1
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
