"""Texts of exchanges → normalised, tokenised parts that features are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from gov_sentiment.model.features import Parts, build_parts
from gov_sentiment.model.hashing import code_points
from gov_sentiment.text.tokenizer import Tokenizer
from gov_sentiment.text.variants import marked_characters, plain_variant

_DIGITS: Final = re.compile(r"[0-9]+")
_SPACES: Final = re.compile(r"\s+")
_BEYOND: Final = 0x10000
_CONTEXT: Final = "ΣσςΑΩ\u0345"  # a sigma is lower-cased by its place in the word
# Every alternative begins with a character of its own, by which the engine skips what is none.
# Every alternative begins with a character of its own, by which the engine skips what is none.
_OPENING: Final = re.compile(
    r"(?:收悉|受理|现将?.{0,12}(?:回复|答复|回答|说明|告知|反馈)如下"
    r"|回复(?:意见)?如下|答复(?:意见)?如下|回答(?:意见)?如下|说明(?:意见)?如下|情况(?:意见)?如下"
    r"|告知(?:意见)?如下|反馈(?:意见)?如下|进行了(?:认真)?(?:调查|核实|研究))[,:;。!]?"
)
_LONGEST_OPENING: Final = 20
_CLOSING: Final = re.compile(
    r"(感谢您?(?:你)?(?:对|的|一)|特此(?:回复|答复)|祝您|如有(?:疑问|问题)|欢迎(?:您|继续)|以上(?:是|为|情况))"
)


def fold(text: str | None) -> str:
    """Return the text as the models read it: one width and variant, lower case, digits as 0."""
    if not text:
        return ""
    return _SPACES.sub(" ", _DIGITS.sub("0", plain_variant(_full_fold(text)))).strip()


def fold_all(texts: Sequence[str | None]) -> list[str]:
    """Return `fold` of each text, most of them by one table look-up for the whole batch."""
    if not texts:
        return []
    table, alone = _fold_table()
    filled = [text or "" for text in texts]
    codes = code_points("".join(filled))
    lengths = np.fromiter(map(len, filled), dtype=np.int64, count=len(filled))
    ends = np.cumsum(lengths)
    # Characters that become several, join with their neighbours or are of the other variant need
    # the full rules. Both tables end with an entry for all characters beyond the basic plane.
    odd = np.flatnonzero(alone.take(codes, mode="clip"))
    special = set(np.searchsorted(ends, odd, side="right").tolist())
    folded = table.take(codes, mode="clip")
    kept = np.ones(len(codes), dtype=bool)
    runs = (folded[1:] == folded[:-1]) & ((folded[1:] == ord("0")) | (folded[1:] == ord(" ")))
    kept[1:] = ~runs
    kept[(ends - lengths)[lengths > 0]] = True  # a run ends with its text
    joined = folded[kept].tobytes().decode("utf-32-le", "surrogatepass")
    ends = np.concatenate([[0], np.cumsum(kept)])[ends]
    starts = np.concatenate([[0], ends[:-1]])
    return [
        fold(text) if row in special else joined[start:end].strip(" ")
        for row, (text, start, end) in enumerate(
            zip(filled, starts.tolist(), ends.tolist(), strict=True)
        )
    ]


@lru_cache(maxsize=1)
def _fold_table() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Return what each character of the basic plane folds to, and whether that needs context."""
    table = np.arange(_BEYOND + 1, dtype=np.uint32)
    alone = np.zeros(_BEYOND + 1, dtype=bool)
    alone[_BEYOND] = True
    marked = marked_characters()
    for code in range(_BEYOND):
        character = chr(code)
        folded = _SPACES.sub(" ", _DIGITS.sub("0", _full_fold(character)))
        composes = unicodedata.combining(character) or 0x1100 <= code < 0x1200
        if len(folded) != 1 or composes or character in _CONTEXT or folded in marked:
            alone[code] = True
        else:
            table[code] = ord(folded)
    return table, alone


def _full_fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def split_answer(reply: str) -> tuple[str, str, str]:
    """Return (head, body, closing) of a folded reply; joined they are the reply."""
    head = 0
    limit = min(len(reply) * 0.7, 220)
    for match in _OPENING.finditer(reply, 0, int(limit) + _LONGEST_OPENING):
        if match.end() > limit or len(reply) - match.end() <= 12:
            break
        head = match.end()
    # No closing formula begins inside another, so the search may begin anywhere.
    closing = _CLOSING.search(reply, max(head + 5, len(reply) - 90))
    tail = closing.start() if closing else len(reply)
    return reply[:head], reply[head:tail], reply[tail:]


def prepare(
    titles: Sequence[str | None], posts: Sequence[str | None], replies: Sequence[str | None]
) -> Parts:
    """Return the parts of a batch of exchanges; the three sequences have one length."""
    n_rows = len(titles)
    folded = fold_all([*titles, *posts, *replies])
    texts: list[str] = []
    for row in range(n_rows):
        title, post, reply = folded[row], folded[n_rows + row], folded[2 * n_rows + row]
        texts += (title, post, *split_answer(reply))
    return build_parts(texts, Tokenizer().cut_batch(texts))
