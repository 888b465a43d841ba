"""Flags that one exchange shows by itself, each with the span that shows it.

Every rule asks for two things: the sign, and the absence of what would excuse it. A reply
that promises "soon" but names a step is no hollow promise; a refusal of competence that names
the competent body is a referral. Precision on real archives stands in docs/flags.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from gov_sentiment.scoring.checks import rules_signs as signs
from gov_sentiment.scoring.checks.clauses import read_clauses
from gov_sentiment.scoring.checks.emptiness import POLITE, without_substance
from gov_sentiment.scoring.checks.reply_view import Hit, ReplyView, body_span
from gov_sentiment.text import split_reply

__all__ = ["Hit", "ReplyView", "body_span", "row_hits"]

_NOT_WORDS: Final = re.compile(r"\W+")
_INSTANT_SECONDS: Final = 300
_SHORTEST_RESTATED: Final = 14
_NOTHING_ELSE: Final = 8
_LONGEST_NOTHING: Final = 260
_LONGEST_SHIRK: Final = 160
_MOST_OWN: Final = 4  # characters of its own in a reply that repeats the post: "您", "我"
_PIECE: Final = 5  # characters that a reply and its post share only where one repeats the other


def _shirking(view: ReplyView, body: str) -> Iterator[Hit]:
    # Not in long answers: there the refused point is one of several, or quoted.
    if len(body) > _LONGEST_SHIRK or view.reply_type == "resolved":
        return
    match = signs.SHIRK.search(body)
    if match is None or signs.ROUTE.search(body) or signs.TRANSFER.search(body):
        return
    yield Hit(
        "shirking",
        "refuses competence and names no other body",
        view.body_start + match.start(),
        view.body_start + match.end(),
    )


def _restates_only(view: ReplyView, body: str) -> Iterator[Hit]:
    # A letter of thanks asks for no answer.
    if view.post_intent == "praise" or len(view.reply) > _LONGEST_NOTHING:
        return
    short = signs.STOPS_SHORT.search(view.reply)
    if short:
        yield Hit("restates_only", "announces an answer and stops", *short.span())
        return
    if signs.NAME_ONLY.fullmatch(body):
        yield Hit("restates_only", "nothing but greeting and date", 0, len(view.reply))
        return
    if len(body) > 2 * _NOTHING_ELSE or len(_NOT_WORDS.sub("", body)) >= _NOTHING_ELSE:
        yield from _repeats_the_post(view, body)
        return
    parts = split_reply(view.reply)
    if parts.restated_span is None:
        polite = all(clause.act in POLITE for clause in read_clauses(body) or ())
        if polite and not _says_something(view.reply):
            yield Hit("restates_only", "nothing but greeting and date", 0, len(view.reply))
        return
    # The citizen's own words may say anything; what follows the receipt is the agency's.
    receipt = signs.RECEIPT.search(parts.restated)
    own = parts.restated[receipt.end() :] if receipt else parts.restated
    if signs.FOUND.search(parts.restated) or _says_something(own + body + parts.closing):
        return
    long = len(parts.restated) >= _SHORTEST_RESTATED
    rule = "repeats the post and stops" if long else "confirms receipt and stops"
    yield Hit("restates_only", rule, *parts.restated_span)


def _repeats_the_post(view: ReplyView, body: str) -> Iterator[Hit]:
    """Yield a hit where the body is the citizen's own words and nothing else."""
    looks = (len(body) * n // 4 for n in (1, 2, 3))
    if not any(body[look : look + _PIECE] in view.post for look in looks):
        return  # nearly all replies end here, at the price of three looks
    words = _NOT_WORDS.sub("", signs.NEUTRAL.sub("", body))
    post = _NOT_WORDS.sub("", view.post)
    size = len(words)
    if size < _SHORTEST_RESTATED:
        return
    own = set(range(size))
    for i in range(size - _PIECE + 1):
        if words[i : i + _PIECE] in post:
            own.difference_update(range(i, i + _PIECE))
    rest = "".join(words[i] for i in sorted(own))
    said = signs.CONCRETE.search(rest) or _says_something(rest) or signs.OUR_WORK.search(body)
    if len(rest) <= _MOST_OWN and not said:
        yield Hit("restates_only", "repeats the post and stops", view.body_start, view.body_end)


def _says_something(text: str) -> bool:
    return signs.SUBSTANCE.search(signs.NEUTRAL.sub("", text)) is not None


def _template_fields_left(view: ReplyView, body: str) -> Iterator[Hit]:
    if not any(cue in view.reply for cue in signs.PLACEHOLDER_CUES):
        return
    match = signs.PLACEHOLDER.search(view.reply)
    if match:
        yield Hit("template_fields_left", "a field of the template is not filled in", *match.span())


def _hostile(view: ReplyView, body: str) -> Iterator[Hit]:
    # The agency's own words, not the citizen's that it repeats.
    match = signs.HOSTILE.search(body)
    if match:
        start = view.body_start
        yield Hit(
            "hostile", "scolds, mocks or threatens", start + match.start(), start + match.end()
        )


def _instant_reply(view: ReplyView, body: str) -> Iterator[Hit]:
    posted, replied = view.posted_at, view.replied_at
    if posted is None or replied is None:
        return
    # 00:00:00 on both sides means that only the days are known.
    if posted.hour == posted.minute == posted.second == 0:
        return
    seconds = (replied - posted).total_seconds()
    if 0 <= seconds <= _INSTANT_SECONDS:
        yield Hit("instant_reply", f"answered within {_INSTANT_SECONDS // 60} minutes")


_RULES: Final[tuple[Callable[[ReplyView, str], Iterator[Hit]], ...]] = (
    without_substance,
    _shirking,
    _restates_only,
    _template_fields_left,
    _hostile,
    _instant_reply,
)


def row_hits(view: ReplyView) -> list[Hit]:
    """Return the flags that the exchange shows by itself, at most one hit a flag."""
    body = view.body
    first: dict[str, Hit] = {}
    for rule in _RULES:
        for hit in rule(view, body):
            first.setdefault(hit.flag, hit)
    return list(first.values())
