"""Tallies: small sufficient statistics for each agency, by one SQL text for every engine.

DuckDB runs it here, over Arrow tables or straight over Parquet files and out of core. Spark runs
the same text: give `collect_tallies` an `SqlEngine` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.errors import BadScores
from gov_sentiment.exchange import SCORED_SCHEMA

Ints = npt.NDArray[np.int64]
Source = pa.Table | str | Path | Sequence[str | Path]

_SQL: Final = Path(__file__).parent / "sql" / "tallies.sql"
_NEEDED: Final = tuple(
    name for name in SCORED_SCHEMA.names if name not in ("source_file", "source_row")
)
MILLION: Final = 1_000_000.0


class SqlEngine(Protocol):
    """Where the SQL text runs; it sees a view `scored` and what `register` adds."""

    def query(self, sql: str) -> pa.Table:
        """Return the result of one statement."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make a small table visible under `name`."""


@lru_cache(maxsize=1)
def tally_sql() -> dict[str, str]:
    """Return the sections of the SQL text by name; `common` goes before each other one."""
    sections: dict[str, str] = {}
    for part in _SQL.read_text(encoding="utf-8").split("-- section: ")[1:]:
        name, body = part.split("\n", 1)
        sections[name.strip()] = body.strip()
    return sections


def section_sql(name: str, values: Mapping[str, int | str]) -> str:
    """Return the runnable text of a section with `values` in the place of its colon words."""
    sections = tally_sql()
    text = sections[name] if name == "overview" else f"{sections['common']}\n{sections[name]}"
    # Longest names first, so that :as_of_s never eats the start of a longer word.
    for key in sorted(values, key=len, reverse=True):
        text = text.replace(f":{key}", str(values[key]))
    return text


class DuckDbEngine:
    """The embedded engine: reads Arrow tables, or Parquet files without loading them."""

    def __init__(
        self, source: Source, threads: int | None = None, memory: str | None = None
    ) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET preserve_insertion_order = false")
        if threads is not None:
            self._connection.execute(f"SET threads = {int(threads)}")
        if memory is not None:
            self._connection.execute("SET memory_limit = ?", [memory])
        self._connection.execute(
            "CREATE TEMP MACRO unix_seconds(moment) AS epoch_us(moment) // 1000000"
        )
        if isinstance(source, pa.Table):
            check_scored(source.schema, "table")
            self._connection.register("scored", source)
        else:
            files = parquet_files(source)
            names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            self._connection.execute(
                f"CREATE TEMP VIEW scored AS SELECT * FROM read_parquet([{names}], "
                "union_by_name = true, hive_partitioning = false)"
            )

    def query(self, sql: str) -> pa.Table:
        """Return the result of one statement."""
        table: pa.Table = self._connection.sql(sql).to_arrow_table()
        return table

    def register(self, name: str, table: pa.Table) -> None:
        """Make a small table visible under `name`."""
        self._connection.register(name, table)

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


def parquet_files(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the Parquet files of a path, a folder or several of either, checked, in order.

    Raises:
        BadScores: nothing there, or a file that is no scored table.
    """
    given = [source] if isinstance(source, str | Path) else list(source)
    files: list[Path] = []
    for item in map(Path, given):
        files.extend(sorted(item.rglob("*.parquet")) if item.is_dir() else [item])
    if not files:
        raise BadScores("No Parquet file given.\nScore an archive first: gov-sentiment score.")
    for file in files:
        check_scored(source_schema(file), file.name)
    return files


def source_schema(file: Path) -> pa.Schema:
    """Return the schema of a Parquet file, with the run info in its metadata.

    Raises:
        BadScores: the file is missing or is no Parquet file.
    """
    try:
        return pq.read_schema(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise BadScores(
            f"{file}: cannot be read as Parquet ({type(error).__name__}).\n"
            "Rank reads what `gov-sentiment score` wrote."
        ) from error


def check_scored(schema: pa.Schema, where: str) -> None:
    """Check that a table has the columns of a scored table and zoned times.

    Raises:
        BadScores: it has not.
    """
    missing = [name for name in _NEEDED if name not in schema.names]
    if missing:
        raise BadScores(
            f"{where}: not a scored table, no column {', '.join(missing)}.\n"
            "Score it first: gov-sentiment score ARCHIVE -o scored.parquet."
        )
    for name in ("posted_at", "first_replied_at"):
        kind = schema.field(name).type
        if not (pa.types.is_timestamp(kind) and kind.tz is not None):
            raise BadScores(
                f"{where}: {name} is {kind}, not a time in a time zone.\nScore the archive again."
            )


@dataclass(frozen=True, slots=True)
class Tallies:
    """What the formulas need.

    Attributes:
        agencies: one row for each agency, ordered by name: counts, and sums times one million.
        times: histogram of waiting times (agency_id = row of `agencies`, hours, clock, replied,
            n), ordered; empty where the archive has no times.
        overview: counts over the whole table.
        topics: the 50 most frequent categories with their counts.
        own_posts: agencies with posts of their own, and how many.
    """

    agencies: pa.Table
    times: pa.Table
    overview: Mapping[str, Any]
    topics: pa.Table
    own_posts: pa.Table

    def names(self) -> list[str]:
        """Return the agencies, ordered."""
        return [str(name) for name in self.agencies["agency"].to_pylist()]

    def counts(self, column: str) -> Ints:
        """Return a column of `agencies` as whole numbers, (n_agencies,)."""
        return ints(self.agencies[column])


def ints(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> Ints:
    """Return a column without nulls as int64."""
    values: Ints = column.cast(pa.int64()).to_numpy().astype(np.int64, copy=False)
    return values


def read_overview(engine: SqlEngine) -> dict[str, Any]:
    """Return the counts over the whole table and the first and last moments (local seconds)."""
    row: dict[str, Any] = engine.query(section_sql("overview", {})).to_pylist()[0]
    return {key: value or 0 if key.startswith("n_") else value for key, value in row.items()}


def collect_tallies(
    engine: SqlEngine, values: Mapping[str, int | str], overview: Mapping[str, Any]
) -> Tallies:
    """Run the sections that every ranking needs.

    Args:
        engine: has the views `scored` and `calendar`.
        values: `as_of_s`, `as_of_day`, `final_days`, `working` (0/1), `cap_hours`, `cap_days`.
        overview: what `read_overview` returned.
    """
    agencies = engine.query(section_sql("agencies", values))
    own_posts = engine.query(section_sql("own_posts", values))
    ids = pa.array(range(agencies.num_rows), pa.int32())
    engine.register("agency_ids", pa.table({"agency": agencies["agency"], "agency_id": ids}))
    return Tallies(
        agencies=agencies,
        times=engine.query(section_sql("times", values)),
        overview=overview,
        topics=engine.query(section_sql("topics", values)),
        own_posts=own_posts,
    )
