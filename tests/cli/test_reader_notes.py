"""The reader's warnings have a Chinese form, whatever they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gov_sentiment.archive import read_archive
from gov_sentiment.archive.dates import __file__ as DATES
from gov_sentiment.cli.reader_notes import reader_note
from gov_sentiment.cli.words import Language
from gov_sentiment.exchange import run_info


def written(folder: Path, header: str, *rows: str) -> Path:
    path = folder / "a.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_unread_dates_are_said_in_chinese(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "留言内容,留言时间,回复内容,回复单位",
        "小区停水两天,2024-02-31,已恢复供水,市水务局",
        "路灯不亮,2024-03-02,已更换灯泡,市城管局",
    )
    warnings = run_info(read_archive(path).exchanges.schema)["warnings"]
    assert [reader_note(each, Language.en) for each in warnings] == warnings
    assert [reader_note(each, Language.zh) for each in warnings] == [
        "1 个日期单元格未能读出，留空：没有这一天或这个时刻。"
    ]


REASONS = re.findall(r'DateError\("([^"]+)"\)', Path(DATES).read_text(encoding="utf-8"))


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_the_dates_is_known(reason: str) -> None:
    note = reader_note(f"1,204 cells of dates left empty: {reason}.", Language.zh)
    assert note.startswith("1,204 个")
    assert not re.search("[a-z]{4}", note)


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("12 ids were cut by Excel (more than 15 digits); export ids as text.", "12 个编号"),
        ("a.csv: the text is UTF-8 that was read as GBK and saved again; lost.", "a.csv：文字"),
        ("a.csv: no column holds the text of replies, so every post counts.", "没有答复正文列"),
        ("a.csv: 来电人 holds personal data and was left out; so.", "来电人 列是个人信息"),
        ("2 files were left out, no known kind of export: a.docx, b.pdf.", "a.docx, b.pdf。"),
        ("No official account was recognised, so every message counts.", "--official"),
        ("3 official replies answer a message that is not in the export; so.", "3 条官方回复"),
    ],
)
def test_the_other_notes(message: str, part: str) -> None:
    assert part in reader_note(message, Language.zh)


def test_an_unknown_note_stays_as_it_is() -> None:
    assert reader_note("something new.", Language.zh) == "something new."
