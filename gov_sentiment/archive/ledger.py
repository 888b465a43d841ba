"""The ledger: every row read ends as an exchange, is merged into one, or is rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from gov_sentiment.exchange import TIME_ZONE


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


REJECT_SCHEMA: Final = _schema(source_file=pa.string(), source_row=pa.int64(), reason=pa.string())
REVIEW_SCHEMA: Final = _schema(agency=pa.string(), spelling=pa.string(), rows=pa.int64())


@dataclass(slots=True)
class Ledger:
    """Counts of rows; `rows_read` is the sum of the rest.

    Attributes:
        rows_read: rows of the files below the header, blank ones included.
        exchanges: rows that became exchanges.
        merged: rows folded into another exchange.
        rejected: reason → rows.
        unanswered, repeated, no_agency: exchanges with that trait.
    """

    rows_read: int = 0
    exchanges: int = 0
    merged: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    repeated: int = 0
    no_agency: int = 0

    @property
    def n_rejected(self) -> int:
        """Rows rejected for any reason."""
        return sum(self.rejected.values())

    @property
    def adds_up(self) -> bool:
        """Whether no row was lost."""
        return self.rows_read == self.exchanges + self.merged + self.n_rejected

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for the run info."""
        return {
            "rows_read": self.rows_read,
            "exchanges": self.exchanges,
            "merged": self.merged,
            "rejected": dict(sorted(self.rejected.items())),
            "unanswered": self.unanswered,
            "repeated": self.repeated,
            "no_agency": self.no_agency,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """How one sheet was read.

    Attributes:
        file, container, sheet, encoding, delimiter, header_row: where and how it stands there.
        format, why: which format, and what spoke for it.
        columns: field → headers.
        unused: headers that nothing was taken from.
        rows: rows below the header; unanswered: those without a reply.
        posted, replied: first and last date as ISO text, None where there is none.
    """

    file: str
    container: str
    sheet: str
    encoding: str
    delimiter: str
    header_row: int
    format: str
    why: str
    columns: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    rows: int
    unanswered: int
    posted: tuple[str, str] | None
    replied: tuple[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """Return the facts for the run info."""
        return {
            "file": self.file,
            "container": self.container,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header_row": self.header_row,
            "format": self.format,
            "why": self.why,
            "columns": {name: list(headers) for name, headers in self.columns.items()},
            "unused": list(self.unused),
            "rows": self.rows,
            "unanswered": self.unanswered,
            "posted": list(self.posted) if self.posted else None,
            "replied": list(self.replied) if self.replied else None,
        }


class DateSpans:
    """First and last dates of a sheet."""

    def __init__(self) -> None:
        self._spans: dict[str, tuple[int, int]] = {}

    def add(self, posted_at: int | None, replied_at: int | None) -> None:
        """Take note of one row's times, in seconds since 1970 UTC."""
        for name, time in (("posted_at", posted_at), ("replied_at", replied_at)):
            if time is not None:
                low, high = self._spans.get(name, (time, time))
                self._spans[name] = (min(low, time), max(high, time))

    @property
    def latest(self) -> int | None:
        """The last time of either kind."""
        return max((high for _, high in self._spans.values()), default=None)

    def days(self, name: str) -> tuple[str, str] | None:
        """Return the first and the last day of "posted_at" or "replied_at" as ISO text."""
        span = self._spans.get(name)
        if span is None:
            return None
        low, high = (local_time(time).date().isoformat() for time in span)
        return low, high


def local_time(seconds: int) -> datetime:
    """Return the time of Asia/Shanghai."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(TIME_ZONE))
