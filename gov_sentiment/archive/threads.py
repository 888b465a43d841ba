"""Long exports, one message a row, folded into exchanges.

A citizen's message that opens a case becomes a row; the same citizen's follow-ups and every
official answer below it are merged into that row. Under a government account's own post each
citizen's comment opens a case of its own, addressed to that account; the post itself becomes a
row of channel `exchange.AGENCY_POST`. Each message ends in a row, is merged into one, or is a
reject: the three add up to the messages given.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from gov_sentiment.exchange import AGENCY_POST

Role = Literal["citizen", "official"]

ORPHAN_REPLY: Final = "reply_without_post"
BYSTANDER: Final = "comment_to_another_citizen"
EMPTY: Final = "empty_message"
REPOST: Final = "repost_without_words"

FOLLOW_UP_MARK: Final = "追问："

# Account types that stand for an institution: weibo-search says 蓝v, weibo-crawler's 认证类型
# gives Weibo's number (1 government, 7 other organisation) or its words.
_OFFICIAL_TYPES: Final = frozenset(
    {"蓝v", "蓝v认证", "政府", "政府机构", "政务", "机构", "机构认证", "官方", "official", "1", "7"}
)
_REPLY_TO: Final = re.compile(r"^\s*(?:回复|Reply)\s*@\s*([^\s:：,，@]{1,40}?)\s*[:：]\s*")
# What a platform writes for somebody who only passes a post on; behind // come others' words.
_NO_OWN_WORDS: Final = re.compile(
    r"^\s*(?:转发微博|轉發微博|转发|Repost|快转)?[.。]?\s*(?://\s*@.*)?$", re.S
)
_CARRIED: Final = ("category", "channel", "region", "status", "satisfaction")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a long export.

    at: seconds since 1970-01-01 UTC; None where the export gives no time.
    author_type: the account's verification as exported (蓝v, 政府, 1, …).
    role: who speaks, where the export says so; it wins over the account's type.
    extra: more columns of `EXCHANGE_SCHEMA` (agency, category, channel, region, status,
        satisfaction); a case takes them from the message that opens it.
    id_is_cut: whether digits of the id are lost: it still joins, but names no exchange.
    """

    message_id: str | None
    parent_id: str | None = None
    root_id: str | None = None
    author: str | None = None
    author_type: str | None = None
    role: Role | None = None
    text: str = ""
    title: str | None = None
    at: int | None = None
    source_file: str = ""
    source_row: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    id_is_cut: bool = False


@dataclass(frozen=True, slots=True)
class ThreadReject:
    """A message that is in no exchange: where it stood, and why (one of this module's codes)."""

    source_file: str
    source_row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ThreadResult:
    """Exchanges from messages; `len(rows) + n_merged + len(rejects)` messages were given.

    rows: dicts with every column of `EXCHANGE_SCHEMA`; times are seconds since 1970 UTC.
    warnings: what could not be known, in words for the user.
    """

    rows: list[dict[str, Any]]
    n_merged: int
    rejects: list[ThreadReject]
    warnings: list[str]


@dataclass(slots=True)
class _Case:
    opener: Message
    official: bool
    agency: str | None
    bystander: bool = False
    follow_ups: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)


def fold_name(name: str | None) -> str:
    """Return an account name without the differences that exports make (@, width, case)."""
    return unicodedata.normalize("NFKC", name or "").strip().lstrip("@").casefold()


def is_official(message: Message, official: frozenset[str] = frozenset()) -> bool:
    """Tell whether a message is an agency's: by its role, its author's name, or its account type.

    Args:
        message: the message.
        official: account names already folded by `fold_name`.
    """
    if message.role is not None:
        return message.role == "official"
    if message.author is not None and fold_name(message.author) in official:
        return True
    return is_official_type(message.author_type)


def is_official_type(author_type: str | None) -> bool:
    """Tell whether an account's verification, as exported, is that of an institution."""
    return fold_name(author_type) in _OFFICIAL_TYPES


