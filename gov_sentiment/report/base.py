"""The scored table as DuckDB sees it while a report is summed up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gov_sentiment.exchange import AGENCY_POST

Base = duckdb.DuckDBPyConnection
FULL_POST: Final = "coalesce(post_title || '。', '') || coalesce(post_text, '')"


@contextmanager
def open_base(scored: pa.Table) -> Iterator[Base]:
    """Yield a connection with the views `scored` and `asked`: all rows, and citizens' posts."""
    with closing(duckdb.connect()) as base:
        base.execute("SET threads TO 2")
        base.register("scored", _local_times(scored))
        base.execute(
            "CREATE TEMP VIEW asked AS SELECT * FROM scored "
            f"WHERE channel IS DISTINCT FROM '{AGENCY_POST}'"
        )
        yield base


def query(base: Base, sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    result = base.execute(sql, list(values))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _local_times(scored: pa.Table) -> pa.Table:
    """Return the table with its times as naive local ones: no zone tables are needed then."""
    for name in ("posted_at", "first_replied_at", "replied_at"):
        seconds = scored[name].cast(pa.timestamp("s")).cast(pa.int64())
        local = pc.add(seconds, 28_800).cast(pa.timestamp("s"))
        scored = scored.set_column(scored.schema.get_field_index(name), name, local)
    return scored.replace_schema_metadata(None)
