"""Spark gives the local engine's digits: in this process, on a cluster, through Connect."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gov_sentiment.archive import read_archive
from gov_sentiment.engines.base import ScoreSettings
from gov_sentiment.engines.memory import score_table
from gov_sentiment.exchange import SCORED_SCHEMA, conform
from gov_sentiment.ranking import rank_agencies

pytestmark = pytest.mark.spark
_PATIENCE = 240
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "spark_cluster.sh"


@pytest.fixture(scope="module", autouse=True)
def java() -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")


@pytest.fixture(scope="module")
def expected(archive: Path) -> pa.Table:
    return score_table(read_archive(archive).exchanges, ScoreSettings())


@pytest.fixture(params=["start", "connect"])
def master(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A cluster of two workers on loopback: its own URL, then that of a Connect server on it."""
    settings = {
        **os.environ,
        "PYTHON": sys.executable,
        "STATE": str(tmp_path / "cluster"),
        "PORT": "17177",
        "CONNECT_PORT": "15102",
    }
    try:
        started = subprocess.run(
            ["bash", str(SCRIPT), request.param],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
            timeout=_PATIENCE,
        )
        yield started.stdout.strip()
    finally:
        subprocess.run(["bash", str(SCRIPT), "stop"], env=settings, check=True)


def score_on(master: str, archive: Path, output: Path) -> pa.Table:
    tool = Path(sys.executable).with_name("gov-sentiment")
    subprocess.run(
        [
            *(str(tool), "score", str(archive), "-o", str(output)),
            *("--engine", "spark", "--spark-master", master),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
        timeout=_PATIENCE,
    )
    return conform(pq.read_table(output), SCORED_SCHEMA).replace_schema_metadata(None)


def test_a_cluster_of_two_workers_gives_the_same_table(
    master: str, archive: Path, expected: pa.Table, tmp_path: Path
) -> None:
    table = score_on(master, archive, tmp_path / "scored.parquet")
    assert table.equals(expected.replace_schema_metadata(None))


def test_the_ranking_by_spark_sql_is_the_same(expected: pa.Table, tmp_path: Path) -> None:
    from gov_sentiment.engines.spark import open_session
    from gov_sentiment.engines.spark_sql import SparkSqlEngine

    path = tmp_path / "scored.parquet"
    pq.write_table(expected, path)
    session = open_session("local[2]")
    try:
        ours = rank_agencies(path, min_n=5)
        theirs = rank_agencies(path, min_n=5, engine=SparkSqlEngine(session, [path]))
    finally:
        session.stop()
    assert ours.full.equals(theirs.full)
    assert ours.trends.equals(theirs.trends)
    assert ours.table.num_rows == 5
