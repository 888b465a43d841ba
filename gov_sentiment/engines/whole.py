"""One archive from files to the scored table, on any engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from gov_sentiment.archive import open_archive
from gov_sentiment.engines.base import (
    BATCH_ROWS,
    Engine,
    PartTask,
    Progress,
    ReadSettings,
    ScoredRun,
    ScoreSettings,
    describe_scoring,
    fingerprint,
    no_progress,
)
from gov_sentiment.engines.extent import about_rows
from gov_sentiment.engines.files import disk_errors, whole_file
from gov_sentiment.engines.memory import as_of_of
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.errors import GovSentimentError, RunInterrupted
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, run_metadata
from gov_sentiment.scoring import ArchiveChecks, finish_rows
from gov_sentiment.scoring.checks import FINDINGS_SCHEMA, check_source

_ROW_GROUP = 32_768
_EMPTY = pa.schema([*SCORED_SCHEMA, *FINDINGS_SCHEMA]).empty_table()


def score_archive(
    read: ReadSettings,
    score: ScoreSettings,
    output: Path,
    engine: Engine,
    *,
    batch_rows: int = BATCH_ROWS,
    resume: bool = False,
    progress: Progress = no_progress,
) -> ScoredRun:
    """Score an archive into one Parquet file.

    The archive is read in batches, each is scored by itself where the engine runs it and kept as
    a part beside the output; then the checks that need the whole archive run over the parts. The
    same rows give the same digits on any engine, with any number of workers and any batch size.

    Args:
        read: which files, and how to read them.
        score: which model and preset.
        output: the Parquet file; it appears only when it is whole.
        engine: where the batches are scored.
        batch_rows: exchanges in a part.
        resume: keep the parts of an earlier run that was interrupted, where they still fit.
        progress: told of each finished part.

    Raises:
        GovSentimentError: the archive, the model or the settings cannot be used.
        RunInterrupted: a worker was killed or the disk is full; the parts stay for `resume`.
    """
    store = PartStore.beside(output)
    shards = store.folder / "shards"
    rows: list[int] = []
    expected: int | None = None

    def tasks() -> Iterator[PartTask]:
        nonlocal expected
        for index, batch in enumerate(sized_batches(reader.batches(), batch_rows)):
            rows.append(batch.num_rows)
            if not (kept and store.holds(index, batch)):
                yield PartTask(index, batch, store)
        expected = sum(rows)

    with _kept_if_interrupted(store), engine.working(shards) as workers:
        reader = open_archive(*read.paths, **read.keywords())
        expected = about_rows(read.paths)
        kept = store.begin(fingerprint(read, score, batch_rows), resume=resume)
        for index in engine.score_parts(tasks(), score, workers):
            done = sum(rows[: index + 1])
            progress("score", done, None if expected is None else max(done, expected))
        info = {**reader.info, **describe_scoring(score)}
        scored = _ScoredParts(store, len(rows))
        n_rows = sum(rows)
        progress("check", 0, n_rows)
        with disk_errors(output.parent), threadpool_limits(1):
            checks = check_source(scored, as_of_of(info), workers=workers, folder=shards)
    _write_finished(scored, output, checks, info, score)
    progress("check", n_rows, n_rows)
    store.remove()
    return ScoredRun(output, n_rows, info, reader.rejects, reader.review, checks)


@contextmanager
def _kept_if_interrupted(store: PartStore) -> Iterator[None]:
    """Remove the parts of a run whose input or settings were at fault: no resuming mends that."""
    try:
        yield
    except RunInterrupted:
        raise
    except GovSentimentError:
        store.remove()
        raise


@dataclass(frozen=True, slots=True)
class _ScoredParts:
    """The parts of a run as the source of the checks over the whole archive."""

    store: PartStore
    count: int

    def tables(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield some columns of each part."""
        if not self.count:
            yield _EMPTY.select(list(columns))
        yield from self.store.tables(self.count, columns)


def sized_batches(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches of exactly `rows`, the last one shorter."""
    held: list[pa.RecordBatch] = []
    n_held = 0
    for batch in batches:
        start = 0
        while n_held + batch.num_rows - start >= rows:
            stop = start + rows - n_held
            yield _joined([*held, batch.slice(start, stop - start)])
            held, n_held, start = [], 0, stop
        if start < batch.num_rows:
            held.append(batch.slice(start))
            n_held += batch.num_rows - start
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).select(EXCHANGE_SCHEMA.names).combine_chunks()
    return table.replace_schema_metadata(None).to_batches()[0]


def _write_finished(
    scored: _ScoredParts,
    output: Path,
    checks: ArchiveChecks,
    info: dict[str, Any],
    score: ScoreSettings,
) -> None:
    """Write the scored table, part by part, with what the checks found."""
    as_of = as_of_of(info)
    start = 0
    writer: pq.ParquetWriter | None = None
    with whole_file(output) as temporary:
        for table in _ahead(_larger(scored.store.tables(scored.count))):
            flags = checks.flags[start : start + table.num_rows]
            start += table.num_rows
            rows = table.drop_columns(FINDINGS_SCHEMA.names)
            finished = finish_rows(rows, flags, as_of, score.preset)
            finished = finished.replace_schema_metadata(run_metadata(info))
            if writer is None:
                writer = pq.ParquetWriter(temporary, finished.schema, compression="zstd")
            writer.write_table(finished)
        if writer is None:
            empty = SCORED_SCHEMA.empty_table().replace_schema_metadata(run_metadata(info))
            pq.write_table(empty, temporary)
        else:
            writer.close()


def _ahead(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Yield the tables, each read while the one before is written."""
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(next, tables, None)
        while (table := following.result()) is not None:
            following = thread.submit(next, tables, None)
            yield table


def _larger(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Yield the same rows in row groups that queries over the file can work on."""
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        if sum(piece.num_rows for piece in held) >= _ROW_GROUP:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)
