"""One archive from files to the scored table, on any engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from gov_sentiment.engines.files import whole_file
from gov_sentiment.engines.memory import as_of_of
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, conform, run_metadata
from gov_sentiment.scoring import ArchiveChecks, finish_with_evidence


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
    reader = open_archive(*read.paths, **read.keywords())
    kept = store.begin(fingerprint(read, score, batch_rows), resume=resume)
    rows: list[int] = []

    def tasks() -> Iterator[PartTask]:
        for index, batch in enumerate(sized_batches(reader.batches(), batch_rows)):
            rows.append(batch.num_rows)
            if not (kept and store.holds(index, batch)):
                yield PartTask(index, batch, store, score)

    for index in engine.score_parts(tasks(), score):
        progress("score", sum(rows[: index + 1]), None)
    info = {**reader.info, **describe_scoring(score)}
    progress("check", 0, len(rows))
    checks = _write_finished(store.paths(len(rows)), output, info, score)
    store.remove()
    return ScoredRun(output, sum(rows), info, reader.rejects, reader.review, checks)


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
    parts: list[Path], output: Path, info: dict[str, Any], score: ScoreSettings
) -> ArchiveChecks:
    """Run the checks over the whole archive and write the scored table."""
    tables = [pq.read_table(part).replace_schema_metadata(None) for part in parts]
    # Parquet knows no times in seconds; the checks get them as the contract says.
    scored = conform(pa.concat_tables(tables or [SCORED_SCHEMA.empty_table()]), SCORED_SCHEMA)
    with threadpool_limits(1):
        finished, checks = finish_with_evidence(scored, as_of_of(info), score.preset)
    with whole_file(output) as temporary:
        metadata = run_metadata(info)
        pq.write_table(finished.replace_schema_metadata(metadata), temporary, compression="zstd")
    return checks
