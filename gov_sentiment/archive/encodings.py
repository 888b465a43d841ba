"""Which encoding a text file is in, decided on all of its bytes.

The order matters: most UTF-8 Chinese also decodes as GB18030, into nonsense, so UTF-8 is
tried first and strictly.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO, Final

from gov_sentiment.errors import BadArchive

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK: Final = 1 << 20
CANDIDATES: Final = ("utf-8", "gb18030", "big5")
# UTF-8 that somebody read as GBK and saved again; these pairs come from the commonest characters.
_MOJIBAKE: Final = re.compile("锛|銆|鐨勶|鏄|浜嗭|寰崥|鍙戝竷|鎴戜滑|涓嶏")
_COMMON: Final = re.compile(
    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会]"
)


def detect_encoding(source: Path | BinaryIO) -> str:
    """Return the codec name of a text file.

    Args:
        source: a path, or a binary file that can seek (it is rewound).

    Raises:
        BadArchive: no candidate fits all bytes; says which byte and what was tried.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return _detect(file, str(source))
    name = _detect(source, "input")
    source.seek(0)
    return name


def _detect(file: BinaryIO, where: str) -> str:
    head = file.read(4)
    candidates: tuple[str, ...] = CANDIDATES
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            candidates = (encoding,)
    if len(head) == 4 and head.count(0) in (1, 2) and (head[0] == 0 or head[1] == 0):
        candidates = ("utf-16-be" if head[0] == 0 else "utf-16-le",)
    failed_at = {}
    for encoding in candidates:
        file.seek(0)
        failed = _first_bad_byte(file, encoding)
        if failed is None:
            return encoding
        failed_at[encoding] = failed
    furthest = max(failed_at.values())
    raise BadArchive(
        f"{where}: not text in any encoding tried ({', '.join(candidates)}); the first byte that "
        f"fits none is number {furthest + 1:,}.\nSave it as UTF-8, or export it again."
    )


def _first_bad_byte(file: BinaryIO, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    while True:
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return position + error.start
        if not chunk:
            return None
        position += len(chunk)


def looks_like_mojibake(text: str) -> bool:
    """Tell whether text is UTF-8 that was read as GBK at some earlier time."""
    hits = len(_MOJIBAKE.findall(text))
    return hits >= 3 and hits > len(_COMMON.findall(text))
