"""From scored tables to rankings."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scored_builder import EAST_8, build, exchange, simulate

from gov_sentiment.errors import BadPreset, BadScores, BadSettings
from gov_sentiment.exchange import AGENCY_POST, EXCHANGE_SCHEMA, SCORED_SCHEMA
from gov_sentiment.ranking import RANKING_SCHEMA, rank_agencies
from gov_sentiment.ranking.writers import csv_text

SIZES = {f"第{i}街道": size for i, size in enumerate([5, 20, 40, 80, 120, 60])} | {
    f"某{i}局": size for i, size in enumerate([50, 70, 45, 90, 35, 110])
}


@pytest.fixture(scope="module")
def table():
    return simulate(SIZES)


@pytest.fixture(scope="module")
def ranking(table):
    return rank_agencies(table)


def codes(ranking):
    return {notice.code for notice in ranking.notices}


def rows_of(ranking):
    return {row["agency"]: row for row in ranking.full.to_pylist()}


def test_table_is_the_contract(ranking):
    assert ranking.table.schema == RANKING_SCHEMA
    assert ranking.table.num_rows == len(SIZES)
    ranks = [row["rank"] for row in ranking.table.to_pylist()]
    known = [rank for rank in ranks if rank is not None]
    assert known == sorted(known)
    assert ranks[: len(known)] == known
    for row in ranking.table.to_pylist():
        if row["rank"] is not None:
            assert row["rank_low"] <= row["rank"] <= row["rank_high"]
            assert 0 <= row["index_low"] <= row["index"] <= row["index_high"] <= 100


def test_order_of_rows_files_and_threads_changes_no_digit(table, ranking, tmp_path):
    shuffled = table.take(np.random.default_rng(0).permutation(table.num_rows))
    assert rank_agencies(shuffled, threads=1).full.equals(ranking.full)
    for number, part in enumerate((shuffled.slice(300), shuffled.slice(0, 300))):
        pq.write_table(part, tmp_path / f"{number}.parquet", row_group_size=97)
    from_files = rank_agencies(tmp_path, threads=2, memory="1GB")
    assert from_files.full.equals(ranking.full)
    assert from_files.pairs.equals(ranking.pairs)
    assert from_files.trends.equals(ranking.trends)
    assert rank_agencies([tmp_path / "1.parquet", tmp_path / "0.parquet"]).full.equals(ranking.full)


def test_seed_changes_draws_but_no_estimate(table, ranking):
    other = rank_agencies(table, seed=9)
    assert other.table["quality"].equals(ranking.table["quality"]) or set(
        other.table["quality"].to_pylist()
    ) == set(ranking.table["quality"].to_pylist())
    assert other.full["index_low"] != ranking.full["index_low"]


def test_small_agencies_are_not_ranked_and_tiny_ones_show_counts_alone(ranking):
    rows = rows_of(ranking)
    assert rows["第0街道"]["quality"] is None
    assert rows["第0街道"]["n_exchanges"] == 5
    assert "不足10件" in rows["第0街道"]["note"]
    assert rows["第1街道"]["rank"] is None
    assert rows["第1街道"]["quality"] is not None
    assert "不足30件" in rows["第1街道"]["note"]
    assert "small_n" in codes(ranking)


def test_a_lower_minimum_ranks_and_shows_the_tiny_too(table):
    row = rows_of(rank_agencies(table, min_n=5))["第0街道"]
    assert row["rank"] is not None
    assert row["index"] is not None
    assert "第0街道" in str(rank_agencies(table, min_n=5).top(20))


def test_counts_and_raw_values_are_the_tables(table, ranking):
    mine = [row for row in table.to_pylist() if row["agency"] == "某3局"]
    replied = [row for row in mine if row["reply_text"]]
    row = rows_of(ranking)["某3局"]
    cut = datetime(2024, 10, 31, tzinfo=EAST_8)
    mature = [r for r in mine if (cut.date() - r["posted_at"].date()).days >= 60]
    assert row["n_exchanges"] == len(mine)
    assert row["n_replied"] == len(replied)
    assert row["n_mature"] == len(mature)
    assert row["n_pending"] == len(mine) - len(replied) - sum(not r["reply_text"] for r in mature)
    assert row["response_rate_raw"] == pytest.approx(
        sum(r["reply_text"] is not None for r in mature) / len(mature), abs=1e-9
    )
    assert row["quality_raw"] == pytest.approx(
        np.mean([r["reply_quality"] for r in replied]), abs=1e-6
    )
    assert row["boilerplate_share_raw"] == pytest.approx(
        np.mean(["boilerplate" in r["flags"] for r in replied]), abs=1e-9
    )
    kinds = [r["reply_type"] in ("resolved", "explained", "committed") for r in replied]
    assert row["substantive_share_raw"] == pytest.approx(np.mean(kinds), abs=1e-9)


def test_working_days_count_holidays_and_make_up_days():
    # 2024-02-09 was a Friday off (Spring Festival to the 17th), the 18th a working Sunday.
    rows = []
    for number in range(40):
        late = number >= 30
        rows.append(
            exchange(
                number,
                "甲局",
                "2024-02-08T00:00:00",
                replied="2024-03-05T00:00:00" if late else "2024-03-01T00:00:00",
            )
        )
    row = rows_of(rank_agencies(build(rows, as_of="2024-12-31")))["甲局"]
    # Working days after 8 February: 18 Feb is the first, 1 March the 11th, 5 March the 13th.
    assert row["on_time_rate_raw"] == 1.0
    rows = [
        exchange(n, "甲局", "2024-02-08T00:00:00", replied="2024-03-11T00:00:00") for n in range(40)
    ]
    row = rows_of(rank_agencies(build(rows, as_of="2024-12-31")))["甲局"]
    assert row["on_time_rate_raw"] == 0.0


def test_dates_alone_give_half_a_day_on_the_same_day():
    rows = [
        exchange(n, "甲局", "2024-03-04T00:00:00", replied="2024-03-04T00:00:00") for n in range(20)
    ]
    rows += [
        exchange(20 + n, "甲局", "2024-03-04T00:00:00", replied="2024-03-08T00:00:00")
        for n in range(15)
    ]
    row = rows_of(rank_agencies(build(rows, as_of="2024-12-31")))["甲局"]
    assert row["median_days"] == 0.5
    assert row["rmst_days_raw"] == pytest.approx((20 * 0.5 + 15 * 4) / 35)


def test_pending_posts_are_censored_not_counted_as_silence():
    rows = [
        exchange(n, "甲局", "2024-01-01T09:00:00", replied="2024-01-03T09:00:00") for n in range(30)
    ]
    rows += [exchange(30 + n, "甲局", "2024-06-28T09:00:00") for n in range(10)]
    rows += [exchange(40, "甲局", "2024-01-01T09:00:00")]
    row = rows_of(rank_agencies(build(rows, as_of="2024-06-30T00:00:00")))["甲局"]
    assert row["n_pending"] == 10
    assert row["response_rate_raw"] == pytest.approx(30 / 31)
    assert row["on_time_rate_raw"] == pytest.approx(30 / 31)


def test_only_answered_letters_have_no_response_rate():
    ranking = rank_agencies(simulate({"甲局": 60, "乙局": 50}, answered=1.0).filter(
        pa.compute.is_valid(pa.compute.field("reply_text"))))  # fmt: skip
    assert ranking.table["response_rate"].null_count == 2
    assert "only_answered" in codes(ranking)
    assert "dropped" in codes(ranking)
    assert ranking.table["index"].null_count == 0


def test_nearly_all_answered_is_said():
    rows = [exchange(n, "甲局", "2024-01-05", replied="2024-01-07") for n in range(300)]
    rows += [exchange(300, "甲局", "2024-01-05")]
    found = rank_agencies(build(rows, as_of="2024-12-31"))
    assert "selective" in codes(found)
    assert found.table["response_rate"].null_count == 0


def test_archive_without_times_has_no_time_measures():
    rows = [exchange(n, "甲局", None, replied="") for n in range(35)]
    rows += [exchange(40 + n, "甲局", None) for n in range(5)]
    ranking = rank_agencies(build(rows))
    row = rows_of(ranking)["甲局"]
    assert row["on_time_rate"] is None
    assert row["median_days"] is None
    assert row["response_rate_raw"] == pytest.approx(35 / 40)
    assert "no_times" in codes(ranking)
    assert ranking.trends.num_rows == 0


def test_answers_before_their_posts_are_left_out_and_said():
    rows = [
        exchange(n, "甲局", "2024-01-05T10:00:00", replied="2024-01-07T10:00:00") for n in range(30)
    ]
    rows += [
        exchange(50 + n, "甲局", "2024-01-05T10:00:00", replied="2024-01-02T10:00:00")
        for n in range(2)
    ]
    ranking = rank_agencies(build(rows, as_of="2024-12-31"))
    assert rows_of(ranking)["甲局"]["n_bad_time"] == 2
    assert rows_of(ranking)["甲局"]["n_timed"] == 30
    assert "bad_times" in codes(ranking)


def test_own_posts_and_rows_without_agency_count_for_nothing():
    rows = [exchange(n, "甲局", "2024-01-05", replied="2024-01-07") for n in range(30)]
    rows += [exchange(40 + n, "甲局", "2024-01-05", channel=AGENCY_POST) for n in range(7)]
    rows += [exchange(60 + n, "乙局", "2024-01-05", channel=AGENCY_POST) for n in range(3)]
    rows += [exchange(80, None, "2024-01-05")]
    ranking = rank_agencies(build(rows, as_of="2024-12-31"))
    row = rows_of(ranking)["甲局"]
    assert (row["n_exchanges"], row["n_own_posts"]) == (30, 7)
    assert {"own_posts", "no_agency"} <= codes(ranking)


def test_empty_and_agencyless_tables_are_ranked_to_nothing():
    for table in (build([]), build([exchange(0, None, "2024-01-01")])):
        ranking = rank_agencies(table)
        assert ranking.table.num_rows == 0
        assert "不排名" in str(ranking.top())
        assert ranking.methods("en")
    only_posts = build([exchange(n, "甲局", "2024-01-05", channel=AGENCY_POST) for n in range(40)])
    assert "own_posts" in codes(rank_agencies(only_posts))


def test_a_guessed_export_day_is_said(table):
    assert "as_of" in codes(rank_agencies(table.replace_schema_metadata(None)))
    given = rank_agencies(table.replace_schema_metadata(None), as_of=datetime(2024, 10, 31))
    assert "as_of" not in codes(given)
    zoned = rank_agencies(table, as_of=datetime(2024, 10, 31, tzinfo=EAST_8))
    assert zoned.settings["as_of"] == given.settings["as_of"]


def test_years_without_a_holiday_notice_are_said():
    rows = [exchange(n, "甲局", "2001-01-05", replied="2001-01-08") for n in range(30)]
    assert "holidays" in codes(rank_agencies(build(rows, as_of="2001-12-31")))


def test_one_topic_full_satisfaction_and_heaping_are_said():
    rows = [
        exchange(
            n,
            "甲局",
            "2024-03-04T00:00:00",
            category="燃气",
            satisfaction=1.0,
            replied="2024-03-25T00:00:00" if n % 4 else "2024-03-21T00:00:00",
        )
        for n in range(120)
    ]
    found = codes(rank_agencies(build(rows, as_of="2024-12-31")))
    assert {"one_topic", "full_satisfaction", "heaping"} <= found


def test_peer_groups_by_rule_and_by_column(table):
    ranking = rank_agencies(table, peer_group="rule")
    groups = {row["agency"]: row["peer_group"] for row in ranking.table.to_pylist()}
    assert groups["第3街道"] == "街道"
    assert groups["某3局"] == "局"
    best = [row for row in ranking.full.to_pylist() if row["rank"] == 1]
    assert {row["peer_group"] for row in best} == {"街道", "局"}
    assert "rank_overall" in ranking.full.column_names
    by_column = rank_agencies(table, peer_group="region")
    assert set(by_column.table["peer_group"].to_pylist()) == {"东区", "西区"}


def test_adjustment_takes_out_what_the_cases_explain():
    rng = np.random.default_rng(5)
    rows = []
    for agency, hard in (("甲局", 0.9), ("乙局", 0.1), ("丙局", 0.5), ("丁局", 0.5)):
        for _ in range(400):
            is_hard = rng.random() < hard
            rows.append(
                exchange(
                    len(rows),
                    agency,
                    "2024-01-05",
                    replied="2024-01-08",
                    category="难" if is_hard else "易",
                    reply_quality=float(np.clip(rng.normal(2.2 if is_hard else 4.2, 0.5), 1, 5)),
                )
            )
    ranking = rank_agencies(build(rows, as_of="2024-12-31"))
    rows_found = rows_of(ranking)
    raw = rows_found["乙局"]["index"] - rows_found["甲局"]["index"]
    adjusted = rows_found["乙局"]["index_adjusted"] - rows_found["甲局"]["index_adjusted"]
    assert raw > 10
    assert abs(adjusted) < 3
    assert "index_adjusted" not in rank_agencies(build(rows), adjust=False).full.column_names


def test_simultaneous_sets_are_wider(table):
    full = rank_agencies(table, simultaneous=True).full.to_pylist()
    for row in full:
        if row["rank"] is not None:
            assert row["rank_simultaneous_low"] <= row["rank_low"] + 1
            assert row["rank_simultaneous_high"] >= row["rank_high"] - 1


def test_trends_compare_with_the_own_past(table):
    ranking = rank_agencies(table, trends="quarter")
    rows = [
        row
        for row in ranking.trends.to_pylist()
        if row["agency"] == "某5局" and row["measure"] == "quality"
    ]
    assert [row["period"] for row in rows] == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
    assert rows[0]["change"] is None
    assert rows[1]["change"] == pytest.approx(rows[1]["value"] - rows[0]["value"], abs=1e-8)
    assert rows[1]["change_low"] < rows[1]["change"] < rows[1]["change_high"]
    assert rank_agencies(table, trends="none").trends.num_rows == 0


def test_bad_settings_are_refused(table):
    with pytest.raises(BadSettings, match="min_n"):
        rank_agencies(table, min_n=0)
    with pytest.raises(BadSettings, match="trends"):
        rank_agencies(table, trends="week")
    with pytest.raises(BadSettings, match="peer_group"):
        rank_agencies(table, peer_group="x; DROP TABLE scored")
    with pytest.raises(BadSettings, match="no column nowhere"):
        rank_agencies(table, peer_group="nowhere")
    with pytest.raises(BadPreset, match="rank_counts"):
        rank_agencies(table, preset="weibo-city-2023q3")
    with pytest.raises(BadSettings, match="neither zh nor en"):
        rank_agencies(table).methods("fr")


def test_what_is_no_scored_table_is_refused(tmp_path, table):
    with pytest.raises(BadScores, match="not a scored table"):
        rank_agencies(EXCHANGE_SCHEMA.empty_table())
    with pytest.raises(BadScores, match="No Parquet"):
        rank_agencies(tmp_path)
    (tmp_path / "x.parquet").write_text("no parquet")
    with pytest.raises(BadScores, match="cannot be read as Parquet"):
        rank_agencies(tmp_path)
    naive = SCORED_SCHEMA.set(4, pa.field("posted_at", pa.timestamp("s")))
    with pytest.raises(BadScores, match="time zone"):
        rank_agencies(naive.empty_table())


def test_tables_of_two_models_are_not_mixed(tmp_path, table):
    for name in ("a", "b"):
        info = json.dumps({"version": 1, "model": {"name": name}}).encode()
        pq.write_table(
            table.replace_schema_metadata({b"gov_sentiment": info}), tmp_path / f"{name}.parquet"
        )
    with pytest.raises(BadScores, match="different models"):
        rank_agencies(tmp_path)


def test_files_hold_the_ranking(ranking, tmp_path):
    ranking.write(tmp_path / "r.csv")
    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["agency"] for row in rows] == ranking.table["agency"].to_pylist()
    ranking.write(tmp_path / "r.json")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert "quality_raw" in document["agencies"][0]
    assert document["methods"]["zh"] == ranking.methods("zh")
    ranking.write(tmp_path / "r.parquet")
    assert pq.read_table(tmp_path / "r.parquet").equals(ranking.table)
    ranking.write(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book["排名"]["A2"].value == ranking.table["agency"][0].as_py()
    assert "quality_raw" in [cell.value for cell in book["全部数值"][1]]
    assert sorted(item.name for item in tmp_path.iterdir()) == [
        "r.csv",
        "r.json",
        "r.parquet",
        "r.xlsx",
    ]
    with pytest.raises(BadSettings, match="written as"):
        ranking.write(tmp_path / "r.doc")


def test_no_cell_is_a_formula():
    text = csv_text(pa.table({"agency": ["=1+1", "甲局"], "n": [1.5, None]}))
    assert text == "agency,n\r\n'=1+1,1.5\r\n甲局,\r\n"


def test_top_prints_intervals(ranking):
    text = str(ranking.top(3))
    assert len(text.splitlines()) == 5
    assert "–" in text
    assert repr(ranking.top(3)) == text
    assert ranking.warnings[0] == ranking.notices[0].zh
