"""On the six real archives Spark gives the local engine's scores and ranking, digit for digit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gov_sentiment.archive import read_archive
from gov_sentiment.engines.base import BATCH_ROWS, ScoreSettings
from gov_sentiment.engines.worker import load_scorer
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, conform
from gov_sentiment.ranking import rank_agencies
from gov_sentiment.scoring import score_batch

pytestmark = [pytest.mark.spark, pytest.mark.real_data]
N_ARCHIVES = 6


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")
    from gov_sentiment.engines.spark import open_session

    session = open_session("local[2]")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def exchanges(shared_data: Path) -> pa.Table:
    paths = sorted((shared_data / "archives").iterdir())
    assert len(paths) == N_ARCHIVES
    read = [read_archive(path).exchanges.replace_schema_metadata(None) for path in paths]
    table = pa.concat_tables(read).select(EXCHANGE_SCHEMA.names)
    return table.append_column("row", pa.array(range(table.num_rows)))


def test_scores_and_ranking_are_equal(session: Any, exchanges: pa.Table, tmp_path: Path) -> None:
    from gov_sentiment.engines.spark import score_frame
    from gov_sentiment.engines.spark_sql import SparkSqlEngine

    settings = ScoreSettings()
    scorer = load_scorer(settings)
    batches = exchanges.combine_chunks().to_batches(BATCH_ROWS)
    ours = pa.Table.from_batches([score_batch(batch, scorer) for batch in batches])
    source = tmp_path / "exchanges.parquet"
    pq.write_table(exchanges, source, row_group_size=1_500)
    frame = score_frame(session.read.parquet(str(source)), settings)
    frame.write.parquet(str(tmp_path / "spark"))
    theirs = pq.read_table(tmp_path / "spark").sort_by("row")
    assert theirs["row"].to_pylist() == list(range(len(exchanges)))
    assert conform(theirs, SCORED_SCHEMA).equals(conform(ours, SCORED_SCHEMA))

    scored = tmp_path / "scored.parquet"
    pq.write_table(conform(ours, SCORED_SCHEMA), scored)
    here = rank_agencies(scored)
    there = rank_agencies(scored, engine=SparkSqlEngine(session, [tmp_path / "spark"]))
    assert here.full.num_rows > 100
    assert there.full.equals(here.full)
    assert there.trends.equals(here.trends)
