"""Flags that one exchange shows by itself, each with the span that shows it.

Every rule asks for two things: the sign, and the absence of what would excuse it. A reply
that promises "soon" but names a step is no hollow promise; a refusal of competence that names
the competent body is a referral. Precision on real archives stands in docs/flags.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gov_sentiment.scoring.checks import rules_signs as signs
from gov_sentiment.text import split_reply


@dataclass(frozen=True, slots=True)
class Hit:
    """One flag on one exchange.

    flag: its name in the `flags` column.
    rule: which sign fired.
    start, end: character span in `reply_text` (0, 0 where the sign is not in the text).
    """

    flag: str
    rule: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the rules need of one answered exchange.

    body_start, body_end: span of the reply between courtesy and the restated post.
    """

    post: str
    reply: str
    body_start: int
    body_end: int
    post_intent: str | None
    reply_type: str | None
    status: str | None
    posted_at: datetime | None
    replied_at: datetime | None

    @property
    def body(self) -> str:
        """The reply without courtesy and restated post."""
        return self.reply[self.body_start : self.body_end]


def body_span(reply: str) -> tuple[int, int]:
    """Return where the substance of a reply begins and ends."""
    return split_reply(reply).body_span


_MORE_THAN_A_PROMISE: Final = (signs.CONCRETE, signs.ACTED, signs.NEEDS_INFO, signs.TRANSFER)
_DONE_STATUS: Final = frozenset(
    {"已办理", "已办结", "办结", "办理完成", "已完成", "已解决", "处理完毕", "已处理", "已结案"}
)
_NOT_WORDS: Final = re.compile(r"\W+")
_INSTANT_SECONDS: Final = 300
_LONGEST_HOLLOW: Final = 160
_LONGEST_REST: Final = 24
_LONGEST_OPENING: Final = 150  # a longer one may hold the answer itself
_LONGEST_TRANSFER: Final = 110
_SHORTEST_RESTATED: Final = 14
_NOTHING_ELSE: Final = 8
_LONGEST_NOTHING: Final = 260
_LONGEST_SHIRK: Final = 160


def _hollow_promise(view: ReplyView, body: str) -> Iterator[Hit]:
    # A promise to praise the staff answers a letter of thanks well enough.
    if len(body) > _LONGEST_HOLLOW or view.post_intent == "praise":
        return
    if view.body_start > _LONGEST_OPENING:
        return
    if not (signs.PROMISE.search(body) or signs.FOR_REFERENCE.search(body)):
        return
    if any(sign.search(body) for sign in _MORE_THAN_A_PROMISE):
        return
    # What the agency found or did may stand before the body, in the post as it repeats it.
    if signs.FOUND.search(view.reply, 0, view.body_start):
        return
    promised, rest = _promises_and_rest(body)
    if promised and rest <= _LONGEST_REST:
        yield Hit(
            "hollow_promise",
            "promise without date, owner or step",
            view.body_start + promised[0].start(),
            view.body_start + promised[0].end(),
        )


def _promises_and_rest(body: str) -> tuple[list[re.Match[str]], int]:
    """Return the clauses that promise, and how many characters are neither promise nor formula."""
    promised, rest = [], 0
    for clause in signs.CLAUSE.finditer(body):
        text = clause.group()
        thanks = signs.THANKS.search(text)
        if not thanks and (signs.PROMISE.search(text) or signs.FOR_REFERENCE.search(text)):
            promised.append(clause)
        elif not (thanks or signs.FORMULA.match(text)):
            rest += len(text)
    return promised, rest


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
    if len(body) > 2 * _NOTHING_ELSE or view.post_intent == "praise":
        return
    if len(view.reply) > _LONGEST_NOTHING or len(_NOT_WORDS.sub("", body)) >= _NOTHING_ELSE:
        return
    parts = split_reply(view.reply)
    if parts.restated_span is None:
        if not body.strip() and not _says_something(view.reply):
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


def _says_something(text: str) -> bool:
    return signs.SUBSTANCE.search(signs.NEUTRAL.sub("", text)) is not None


def _status_without_answer(view: ReplyView, body: str) -> Iterator[Hit]:
    if view.status not in _DONE_STATUS or len(body) > _LONGEST_TRANSFER:
        return
    for rule, pattern in (
        ("closed on a bare transfer", signs.TRANSFER),
        ("closed while still under way", signs.PENDING),
    ):
        match = pattern.search(body)
        if match is None:
            continue
        rest = body[: match.start()] + "。" + body[match.end() :]
        if not signs.CONCRETE.search(signs.KEEP_WAITING.sub("", rest)):
            start = view.body_start
            yield Hit("status_without_answer", rule, start + match.start(), start + match.end())
            return


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
    _hollow_promise,
    _shirking,
    _restates_only,
    _status_without_answer,
    _template_fields_left,
    _hostile,
    _instant_reply,
)


def row_hits(view: ReplyView) -> list[Hit]:
    """Return the flags that the exchange shows by itself, at most one hit a flag."""
    body = view.body
    return [hit for rule in _RULES for hit in rule(view, body)]
