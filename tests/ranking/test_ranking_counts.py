"""Rankings from tables of counts."""

from __future__ import annotations

import pyarrow as pa
import pytest
import xlsxwriter

from gov_sentiment.errors import BadArchive, BadPreset, BadSettings, MissingColumns
from gov_sentiment.ranking import is_counts_file, rank_counts

# A published notice: cases dispatched and satisfaction by unit, January to April 2023.
PANJIN = {
    "单位": ["高新区", "大洼区", "盘山县", "兴隆台区", "辽滨经开区", "双台子区"],
    "交办总量": [22, 4226, 1922, 6530, 268, 2584],
    "满意率": ["100%", "99.00%", "98.37%", "98.44%", "97.02%", "94.01%"],
}


def rows_of(ranking):
    return {row["agency"]: row for row in ranking.full.to_pylist()}


def test_panjin_keeps_two_statements_alone():
    ranking = rank_counts(pa.table(PANJIN))
    rows = rows_of(ranking)
    expected = {
        "高新区": (4, 1, 5),
        "大洼区": (1, 1, 2),
        "盘山县": (3, 2, 5),
        "兴隆台区": (3, 2, 4),
        "辽滨经开区": (5, 2, 5),
        "双台子区": (6, 6, 6),
    }
    for agency, (median, low, high) in expected.items():
        row = rows[agency]
        assert row["rank"] == median
        assert abs(row["rank_low"] - low) <= 1
        assert abs(row["rank_high"] - high) <= 1
    assert {agency: row["tier"] for agency, row in rows.items()} == {
        **dict.fromkeys(expected, 1),
        "双台子区": 2,
    }
    assert rows["大洼区"]["rank_high"] == 2
    assert rows["高新区"]["satisfaction"] == pytest.approx(0.9796, abs=1e-4)
    assert rows["双台子区"]["satisfaction_wilson_low"] == pytest.approx(0.930, abs=5e-4)
    assert "denominator" in {notice.code for notice in ranking.notices}


def test_order_of_rows_changes_no_digit():
    table = pa.table(PANJIN)
    assert rank_counts(table.take([5, 2, 0, 1, 4, 3])).full.equals(rank_counts(table).full)


def test_a_workbook_with_title_and_total_row_is_read(tmp_path):
    path = tmp_path / "通报.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "某市热线办理情况")
        sheet.write_row(1, 0, ["序号", "受理单位", "交办总量", "办结率", "满意率"])
        for row in range(6):
            sheet.write_row(2 + row, 0, [row + 1, f"{row}区", 100 + row, 0.99, 0.9 - row / 20])
        sheet.write_row(8, 1, ["合计", 615, 0.99, 0.8])
    ranking = rank_counts(path)
    assert ranking.table.num_rows == 6
    assert ranking.settings["weights"] == {"closed_rate": 0.5, "satisfaction": 0.5}
    assert rows_of(ranking)["3区"]["n_exchanges"] == 103
    assert "统计表" in ranking.methods("zh")
    assert "published table" in ranking.methods("en")


def test_a_counts_file_is_known_by_its_kind(tmp_path):
    for name, expected in (("c.csv", True), ("c.parquet", False), ("c.doc", False)):
        (tmp_path / name).write_text("x")
        assert is_counts_file(tmp_path / name) is expected
    assert not is_counts_file(tmp_path)


def test_csv_of_old_excel_and_dissatisfied_counts(tmp_path):
    path = tmp_path / "counts.csv"
    lines = ["单位,派遣案件总数,按时办结数,不满意数"]
    lines += [f'第{i}街道,"1,0{i}0",{900 + i},{10 * i}' for i in range(7)]
    path.write_bytes("\n".join(lines).encode("gb18030"))
    rows = rows_of(rank_counts(path, peer_group="rule"))
    assert rows["第3街道"]["n_exchanges"] == 1030
    assert rows["第3街道"]["satisfaction_raw"] == pytest.approx(1 - 30 / 1030, abs=1e-8)
    assert rows["第3街道"]["on_time_rate_raw"] == pytest.approx(903 / 1030, abs=1e-8)
    assert rows["第3街道"]["peer_group"] == "街道"


