"""How officialese a text is (官话指数): formal stock words against signs of plain talk.

    index = 100 · (F − P) / n

F counts the words of the officialese list, P those of the plain list and question marks, n all
words, over tokens of the project's tokenizer that hold a Chinese character: officialese words more
than plain ones in a hundred words, from −100 to 100. It measures style: a notice may need its
formal words. The ratio 100 · (F + 1) / (F + P + 2) was tried first and parts real accounts from
citizens less well (`scripts/measure_officialese.py`, docs/accounts.md).
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
    """One text: words of either list, all its words, and the index in −100…100."""

    official: int
    plain: int
    words: int
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
    tokens = [token for token in (tokenizer or Tokenizer()).cut(prose) if _HAN.search(token)]
    official = sum(token in official_words for token in tokens)
    plain = sum(token in plain_words for token in tokens)
    plain += prose.count("？") + prose.count("?")
    index = max(-100.0, 100 * (official - plain) / len(tokens))
    return Style(official, plain, len(tokens), index)
