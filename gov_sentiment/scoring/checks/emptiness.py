"""Replies without substance: hollow promises, answers that are not there, nothing but courtesy.

All of them are read clause by clause (`clauses`): a reply is empty where each of its clauses is
known to say nothing, so that an unknown wording counts as substance and not as a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gov_sentiment.scoring.checks import rules_signs as signs
from gov_sentiment.scoring.checks.clauses import Act, Clause, read_clauses
from gov_sentiment.scoring.checks.reply_view import Hit, ReplyView

_DONE_STATUS: Final = frozenset(
    {"已办理", "已办结", "办结", "办理完成", "已完成", "已解决", "处理完毕", "已处理", "已结案"}
    | {"结案", "已办复", "办毕", "已归档", "归档", "完成", "处理完成", "已完结", "完结", "回复完成"}
)
_OPEN_STATUS: Final = frozenset(
    {
        "办理中",
        "处理中",
        "受理中",
        "待回复",
        "待办理",
        "已受理",
        "受理",
        "已转派",
        "未办结",
        "转办中",
    }
)
_LONGEST_EMPTY: Final = 120
_LONGEST_OPENING: Final = 150  # a longer one may hold the answer itself
_LONGEST_ASIDE: Final = 4  # characters: "在此", "经查"
_SHORTEST_COURTESY: Final = 8  # below, `restates_only` reads the whole reply
_NOT_WORDS: Final = re.compile(r"\W+")

_MORE_THAN_A_PROMISE: Final = (signs.CONCRETE, signs.ACTED, signs.NEEDS_INFO)
# What a hollow reply may consist of, the plainest sign first.
_HOLLOW_RULES: Final = {
    Act.PROMISE: "promise without date, owner or step",
    Act.HANDED_ON: "handed on to nobody named",
    Act.PENDING: "under way, and no step named",
    Act.ATTENTION: "attention, and no step named",
}
_HOLLOW_ACTS: Final = tuple(_HOLLOW_RULES)
_STEPS: Final = frozenset(
    {Act.TOLD, Act.AGREED, Act.HANDLED, Act.DEALT_WITH, Act.ORDERED, Act.DATE}
)
_SAID: Final = frozenset({Act.PROMISE, Act.OTHER, Act.FLOURISH})
# What a reply says of itself, and what only a closed case may not leave it at.
_UNANSWERED_RULES: Final = {
    Act.HANDLED: "says that it was handled, and not how",
    Act.TOLD: "says that the citizen was told, and not what",
}
_CLOSED_RULES: Final = {
    Act.HANDED_ON: "closed on a bare transfer",
    Act.PENDING: "closed while still under way",
    Act.ORDERED: "closed on an order without outcome",
    Act.DEALT_WITH: "says that it was handled, and not how",
}
_TURNED_AWAY: Final = (
    (signs.NOT_HERE, "refuses competence and names no other body"),
    (signs.ELSEWHERE, "sends the citizen on and names nobody"),
)
POLITE: Final = frozenset({Act.COURTESY, Act.TOPIC})


def without_substance(view: ReplyView, body: str) -> Iterator[Hit]:
    """Yield what a reply deserves all of whose clauses are known to say nothing."""
    # A letter of thanks asks for no answer.
    if len(body) > _LONGEST_EMPTY or view.post_intent == "praise":
        return
    clauses = read_clauses(body)
    if clauses and not _opening_may_answer(view):
        yield from _status_without_answer(view, clauses)
        yield from _hollow_promise(view, clauses)
        yield from _sends_elsewhere(view, clauses)
        yield from _only_courtesy(view, clauses)


def _opening_may_answer(view: ReplyView) -> bool:
    # What the agency found or did may stand before the body, in the post as it repeats it; or
    # in another reply, which ends in its date.
    if view.body_start > _LONGEST_OPENING:
        return True
    return any(
        sign.search(view.reply, 0, view.body_start) for sign in (signs.FOUND, signs.SIGNED_DATE)
    )


def _hit(view: ReplyView, flag: str, rule: str, clause: Clause) -> Hit:
    return Hit(flag, rule, view.body_start + clause.start, view.body_start + clause.end)


def _hollow_promise(view: ReplyView, clauses: list[Clause]) -> Iterator[Hit]:
    if not signs.HOLLOW_CUE.search(view.body) or signs.CONTACT.search(view.reply):
        return
    empty = [clause for clause in clauses if _promises_nothing(clause, view.status)]
    if not empty or any(clause.act in _STEPS or _to_somebody(clause) for clause in clauses):
        return
    clause = min(empty, key=lambda clause: _HOLLOW_ACTS.index(clause.act))
    said = [clause.text for clause in clauses if clause.act in _SAID]
    # Only a promise may come with words that are not known to say nothing, and not where
    # something was looked into: they may be what was found.
    promised = clause.act is Act.PROMISE and not signs.INQUIRY.search(view.body)
    if promised:
        hollow = not any(sign.search("，".join(said)) for sign in _MORE_THAN_A_PROMISE)
    else:
        hollow = sum(map(len, said)) <= _LONGEST_ASIDE
    if hollow:
        yield _hit(view, "hollow_promise", _HOLLOW_RULES[clause.act], clause)


def _promises_nothing(clause: Clause, status: str | None) -> bool:
    # An open case may yet be answered; one closed on a transfer, or while under way, is the
    # graver `status_without_answer`.
    if status in _OPEN_STATUS or status in _DONE_STATUS:
        return clause.act is Act.PROMISE
    return clause.act in _HOLLOW_RULES


def _to_somebody(clause: Clause) -> bool:
    if clause.act is not Act.HANDED_ON:
        return False
    nobody = signs.NOBODY_NAMED.search(clause.text)
    return nobody is None or bool(signs.SOMEBODY_NAMED.search(clause.text, 0, nobody.start()))


def _status_without_answer(view: ReplyView, clauses: list[Clause]) -> Iterator[Hit]:
    if view.status in _OPEN_STATUS or signs.CONTACT.search(view.body):
        return
    told = "，".join(c.text for c in clauses if c.act not in (Act.PENDING, Act.COURTESY))
    if signs.OUTCOME.search(told) or signs.READ_ELSEWHERE.search(view.reply):
        return
    aside = sum(len(c.text) for c in clauses if c.act in (Act.OTHER, Act.FLOURISH))
    if aside > _LONGEST_ASIDE or any(clause.act is Act.AGREED for clause in clauses):
        return
    rules = _UNANSWERED_RULES | (_CLOSED_RULES if view.status in _DONE_STATUS else {})
    for act, rule in rules.items():
        clause = next((clause for clause in clauses if clause.act is act), None)
        if clause is not None:
            yield _hit(view, "status_without_answer", rule, clause)
            return


def _sends_elsewhere(view: ReplyView, clauses: list[Clause]) -> Iterator[Hit]:
    turned = [(c, rule) for c in clauses for sign, rule in _TURNED_AWAY if sign.search(c.text)]
    if not turned or signs.CONTACT.search(view.reply) or signs.OTHER_WAY.search(view.body):
        return
    away = {clause for clause, _ in turned}
    said = [c.text for c in clauses if c.act not in POLITE and c not in away]
    if sum(map(len, said)) <= _LONGEST_ASIDE:
        clause, rule = turned[-1]
        yield _hit(view, "shirking", rule, clause)


def _only_courtesy(view: ReplyView, clauses: list[Clause]) -> Iterator[Hit]:
    polite = all(clause.act in POLITE for clause in clauses)
    long = len(_NOT_WORDS.sub("", view.body)) >= _SHORTEST_COURTESY
    if polite and long and not signs.CONTACT.search(view.reply):
        yield Hit("restates_only", "nothing but courtesy", view.body_start, view.body_end)
