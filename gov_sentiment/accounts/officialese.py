"""How officialese a text is (官话指数): formal stock words against signs of plain talk.

    index = 100 · (F + 1) / (F + P + 2)

F counts the tokens of the officialese list, P those of the plain list and question marks, over
tokens of the project's tokenizer; one of each is added, so that a text with neither is 50 and a
short text cannot reach 0 or 100. It measures style: a notice may need its formal words.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from gov_sentiment.text import Tokenizer

SHORTEST: Final = 8  # Han characters; below it a text has no style to measure
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# What is no prose of the account: links, topics, mentions, emoji codes, a passed-on chain.
_NO_PROSE: Final = re.compile(
    r"https?://\S+|#[^#\n]{1,40}#|//@.*|@[\w\-·]{1,30}|\[[^\[\]]{1,8}\]", re.S
)


@dataclass(frozen=True, slots=True)
class Style:
    """One text: tokens of either list, and the index in 0–100."""

    official: int
    plain: int
    index: float


@cache
def word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of officialese and of plain talk."""
    path = resources.files("gov_sentiment.accounts") / "officialese.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(data["official"].split()), frozenset(data["plain"].split())


def measure_style(text: str, tokenizer: Tokenizer | None = None) -> Style | None:
    """Return the style of a text, None where it has fewer than `SHORTEST` Han characters."""
    prose = _NO_PROSE.sub(" ", text)
    if len(_HAN.findall(prose)) < SHORTEST:
        return None
    official_words, plain_words = word_lists()
    tokens = (tokenizer or Tokenizer()).cut(prose)
    official = sum(token in official_words for token in tokens)
    plain = sum(token in plain_words for token in tokens)
    plain += prose.count("？") + prose.count("?")
    return Style(official, plain, 100 * (official + 1) / (official + plain + 2))
