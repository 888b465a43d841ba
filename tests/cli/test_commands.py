"""The commands as a user strings them together, on the sample that comes along."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from gov_sentiment.cli.app import build_app
from gov_sentiment.resources import sample_folder

ROOT = Path(__file__).resolve().parents[2]


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build_app(), [str(each) for each in words])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("ran")
    result = call("run", "--sample", "--out", out, "--workers", "1")
    assert result.exit_code == 0, result.output
    return out, result.stdout


def test_run_says_what_it_read_and_wrote(ran: tuple[Path, str]) -> None:
    out, said = ran
    table = pq.read_table(out / "scored.parquet")
    ledger = said.splitlines()[0]
    assert f"往来 {table.num_rows} " in ledger
    assert "列入排名" in said
    named = {Path(line.split()[-1]).name for line in said.splitlines() if line.startswith("已写出")}
    assert named == {path.name for path in out.iterdir() if path.is_file()}
    assert {"ranking.csv", "ranking.xlsx", "report.html", "flags.csv", "clusters.csv"} <= named


def test_the_readme_shows_this_run(ran: tuple[Path, str]) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[1]
    ledger = re.findall(r"\d+", ran[1].splitlines()[0])
    assert re.findall(r"\d+", shown.strip().splitlines()[0]) == ledger
    ranked = {row["agency"] for row in rows(ran[0] / "ranking.csv") if row["rank"]}
    assert set(re.findall(r"\d–\d+ +\d+  (\S+)", shown)) == ranked


def test_the_rank_file_orders_by_index(ran: tuple[Path, str]) -> None:
    ranked = [row for row in rows(ran[0] / "ranking.csv") if row["rank"]]
    by_index = sorted(ranked, key=lambda row: -float(row["index"]))
    assert len(ranked) >= 5
    assert [float(row["index"]) for row in ranked] == [float(row["index"]) for row in by_index]
    for row in ranked:
        assert float(row["index_low"]) <= float(row["index"]) <= float(row["index_high"])
        assert int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"])


def test_the_flags_file_names_rules_and_quotes_no_text(ran: tuple[Path, str]) -> None:
    flags = rows(ran[0] / "flags.csv")
    known = set(pq.read_table(ran[0] / "scored.parquet")["exchange_id"].to_pylist())
    assert flags
    assert {row["exchange_id"] for row in flags} <= known
    assert not any("text" in name for name in flags[0])


def test_run_needs_an_archive_or_the_sample(tmp_path: Path) -> None:
    assert call("run", "--out", tmp_path).exit_code == 2
    assert call("run", "a.csv", "--sample", "--out", tmp_path).exit_code == 2


def test_another_preset_ranks_the_same_scores(ran: tuple[Path, str], tmp_path: Path) -> None:
    scored = ran[0] / "scored.parquet"
    result = call(
        "rank", scored, "-o", tmp_path / "r.xlsx", "--preset", "equal", "--min-n", "5", "--trends",
        "none", "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0].max_row > 5
    shown = call("rank", scored, "--min-n", "5", "--trends", "none", "--no-adjust")
    assert shown.exit_code == 0, shown.output
    assert "名次区间" in shown.stdout


def test_an_index_preset_is_no_preset_of_the_scores(tmp_path: Path) -> None:
    sample = sample_folder() / "mailbox.csv"
    result = call("score", sample, "-o", tmp_path / "s.parquet", "--preset", "equal")
    assert result.exit_code == 3
    assert "no such preset" in result.stderr


def test_scores_as_csv_leave_a_parquet_of_that_name_alone(tmp_path: Path) -> None:
    (tmp_path / "s.parquet").write_bytes(b"an earlier run's")
    sample = sample_folder() / "hotline_12345.xlsx"
    output = tmp_path / "s.csv"
    result = call("score", sample, "-o", output, "--rejects", tmp_path / "r.json", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "s.parquet").read_bytes() == b"an earlier run's"
    assert f"{len(rows(output)):,} exchanges" in result.stderr
    assert isinstance(json.loads((tmp_path / "r.json").read_text(encoding="utf-8")), list)
    assert {path.name for path in tmp_path.iterdir()} == {"s.parquet", "s.csv", "r.json"}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_archive_that_cannot_be_read_is_said_and_leaves_nothing(
    tmp_path: Path, workers: str
) -> None:
    output = tmp_path / "s.parquet"
    result = call("score", tmp_path / "nowhere.csv", "-o", output, "--workers", workers)
    assert result.exit_code == 3
    assert "no such file" in result.stderr
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n", encoding="utf-8")
    result = call("score", strange, "-o", output, "--workers", workers)
    assert result.exit_code == 3
    assert "--map post_text=" in result.stderr
    assert list(tmp_path.iterdir()) == [strange]


def test_inspect_shows_the_columns_found() -> None:
    result = call("inspect", sample_folder(), "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "mailbox.csv" in result.stdout
    assert "rows read" in result.stdout


def test_report_as_page_and_as_numbers(ran: tuple[Path, str], tmp_path: Path) -> None:
    scored, rejects = ran[0] / "scored.parquet", ran[0] / "rejects.csv"
    page = tmp_path / "page.html"
    shared = ("report", scored, "--rejects", rejects, "--min-n", "5")
    result = call(*shared, "-o", page, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert page.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    numbers = call(*shared, "--format", "json")
    assert numbers.exit_code == 0, numbers.output
    assert json.loads(numbers.stdout)
    assert call("report", scored).exit_code == 2
    assert call("report", scored, "--format", "pdf").exit_code == 2


def test_explain_shows_reasons_and_redacts(ran: tuple[Path, str]) -> None:
    scored = ran[0] / "scored.parquet"
    table = pq.read_table(scored)
    answered = table.filter(table["reply_text"].is_valid())
    result = call("explain", scored, "--exchange", answered["exchange_id"][0].as_py())
    assert result.exit_code == 0, result.output
    assert "留言: " in result.stdout
    assert "答复: " in result.stdout
    unknown = call("explain", scored, "--exchange", "no-such-id")
    assert unknown.exit_code == 3
    assert "no exchange no-such-id" in unknown.stderr


def test_train_evaluate_and_list(tmp_path: Path) -> None:
    labelled = ROOT / "corpora" / "train.jsonl"
    mine = tmp_path / "mine"
    result = call("train", labelled, "--target", "sentiment", "-o", mine, "--name", "mine")
    assert result.exit_code == 0, result.output
    assert "准确率" in result.stdout
    assert not [line for line in result.stderr.splitlines() if re.search("[a-z]{3} [a-z]", line)]
    figures = tmp_path / "figures.json"
    test_part = ROOT / "corpora" / "test.jsonl"
    judged = call("evaluate", mine, test_part, "--no-snownlp", "-o", figures)
    assert judged.exit_code == 0, judged.output
    assert "宏平均 F1" in judged.stdout
    stored = json.loads(figures.read_text(encoding="utf-8"))
    assert "macro_f1" in stored["targets"][0]["figures"]
    assert "κ" in call("models", mine).stdout
    listed = call("models", mine, "--lang", "en")
    assert listed.exit_code == 0, listed.output
    assert "sentiment" in listed.stdout
    assert call("models", tmp_path / "nothing").exit_code == 3


def test_lists_of_what_comes_along() -> None:
    for name in ("models", "formats", "presets"):
        for lang in ("zh", "en"):
            listed = call(name, "--lang", lang)
            assert listed.exit_code == 0, listed.output
            assert len(listed.stdout.splitlines()) > 1
    assert "equal" in call("presets").stdout


def test_engines_mind_their_own_options(tmp_path: Path) -> None:
    common = ("run", "--sample", "--out", tmp_path)
    assert call(*common, "--engine", "spark", "--workers", "2").exit_code == 2
    assert call(*common, "--spark-master", "local[1]").exit_code == 2
