"""Which container a file is, by its first bytes before its name."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from gov_sentiment.archive.containers.databases import read_parquet, read_sqlite
from gov_sentiment.archive.containers.delimited import read_text
from gov_sentiment.archive.containers.json_records import read_json
from gov_sentiment.archive.containers.raw import RawTable
from gov_sentiment.archive.containers.web_pages import is_web_page, read_web_page
from gov_sentiment.archive.containers.workbooks import read_sheets
from gov_sentiment.archive.containers.xml_records import is_xml, read_xml
from gov_sentiment.archive.containers.zips import is_workbook, read_zip, zip_members
from gov_sentiment.errors import BadArchive

_JSON: Final = frozenset({".json", ".jsonl", ".ndjson"})
_READABLE: Final = _JSON | {
    *(".csv", ".tsv", ".txt", ".html", ".htm", ".xml"),
    *(".xlsx", ".xlsm", ".xls", ".ods", ".et"),
    *(".db", ".sqlite", ".sqlite3", ".parquet"),
}
_READABLE_IN_FOLDER: Final = _READABLE | {".zip"}


def open_tables(paths: Sequence[str | Path], left_out: list[str]) -> Iterator[RawTable]:
    """Yield the tables of files, folders, zips; "-" is standard input.

    Args:
        paths: what the user named.
        left_out: takes the names of files in folders and zips that are empty or of no known kind.

    Raises:
        BadArchive: a file is missing, empty, damaged, or of no known kind.
    """
    check_paths(paths)
    for name in paths:
        if str(name) == "-":
            yield from _standard_input(left_out)
            continue
        path = Path(name)
        if path.is_dir():
            yield from _folder(path, left_out)
        else:
            yield from _file(path, path.name, left_out)


def check_paths(paths: Sequence[str | Path]) -> None:
    """Raise BadArchive where nothing is named, or something that is not there."""
    if not paths:
        raise BadArchive("No archive was named. Give a file, a folder or a zip.")
    for name in paths:
        if str(name) != "-" and not Path(name).exists():
            raise BadArchive(f"{name}: no such file or folder. Check the path.")


def _folder(path: Path, left_out: list[str]) -> Iterator[RawTable]:
    files = []
    for file in sorted(path.rglob("*")):
        if not file.is_file() or file.name.startswith((".", "~$")):
            continue
        name = str(file.relative_to(path))
        if file.suffix.lower() not in _READABLE_IN_FOLDER:
            left_out.append(name)
        elif not file.stat().st_size:
            left_out.append(f"{name} (empty)")
        else:
            files.append(file)
    if not files:
        raise BadArchive(
            f"{path}: no file in this folder can be read. "
            f"Known: {', '.join(sorted(_READABLE_IN_FOLDER))}."
        )
    for file in files:
        yield from _file(file, str(file.relative_to(path)), left_out)


def _standard_input(left_out: list[str]) -> Iterator[RawTable]:
    with tempfile.TemporaryDirectory(prefix="gov-sentiment-") as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield from _file(path, "stdin", left_out)


def _file(path: Path, name: str, left_out: list[str]) -> Iterator[RawTable]:
    name = _readable_name(name)
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise BadArchive(f"{path}: the file is empty. Export it again.")
    if head.startswith(b"SQLite format 3\0"):
        yield from read_sqlite(path, name)
    elif head.startswith(b"PAR1"):
        yield read_parquet(path, name)
    elif head.startswith(b"PK\x03\x04"):
        members = zip_members(path)
        if is_workbook(members):
            yield from read_sheets(path, name)
        else:
            open_file = partial(_file, left_out=left_out)
            yield from read_zip(path, members, _READABLE, open_file, left_out)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        yield from read_sheets(path, name)
    elif is_web_page(head):
        yield read_web_page(path, name)
    elif is_xml(head):
        yield from read_xml(path, name)
    elif path.suffix.lower() in _JSON or _begins_like_json(head):
        yield from read_json(path, name)
    else:
        yield read_text(path, name)


def _readable_name(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:  # a name in GBK on a system of UTF-8
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _begins_like_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")
