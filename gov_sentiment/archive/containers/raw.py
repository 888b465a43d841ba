"""A raw table: rows of text cells with their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gov_sentiment.errors import BadArchive

Row = tuple[int, list[str | None]]

BROKEN_BYTES: Final = "bytes_that_are_no_text"
BROKEN_JSON: Final = "broken_json"
_MAX_DOCUMENT: Final = 512 << 20
# What the error handler "surrogateescape" makes of a byte that fits no character.
_BROKEN: Final = re.compile("[\udc80-\udcff]")


class DamagedRow(list[str | None]):
    """A row that cannot be read; it has no cells, and a reason for the rejects."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


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


def check_size(path: Path) -> None:
    """Refuse a document too large to be held whole; tables that stream have no such limit.

    Raises:
        BadArchive: it is larger than 512 MiB.
    """
    if path.stat().st_size > _MAX_DOCUMENT:
        raise BadArchive(f"{path}: too large to be read whole. Export it as csv or jsonl.")


def has_broken_bytes(text: str) -> bool:
    """Tell whether text that was decoded with "surrogateescape" holds bytes that are no text."""
    return not text.isascii() and _BROKEN.search(text) is not None
