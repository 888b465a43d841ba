"""The local engine: a process pool on one machine, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from gov_sentiment.archive import open_archive
from gov_sentiment.engines.base import (
    Progress,
    ReadSettings,
    ScoredRun,
    ScoreSettings,
    describe_scoring,
    fingerprint,
    no_progress,
)
from gov_sentiment.engines.files import whole_file
from gov_sentiment.engines.memory import as_of_of
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.engines.pool import map_in_order
from gov_sentiment.engines.worker import BATCH_ROWS, ScoreTask, prepare, score_part
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, run_metadata
from gov_sentiment.scoring import finish_scores

# Starting a worker and loading the models costs about as much as scoring this many batches.
_BATCHES_FOR_A_POOL = 2


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def score_archive(
    read: ReadSettings,
    score: ScoreSettings,
    output: Path,
    *,
    workers: int | None = None,
    batch_rows: int = BATCH_ROWS,
    resume: bool = False,
    progress: Progress = no_progress,
) -> ScoredRun:
    """Score an archive into one Parquet file.

    The archive is read in batches, each is scored by itself in one of `workers` processes and
    kept as a part beside the output; then the checks that need the whole archive run over the
    parts. The same rows give the same digits with any number of workers and any batch size.

    Args:
        read: which files, and how to read them.
        score: which model and preset.
        output: the Parquet file; it appears only when it is whole.
        workers: processes; None = one for each core. 1 = no other process is started.
        batch_rows: exchanges in a part.
        resume: keep the parts of an earlier run that was interrupted, where they still fit.
        progress: told of each finished part.

    Raises:
        GovSentimentError: the archive, the model or the settings cannot be used.
        RunInterrupted: a worker was killed or the disk is full; the parts stay for `resume`.
    """
    store = PartStore.beside(output)
    kept = store.begin(fingerprint(read, score, batch_rows), resume=resume)
    reader = open_archive(*read.paths, **read.keywords())
    batches = sized_batches(reader.batches(), batch_rows)
    tally = _score_parts(batches, store, score, workers or default_workers(), kept, progress)
    info = {**describe_reading(reader), **describe_scoring(score)}
    _write_finished(store.paths(tally.parts), output, info, score)
    store.remove()
    return ScoredRun(output, tally.rows, info, reader.rejects, reader.review)


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


@dataclass
class _Tally:
    parts: int = 0
    rows: int = 0


def _score_parts(
    batches: Iterator[pa.RecordBatch],
    store: PartStore,
    score: ScoreSettings,
    workers: int,
    kept: bool,
    progress: Progress,
) -> _Tally:
    """Score every batch into its part; return how many parts and rows there are."""
    tally = _Tally()

    def tasks() -> Iterator[ScoreTask]:
        for batch in batches:
            index, tally.parts = tally.parts, tally.parts + 1
            if kept and store.holds(index, batch):
                tally.rows += batch.num_rows
            else:
                yield ScoreTask(index, batch, store, score)

    waiting = tasks()
    first = list(islice(waiting, _BATCHES_FOR_A_POOL))
    todo = chain(first, waiting)
    if workers == 1 or len(first) < _BATCHES_FOR_A_POOL:
        results = _score_here(todo)
    else:
        results = map_in_order(score_part, todo, workers=workers, prepare=prepare(score))
    for rows in results:
        tally.rows += rows
        progress("score", tally.rows, None)
    return tally


def _score_here(tasks: Iterable[ScoreTask]) -> Iterator[int]:
    for task in tasks:
        with threadpool_limits(1):
            rows = score_part(task)
        yield rows


def _write_finished(
    parts: list[Path], output: Path, info: dict[str, Any], score: ScoreSettings
) -> None:
    """Run the checks over the whole archive and write the scored table."""
    tables = [pq.read_table(part) for part in parts]
    scored = pa.concat_tables(tables) if tables else SCORED_SCHEMA.empty_table()
    with threadpool_limits(1):
        finished = finish_scores(scored, as_of_of(info), score.preset)
    with whole_file(output) as temporary:
        metadata = run_metadata(info)
        pq.write_table(finished.replace_schema_metadata(metadata), temporary, compression="zstd")
