"""The Spark engine: the same scoring function inside `mapInArrow`.

Spark moves the batches; the archive is read, and the checks over the whole of it are made, on
the driver by the same code as for the local engine. Executors need this package with its core
dependencies, and a folder that they share with the driver (`docs/spark.md`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.engines.files import disk_errors, remove
from gov_sentiment.engines.local import LocalEngine
from gov_sentiment.engines.worker import load_scorer
from gov_sentiment.errors import BadSettings, RunInterrupted
from gov_sentiment.exchange import EXCHANGE_SCHEMA, TIMESTAMP
from gov_sentiment.scoring import score_batch
from gov_sentiment.scoring.checks import Workers, with_findings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Where a row of the archive belongs: which part, and which row of it.
_PLACE = pa.schema([("part", pa.int32()), ("part_row", pa.int32())])


def open_session(master: str | None = None) -> SparkSession:
    """Return a Spark session.

    Args:
        master: `local[2]`, `spark://host:7077`, or `sc://host:15002` for Spark Connect; None =
            what `spark-submit` or the environment says, else every core of this machine.

    Raises:
        BadSettings: pyspark or Java is missing, or the cluster does not answer.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadSettings(
            "The spark engine needs pyspark: pip install 'gov-sentiment[spark]', and Java 17."
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("gov-sentiment")
    if master is not None:
        builder = builder.remote(master) if master.startswith("sc://") else builder.master(master)
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        raise BadSettings(
            f"Spark does not start ({type(error).__name__}).\n"
            "It needs Java 17 (java -version) and a master that answers; see docs/spark.md."
        ) from error


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Scores parts on a Spark cluster; `master` as for `open_session`."""

    master: str | None = None

    def working(self, folder: Path) -> AbstractContextManager[Workers]:
        """Return the driver's cores, where the archive lies when its parts are scored."""
        return LocalEngine().working(folder)

    def score_parts(
        self, tasks: Iterable[PartTask], settings: ScoreSettings, workers: Workers
    ) -> Iterator[int]:
        """Yield the index of each part when it is written, in order.

        Raises:
            BadSettings: there is no Spark.
            RunInterrupted: Spark gave the job up.
        """
        from pyspark.errors import PySparkException

        stores = {}
        for task in tasks:
            stores[task.index] = task.store
            _write_input(task)
        if not stores:
            return
        folder = next(iter(stores.values())).folder.resolve()
        session = open_session(self.master)
        frame = session.read.parquet(str(folder / "spark-in"))
        try:
            scored = _score_frame(frame, settings, with_findings)
            scored.write.partitionBy("part").mode("overwrite").parquet(str(folder / "spark-out"))
        except PySparkException as error:
            raise RunInterrupted(
                f"Spark gave the job up ({type(error).__name__}); its log says why.\n"
                "Executors need the gov-sentiment package and the folder of the output; "
                "see docs/spark.md."
            ) from error
        for index, store in stores.items():
            rows = _read_output(folder / "spark-out" / f"part={index}")
            source = pq.read_table(_input_path(folder, index)).select(EXCHANGE_SCHEMA.names)
            store.write(index, rows, source.replace_schema_metadata(None).to_batches()[0])
            yield index
        remove(folder / "spark-in")
        remove(folder / "spark-out")


def score_frame(frame: DataFrame, settings: ScoreSettings) -> DataFrame:
    """Return a Spark table of exchanges with the score columns of each row.

    Args:
        frame: has the columns of `EXCHANGE_SCHEMA`, from any source that Spark reads; columns
            beside them are kept behind the scores.
        settings: model and preset; a model folder must exist on every executor.

    The checks over the whole archive are not in it: `finish_scores` adds them.
    """
    return _score_frame(frame, settings, _nothing_more)


# What is put behind the scores of a batch.
_More = Callable[[pa.RecordBatch], pa.RecordBatch]


def _nothing_more(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def _score_frame(frame: DataFrame, settings: ScoreSettings, more: _More) -> DataFrame:
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    exchanges = from_arrow_schema(EXCHANGE_SCHEMA, prefer_timestamp_ntz=False)
    extra = [field for field in frame.schema if field.name not in exchanges.names]
    empty = pa.schema([*EXCHANGE_SCHEMA, *to_arrow_schema(type(exchanges)(extra))]).empty_table()
    columns = [*exchanges.names, *(field.name for field in extra)]
    scored = more(score_batch(_first_batch(empty), load_scorer(settings))).schema
    target = from_arrow_schema(scored.remove_metadata(), prefer_timestamp_ntz=False)
    function = partial(_score_batches, settings=settings, more=more)
    return frame.select(*columns).mapInArrow(function, target)


def _first_batch(table: pa.Table) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [column.combine_chunks() for column in table.columns], schema=table.schema
    )


def _score_batches(
    batches: Iterator[pa.RecordBatch], settings: ScoreSettings, more: _More
) -> Iterator[pa.RecordBatch]:
    """Score what Spark hands over; runs on an executor."""
    # One thread, as in the local engine's workers: the same sums, the same digits.
    threadpool_limits(1)
    scorer = load_scorer(settings)
    for batch in batches:
        yield _to_spark(more(score_batch(_from_spark(batch), scorer)))


def _from_spark(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch in our types: Spark knows times in microseconds alone."""
    arrays, fields = [], []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        known = EXCHANGE_SCHEMA.field(field.name) if field.name in EXCHANGE_SCHEMA.names else field
        arrays.append(column.cast(known.type))
        fields.append(pa.field(known.name, known.type))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _to_spark(batch: pa.RecordBatch) -> pa.RecordBatch:
    zoned = pa.timestamp("us", tz=TIMESTAMP.tz)
    arrays = [
        column.cast(zoned) if pa.types.is_timestamp(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _input_path(folder: Path, index: int) -> Path:
    return folder / "spark-in" / f"part-{index:06d}.parquet"


def _write_input(task: PartTask) -> None:
    folder = task.store.folder
    place: dict[str, Any] = {
        "part": pa.array([task.index] * task.batch.num_rows, pa.int32()),
        "part_row": pa.array(range(task.batch.num_rows), pa.int32()),
    }
    table = pa.Table.from_batches([task.batch])
    for field in _PLACE:
        table = table.append_column(field, place[field.name])
    with disk_errors(folder):
        _input_path(folder, task.index).parent.mkdir(exist_ok=True)
        pq.write_table(table, _input_path(folder, task.index), compression="zstd")


def _read_output(folder: Path) -> pa.RecordBatch:
    """Return one part's rows in their order and our types."""
    files = sorted(folder.glob("*.parquet"))
    table = pa.concat_tables([pq.read_table(file, partitioning=None) for file in files])
    table = table.sort_by("part_row").drop_columns(["part_row"]).combine_chunks()
    batch = table.replace_schema_metadata(None).to_batches()[0]
    return _from_spark(batch)
