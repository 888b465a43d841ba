"""The ranking's SQL text on Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkSqlEngine:
    """Runs statements over a scored table in Spark; a `ranking.tallies.SqlEngine`.

    Args:
        session: from `engines.spark.open_session`.
        scored: Parquet files or folders that Spark can read, or a DataFrame.
    """

    def __init__(self, session: SparkSession, scored: Sequence[str | Path] | DataFrame) -> None:
        self._session = session
        if isinstance(scored, Sequence):
            frame = session.read.parquet(*(str(Path(path).resolve()) for path in scored))
        else:
            frame = scored
        frame.createOrReplaceTempView("scored")

    def query(self, sql: str) -> pa.Table:
        """Return the result of one statement."""
        table: pa.Table = self._session.sql(sql).toArrow()
        return table

    def register(self, name: str, table: pa.Table) -> None:
        """Make a small table visible under `name`."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)
