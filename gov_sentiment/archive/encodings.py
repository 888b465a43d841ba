"""Which encoding a text file is in, decided on all of its bytes.

The order matters: most UTF-8 Chinese also decodes as GB18030, into nonsense, so UTF-8 is
tried first and strictly. Only a file that fits no encoding strictly may be read in the one that
all but a few of its bytes speak for; the rows with those bytes become rejects, never guesses.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from gov_sentiment.errors import BadArchive

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 12
_FEWEST_ZEROS: Final = 100  # one byte in so many
CANDIDATES: Final = ("utf-8", "gb18030", "big5")
# Encodings whose line ends and delimiters stand for themselves beside a broken byte.
_TOLERANT: Final = frozenset({"utf-8", "utf-8-sig", "gb18030"})
_BYTES_PER_BREAK: Final = 10_000
_CHARACTERS_PER_BREAK: Final = 20
_SIMPLIFIED: Final = 0.95
# Bytes that are no character, as the error handler "surrogateescape" keeps them.
_BREAKS: Final = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f\udc80-\udcff]")
# UTF-8 that somebody read as GBK and saved again; these pairs come from the commonest characters.
_MOJIBAKE: Final = re.compile("锛|銆|鐨勶|鏄|浜嗭|寰崥|鍙戝竷|鎴戜滑|涓嶏")
_COMMON: Final = re.compile(
    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会]"
)


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a text file is decoded.

    codec: Python's name of the encoding.
    n_broken: places with bytes that fit no character; 0 nearly always.
    """

    codec: str
    n_broken: int = 0

    @property
    def errors(self) -> str:
        """The error handler to open the file with: broken bytes stay visible, one by one."""
        return "surrogateescape" if self.n_broken else "strict"


def detect_text(path: Path) -> TextEncoding:
    """Return how to decode a text file, a few bytes of which may be broken.

    Broken bytes are borne with at most once in 10,000 bytes (once in any file) and 20 characters
    beyond ASCII, and in UTF-8 or in GB18030 whose characters are nearly all simplified Chinese:
    so a wrong encoding does not pass for a right one with errors.

    Raises:
        BadArchive: no candidate fits; says which byte and what was tried.
    """
    with path.open("rb") as file:
        return _detect(file, str(path))


def _detect(file: BinaryIO, where: str) -> TextEncoding:
    candidates = _candidates(file.read(_HEAD))
    failed_at = {}
    for encoding in candidates:
        failed = _first_bad_byte(file, encoding)
        if failed is None:
            return TextEncoding("big5" if encoding == "gb18030" and _is_big5(file) else encoding)
        failed_at[encoding] = failed
    for encoding in candidates:
        n_broken = _count_breaks(file, encoding) if encoding in _TOLERANT else None
        if n_broken is not None:
            return TextEncoding(encoding, n_broken)
    furthest = max(failed_at.values())
    raise BadArchive(
        f"{where}: not text in any encoding tried ({', '.join(candidates)}); the first byte that "
        f"fits none is number {furthest + 1:,}.\nSave it as UTF-8, or export it again."
    )


def _candidates(head: bytes) -> tuple[str, ...]:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return (encoding,)
    # Text holds no zero bytes but in UTF-16, where tabs, line ends and digits have one.
    if head.count(0) * _FEWEST_ZEROS >= len(head):
        return ("utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le",)
    return CANDIDATES


def _first_bad_byte(file: BinaryIO, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    file.seek(0)
    while True:
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return position + error.start
        if not chunk:
            return None
        position += len(chunk)


def _is_big5(file: BinaryIO) -> bool:
    """Tell whether a file that decodes as GB18030 was written in Big5.

    GB18030 has a meaning for nearly every pair of bytes, Big5 has not, and real text keeps to the
    common characters of its own encoding.
    """
    file.seek(0)
    data = file.read(_CHUNK)
    usual = _usual_share(data.decode("gb18030", "ignore"), "gb2312")
    if usual >= _SIMPLIFIED or _first_bad_byte(file, "big5") is not None:
        return False
    return _usual_share(data.decode("big5", "ignore"), "big5") > usual


def _usual_share(text: str, encoding: str) -> float:
    """Return the share of characters beyond ASCII that are common ones of GB2312 or Big5."""
    beyond = "".join(_BEYOND_ASCII.findall(text))
    data = beyond.encode(encoding, "ignore")
    leads = data[::2]
    # Big5 holds its 5,401 common characters, and its punctuation, before the lead byte C7.
    usual = len(leads) if encoding == "gb2312" else sum(lead < 0xC7 for lead in leads)
    return usual / len(beyond) if beyond else 1.0


def _count_breaks(file: BinaryIO, encoding: str) -> int | None:
    """Return how many places are broken, None where they are too many to trust the encoding."""
    n_breaks = n_beyond = n_simplified = 0
    for text in _decoded(file, encoding):
        n_breaks += len(_BREAKS.findall(text))
        beyond = "".join(_BEYOND_ASCII.findall(text))
        n_beyond += len(beyond)
        n_simplified += len(beyond.encode("gb2312", "ignore")) // 2
        if n_breaks > 1 + file.tell() // _BYTES_PER_BREAK:
            return None
    if n_beyond < _CHARACTERS_PER_BREAK * n_breaks:
        return None
    # GB18030 decodes nearly anything, but what is not simplified Chinese into rare characters.
    if encoding == "gb18030" and n_simplified < _SIMPLIFIED * n_beyond:
        return None
    return n_breaks


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def looks_like_mojibake(text: str) -> bool:
    """Tell whether text is UTF-8 that was read as GBK at some earlier time."""
    hits = len(_MOJIBAKE.findall(text))
    return hits >= 3 and hits > len(_COMMON.findall(text))
