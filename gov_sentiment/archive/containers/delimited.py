"""Delimited text: csv, tsv and what calls itself so."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    DamagedRow,
    RawTable,
    Row,
    has_broken_bytes,
)
from gov_sentiment.archive.containers.text_blocks import is_block_text, read_blocks
from gov_sentiment.archive.encodings import detect_text
from gov_sentiment.archive.formats import headers_known
from gov_sentiment.errors import BadArchive

MAX_LINE: Final = 8 << 20  # characters; no post is longer, a line without end is no csv
MAX_CELL: Final = 4 << 20
_SNIFF: Final = 1 << 16
_SNIFF_LINES: Final = 20
_DELIMITERS: Final = (",", "\t", ";", "|", "，")


def read_text(path: Path, name: str) -> RawTable:
    """Return the table of a text file, delimited or in blocks of labelled lines."""
    encoding = detect_text(path)
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as file:
        sample = file.read(_SNIFF)
    if "\0" in sample:
        raise BadArchive(f"{path}: binary data, not a table of text. Export it as csv or xlsx.")
    if is_block_text(sample):
        return read_blocks(path, name, encoding, bounded_lines)
    delimiter = sniff_delimiter(sample)

    def rows() -> Iterator[Row]:
        with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as file:
            yield from delimited_rows(file, delimiter, str(path), broken=encoding.n_broken > 0)

    return RawTable(name, "csv", rows, encoding=encoding.codec, delimiter=delimiter)


def sniff_delimiter(sample: str) -> str:
    """Return the delimiter that parts known headers, else the one that cuts most evenly.

    Posts are full of commas and semicolons, so a header row tells more than many rows of text.
    """
    best, best_score = ",", (0, 0.0)
    for delimiter in _DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            lines = list(itertools.islice(reader, _SNIFF_LINES))
        except csv.Error:
            continue
        known = max((headers_known(line) for line in lines), default=0)
        score = (known if known >= 2 else 0, _evenness(lines))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(lines: list[list[str]]) -> float:
    # The last line of a sample is cut anywhere.
    widths = [len(line) for line in lines if line][:-1] or [len(line) for line in lines if line]
    if not widths:
        return 0.0
    usual = max(set(widths), key=widths.count)
    return (usual - 1) * widths.count(usual) / len(widths)


def delimited_rows(file: Any, delimiter: str, where: str, *, broken: bool) -> Iterator[Row]:
    """Yield the rows of an open text file, numbered by the line they begin on.

    Args:
        file: text opened with newline="".
        delimiter: one character.
        where: the file's name, for errors.
        broken: whether the text holds bytes that are none; rows with such are damaged rows.

    Raises:
        BadArchive: a line or a cell that is too long to be one.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(bounded_lines(file, where), delimiter=delimiter)
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
        if broken and any(map(has_broken_bytes, cells)):
            yield start, DamagedRow(BROKEN_BYTES)
        else:
            yield start, [cell if cell else None for cell in cells]
        start = reader.line_num + 1


def bounded_lines(file: Any, where: str) -> Iterator[str]:
    """Yield the lines of an open text file.

    Raises:
        BadArchive: a line that is too long to be one.
    """
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
