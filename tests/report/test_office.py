"""The workbook in LibreOffice: what a user of WPS or Excel would see."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from page_browser import need
from python_calamine import CalamineWorkbook

from gov_sentiment.ranking.result import RANKING_SCHEMA
from gov_sentiment.report import Summary, write_workbook
from gov_sentiment.report.words import column_label

pytestmark = pytest.mark.office


def convert(path: Path, kind: str, folder: Path) -> Path:
    need("soffice")
    profile = (folder / "profile").as_uri()
    command = [str(shutil.which("soffice")), f"-env:UserInstallation={profile}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder / kind), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / kind / f"{path.stem}.{kind}"


def test_libreoffice_opens_every_sheet(summary: Summary, scored: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(summary, path, scored=scored)
    made = openpyxl.load_workbook(path)
    book = CalamineWorkbook.from_path(str(convert(path, "ods", tmp_path)))
    assert book.sheet_names == made.sheetnames
    ranking = book.get_sheet_by_name("排名").to_python()
    heads = ranking[0]
    assert heads == [column_label(name, "zh") for name in RANKING_SCHEMA.names]
    assert len(ranking) == len(summary.ranking) + 1
    for line, row in zip(ranking[1:], summary.ranking, strict=True):
        index = line[heads.index("指数")]
        assert index == ("" if row["index"] is None else pytest.approx(row["index"]))
        assert line[heads.index("单位")] == row["agency"]
    exchanges = book.get_sheet_by_name("往来明细").to_python()
    assert len(exchanges) == scored.num_rows + 1
    # An agency's name that begins like a formula stayed what it was: text.
    assert any(str(cell).startswith("=cmd") for line in exchanges for cell in line)
