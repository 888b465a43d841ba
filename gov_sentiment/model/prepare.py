"""Texts of exchanges → normalised, tokenised parts that features are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from gov_sentiment.model.features import Parts, build_parts
from gov_sentiment.text.tokenizer import Tokenizer

_DIGITS: Final = re.compile(r"[0-9]+")
_SPACES: Final = re.compile(r"\s+")
_OPENING: Final = re.compile(
    r"(收悉|受理|现将?.{0,12}(?:回复|答复|回答|说明|告知|反馈)如下"
    r"|(?:回复|答复|回答|说明|情况|告知|反馈)(?:意见)?如下|进行了(?:认真)?(?:调查|核实|研究))[,:;。!]?"
)
_CLOSING: Final = re.compile(
    r"(感谢您?(?:你)?(?:对|的|一)|特此(?:回复|答复)|祝您|如有(?:疑问|问题)|欢迎(?:您|继续)|以上(?:是|为|情况))"
)


def fold(text: str | None) -> str:
    """Return the text as the models read it: one width, lower case, digits as one 0."""
    if not text:
        return ""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _SPACES.sub(" ", _DIGITS.sub("0", folded)).strip()


def split_answer(reply: str) -> tuple[str, str, str]:
    """Return (head, body, closing) of a folded reply; joined they are the reply."""
    head = 0
    limit = min(len(reply) * 0.7, 220)
    for match in _OPENING.finditer(reply):
        if match.end() > limit or len(reply) - match.end() <= 12:
            break
        head = match.end()
    tail = len(reply)
    for match in _CLOSING.finditer(reply, head + 5):
        if len(reply) - match.start() <= 90:
            tail = match.start()
            break
    return reply[:head], reply[head:tail], reply[tail:]


def prepare(
    titles: Sequence[str | None], posts: Sequence[str | None], replies: Sequence[str | None]
) -> Parts:
    """Return the parts of a batch of exchanges; the three sequences have one length."""
    texts: list[str] = []
    for title, post, reply in zip(titles, posts, replies, strict=True):
        texts += (fold(title), fold(post), *split_answer(fold(reply)))
    return build_parts(texts, Tokenizer().cut_batch(texts))
