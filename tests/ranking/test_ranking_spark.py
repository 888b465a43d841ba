"""The one SQL text gives the same ranking on Spark as on DuckDB, digit for digit."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scored_builder import simulate

from gov_sentiment.engines.spark_sql import SparkSqlEngine
from gov_sentiment.ranking import rank_agencies

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def session():
    pytest.importorskip("pyspark")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gov_sentiment.engines.spark import open_session

        session = open_session("local[1]")
        session.conf.set("spark.sql.shuffle.partitions", "3")
        # Another zone than the data's: nothing may depend on it.
        session.conf.set("spark.sql.session.timeZone", "America/New_York")
        yield session
        session.stop()


@pytest.mark.filterwarnings("ignore")
def test_spark_changes_no_digit(session, tmp_path):
    precise = simulate({f"第{i}街道": 12 * i for i in range(1, 6)})
    dates = simulate({f"{i}局": 30 for i in range(1, 4)}, dates_only=True)
    table = pa.concat_tables([precise, dates])
    path = tmp_path / "scored.parquet"
    pq.write_table(table, path)
    here = rank_agencies(path, peer_group="region")
    engine = SparkSqlEngine(session, [path])
    there = rank_agencies(path, peer_group="region", engine=engine)
    assert isinstance(there.tallies, pa.Table)
    assert there.full.equals(here.full)
    assert there.trends.equals(here.trends)
    assert there.pairs.equals(here.pairs)
