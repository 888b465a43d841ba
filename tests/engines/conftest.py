"""A small archive of our own writing, and the engines to score it on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from letters import write_letters

from gov_sentiment.engines.base import Engine
from gov_sentiment.engines.local import LocalEngine


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A csv of 90 exchanges in the canonical columns."""
    path = tmp_path_factory.mktemp("archive") / "letters.csv"
    write_letters(path, 90)
    return path


@pytest.fixture(
    params=["here", "pool", pytest.param("spark", marks=pytest.mark.spark)], scope="module"
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn: this process, two workers, Spark on two local cores."""
    if request.param == "here":
        yield LocalEngine(1)
    elif request.param == "pool":
        yield LocalEngine(2)
    else:
        yield from _spark_engine()


def _spark_engine() -> Iterator[Engine]:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs a Java runtime")
    from gov_sentiment.engines.spark import SparkEngine, open_session

    yield SparkEngine("local[2]")
    open_session().stop()
