"""Zips: what is inside, unpacked one by one into a folder of our own."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from gov_sentiment.archive.containers.raw import RawTable
from gov_sentiment.errors import BadArchive

MAX_UNZIPPED: Final = 4 << 30
MAX_RATIO: Final = 250
_SMALL: Final = 100 << 20  # bytes; less than that harms nobody, whatever the ratio

OpenFile = Callable[[Path, str], Iterator[RawTable]]


def zip_members(path: Path) -> list[zipfile.ZipInfo]:
    """Return what a zip (or a workbook, which is one) holds.

    Raises:
        BadArchive: it is damaged, or unpacks to more than an archive of texts does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise BadArchive(f"{path}: a damaged zip or workbook. Export it again.") from None
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MAX_UNZIPPED or total > max(_SMALL, MAX_RATIO * packed):
        raise BadArchive(
            f"{path}: unpacks to {total / 2**30:,.1f} GiB from {packed / 2**20:,.1f} MiB. That is "
            "more than an archive of texts does; unpack it yourself if you trust it."
        )
    return members


def is_workbook(members: Collection[zipfile.ZipInfo]) -> bool:
    """Tell whether these are the parts of a workbook (xlsx or ods)."""
    names = {member.filename for member in members}
    return bool(names & {"[Content_Types].xml", "mimetype", "content.xml"})


def read_zip(
    path: Path,
    members: Collection[zipfile.ZipInfo],
    readable: Collection[str],
    open_file: OpenFile,
    left_out: list[str],
) -> Iterator[RawTable]:
    """Yield the tables of the files in a zip.

    Args:
        path: the zip.
        members: what it holds.
        readable: suffixes of files to open.
        open_file: opens an unpacked file under the name it had.
        left_out: takes the names of files that are not read.

    Raises:
        BadArchive: nothing in it can be read, or a file in it is damaged or locked.
    """
    wanted = []
    for member in members:
        inside = PurePosixPath(_member_name(member))
        if member.is_dir() or inside.name.startswith((".", "~$")) or "__MACOSX" in inside.parts:
            continue
        if inside.suffix.lower() not in readable:
            left_out.append(f"{path.name}/{inside}")
        elif not member.file_size:
            left_out.append(f"{path.name}/{inside} (empty)")
        else:
            wanted.append(member)
    if not wanted:
        raise BadArchive(f"{path}: no file in this zip can be read.")
    with (
        tempfile.TemporaryDirectory(prefix="gov-sentiment-") as folder,
        zipfile.ZipFile(path) as archive,
    ):
        for number, member in enumerate(wanted):
            name = _member_name(member)
            # A name of our own: the zip's may point outside the folder.
            target = Path(folder) / f"{number}{PurePosixPath(name).suffix.lower()}"
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
                    f"{path}: {name} cannot be unpacked ({type(error).__name__}); "
                    "it is damaged, or locked with a password."
                ) from None
            yield from open_file(target, f"{path.name}/{name}")


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
