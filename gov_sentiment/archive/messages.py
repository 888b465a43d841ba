"""The second output of the reader: messages with their counts, for measuring accounts.

The same sheets are read by the same readers; what an exchange has no place for (likes, reposts,
whether a post is a repost, who answers whom) is kept beside each message. Authors who speak for no
agency are tokens of a keyed hash from the start.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from gov_sentiment.archive.privacy import Guard
from gov_sentiment.archive.reader import open_archive
from gov_sentiment.archive.rows import RowReader
from gov_sentiment.archive.threads import Message, ThreadLinks, fold_name, link_messages
from gov_sentiment.exchange import AGENCY_POST

COUNTS: Final = ("likes", "comments", "reposts", "reads", "recommends")
# Crawlers of search results: what they write is hits, not all posts of an account.
_SEARCHES: Final = frozenset({"weibo_search"})
_TRUE: Final = frozenset({"1", "true", "是", "原创", "yes"})
_FALSE: Final = frozenset({"0", "false", "否", "转发", "no"})
_NUMBER: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(万|亿|w)?\+?", re.IGNORECASE)
_SCALE: Final = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
# WeChat ids are "<push>_<place>": the first article of a push is its headline.
_PLACE_IN_PUSH: Final = re.compile(r"\d+_(\d+)")


@dataclass(frozen=True, slots=True)
class AccountMessage:
    """One message.

    Attributes:
        author: the account's name where it speaks for an agency; else a token of this run, None
            where the export does not say who wrote it.
        official: whether it speaks for an agency.
        parent: place of the message that it answers; None = a post, or what it answers is not in
            the archive (`answers_unknown`).
        answers_unknown: it names a parent or a thread that the archive has not.
        text: the words, with the title in front.
        at: seconds since 1970-01-01 UTC; None where unknown.
        is_repost: None where the export does not say.
        counts: those of `COUNTS` that the export gives.
        headline: whether it led its push (WeChat); None where unknown.
    """

    author: str | None
    official: bool
    parent: int | None
    answers_unknown: bool
    text: str
    at: int | None
    is_repost: bool | None
    counts: Mapping[str, int]
    headline: bool | None


@dataclass(frozen=True, slots=True)
class MessageArchive:
    """Messages of an archive, copies left out, and what the reader says of it.

    Attributes:
        messages: in the order of the archive.
        n_copies: messages left out because a crawler had written them twice.
        as_of: when the archive was exported, as given or as its last date says.
        searched: whether it holds hits of a search, by its format or a column of search words.
        info: sources, ledger and warnings of the reader.
    """

    messages: tuple[AccountMessage, ...]
    n_copies: int
    as_of: datetime | None
    searched: bool
    info: Mapping[str, Any]


@dataclass
class _Collector:
    """Keeps each message with the cells that the exchange table has no place for."""

    messages: list[Message] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    searched: bool = False

    def __call__(
        self, reader: RowReader, cells: Sequence[str | None], read: dict[str, Any] | Message
    ) -> None:
        if isinstance(read, Message):
            message = read
        elif read["channel"] == AGENCY_POST:
            message = _own_post(read)
        else:
            return
        named = dict(zip(map(_fold, reader.header), reader.realigned(cells), strict=False))
        self.searched |= reader.columns.format in _SEARCHES
        self.searched |= any(name in named for name in _headers()["search"])
        self.messages.append(message)
        self.facts.append(_facts(named, message.message_id))


def read_messages(*paths: str | Path, **settings: Any) -> MessageArchive:
    """Return the messages of an archive; arguments and errors as for `archive.open_archive`."""
    collector = _Collector()
    reader = open_archive(*paths, **settings)
    reader.observer = collector
    for _ in reader.batches():
        pass
    links = link_messages(collector.messages, reader.official_names)
    kept = _distinct(collector.messages, links)
    return MessageArchive(
        messages=tuple(_assemble(collector, links, kept)),
        n_copies=len(collector.messages) - len(set(kept.values())),
        as_of=reader.as_of,
        searched=collector.searched,
        info=reader.info,
    )


def _own_post(row: Mapping[str, Any]) -> Message:
    return Message(
        message_id=row["exchange_id"],
        author=row["agency"],
        role="official",
        text=row["post_text"] or "",
        title=row["post_title"] if row["post_title"] != row["post_text"] else None,
        at=row["posted_at"],
        source_file=row["source_file"],
        source_row=row["source_row"],
    )


def _distinct(messages: Sequence[Message], links: ThreadLinks) -> dict[int, int]:
    """Return, for each message, the place of the first that is the same one.

    The same id and words, or the same author, minute of time and words at the top of a thread.
    """
    first: dict[tuple[Any, ...], int] = {}
    kept = {}
    for place, message in enumerate(messages):
        if place in links.copies:
            key: tuple[Any, ...] = (message.message_id, message.text)
        elif links.parent[place] is None and message.author and message.at is not None:
            key = (fold_name(message.author), message.at, message.title, message.text)
        else:
            key = (message.message_id or place, message.text)
        kept[place] = first.setdefault(key, place)
        first.setdefault((message.message_id, message.text), kept[place])
    return kept


def _assemble(
    collector: _Collector, links: ThreadLinks, kept: Mapping[int, int]
) -> Iterator[AccountMessage]:
    guard = Guard("hash")
    spoken = {place for place in kept.values() if _says_something(collector.messages[place])}
    places = {old: new for new, old in enumerate(sorted(spoken))}
    names: dict[str, str] = {}
    for old in places:
        message, facts = collector.messages[old], collector.facts[old]
        parent, official = _nearest(old, links, kept, places), links.official[old]
        author = message.author
        if author and official:
            author = names.setdefault(fold_name(author), author)
        yield AccountMessage(
            author=author if official else guard.protect(fold_name(author) or None),
            official=official,
            parent=parent,
            answers_unknown=links.parent[old] is None
            and (message.root_id or message.parent_id or message.message_id) != message.message_id,
            text="\n".join(filter(None, (message.title, message.text))),
            at=message.at,
            is_repost=facts["is_repost"],
            counts=facts["counts"],
            headline=facts["headline"],
        )


def _says_something(message: Message) -> bool:
    return bool(message.text.strip() or (message.title or "").strip())


def _nearest(
    place: int, links: ThreadLinks, kept: Mapping[int, int], places: Mapping[int, int]
) -> int | None:
    """Return the new place of the nearest message above that says something."""
    passed = {place}
    above = links.parent[place]
    while above is not None and (above := kept[above]) not in passed:
        if above in places:
            return places[above]
        passed.add(above)
        above = links.parent[above]
    return None


def _facts(named: Mapping[str, str | None], message_id: str | None) -> dict[str, Any]:
    counts = {}
    for name in COUNTS:
        numbers = [_number(named.get(header)) for header in _headers()[name]]
        found = next((number for number in numbers if number is not None), None)
        if found is not None:
            counts[name] = found
    in_push = _PLACE_IN_PUSH.fullmatch(message_id or "")
    return {
        "counts": counts,
        "is_repost": _repost(named),
        "headline": None if in_push is None else in_push.group(1) == "1",
    }


def _repost(named: Mapping[str, str | None]) -> bool | None:
    for header in _headers()["original"]:
        value = (named.get(header) or "").strip().casefold()
        if value in _TRUE or value in _FALSE:
            return value in _FALSE
    for header in _headers()["is_repost"]:
        value = (named.get(header) or "").strip().casefold()
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
    headers = [header for header in _headers()["repost_of"] if header in named]
    if not headers:
        return None
    return any((named[header] or "").strip() not in ("", "0") for header in headers)


def _number(cell: str | None) -> int | None:
    found = _NUMBER.fullmatch((cell or "").strip().replace(",", ""))
    if found is None:
        return None
    return round(float(found.group(1)) * _SCALE.get((found.group(2) or "").lower(), 1))


@cache
def _headers() -> Mapping[str, tuple[str, ...]]:
    path = resources.files("gov_sentiment.archive") / "data" / "message_counts.toml"
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: tuple(map(_fold, headers)) for name, headers in listed.items()}


def _fold(header: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", header or "").split()).casefold()
