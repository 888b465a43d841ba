"""The scored rows of an archive, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import pyarrow as pa

from gov_sentiment.scoring.checks.findings import FINDINGS_SCHEMA, with_findings

_PIECE: Final = 65_536


class ScoredSource(Protocol):
    """Scored rows with findings, which can be gone through again and again in the same order."""

    def tables(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield some columns of all rows, piece by piece."""


@dataclass(frozen=True, slots=True)
class TableSource:
    """A scored table in memory; the findings are made where they are not there."""

    table: pa.Table

    @classmethod
    def of(cls, table: pa.Table) -> TableSource:
        """Return the source of a scored table."""
        known = FINDINGS_SCHEMA.names[0] in table.column_names
        return cls(table if known else with_findings(table))

    def tables(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield the table in pieces, none of them too large for Arrow to gather rows from."""
        narrow = self.table.select(list(columns))
        for start in range(0, max(narrow.num_rows, 1), _PIECE):
            yield narrow.slice(start, _PIECE)


def read_all(source: ScoredSource, columns: Sequence[str]) -> pa.Table:
    """Return some (narrow) columns of all rows."""
    return pa.concat_tables(source.tables(columns))
