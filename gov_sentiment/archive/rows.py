"""One row of a sheet → one exchange, or the reason why it is none."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Final

from gov_sentiment.archive.agencies import AgencyAliases
from gov_sentiment.archive.cell_text import says_nothing
from gov_sentiment.archive.cleaning import clean_text, parse_rating
from gov_sentiment.archive.column_facts import ColumnFacts, ends_in_zeros, is_scientific
from gov_sentiment.archive.containers import DamagedRow
from gov_sentiment.archive.dates import UNKNOWN_FORM, DateError, is_clock, parse_time
from gov_sentiment.archive.formats import ColumnMap
from gov_sentiment.archive.privacy import Guard, is_personal
from gov_sentiment.archive.replying_unit import extract_replying_unit
from gov_sentiment.archive.threads import FOLLOW_UP_MARK
from gov_sentiment.exchange import AGENCY_POST

BLANK: Final = "blank_row"
REPEATED_HEADER: Final = "repeated_header"
TOTAL: Final = "total_row"
NO_POST: Final = "no_post_text"
BACKWARDS: Final = "reply_before_post"
NO_POSTS_IN_SHEET: Final = "sheet_without_posts"
LONG: Final = "more_cells_than_headers"
SHIFTED: Final = "shifted_cells"

_DAY: Final = 86_400
_SHANGHAI_SECONDS: Final = 8 * 3600
_TOTAL: Final = re.compile(r"^\s*(?:[合总小共]\s*计)\s*[:：]?\s*\d*$")
_TIME_HEADER: Final = re.compile(r"时间|日期|期限|time|date|编号|id$", re.IGNORECASE)
# Fields that tell who an agency or a citizen is; what is kept of them is said in `threads`.
WHO: Final = frozenset({"agency", "author", "exchange_id", "message_id", "parent_id", "root_id"})


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one table; remembers what it could not read.

    columns: where the fields stand; header: the header row, to know it when it comes again.
    aliases: agencies' names; guard: what becomes of personal values.
    file: name of the file; as_of: the export's local time, for relative dates.
    facts: what the columns as a whole tell.
    n_unread: per reason, cells that should hold a date and do not; n_damaged: ids cut by Excel.
    """

    columns: ColumnMap
    header: Sequence[str | None]
    aliases: AgencyAliases
    guard: Guard
    file: str
    as_of: datetime | None = None
    facts: ColumnFacts = field(default_factory=ColumnFacts)
    n_unread: Counter[str] = field(default_factory=Counter)
    n_damaged: int = 0
    _personal: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._personal = frozenset(
            place
            for name, places in self.columns.fields.items()
            for place in places
            if name not in WHO and is_personal(self.header[place] or "")
        )

    def reject_reason(self, cells: Sequence[str | None]) -> str | None:
        """Return why a row cannot be read at all, or None."""
        if isinstance(cells, DamagedRow):
            return cells.reason
        texts = [(cell or "").strip() for cell in cells]
        if not any(texts):
            return BLANK
        if [t for t in texts if t] == [n.strip() for n in self.header if n and n.strip()]:
            return REPEATED_HEADER
        if any(_TOTAL.match(text) for text in texts[:3]):
            return TOTAL
        width = len(self.header)
        if any(texts[width:]):
            return LONG
        return None

    def read(self, number: int, cells: Sequence[str | None]) -> dict[str, Any] | str:
        """Return the columns of `EXCHANGE_SCHEMA` (times as seconds), or the reject's reason."""
        reason = self.reject_reason(cells)
        if reason is None and self._is_shifted(cells):
            reason = SHIFTED
        if reason is not None:
            return reason
        title, post = self._text(cells, "post_title"), self._text(cells, "post_text")
        if not title and not post:
            return NO_POST
        replies = self._replies(cells)
        reply = "\n\n".join(replies) or None
        posted = self._time(cells, "posted_at")
        first, last = self._reply_times(cells, posted, answered=reply is not None)
        if posted is not None and first is not None and _before(first, posted):
            return BACKWARDS
        own_posts = self.columns.kind == "account_posts"
        row = {
            "agency": self._agency(cells, reply, f"{title or ''} {post or ''}"),
            "post_title": title,
            "post_text": self._with_follow_ups(cells, post or title),
            "posted_at": posted,
            "reply_text": None if own_posts else reply,
            "first_replied_at": first,
            "replied_at": last,
            "n_replies": 0 if own_posts else self._count(cells, len(replies)),
            "category": self._text(cells, "category"),
            "channel": AGENCY_POST if own_posts else self._text(cells, "channel"),
            "region": "".join(self._all(cells, "region")) or None,
            "status": self._text(cells, "status"),
            "satisfaction": self._satisfaction(cells),
            "source_file": self.file,
            "source_row": number,
        }
        row["exchange_id"] = self._id(cells, "exchange_id") or content_id(row)
        return row

    def realigned(self, cells: Sequence[str | None]) -> Sequence[str | None]:
        """Drop the cells of a column without a header, where the date stands one cell late."""
        places = self.columns.fields.get("at", ())
        if not self.columns.unnamed_after or not places:
            return cells
        if self._is_time(cells, places[-1]) or not self._is_time(cells, places[-1] + 1):
            return cells
        nameless = {at + 1 + i for i, at in enumerate(self.columns.unnamed_after)}
        return [cell for i, cell in enumerate(cells) if i not in nameless]

    def _is_shifted(self, cells: Sequence[str | None]) -> bool:
        """Tell whether the day of the post stands one cell beside its column, among other words."""
        (place, *_) = self.columns.fields.get("posted_at", (-1,))
        if place < 0 or place >= len(cells) or says_nothing(cells[place] or ""):
            return False
        if not self._is_no_time(cells[place]):
            return False
        return any(
            self._is_time(cells, beside) and not _TIME_HEADER.search(self.header[beside] or "")
            for beside in (place - 1, place + 1)
            if 0 <= beside < len(self.header)
        )

    def _is_no_time(self, cell: str | None) -> bool:
        try:
            parse_time(cell, self.as_of, self.facts.order)
        except DateError as error:
            return str(error) == UNKNOWN_FORM
        return False

    def _is_time(self, cells: Sequence[str | None], place: int) -> bool:
        try:
            return place < len(cells) and parse_time(cells[place], self.as_of) is not None
        except DateError:
            return False

    def _file_name(self) -> str:
        return PurePosixPath(self.file).stem.removesuffix("_comments")

    def _all(self, cells: Sequence[str | None], name: str) -> list[str]:
        places = self.columns.fields.get(name, ())
        found = [clean_text(cells[i]) for i in places if i < len(cells)]
        if self._personal and not self._personal.isdisjoint(places):
            found = [
                self.guard.protect(text) if i in self._personal else text
                for i, text in zip(places, found, strict=False)
            ]
        return [text for text in found if text]

    def _text(self, cells: Sequence[str | None], name: str) -> str | None:
        return next(iter(self._all(cells, name)), None)

    def _id(self, cells: Sequence[str | None], name: str) -> str | None:
        found = self._text(cells, name)
        if found is None or found == "0":
            return None
        if is_scientific(found):
            self.n_damaged += 1
            found = _written_out(found)
        elif self._is_cut(found, name):
            self.n_damaged += 1
        # An id with lost digits may name several rows: better one made from the content. Messages
        # are still joined by it, since fifteen digits seldom fall together.
        return None if name == "exchange_id" and self._is_cut(found, name) else found

    def _is_cut(self, found: str, name: str) -> bool:
        return is_scientific(found) or (name in self.facts.cut_ids and ends_in_zeros(found))

    def _with_follow_ups(self, cells: Sequence[str | None], post: str | None) -> str | None:
        later = (FOLLOW_UP_MARK + text for text in self._all(cells, "follow_up"))
        return "\n\n".join([post or "", *later]) or None

    def _replies(self, cells: Sequence[str | None]) -> list[str]:
        found = (text for text in self._all(cells, "reply_text") if not says_nothing(text))
        return list(dict.fromkeys(found))

    def _time(self, cells: Sequence[str | None], name: str) -> int | None:
        clock = ""
        for place in self.columns.fields.get(name, ()):
            cell = cells[place] if place < len(cells) else None
            if cell and is_clock(cell):
                clock = cell  # the day stands in another column
                continue
            seconds = self._parsed(f"{cell} {clock}" if cell and clock else cell)
            if seconds is not None:
                return seconds
        return None

    def _times(self, cells: Sequence[str | None], name: str) -> list[int | None]:
        places = self.columns.fields.get(name, ())
        return [self._parsed(cells[place]) for place in places if place < len(cells)]

    def _parsed(self, cell: str | None) -> int | None:
        try:
            parsed = parse_time(cell, self.as_of, self.facts.order)
        except DateError as error:
            self.n_unread[str(error)] += 1
            return None
        return None if parsed is None else parsed.seconds

    def _reply_times(
        self, cells: Sequence[str | None], posted: int | None, *, answered: bool
    ) -> tuple[int | None, int | None]:
        if not answered:
            return None, None
        first = self._time(cells, "first_replied_at")
        times = [self._time(cells, "replied_at"), *self._times(cells, "later_replied_at")]
        known = [time for time in times if time is not None]
        last = max(known, default=None)
        if first is None and len(known) > 1:
            first = min(known)
        if posted is not None and (self.columns.first_lag or self.columns.last_lag):
            lags = _numbers(cells, self.columns.first_lag)
            ends = _numbers(cells, self.columns.last_lag)
            first = first if first is not None else _later(posted, min(lags + ends, default=None))
            last = last if last is not None else _later(posted, max(ends or lags, default=None))
        return (last if first is None else first), last

    def _agency(
        self, cells: Sequence[str | None], reply: str | None, post: str | None
    ) -> str | None:
        for name in self._all(cells, "agency"):
            agency = self.aliases.normalise(name)
            if agency is not None:
                return agency
        if self.columns.agency_from_file:
            return self._file_name()
        return self.aliases.normalise(extract_replying_unit(reply, post))

    def _count(self, cells: Sequence[str | None], found: int) -> int:
        given = self._text(cells, "n_replies")
        return int(given) if given and given.isdecimal() and len(given) < 6 else found

    def _satisfaction(self, cells: Sequence[str | None]) -> float | None:
        given = self._text(cells, "satisfaction")
        if given is None:
            return None
        return parse_rating(given, is_share=self.columns.format == "canonical")


def _written_out(number: str) -> str:
    """Return 4.47341700658083E+15 as 4473417006580830; one of few digits stays as it is."""
    digits = number.upper().partition("E")[0].replace(".", "")
    return str(int(Decimal(number))) if len(digits) >= 12 else number


def content_id(row: dict[str, Any]) -> str:
    """Return an id made from what the row says, for exports that have none."""
    parts = (row[name] for name in ("agency", "post_title", "post_text", "posted_at", "reply_text"))
    text = "\0".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _before(replied: int, posted: int) -> bool:
    # A day without a time is its midnight, so on one day nothing is before anything.
    midnight = (replied + _SHANGHAI_SECONDS) % _DAY == 0
    if midnight:
        return (replied + _SHANGHAI_SECONDS) // _DAY < (posted + _SHANGHAI_SECONDS) // _DAY
    return replied < posted


def _numbers(cells: Sequence[str | None], places: Sequence[int]) -> list[float]:
    found = []
    for place in places:
        try:
            value = float((cells[place] if place < len(cells) else None) or "nan")
        except ValueError:
            continue
        if 0 <= value < 10_000:
            found.append(value)
    return found


def _later(posted: int, days: float | None) -> int | None:
    return None if days is None else posted + round(days * _DAY)
