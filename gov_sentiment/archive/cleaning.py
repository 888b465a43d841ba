"""Cells as exporters leave them → words, and a citizen's rating → 0 to 1."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_SPACE_RUNS: Final = re.compile(r"[ \t\u3000\xa0]+")
# One blank line may stand between paragraphs, and stands between several replies.
_PARAGRAPHS: Final = re.compile(r"\s*\n\s*\n\s*")
_LINE_ENDS: Final = re.compile(r"[ \t]*\n[ \t]*")
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]|_x000[dD]_")
_TAG: Final = re.compile(r"<(?:br|/p|/div)\s*/?>", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"</?(?:a|span|img|p|div|font|b|strong|em|u|i)\b[^<>]{0,400}>", re.IGNORECASE
)
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_STARS: Final = re.compile(r"([1-5一二三四五])\s*[星分]")
_RATINGS: Final = {
    "非常满意": 1.0,
    "很满意": 1.0,
    "满意": 0.75,
    "基本满意": 0.5,
    "一般": 0.5,
    "不满意": 0.25,
    "很不满意": 0.0,
    "非常不满意": 0.0,
}


def clean_text(text: str | None) -> str | None:
    """Return a cell's words without the traces of export: markup, control marks, ragged space.

    Runs of spaces become one, blank lines at most one; nothing else of the words changes.
    """
    if text is None:
        return None
    if "<" in text:
        text = _MARKUP.sub("", _TAG.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _PARAGRAPHS.sub("\n\n", _SPACE_RUNS.sub(" ", text)).strip()
    text = _LINE_ENDS.sub("\n", text)
    if text.startswith("'") and not text.endswith("'"):
        text = text[1:]  # Excel's mark for "this is text"; a pair of them is a quotation
    return text or None


def parse_rating(given: str, *, is_share: bool) -> float | None:
    """Return a citizen's rating from 0 to 1, None where the cell holds none.

    Args:
        given: words (满意), 1 to 5, stars (五星), or a share.
        is_share: whether a number is a share already, so that 0 is the worst and no "not rated".
    """
    if given in _RATINGS:
        return _RATINGS[given]
    folded = unicodedata.normalize("NFKC", given).strip()
    if found := _PERCENT.fullmatch(folded):
        share = float(found[1]) / 100
        return share if share <= 1 else None
    if found := _STARS.fullmatch(folded):
        folded = str("一二三四五".find(found[1]) + 1 or found[1])
    try:
        value = float(folded)
    except ValueError:
        return None
    if is_share:
        return value if 0 <= value <= 1 else None
    if 1 <= value <= 5:
        return (value - 1) / 4
    return value if 0 < value < 1 else None
