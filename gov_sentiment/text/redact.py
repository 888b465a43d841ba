"""Personal data in free text: found by its form, replaced by a mark such as [手机号].

Numbers are judged by their own rules where they have some (check digits of identity numbers
after GB 11643 / ISO 7064 MOD 11-2, Luhn for bank cards, real dates), names and addresses by the
words before and behind them. Public hotlines and an office's own lines stay: they are evidence
of service. Every pattern has bounded repeats, so the time is linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from gov_sentiment.text import redact_rules as rules
from gov_sentiment.text.redact_homes import homes
from gov_sentiment.text.redact_names import names

MARKS: Final = {
    "phone": "[手机号]",
    "landline": "[电话]",
    "id": "[身份证号]",
    "bank_card": "[银行卡号]",
    "email": "[邮箱]",
    "qq": "[QQ号]",
    "wechat": "[微信号]",
    "plate": "[车牌号]",
    "passport": "[证件号]",
    "address": "[住址]",
    "name": "[姓名]",
    "nick": "[网名]",
    "ip": "[IP地址]",
}

_MARK: Final = re.compile("|".join(map(re.escape, MARKS.values())))
_DIGIT: Final = re.compile(r"\d")
_CUE_REACH: Final = 18  # characters before a number in which a cue about it may stand

# Full-width forms one to one, so that places in the folded text are places in the text.
_FOLD: Final = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DASHES: Final = dict.fromkeys(map(ord, "—–‐‑‒―−"), "-")
_TABLE: Final = _FOLD | _DASHES | {0x00A0: " "}


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data in a text.

    start, end: places in the text, end exclusive.
    kind: a key of `MARKS`.
    """

    start: int
    end: int
    kind: str


def fold(text: str) -> str:
    """Return the text in half-width letters, each at its place."""
    return text.translate(_TABLE)


def find_personal(text: str, *, reply: bool = False) -> list[Span]:
    """Return the personal data in a text, in its order, without overlaps.

    Args:
        text: a post or a reply.
        reply: the text is an agency's, so fixed-line numbers in it are office lines and stay.
    """
    folded = fold(text)
    taken: list[Span] = []
    covered = bytearray(len(text))
    for mark in _MARK.finditer(text):
        covered[mark.start() : mark.end()] = b"\1" * len(mark.group())
    for span in _candidates(folded, reply):
        if not any(covered[span.start : span.end]):
            taken.append(span)
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    return sorted(taken, key=lambda span: span.start)


def redact(text: str, *, reply: bool = False) -> str:
    """Return the text with personal data replaced by marks; a second time changes nothing.

    Args:
        text: a post or a reply.
        reply: see `find_personal`.
    """
    # A mark parts what stood together, and so can show a number that was hidden before.
    while spans := find_personal(text, reply=reply):
        pieces, done = [], 0
        for span in spans:
            pieces += [text[done : span.start], MARKS[span.kind]]
            done = span.end
        text = "".join(pieces) + text[done:]
    return text


def _candidates(text: str, reply: bool) -> Iterator[Span]:
    """Yield what looks personal, the surest kinds first."""
    yield from _emails(text)
    yield from _spans(rules.MOBILE_IN_WORDS, text, "phone")
    if _DIGIT.search(text):
        yield from _numbers(text, reply)
    for start, end in homes(text, reply=reply):
        yield Span(start, end, "address")
    if rules.LATIN_WORD.search(text):
        yield from _spans(rules.WECHAT, text, "wechat")
    if "@" in text:
        yield from _spans(
            rules.NICK, text, "nick", lambda found: not rules.OFFICE_NICK.search(found.group())
        )
    for start, end in names(text):
        yield Span(start, end, "name")


def _numbers(text: str, reply: bool) -> Iterator[Span]:
    if rules.LONG_NUMBER.search(text):
        yield from _long_numbers(text)
    yield from _spans(rules.QQ, text, "qq")
    yield from _spans(rules.PLATE, text, "plate")
    if text.count(":") > 6:
        yield from _spans(rules.IP_ADDRESS_6, text, "ip")
    if not reply and rules.LONG_NUMBER.search(text):
        for pattern in (rules.LANDLINE, rules.LOCAL_PHONE):
            yield from _spans(
                pattern, text, "landline", lambda found: not _has(rules.OFFICE_CUE, text, found)
            )


def _long_numbers(text: str) -> Iterator[Span]:
    is_coded = partial(_has, rules.NUMBER_CUE, text, reach=6)
    yield from _spans(rules.ID_18, text, "id", lambda found: _is_id(found, text, rules.is_id_18))
    yield from _spans(rules.ID_MASKED, text, "id", lambda found: len(found.group()) in (15, 18))
    yield from _spans(rules.BANK_CARD, text, "bank_card", lambda found: _is_card(found, text))
    yield from _spans(rules.ID_15, text, "id", lambda found: _is_id(found, text, rules.is_id_15))
    yield from _spans(rules.MOBILE, text, "phone", lambda found: not is_coded(found))
    yield from _spans(rules.PASSPORT, text, "passport")
    yield from _spans(rules.IP_ADDRESS, text, "ip", lambda found: _is_ip(found, text))


def _emails(text: str) -> Iterator[Span]:
    if "@" not in text and ".com" not in text:
        return
    # A mailbox of an authority is a public counter, like a hotline.
    yield from _spans(
        rules.EMAIL, text, "email", lambda found: not found.group().lower().endswith("gov.cn")
    )


def _spans(
    pattern: re.Pattern[str],
    text: str,
    kind: str,
    accept: Callable[[re.Match[str]], bool] | None = None,
) -> Iterator[Span]:
    """Yield a span for each match (its group "it" where the pattern has one) that is accepted."""
    group = "it" if "it" in pattern.groupindex else 0
    for found in pattern.finditer(text):
        if accept is None or accept(found):
            yield Span(*found.span(group), kind)


def _has(cue: re.Pattern[str], text: str, found: re.Match[str], reach: int = _CUE_REACH) -> bool:
    start = found.start()
    return cue.search(text, max(0, start - reach), start) is not None


def _is_id(found: re.Match[str], text: str, check: Callable[[str], bool]) -> bool:
    digits = re.sub(r"[ \-]", "", found.group())
    if _has(rules.NUMBER_CUE, text, found, 6):
        return False
    # A mistyped digit breaks the check sum; after its cue the number is one all the same.
    return check(digits) or "身份证" in text[max(0, found.start() - 12) : found.start()]


def _is_ip(found: re.Match[str], text: str) -> bool:
    # 4.2.27.1 numbers a paragraph; large parts, or a word about networks, make an address.
    large = any(int(part) > 99 for part in found.group().split("."))
    return large or _has(rules.NETWORK_CUE, text, found, 12)


def _is_card(found: re.Match[str], text: str) -> bool:
    if _has(rules.NUMBER_CUE, text, found, 6):
        return False
    digits = re.sub(r"[ \-]", "", found.group())
    return rules.is_bank_card(digits) or _has(rules.ACCOUNT_CUE, text, found, 12)
