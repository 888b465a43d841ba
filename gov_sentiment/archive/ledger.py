"""The ledger: every row read ends as an exchange, is merged into one, or is rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa


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