def pair_messages(messages: Iterable[Message], official: Iterable[str] = ()) -> ThreadResult:
    """Fold messages into exchanges.

    A message answers the one that `parent_id` names; else, when its text begins with
    "回复@name:", the latest earlier message of that author in its thread; else the one that
    `root_id` names. All messages are held in memory.

    Args:
        messages: in the order of the export.
        official: names of government accounts.
    """
    return _Pairing(list(messages), frozenset(map(fold_name, official))).run()


@dataclass(frozen=True, slots=True)
class ThreadLinks:
    """How messages hang together, by their places in the list given.

    official: who speaks for an agency; parent: what each answers, None at the top of a thread;
    copies: messages that a crawler wrote a second time.
    """

    official: tuple[bool, ...]
    parent: tuple[int | None, ...]
    copies: frozenset[int]


def link_messages(messages: Iterable[Message], official: Iterable[str] = ()) -> ThreadLinks:
    """Return who answers whom, by the rules of `pair_messages`."""
    pairing = _Pairing(list(messages), frozenset(map(fold_name, official)))
    return ThreadLinks(tuple(pairing.official), tuple(pairing.parent), frozenset(pairing.copies))


class _Pairing:
    """The state of one pairing."""

    def __init__(self, messages: list[Message], official: frozenset[str]) -> None:
        self.messages = messages
        self.official = [is_official(message, official) for message in messages]
        self.by_id: dict[str, int] = {}
        self.copies: set[int] = set()
        self.cases: dict[int, _Case] = {}
        self.rejects: list[ThreadReject] = []
        self.n_merged = 0
        self._index()
        self.parent = self._find_parents()

    def _index(self) -> None:
        for place, message in enumerate(self.messages):
            if not message.message_id:
                continue
            first = self.by_id.setdefault(message.message_id, place)
            # A crawler that ran twice writes a message twice; that is one message.
            if first != place and self.messages[first].text == message.text:
                self.copies.add(place)

    def _find_parents(self) -> list[int | None]:
        by_author: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for place, message in enumerate(self.messages):
            if place in self.copies:
                continue
            thread = message.root_id or message.parent_id or message.message_id or ""
            by_author[thread, fold_name(message.author)].append(_order(message, place))
        for orders in by_author.values():
            orders.sort()
        return [
            self._parent(place, message, by_author) for place, message in enumerate(self.messages)
        ]

    def _parent(
        self,
        place: int,
        message: Message,
        by_author: Mapping[tuple[str, str], list[tuple[int, int]]],
    ) -> int | None:
        named = self.by_id.get(message.parent_id or "")
        if named is not None and named != place and message.parent_id != message.root_id:
            return named
        addressed = _REPLY_TO.match(message.text)
        if addressed is not None:
            thread = message.root_id or message.parent_id or ""
            others = by_author.get((thread, fold_name(addressed.group(1))), [])
            before = bisect_left(others, _order(message, place))
            if before:
                return others[before - 1][1]
        if named is not None and named != place:
            return named
        root = self.by_id.get(message.root_id or "")
        return root if root != place else None

    def run(self) -> ThreadResult:
        """Open the cases from the tops of the threads downwards, then write the rows."""
        children: dict[int, list[int]] = defaultdict(list)
        tops: list[int] = []
        for place, parent in enumerate(self.parent):
            if place in self.copies:
                self.n_merged += 1
            elif parent is None:
                tops.append(place)
            else:
                children[parent].append(place)
        seen = self._walk(tops, children)
        # What a circle of parents cuts off opens its own thread.
        for place in range(len(self.messages)):
            if place not in seen and place not in self.copies:
                seen |= self._walk([place], children, seen)
        self._set_bystanders_aside()
        rows = [self._row(place, case) for place, case in sorted(self.cases.items())]
        return ThreadResult(rows, self.n_merged, self.rejects, self._warnings())

    def _walk(
        self, tops: list[int], children: Mapping[int, list[int]], done: Iterable[int] = ()
    ) -> set[int]:
        seen: set[int] = set(done)
        open_places: list[tuple[int, int | None]] = [(top, None) for top in reversed(tops)]
        while open_places:
            place, case = open_places.pop()
            if place in seen:
                continue
            seen.add(place)
            own = self._place(place, case)
            open_places.extend((child, own) for child in reversed(children.get(place, [])))
        return seen

    def _place(self, place: int, above: int | None) -> int | None:
        """Put one message into its case; return the case for what hangs below it."""
        message, case = self.messages[place], None if above is None else self.cases[above]
        if not message.text.strip() and not (message.title or "").strip():
            self._reject(message, EMPTY)
            return above
        if case is not None and _NO_OWN_WORDS.match(message.text):
            self._reject(message, REPOST)
            return above
        if case is None:
            return self._open_top(place, message)
        if self.official[place]:
            # An account that comments under its own post continues it.
            (case.follow_ups if case.official else case.replies).append(message)
            self.n_merged += 1
            return above
        if case.official:
            self.cases[place] = _Case(message, False, case.agency)
            return place
        if fold_name(message.author) == fold_name(case.opener.author):
            case.follow_ups.append(message)
            self.n_merged += 1
            return above
        self.cases[place] = _Case(message, False, case.agency, bystander=True)
        return place

    def _open_top(self, place: int, message: Message) -> int | None:
        official = self.official[place]
        lost = message.parent_id or message.root_id or _REPLY_TO.match(message.text)
        if official and lost and message.message_id != message.root_id:
            self._reject(message, ORPHAN_REPLY)
            return None
        agency = message.extra.get("agency") or (message.author if official else None)
        self.cases[place] = _Case(message, official, agency)
        return place

    def _set_bystanders_aside(self) -> None:
        """Reject talk among citizens that no agency answered: it was addressed to none."""
        for place, case in list(self.cases.items()):
            if case.bystander and not case.replies:
                del self.cases[place]
                self.n_merged -= len(case.follow_ups)
                for message in (case.opener, *case.follow_ups):
                    self._reject(message, BYSTANDER)

    def _reject(self, message: Message, reason: str) -> None:
        self.rejects.append(ThreadReject(message.source_file, message.source_row, reason))

    def _row(self, place: int, case: _Case) -> dict[str, Any]:
        opener = case.opener
        replies = sorted(case.replies, key=lambda reply: _order(reply, reply.source_row))
        times = [reply.at for reply in replies if reply.at is not None]
        first = next((reply.author for reply in replies if reply.author), None)
        row: dict[str, Any] = {name: opener.extra.get(name) for name in _CARRIED}
        if case.official:
            row["channel"] = AGENCY_POST
        return row | {
            "exchange_id": self._id(place, opener),
            "agency": case.agency or first,
            "post_title": opener.title,
            "post_text": _join_post(case),
            "posted_at": opener.at,
            "reply_text": "\n\n".join(_words(reply) for reply in replies) or None,
            "first_replied_at": min(times, default=None),
            "replied_at": max(times, default=None),
            "n_replies": len(replies),
            "source_file": opener.source_file,
            "source_row": opener.source_row,
        }

    def _id(self, place: int, opener: Message) -> str:
        if opener.message_id and self.by_id[opener.message_id] == place and not opener.id_is_cut:
            return opener.message_id
        content = f"{opener.source_file}\x1f{opener.source_row}\x1f{opener.at}\x1f{opener.text}"
        return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def _warnings(self) -> list[str]:
        found = []
        if self.messages and not any(self.official):
            found.append(
                "No official account was recognised, so every message counts as a citizen's. "
                "Name the accounts with --official."
            )
        lost = sum(reject.reason == ORPHAN_REPLY for reject in self.rejects)
        if lost:
            found.append(
                f"{lost} official replies answer a message that is not in the export; "
                "they are in the rejects."
            )
        return found


def _order(message: Message, place: int) -> tuple[int, int]:
    # Without a time the order of the export decides; such messages come first.
    return (message.at if message.at is not None else -(2**62), place)


def _words(message: Message) -> str:
    return _REPLY_TO.sub("", message.text).strip()


def _join_post(case: _Case) -> str:
    mark = "" if case.official else FOLLOW_UP_MARK
    later = sorted(case.follow_ups, key=lambda message: _order(message, message.source_row))
    return "\n\n".join([_words(case.opener), *(mark + _words(message) for message in later)])
