"""What became of a dated promise: official replies and posts after it, where the archive has them.

Posts have no author here, so a later post on the same matter may be another citizen's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from gov_sentiment.exchange import AGENCY_POST
from gov_sentiment.scoring.checks.minhash import band_keys, minhash_signatures
from gov_sentiment.scoring.checks.promises import ACTION
from gov_sentiment.scoring.checks.source import ScoredSource

_NEAR_DUPLICATE: Final = 80.0  # as for copied replies
_SHORTEST_POST: Final = 20
_BAND_ROWS: Final = 3
# So many answered posts alike are a wave of form letters: who of them comes back cannot be told,
# and comparing each with each would take the square of their number.
_WAVE: Final = 20
_COLUMNS: Final = ("exchange_id", "agency", "channel", "posted_at", "post_text")
_ID: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z-]{8,}(?![0-9A-Za-z])")
_NOT_DONE: Final = re.compile(
    r"仍[未没然]|还(?:是)?[没未]|迟迟[未没不]|至今[^，。；！？\n]{0,8}[未没不]|(?:没有?|未)(?:兑现|动静|下文|进展|落实)"
)
_REPLY_BREAK: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is known of a promise.

    state: "kept", "broken", "asked_again", "open", "due", or None where nothing is known.
    followed_by: the exchange that shows it; followed_in: its column; start, end: characters there.
    """

    state: str | None
    followed_by: str | None = None
    followed_in: str | None = None
    followed_start: int | None = None
    followed_end: int | None = None


@dataclass(slots=True)
class PromisedRow:
    """An exchange with promises, and later posts on its matter: (time, id, text); see `_keep`."""

    exchange_id: str | None
    agency: str | None
    replied_at: datetime | None
    post: str
    reply: str
    n_replies: int | None = None
    later: list[tuple[datetime, str, str]] = field(default_factory=list)


def find_later_posts(source: ScoredSource, promised: Sequence[PromisedRow]) -> None:
    """Add to each row the later posts to its agency that repeat its post or cite its id."""
    near = _NearPosts([row.post for row in promised])
    by_id: defaultdict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(promised):
        by_id[row.exchange_id or ""].append(i)
    for table in source.tables(_COLUMNS):
        columns = [table[name].to_pylist() for name in _COLUMNS]
        repeated = near.of([text or "" for text in columns[-1]])
        for k, (name, agency, channel, posted, text) in enumerate(zip(*columns, strict=True)):
            if posted is None or not text or channel == AGENCY_POST:
                continue
            cited = {i for word in _ID.findall(text) for i in by_id.get(word, ())}
            for i in repeated.get(k, set()) | cited:
                row = promised[i]
                if agency != row.agency or not _is_after(posted, row.replied_at):
                    continue
                if i in cited or fuzz.ratio(text, row.post) >= _NEAR_DUPLICATE:
                    _keep(row.later, (posted, name or "", text))
    for row in promised:
        row.later.sort()


class _NearPosts:
    """Finds posts that share a MinHash band with a text; waves of like posts are left aside.

    Sorted arrays, for an archive of a million exchanges has more bands than a dictionary may hold.
    """

    def __init__(self, posts: Sequence[str]) -> None:
        self._bands: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]] = []
        long = np.flatnonzero([len(post) >= _SHORTEST_POST for post in posts])
        if not len(long):
            return
        for keys in _bands([posts[i] for i in long.tolist()]).T:
            _, kind, counts = np.unique(keys, return_inverse=True, return_counts=True)
            few = np.flatnonzero(counts[kind] <= _WAVE)
            order = few[np.argsort(keys[few], kind="stable")]
            self._bands.append((keys[order], long[order]))

    def of(self, texts: Sequence[str]) -> dict[int, set[int]]:
        """Return the posts near each text, by the text's place."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        if not self._bands or not texts:
            return found
        for (keys, posts), asked in zip(self._bands, _bands(texts).T, strict=True):
            first, last = (np.searchsorted(keys, asked, side) for side in ("left", "right"))
            for k in np.flatnonzero(last > first).tolist():
                found[k].update(posts[first[k] : last[k]].tolist())
        return found


def _keep(later: list[tuple[datetime, str, str]], post: tuple[datetime, str, str]) -> None:
    """Add a later post that can matter: the earliest of all, and every one that complains."""
    if not later or post < min(later) or _NOT_DONE.search(post[2]):
        later.append(post)


def follow_up(row: PromisedRow, promise: Mapping[str, Any], as_of: date | None) -> FollowUp:
    """Return what became of one promise of a row; a broken one goes before a kept one."""
    due = promise["due"]
    for posted, name, text in row.later:
        complaint = _NOT_DONE.search(text)
        # A post sent again word for word says nothing of the promise.
        new = complaint and complaint.group() not in row.post
        if complaint and new and due is not None and posted.date() > due:
            return FollowUp("broken", name, "post_text", *complaint.span())
    # In a single reply an empty line parts paragraphs, not replies.
    done = _said_done(row.reply, promise) if (row.n_replies or 0) > 1 else None
    if done:
        return FollowUp("kept", row.exchange_id, "reply_text", *done)
    if row.later:
        _, name, text = row.later[0]
        return FollowUp("asked_again", name, "post_text", 0, len(text))
    if due is None or as_of is None:
        return FollowUp(None)
    return FollowUp("due" if due < as_of else "open")


def _said_done(reply: str, promise: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return where a later reply of the exchange says that the promised deed is done."""
    following = _REPLY_BREAK.search(reply, promise["clause_end"])
    if following is None:
        return None
    deeds = ACTION.findall(reply, promise["clause_start"], promise["clause_end"])
    deed = "|".join(map(re.escape, deeds))
    # The deed ends its clause: "已完成整治规划" is a plan and no end of the works.
    pattern = rf"(?<![未尚])已经?[^，。；\n未]{{0,8}}?(?:{deed})(?=了|[，。；！]|$)"
    done = re.compile(pattern).search(reply, following.end())
    return done.span() if done else None


def _is_after(posted: datetime, replied: datetime | None) -> bool:
    if replied is None or posted <= replied:
        return False
    # Midnight says that only the day is known: the order within one day is then open.
    day_only = posted.time() == posted.min.time() or replied.time() == replied.min.time()
    return not day_only or posted.date() > replied.date()


def _bands(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    return band_keys(minhash_signatures(texts), _BAND_ROWS)
