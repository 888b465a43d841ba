"""Columns that line up, and tables that spreadsheets and programs read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gov_sentiment.cli.outputs import write_table
from gov_sentiment.cli.progress import Bars
from gov_sentiment.cli.tables import merge_infos, read_scored
from gov_sentiment.cli.words import WORDS, Language, clip, format_table, width, word
from gov_sentiment.errors import BadScores, MissingColumns
from gov_sentiment.exchange import SCORED_SCHEMA, run_info, with_run_info

TABLE = pa.table(
    {
        "agency": ["市水务局", "=1+1", None],
        "index": [61.5, float("nan"), None],
        "flags": [["a", "b"], [], None],
    }
)


def test_chinese_columns_line_up() -> None:
    lines = format_table(("单位", "n"), [("市水务局", "12"), ("A局", "3")]).splitlines()
    assert lines == ["单位       n", "市水务局  12", "A局        3"]
    assert len({width(line) for line in lines}) == 1


def test_long_names_are_cut_to_width() -> None:
    assert clip("市水务局", 8) == "市水务局"
    assert clip("市水务局河道所", 8) == "市水务…"


def test_every_word_has_both_languages() -> None:
    assert all(chinese and english for chinese, english in WORDS.values())
    assert word("agency", Language.zh) == "单位"
    assert word("agency", Language.en) == "agency"


def test_csv_opens_in_a_spreadsheet_and_runs_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_table(TABLE, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert rows == [
        ["agency", "index", "flags"],
        ["市水务局", "61.5", "a;b"],
        ["'=1+1", "", ""],
        ["", "", ""],
    ]


def test_xlsx_holds_text_not_formulas(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_table(TABLE, path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A3"].value == "=1+1"
    assert sheet["A3"].data_type == "s"
    assert sheet["B2"].value == 61.5


def test_json_and_parquet_keep_values(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "x.json")
    rows = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert rows[1] == {"agency": "=1+1", "index": None, "flags": []}
    write_table(TABLE, tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet").num_rows == 3


def test_scored_tables_are_put_together(tmp_path: Path) -> None:
    empty = SCORED_SCHEMA.empty_table()
    infos = [
        {"as_of": "2024-05-01", "ledger": {"rows_read": 3, "rejected": {"blank": 1}}},
        {"as_of": "2024-04-01", "ledger": {"rows_read": 4, "rejected": {"blank": 2}}},
    ]
    paths = []
    for number, info in enumerate(infos):
        paths.append(tmp_path / f"{number}.parquet")
        pq.write_table(with_run_info(empty, info), paths[-1])
    info = run_info(read_scored(paths).schema)
    assert info["as_of"] == "2024-04-01"
    assert info["ledger"] == {"rows_read": 7, "rejected": {"blank": 3}}
    assert merge_infos([{}, {}])["as_of"] is None


def test_what_is_no_scored_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadScores, match="no such file"):
        read_scored([tmp_path / "none.parquet"])
    (tmp_path / "x.csv").write_text("a,b")
    with pytest.raises(BadScores, match="not a Parquet file"):
        read_scored([tmp_path / "x.csv"])
    pq.write_table(TABLE, tmp_path / "x.parquet")
    with pytest.raises(MissingColumns, match="no column for exchange_id"):
        read_scored([tmp_path / "x.parquet"])


def test_no_bars_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars("score", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Bars() as bars:
        bars("score", 1, 2)
        bars("score", 2, 2)
