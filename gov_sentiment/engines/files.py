"""Output files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from gov_sentiment.errors import BadSettings, RunInterrupted

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a name to write to; it takes the final name only when the block ends well.

    The temporary file lies in the same folder, so that the last step is one rename, which is
    atomic. It keeps the suffix, because writers choose the format by it.

    Raises:
        BadSettings: the folder cannot be made or written to.
        RunInterrupted: the disk is full.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    with disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            temporary.replace(path)
        finally:
            remove(temporary)


@contextlib.contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn a full disk or a folder that cannot be written into errors that a user can mend."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise RunInterrupted(
                f"{folder}: no space left on this disk.\n"
                "Nothing unfinished was left under the final name. Free some space and run the "
                "same command again, for `run` and `score` with --resume."
            ) from None
        if error.errno in (errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
            raise BadSettings(
                f"{error.filename or folder}: cannot write here ({error.strerror}).\n"
                "Choose another place with -o or --out."
            ) from None
        raise


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
