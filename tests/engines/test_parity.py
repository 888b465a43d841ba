"""The same rows give the same digits on every engine, in any batches, with any workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive import read_archive
from gov_sentiment.engines import whole
from gov_sentiment.engines.base import Engine, PartTask, ReadSettings, ScoreSettings
from gov_sentiment.engines.local import LocalEngine, default_workers
from gov_sentiment.engines.memory import score_table
from gov_sentiment.engines.whole import score_archive, sized_batches
from gov_sentiment.errors import MissingColumns, RunInterrupted
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, conform, run_info
from gov_sentiment.scoring.checks import Workers


@pytest.fixture(scope="module")
def expected(archive: Path) -> pa.Table:
    return score_table(read_archive(archive).exchanges, ScoreSettings())


def score(archive: Path, output: Path, engine: Engine, rows: int, resume: bool = False) -> pa.Table:
    read = ReadSettings((archive,))
    run = score_archive(read, ScoreSettings(), output, engine, batch_rows=rows, resume=resume)
    assert run.n_rows == 90
    return conform(pq.read_table(output), SCORED_SCHEMA)


def test_every_engine_gives_the_same_table(
    archive: Path, expected: pa.Table, engine: Engine, tmp_path: Path
) -> None:
    table = score(archive, tmp_path / "scored.parquet", engine, rows=25)
    assert table.schema.equals(SCORED_SCHEMA)
    assert table.replace_schema_metadata(None).equals(expected.replace_schema_metadata(None))
    assert run_info(table.schema)["ledger"]["exchanges"] == 90
    assert [path.name for path in tmp_path.iterdir()] == ["scored.parquet"]


@pytest.mark.parametrize("rows", [1, 7, 90, 1000])
def test_the_size_of_batches_changes_nothing(
    archive: Path, expected: pa.Table, rows: int, tmp_path: Path
) -> None:
    table = score(archive, tmp_path / "scored.parquet", LocalEngine(1), rows)
    assert table.replace_schema_metadata(None).equals(expected.replace_schema_metadata(None))


def test_the_order_of_rows_changes_nothing(archive: Path, expected: pa.Table) -> None:
    exchanges = read_archive(archive).exchanges
    order = pa.array([(i * 37) % 90 for i in range(90)])
    shuffled = score_table(exchanges.take(order), ScoreSettings())
    assert shuffled.sort_by("source_row").equals(expected.sort_by("source_row"))


class Dies:
    """An engine that dies after two parts, as a killed machine does."""

    def working(self, folder: Path) -> AbstractContextManager[Workers]:
        return LocalEngine(1).working(folder)

    def score_parts(
        self, tasks: Iterator[PartTask], settings: ScoreSettings, workers: Workers
    ) -> Iterator[int]:
        for number, index in enumerate(LocalEngine(1).score_parts(tasks, settings, workers)):
            if number == 2:
                raise RunInterrupted("power cut")
            yield index


class Counts:
    """An engine that counts the parts that it was given."""

    def __init__(self) -> None:
        self.parts = 0

    def working(self, folder: Path) -> AbstractContextManager[Workers]:
        return LocalEngine(1).working(folder)

    def score_parts(
        self, tasks: Iterator[PartTask], settings: ScoreSettings, workers: Workers
    ) -> Iterator[int]:
        for index in LocalEngine(1).score_parts(tasks, settings, workers):
            self.parts += 1
            yield index


def test_an_interrupted_run_resumes_with_the_same_digits(
    archive: Path, expected: pa.Table, tmp_path: Path
) -> None:
    output = tmp_path / "scored.parquet"
    with pytest.raises(RunInterrupted):
        score(archive, output, Dies(), rows=20)
    assert not output.exists()
    rest = Counts()
    table = score(archive, output, rest, rows=20, resume=True)
    assert rest.parts == 2
    assert table.replace_schema_metadata(None).equals(expected.replace_schema_metadata(None))


def test_a_run_with_other_settings_starts_over(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "scored.parquet"
    with pytest.raises(RunInterrupted):
        score(archive, output, Dies(), rows=20)
    again = Counts()
    score(archive, output, again, rows=30, resume=True)
    assert again.parts == 3


def test_a_table_that_lacks_a_column_is_said() -> None:
    with pytest.raises(MissingColumns, match="no column for reply_text"):
        score_table(EXCHANGE_SCHEMA.empty_table().drop_columns(["reply_text"]), ScoreSettings())


def test_an_empty_table_goes_through() -> None:
    scored = score_table(EXCHANGE_SCHEMA.empty_table(), ScoreSettings())
    assert scored.num_rows == 0
    assert scored.schema.equals(SCORED_SCHEMA)


def test_there_is_a_worker_for_each_core() -> None:
    assert default_workers() >= 1


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 8))
def test_batches_get_their_size_and_keep_the_rows(sizes: list[int], rows: int) -> None:
    total = sum(sizes)
    table = [{"exchange_id": str(i), "source_row": i} for i in range(total)]
    whole_table = pa.Table.from_pylist(table, schema=EXCHANGE_SCHEMA)
    batches, start = [], 0
    for size in sizes:
        piece = whole_table.slice(start, size).combine_chunks()
        batches += piece.to_batches() if size else []
        start += size
    made = list(sized_batches(batches, rows))
    assert all(batch.num_rows == rows for batch in made[:-1])
    assert [i for batch in made for i in batch["source_row"].to_pylist()] == list(range(total))


def test_the_reader_says_how_it_read(archive: Path) -> None:
    reader = whole.open_archive(archive)
    assert sum(batch.num_rows for batch in reader.batches()) == 90
    assert reader.ledger.rows_read == 90
