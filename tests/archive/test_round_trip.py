"""Any table of strings, in any encoding and container, comes back cell by cell or is refused."""

from __future__ import annotations

import csv
import html
import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.archive import Archive, read_archive
from gov_sentiment.archive.cell_text import says_nothing
from gov_sentiment.archive.cleaning import clean_text
from gov_sentiment.archive.containers import open_tables
from gov_sentiment.errors import BadArchive

HEADER = ["编号", "留言标题", "留言内容", "回复内容", "状态", "分类"]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]
Table = list[list[str]]

# What no workbook may hold is left out: control marks and what XML calls no character.
anything = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        st.sampled_from(list(",，;|\t\n\"'=+-@<>&合计总0123456789. ")),
    ),
    max_size=14,
)  # fmt: skip
words = anything.filter(lambda text: clean_text(text) == (text or None))
tables = st.lists(st.lists(anything, min_size=6, max_size=6), min_size=1, max_size=6)
tables_of_words = st.lists(st.lists(words, min_size=5, max_size=5), min_size=1, max_size=6)


def _delimited(folder: Path, table: Table, encoding: str, delimiter: str = ",") -> Path:
    path = folder / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER, *table])
    return path


def _tabs(folder: Path, table: Table, encoding: str) -> Path:
    return _delimited(folder, table, encoding, "\t").rename(folder / "a.tsv")


def _workbook(folder: Path, table: Table, _: str) -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *table]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return path


def _web_page(folder: Path, table: Table, encoding: str) -> Path:
    rows = (
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in [HEADER, *table]
    )
    path = folder / "a.xls"
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(f"<html><body><table>{''.join(rows)}</table></body></html>")
    return path


def _xml(folder: Path, table: Table, _: str) -> Path:
    rows = "".join(
        "<Row>"
        + "".join(f"<Cell><Data>{html.escape(cell)}</Data></Cell>" for cell in row)
        + "</Row>"
        for row in [HEADER, *table]
    )
    path = folder / "a.xml"
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}"><Worksheet><Table>{rows}</Table>'
        "</Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path


def _objects(table: Table) -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in table]


def _json(folder: Path, table: Table, encoding: str) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps({"data": _objects(table)}, ensure_ascii=False), encoding=encoding)
    return path


def _lines(folder: Path, table: Table, encoding: str) -> Path:
    path = folder / "a.jsonl"
    lines = (json.dumps(each, ensure_ascii=False) for each in _objects(table))
    path.write_text("\n".join(lines), encoding=encoding)
    return path


def _parquet(folder: Path, table: Table, _: str) -> Path:
    path = folder / "a.parquet"
    columns = [pa.array(column, pa.string()) for column in zip(*table, strict=True)]
    pq.write_table(pa.table(columns, names=HEADER), path)
    return path


def _database(folder: Path, table: Table, _: str) -> Path:
    path = folder / "a.db"
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE t ({', '.join(HEADER)})")
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", table)
    base.commit()
    base.close()
    return path


def _zip(folder: Path, table: Table, encoding: str) -> Path:
    inner = _delimited(folder, table, encoding)
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "信件.csv")
    return path


def _folder(folder: Path, table: Table, encoding: str) -> Path:
    inner = folder / "archive"
    inner.mkdir()
    _delimited(inner, table, encoding)
    return inner


Writer = Callable[[Path, Table, str], Path]
TEXTS: list[Writer] = [_delimited, _tabs, _web_page, _json, _lines, _zip, _folder]
TYPED: list[Writer] = [_workbook, _xml, _parquet, _database]
WAYS = [(write, encoding) for write in TEXTS for encoding in ENCODINGS] + [
    (write, "utf-8") for write in TYPED
]


def _expected(write: Writer, cell: str) -> str | None:
    # A browser shows no space around a cell, and none of the lines' ends in one.
    return (cell.strip() if write is _web_page else cell) or None


