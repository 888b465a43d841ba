"""The total of the progress bar: about right before reading, right at its end."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from letters import write_letters

from gov_sentiment.engines.base import ReadSettings, ScoreSettings
from gov_sentiment.engines.extent import about_rows
from gov_sentiment.engines.local import LocalEngine
from gov_sentiment.engines.whole import score_archive


def test_lines_inside_quotation_marks_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"a\nb ""c\n"""\n2,d\n', encoding="utf-8")
    assert about_rows([path]) == 3  # with the header


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_long_file_is_judged_by_its_beginning(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letters.csv"
    write_letters(path, 2_000)
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    monkeypatch.setattr("gov_sentiment.engines.extent._SAMPLE", 20_000)
    rows = about_rows([path])
    assert rows is not None
    assert abs(rows - 2_000) < 100


def test_folders_add_up_and_unknown_files_make_the_total_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": "\\""}\n' * 3, encoding="utf-8")
    pq.write_table(pa.table({"n": [1, 2]}), tmp_path / "b.parquet")
    assert about_rows([tmp_path]) == 5
    (tmp_path / "c.xlsx").write_bytes(b"PK")
    assert about_rows([tmp_path]) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.csv", "a\nb\n".encode("utf-16")), ("a.parquet", b"no"), ("x.csv", None)],
)
def test_a_file_that_cannot_be_judged_has_no_total(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert about_rows([tmp_path / name]) is None


def test_the_bar_ends_at_the_true_total(archive: Path, tmp_path: Path) -> None:
    heard: list[tuple[str, int, int | None]] = []
    score_archive(
        ReadSettings((archive,)),
        ScoreSettings(),
        tmp_path / "scored.parquet",
        LocalEngine(1),
        batch_rows=30,
        progress=lambda stage, done, total: heard.append((stage, done, total)),
    )
    scored = [(done, total) for stage, done, total in heard if stage == "score"]
    assert [done for done, _ in scored] == [30, 60, 90]
    assert scored[0][1] in (90, 91)  # the header looks like a row
    assert heard[-1] == ("check", 90, 90)
