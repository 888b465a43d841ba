"""Traditional characters and names of accounts, brought to what the models know.

Both are rare in official exchanges, so that only a text with one of `marked_characters` pays.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import zhconv_rs

_TARGET: Final = "zh-hans"
_MENTION: Final = "@"
# Whom a microblog names says nothing of what it feels; that it names someone does, and so does
# the mark of a repost (//@name:). A name on the microblogs has at most 30 characters.
_NAMED: Final = re.compile(r"@[\w\-]{1,30}")


def plain_variant(text: str) -> str:
    """Return the text in simplified characters, with @ for @name."""
    if not _traditional().isdisjoint(text):
        text = zhconv_rs.zhconv(text, _TARGET)
    return _NAMED.sub(_MENTION, text) if _MENTION in text else text


@lru_cache(maxsize=1)
def marked_characters() -> frozenset[str]:
    """Return the characters without which `plain_variant` leaves a text as it is."""
    return _traditional() | {_MENTION}


@lru_cache(maxsize=1)
def _traditional() -> frozenset[str]:
    """Return the characters of the basic plane that simplified text does not have."""
    ideographs = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = zhconv_rs.zhconv("\n".join(ideographs), _TARGET).split("\n")
    return frozenset(old for old, new in zip(ideographs, simplified, strict=True) if old != new)