@pytest.mark.parametrize(("write", "encoding"), WAYS)
@settings(max_examples=25, deadline=None)
@given(table=tables)
def test_every_cell_comes_back(
    tmp_path_factory: pytest.TempPathFactory, write: Writer, encoding: str, table: Table
) -> None:
    path = write(tmp_path_factory.mktemp("t"), table, encoding)
    # A zip's files are there only while its tables are opened.
    ((header, *rows),) = ([cells for _, cells in raw.rows()] for raw in open_tables([path], []))
    assert header == HEADER
    assert rows == [[_expected(write, cell) for cell in row] for row in table]


def _check(archive: Archive, table: Table) -> None:
    """Each row is an exchange with all of its words, or a reject; nothing between."""
    assert archive.ledger.rows_read == len(table)
    assert archive.exchanges.num_rows + archive.rejects.num_rows == len(table)
    found = {row["exchange_id"]: row for row in archive.exchanges.to_pylist()}
    n_rejected = 0
    for number, title, post, reply, status, category in table:
        row = found.get(number)
        if row is None:
            n_rejected += 1
            assert not (title or post) or _like_a_sum(title, post)
            continue
        assert row["post_title"] == (title or None)
        assert row["post_text"] == (post or title)
        assert row["reply_text"] == (None if says_nothing(reply) else reply)
        assert row["status"] == (status or None)
        assert row["category"] == (category or None)
    assert n_rejected == archive.rejects.num_rows


def _like_a_sum(*cells: str) -> bool:
    return any(cell.strip().startswith(("合计", "总计", "小计", "共计")) for cell in cells)


@pytest.mark.parametrize(("write", "encoding"), WAYS)
@settings(max_examples=15, deadline=None)
@given(rows=tables_of_words)
def test_every_row_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, write: Writer, encoding: str, rows: Table
) -> None:
    table = [[f"行{i}", *cells] for i, cells in enumerate(rows)]
    # A column of replies that says only 是 or 否 is a status: tested by name in traps.py.
    table.append(["行末", "题", "正文", "路灯已经修好", "", ""])
    _check(read_archive(write(tmp_path_factory.mktemp("t"), table, encoding)), table)


@settings(max_examples=25, deadline=None)
@given(rows=tables_of_words, encoding=st.sampled_from(ENCODINGS))
def test_standard_input(
    tmp_path_factory: pytest.TempPathFactory, rows: Table, encoding: str
) -> None:
    table = [
        *([f"行{i}", *cells] for i, cells in enumerate(rows)),
        ["末", "", "文", "答复", "", ""],
    ]
    data = _delimited(tmp_path_factory.mktemp("t"), table, encoding).read_bytes()

    class Stdin:
        buffer = io.BytesIO(data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", Stdin)
        _check(read_archive("-"), table)


@settings(max_examples=60, deadline=None)
@given(rows=tables_of_words, place=st.floats(0, 0.999), byte=st.sampled_from([0x80, 0xC0, 0xFF]))
def test_a_broken_byte_costs_its_row_or_the_file_and_changes_no_other(
    tmp_path_factory: pytest.TempPathFactory, rows: Table, place: float, byte: int
) -> None:
    table = [[f"行{i}", *cells] for i, cells in enumerate(rows)]
    table += [[f"末{i}", "题", "正文正文正文正文", "答复答复", "", ""] for i in range(4)]
    path = _delimited(tmp_path_factory.mktemp("t"), table, "utf-8")
    data = bytearray(path.read_bytes())
    head = data.index(b"\n") + 1
    data.insert(head + int(place * (len(data) - head)), byte)
    path.write_bytes(data)
    try:
        archive = read_archive(path)
    except BadArchive:
        return
    assert archive.ledger.adds_up
    known = {tuple(row) for row in table}
    for row in archive.exchanges.to_pylist():
        number, post = row["exchange_id"], row["post_text"]
        assert any(each[0] == number and post == (each[2] or each[1]) for each in known)
