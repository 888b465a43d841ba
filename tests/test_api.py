"""The three functions in a row, as the README shows them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pytest

import gov_sentiment as gs
from gov_sentiment.archive import Archive
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, run_info

CHINA = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    path: Path = tmp_path_factory.mktemp("api") / "letters.csv"
    path.write_text(
        "留言标题,留言内容,留言时间,回复内容,回复时间,回复单位\n"
        "停水,小区停水两天，没人管。,2024-03-01,已于3月2日修好主管，恢复供水。,2024-03-02,市水务局\n"
        "路灯,路口的灯坏了一个月，晚上很黑。,2024-03-05,,,市城管局\n",
        encoding="utf-8",
    )
    return gs.read_archive(path)


def test_scores_follow_the_rows(archive: Archive) -> None:
    scored = gs.score(archive)
    assert scored.schema.names == SCORED_SCHEMA.names
    assert scored["exchange_id"].to_pylist() == archive.exchanges["exchange_id"].to_pylist()
    assert gs.score(archive.exchanges).equals(scored)
    ranking = gs.rank_agencies(scored, min_n=1)
    assert set(ranking.table["agency"].to_pylist()) == {"市水务局", "市城市管理局"}


def test_silence_counts_from_the_day_of_the_export(archive: Archive) -> None:
    soon = gs.score(archive, as_of=datetime(2024, 3, 6, tzinfo=CHINA))
    later = gs.score(archive, as_of=datetime(2024, 12, 31, tzinfo=CHINA))
    assert run_info(later.schema)["as_of"].startswith("2024-12-31")
    assert soon["responsiveness"].to_pylist()[1] is None
    assert later["responsiveness"].to_pylist()[1] == 0.0


def test_one_column_for_each_class(archive: Archive) -> None:
    scored = gs.score(archive, probabilities=True)
    total = sum(
        scored[f"p_sentiment_{name}"].to_pylist()[0] for name in ("negative", "neutral", "positive")
    )
    assert total == pytest.approx(1.0, abs=1e-5)


def test_columns_of_an_exchange_must_be_there(archive: Archive) -> None:
    from gov_sentiment.errors import MissingColumns

    assert set(EXCHANGE_SCHEMA.names) <= set(archive.exchanges.column_names)
    with pytest.raises(MissingColumns, match="post_text"):
        gs.score(pa.table({"exchange_id": ["a"]}))