@pytest.mark.parametrize("suffix", ["tsv", "json", "parquet"])
def test_other_formats_give_the_same(tmp_path, suffix):
    import json

    import pyarrow.parquet as pq

    table = pa.table(PANJIN)
    path = tmp_path / f"c.{suffix}"
    if suffix == "tsv":
        rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
        lines = ["\t".join(table.column_names)] + ["\t".join(map(str, row)) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
    elif suffix == "json":
        path.write_text(json.dumps(table.to_pylist()), encoding="utf-8")
    else:
        pq.write_table(table, path)
    assert rank_counts(path).table.equals(rank_counts(table).table)


def test_k_of_n_in_english_with_weights_and_groups():
    table = pa.table(
        {
            "agency": ["a", "b", "c", "d"],
            "n": [50, 60, 70, 5],
            "k": [40, 30, 60, 5],
            "group": ["x", "x", "y", "y"],
        }
    )
    ranking = rank_counts(table, weights={"satisfaction": 2.0}, peer_group="group")
    rows = rows_of(ranking)
    assert rows["a"]["rank"] == 1
    assert rows["d"]["rank"] is None
    assert rows["c"]["rank_overall"] == 1


def test_published_city_scores_follow_the_dated_weights():
    table = pa.table(
        {
            "地区": ["甲市", "乙市", "丙市"],
            "传播力": [93.76, 80.0, 70.0],
            "服务力": [75.15, 82.0, 90.0],
            "互动力": [77.99, 85.0, 60.0],
        }
    )
    old = rows_of(rank_counts(table, preset="weibo-city-2015h1"))
    assert old["甲市"]["index"] == pytest.approx(83.59, abs=0.005)
    new = rank_counts(table, preset="weibo-city-2023q3")
    assert rows_of(new)["甲市"]["index"] == pytest.approx(
        0.3 * 93.76 + 0.35 * 75.15 + 0.35 * 77.99, abs=1e-6
    )
    assert "no_error" in {notice.code for notice in new.notices}


def test_zhungeer_says_what_the_table_lacks():
    ranking = rank_counts(pa.table(PANJIN), preset="zhungeer")
    assert ranking.settings["weights"] == {"satisfaction": 1.0}
    assert "dropped" in {notice.code for notice in ranking.notices}


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"单位": None}, MissingColumns, "agency"),
        ({"满意率": None}, MissingColumns, "满意率"),
        ({"满意率": ["很高"] * 6}, BadArchive, "row 1 of column 满意率 is not a number"),
        ({"满意率": ["-5"] * 6}, BadArchive, "impossible"),
        ({"单位": ["同区"] * 6}, BadArchive, "twice"),
        ({"满意率": None, "满意数": [10**6] * 6}, BadArchive, "more successes than cases"),
        ({"传播力": [101.0] * 6}, BadArchive, "above 100"),
    ],
)
def test_bad_tables_are_refused(change, error, match):
    columns = {name: values for name, values in {**PANJIN, **change}.items() if values}
    with pytest.raises(error, match=match):
        rank_counts(pa.table(columns))


def test_bad_files_and_settings_are_refused(tmp_path):
    with pytest.raises(BadArchive, match="no such file"):
        rank_counts(tmp_path / "none.csv")
    (tmp_path / "x.doc").write_text("x")
    with pytest.raises(BadArchive, match="a table of counts is"):
        rank_counts(tmp_path / "x.doc")
    for suffix in ("xlsx", "parquet", "json"):
        (tmp_path / f"x.{suffix}").write_text("x")
        with pytest.raises(BadArchive, match="cannot be read"):
            rank_counts(tmp_path / f"x.{suffix}")
    (tmp_path / "x.csv").write_text("one\n")
    with pytest.raises(BadArchive, match="no header row"):
        rank_counts(tmp_path / "x.csv")
    with pytest.raises(BadSettings, match="no column nowhere"):
        rank_counts(pa.table(PANJIN), peer_group="nowhere")
    with pytest.raises(BadPreset, match="none of its measures"):
        rank_counts(pa.table(PANJIN), preset="weibo-city-2023q3")


def test_full_satisfaction_is_said():
    table = pa.table({"agency": ["a", "b", "c"], "n": [200, 300, 90], "k": [200, 250, 80]})
    assert "full_satisfaction" in {notice.code for notice in rank_counts(table).notices}
