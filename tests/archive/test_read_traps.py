"""Each trap of real exports, by name, on a sample of our own that has it."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.archive import Archive, list_formats, open_archive, read_archive
from gov_sentiment.errors import AmbiguousColumns, BadArchive, MissingColumns
from gov_sentiment.exchange import AGENCY_POST, EXCHANGE_SCHEMA, run_info

HEAD = "编号,留言标题,留言内容,留言时间,办理单位,办理状态,回复内容,回复时间,满意度"
ROW_1 = "L1,路灯不亮,青石巷的路灯坏了十天,2024-03-01 08:00,云陵市城市管理局,已办理,路灯已更换,2024-03-03 09:30,满意"
ROW_2 = "L2,公交太少,七路车四十分钟一班,2024-03-02 10:00,云陵市交通运输局,待办理,,,"


def write(tmp_path: Path, text: str, name: str = "a.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def check(archive: Archive) -> list[dict[str, Any]]:
    """Every archive of this file adds up and keeps the contract's columns."""
    ledger = archive.ledger
    assert ledger.rows_read == ledger.exchanges + ledger.merged + ledger.n_rejected
    assert archive.exchanges.num_rows == ledger.exchanges
    assert archive.rejects.num_rows == ledger.n_rejected
    assert archive.exchanges.column_names == EXCHANGE_SCHEMA.names
    rows: list[dict[str, Any]] = archive.exchanges.to_pylist()
    ids = [row["exchange_id"] for row in rows]
    assert len(set(ids)) == len(ids)
    return rows


def test_plain_wide_csv(tmp_path: Path) -> None:
    rows = check(read_archive(write(tmp_path, f"{HEAD}\n{ROW_1}\n{ROW_2}\n")))
    assert [row["exchange_id"] for row in rows] == ["L1", "L2"]
    assert rows[0]["satisfaction"] == 0.75
    assert rows[0]["n_replies"] == 1
    assert rows[0]["posted_at"].isoformat() == "2024-03-01T08:00:00+08:00"
    assert rows[1]["reply_text"] is None
    assert rows[1]["replied_at"] is None
    assert rows[0]["source_row"] == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"{HEAD}\n{ROW_1}\n{ROW_2}\n".replace(",", delimiter)
    archive = read_archive(write(tmp_path, text, encoding=encoding))
    assert [row["exchange_id"] for row in check(archive)] == ["L1", "L2"]
    assert archive.sources[0].delimiter == delimiter


def test_title_lines_above_the_header(tmp_path: Path) -> None:
    text = f"云陵市12345工单明细表,,\n统计时间：2024年3月,,\n{HEAD}\n{ROW_1}\n"
    archive = read_archive(write(tmp_path, text))
    assert archive.sources[0].header_row == 3
    assert len(check(archive)) == 1


def test_total_blank_and_repeated_header_rows(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1}\n{HEAD}\n{ROW_2}\n,,,,,,,,\n合计,2,,,,,,,\n"
    archive = read_archive(write(tmp_path, text))
    assert len(check(archive)) == 2
    assert dict(archive.ledger.rejected) == {"repeated_header": 1, "blank_row": 1, "total_row": 1}


def test_ragged_rows_short_ones_are_filled(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1}\nL2,公交太少,七路车太少,2024-03-02\n"
    assert check(read_archive(write(tmp_path, text)))[1]["agency"] is None


def test_rows_with_too_many_cells_are_rejected(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1}\nL2,公交太少,七路车,太少,2024-03-02,云陵市交通运输局,待办理,,,,多\n"
    archive = read_archive(write(tmp_path, text))
    assert dict(archive.ledger.rejected) == {"more_cells_than_headers": 1}
    assert len(check(archive)) == 1


def test_reply_before_post_is_set_aside(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1.replace('2024-03-03', '2024-02-20')}\n{ROW_2}\n"
    archive = read_archive(write(tmp_path, text))
    assert dict(archive.ledger.rejected) == {"reply_before_post": 1}


def test_a_day_without_time_is_not_before_its_morning(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1.replace('2024-03-03 09:30', '2024-03-01')}\n"
    assert len(check(read_archive(write(tmp_path, text)))) == 1


def test_rows_without_post_are_rejected(tmp_path: Path) -> None:
    text = f"{HEAD}\nL9,,,2024-03-01,云陵市教育局,已办理,收到,2024-03-02,\n{ROW_1}\n"
    archive = read_archive(write(tmp_path, text))
    assert dict(archive.ledger.rejected) == {"no_post_text": 1}
    check(archive)


def test_ids_cut_by_excel_are_replaced_and_said(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1.replace('L1', '4.47E+15')}\n{ROW_2.replace('L2', '4473417006580830')}\n"
    archive = read_archive(write(tmp_path, text))
    ids = [row["exchange_id"] for row in check(archive)]
    assert not any("E+" in name for name in ids)
    assert any("cut by Excel" in text for text in run_info(archive.exchanges.schema)["warnings"])


def test_repeated_ids_are_numbered(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_1}\n{ROW_2.replace('L2', 'L1')}\n"
    assert [row["exchange_id"] for row in check(read_archive(write(tmp_path, text)))] == [
        "L1",
        "L1~2",
    ]


def test_traces_of_export_are_cleaned(tmp_path: Path) -> None:
    dirty = '"<p>路灯&nbsp;坏了_x000D_<br/>\t\t三天\u200b没人修</p>"'
    text = f"{HEAD}\n{ROW_1.replace('青石巷的路灯坏了十天', dirty)}\n"
    row = check(read_archive(write(tmp_path, text)))[0]
    assert row["post_text"] == "路灯 坏了\n三天没人修"


@pytest.mark.parametrize("cell", ["待回复", "—", "无", "暂无", "-"])
def test_placeholders_are_no_reply(tmp_path: Path, cell: str) -> None:
    text = f"{HEAD}\n{ROW_1.replace('路灯已更换,2024-03-03 09:30', cell + ',' + cell)}\n"
    row = check(read_archive(write(tmp_path, text)))[0]
    assert row["reply_text"] is None
    assert row["n_replies"] == 0


def test_relative_dates_need_as_of(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ROW_2.replace('2024-03-02 10:00', '昨天 10:00')}\n"
    path = write(tmp_path, text)
    without = read_archive(path)
    assert check(without)[0]["posted_at"] is None
    assert any("--as-of" in note for note in run_info(without.exchanges.schema)["warnings"])
    given_time = check(read_archive(path, as_of=datetime(2024, 3, 3, 9)))[0]["posted_at"]
    assert given_time.isoformat() == "2024-03-02T10:00:00+08:00"


def test_month_first_dates_of_a_column(tmp_path: Path) -> None:
    text = (
        f"{HEAD}\n{ROW_1.replace('2024-03-01 08:00', '03/01/2024')}\n"
        f"{ROW_2.replace('2024-03-02 10:00', '02/28/2024')}\n"
    )
    rows = check(read_archive(write(tmp_path, text)))
    assert rows[0]["posted_at"].date().isoformat() == "2024-03-01"


def test_two_text_columns_are_asked_about(tmp_path: Path) -> None:
    text = "编号,内容,诉求内容,办理结果\n1,甲,乙,丙\n"
    path = write(tmp_path, text)
    with pytest.raises(AmbiguousColumns, match="post_text=诉求内容 or --map post_text=内容"):
        read_archive(path)
    rows = check(read_archive(path, columns={"post_text": "诉求内容"}))
    assert rows[0]["post_text"] == "乙"


def test_map_errors_name_fields_and_headers(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}\n{ROW_1}\n")
    with pytest.raises(BadArchive, match="there is no field foo"):
        read_archive(path, columns={"foo": "编号"})
    with pytest.raises(MissingColumns, match="没有这列"):
        read_archive(path, columns={"post_text": "没有这列"})
    with pytest.raises(BadArchive, match="no such format"):
        read_archive(path, format="nonesuch")
    with pytest.raises(MissingColumns, match="hotline_vo"):
        read_archive(path, format="hotline_vo")


def test_no_column_of_posts_is_an_error_with_the_headers(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match=r"甲列, 乙列(.|\n)*--map post_text"):
        read_archive(write(tmp_path, "甲列,乙列\n1,2\n"))


def test_missing_empty_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="no such file"):
        read_archive(tmp_path / "none.csv")
    with pytest.raises(BadArchive, match="empty"):
        read_archive(write(tmp_path, ""))
    with pytest.raises(BadArchive, match="No archive"):
        read_archive()
    empty = tmp_path / "folder"
    empty.mkdir()
    with pytest.raises(BadArchive, match="no file in this folder"):
        read_archive(empty)
    with pytest.raises(BadArchive, match="Duplicates can be"):
        read_archive(write(tmp_path, f"{HEAD}\n{ROW_1}\n"), duplicates="maybe")


def test_a_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a," * (5 << 20))
    with pytest.raises(BadArchive, match="longer than"):
        read_archive(path)


def test_a_quotation_mark_never_closed(tmp_path: Path) -> None:
    text = f'{HEAD}\n1,"路灯' + "坏了很久没有人来修理\n" * 500_000
    with pytest.raises(BadArchive, match="never closed"):
        read_archive(write(tmp_path, text))


# ------------------------------------------------------------------ containers


def workbook(path: Path, sheets: dict[str, list[list[Any]]], merge: str | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        if merge:
            sheet.merge_cells(merge)
    book.save(path)
    return path


def test_xlsx_title_types_and_several_sheets(tmp_path: Path) -> None:
    head = HEAD.split(",")
    first = [
        ["云陵市工单明细"],
        head,
        [
            "1",
            "甲",
            "灯坏了",
            datetime(2024, 3, 1, 8),
            "云陵市城管局",
            "已办理",
            "已修",
            45354.5,
            "满意",
        ],
    ]
    second = [head, [2.0, "乙", "车太少", "2024/3/2", "青榆县交通局", "", None, None, None]]
    notes = [["说明"], ["本表由人工整理"]]
    path = workbook(tmp_path / "a.xlsx", {"市区": first, "县": second, "说明": notes})
    archive = read_archive(path)
    rows = check(archive)
    assert [row["exchange_id"] for row in rows] == ["1", "2"]
    assert rows[0]["replied_at"].isoformat() == "2024-03-03T12:00:00+08:00"
    assert dict(archive.ledger.rejected) == {"sheet_without_posts": 1}
    assert [source.sheet for source in archive.sources] == ["市区", "县", "说明"]


def test_merged_agency_cells_are_filled_down(tmp_path: Path) -> None:
    lines = [
        ["编号", "办理单位", "留言内容", "回复内容"],
        ["1", "云陵市教育局", "学区怎么划", "见通知"],
        ["2", None, "食堂太贵", "已约谈"],
        ["3", "云陵市水务局", "停水了", "已恢复"],
    ]
    path = workbook(tmp_path / "m.xlsx", {"s": lines}, merge="B2:B3")
    assert [row["agency"] for row in check(read_archive(path))] == [
        "云陵市教育局",
        "云陵市教育局",
        "云陵市水务局",
    ]


def test_html_table_saved_as_xls(tmp_path: Path) -> None:
    html = (
        "<html><head><meta charset='utf-8'></head><body><table><tr><th>编号</th><th>办理单位</th>"
        "<th>留言内容</th><th>回复内容</th></tr><tr><td>1</td><td rowspan=2>云陵市教育局</td>"
        "<td>学区<br>怎么划</td><td>见通知</td></tr><tr><td>2</td><td>食堂太贵</td><td>已约谈</td></tr>"
        "</table></body></html>"
    )
    archive = read_archive(write(tmp_path, html, name="a.xls"))
    rows = check(archive)
    assert [row["agency"] for row in rows] == ["云陵市教育局"] * 2
    assert rows[0]["post_text"] == "学区\n怎么划"
    assert archive.sources[0].container == "html"
    with pytest.raises(BadArchive, match="without a table"):
        read_archive(write(tmp_path, "<html><body>登录</body></html>", name="b.xls"))


RECORDS = [
    {
        "留言内容": "灯坏了",
        "回复内容": "已修",
        "留言时间": "2024-03-01",
        "单位": {"名称": "城管局"},
    },
    {"留言内容": "车太少", "回复内容": None, "留言时间": 1709258400, "单位": {"名称": "交通局"}},
]


@pytest.mark.parametrize(
    "dump",
    [
        lambda: json.dumps(RECORDS, ensure_ascii=False),
        lambda: json.dumps({"code": 0, "data": {"list": RECORDS}}, ensure_ascii=False),
        lambda: "\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS),
    ],
    ids=["array", "nested", "lines"],
)
def test_json(tmp_path: Path, dump: Callable[[], str]) -> None:
    rows = check(read_archive(write(tmp_path, dump(), name="a.json")))
    assert [row["post_text"] for row in rows] == ["灯坏了", "车太少"]


def test_broken_json(tmp_path: Path) -> None:
    for name, text, why in (
        ("a.json", '[{"a": 1}', "broken json"),
        ("b.json", '{"a": 1}', "no list of records"),
        ("c.jsonl", "[1]\n{\n", "no line is a json object"),
        ("e.json", "[" * 100_000, "nested too deeply|broken"),
    ):
        with pytest.raises(BadArchive, match=why):
            read_archive(write(tmp_path, text, name=name))


def test_half_a_character_in_json(tmp_path: Path) -> None:
    text = '[{"留言内容": "灯\\ud83d坏了", "\\udc00": [{"a": "\\ud83d"}], "回复内容": "\\ud83d\\ude00已修"}]'
    (row,) = check(read_archive(write(tmp_path, text, name="a.json")))
    assert row["post_text"] == "灯\ufffd坏了"
    assert row["reply_text"] == "\U0001f600已修"


def test_file_name_in_gbk_on_a_system_of_utf_8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/" + "信件.csv".encode("gbk")
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - the name is bytes
            file.write(f"{HEAD}\n{ROW_1}\n".encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    (row,) = check(read_archive(tmp_path))
    assert row["source_file"] == "信件.csv"


def test_own_parquet_comes_back(tmp_path: Path) -> None:
    first = read_archive(write(tmp_path, f"{HEAD}\n{ROW_1}\n{ROW_2}\n"))
    path = tmp_path / "exchanges.parquet"
    pq.write_table(first.exchanges, path)
    again = check(read_archive(path))
    for row, old in zip(again, first.exchanges.to_pylist(), strict=True):
        for name in ("exchange_id", "agency", "post_text", "posted_at", "reply_text", "replied_at"):
            assert row[name] == old[name]
    with pytest.raises(BadArchive, match="damaged Parquet"):
        read_archive(write(tmp_path, "PAR1 no parquet at all", name="b.parquet"))


def test_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "#供暖#50%.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE letters (编号 INTEGER, 留言内容 TEXT, 回复内容 TEXT)")
        base.execute("INSERT INTO letters VALUES (7, '灯坏了', '已修')")
        base.execute("CREATE TABLE bins (a INTEGER)")
    base.close()
    archive = read_archive(path)
    assert [row["exchange_id"] for row in check(archive)] == ["7"]
    broken = tmp_path / "b.db"
    broken.write_bytes(path.read_bytes()[:600])
    with pytest.raises(BadArchive, match=r"cannot be read|damaged SQLite"):
        read_archive(broken)


def test_zip_with_gbk_names_and_a_path_that_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escape.csv", f"{HEAD}\n{ROW_1}\n")
        archive.writestr("__MACOSX/x.csv", "junk")
        archive.writestr("说明.docx", "no table")
    assert [row["exchange_id"] for row in check(read_archive(path))] == ["L1"]
    assert not (tmp_path.parent / "escape.csv").exists()
    empty = tmp_path / "b.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.docx", "x")
    with pytest.raises(BadArchive, match="no file in this zip"):
        read_archive(empty)
    cut = tmp_path / "c.zip"
    cut.write_bytes(path.read_bytes()[:80])
    with pytest.raises(BadArchive, match="damaged zip"):
        read_archive(cut)


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "0" * (120 << 20))
    with pytest.raises(BadArchive, match="unpacks to"):
        read_archive(path)


def test_xlsx_with_a_billion_laughs(tmp_path: Path) -> None:
    good = workbook(tmp_path / "g.xlsx", {"s": [["留言内容"], ["灯坏了"]]})
    bad = tmp_path / "b.xlsx"
    laughs = "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' if i else '<!ENTITY l0 "ha">' for i in range(10)
    )
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as sink:
        for item in source.infolist():
            data = source.read(item)
            if item.filename.endswith("sheet1.xml"):
                data = f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><worksheet>&l9;</worksheet>'.encode()
            sink.writestr(item, data)
    with pytest.raises(BadArchive):
        read_archive(bad)


def test_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(BadArchive, match="workbook"):
        read_archive(path)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(f"{HEAD}\n{ROW_1}\n".encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert [row["exchange_id"] for row in check(read_archive("-"))] == ["L1"]


def test_folder_of_two_files(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD}\n{ROW_1}\n", name="a.csv")
    write(tmp_path, f"{HEAD}\n{ROW_2}\n", name="b.csv", encoding="gb18030")
    write(tmp_path, "x", name=".hidden.csv")
    archive = read_archive(tmp_path)
    assert [row["source_file"] for row in check(archive)] == ["a.csv", "b.csv"]


# ------------------------------------------------------------------ formats


FORMATS = {
    "canonical": "exchange_id,agency,post_title,post_text,posted_at,reply_text,replied_at\nx1,云陵市教育局,题,正文,2024-03-01 08:00,答复,2024-03-02 09:00",
    "liuyan_handle": "replyID,replyDate,typeNameD,title,reply_object,province,city,county,domainName,stateInfo,replyName,replyContentMain,handleTime,handleContent\n9,2024-03-01 08:00,咨询,题,云陵市委书记,江北省,云陵市,,城建,已办理,网*,正文,2024-03-02 09:00,答复",
    "liuyan_api": "tid,nickName,subject,content,dateline,forumName,domainName,stateInfo,answerContent,answerDateline,answerOrganization,gradeManner\n9,网友,题,正文,1709251200,云陵市市长,城建,已办理,答复,1709341200,云陵市教育局,5",
    "liuyan_a": "tid,date,forum_label,subject,content,domain,type,status,has_reply,reply_date,reply_content,reply_org,grade_manner\n9,2024-03-01,云陵市市长,题,正文,城建,咨询,已办理,1,2024-03-02,答复,云陵市教育局,4",
    "liuyan_b": "target,title,category,reply_state,username,ID,time,content,reply,reply_time,reply_content\n云陵市市长,题,城建,已办理,网友,9,2024-03-01,正文,云陵市教育局,2024-03-02,答复",
    "liuyan_c": "leader_name,tid,message_title,label1,label2,message_date,message_time,message_content\n云陵市市长,9,题,城建,咨询,2024-03-01,2024-03-01 08:00,正文",
    "liuyan_e": "留言标签,留言标题,留言正文,官方回复单位,官方回复正文\n城建,题,正文,云陵市教育局,答复",
    "taidi_attachment_4": "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n9,U1,题,2024/3/1 8:00:01,\"\n\t\t正文\",答复,2024/3/2 9:00:00",
    "consultation_column": "咨询主题,咨询日期,咨询人,咨询内容,处理单位,处理状态,受理意见\n题,2024-03-01,张,正文,云陵市教育局,已办,答复",
    "petition_office": "标题,来信日期,信件内容,回复日期,回复单位,回复内容,链接\n题,2024-03-01,正文,2024-03-02,云陵市教育局,答复,u",
    "hotline_beijing": "工单编号,工单类型,问题分类,标签,标题,主要内容,工单状态,来电人,被反映区,被反映街乡镇,办理结果,回复内容,办结时间,是否解决,是否满意\nG9,咨询,城建->路灯,,题,正文,回复完成,张,花台区,青石街道,内部,答复,2024-03-02,解决,满意",
    "hotline_district": "工单编号,工单标题,诉求内容,诉求类型,区交办时间,诉求渠道,诉求归口,工单状态,求助人员,求助号码,市交办主办单位,处理结果,办结时间\nG9,题,正文,投诉,2024-03-01,电话,城管,办结,张,1,云陵市教育局,答复,2024-03-02",
    "hotline_vo": "hotlineId,hotlineNo,appealTypeName,areaName,appealContent,contactName,hotlineSource,handleStatus,acceptDeptName,handleResult,finishTime\n1,G9,投诉,花台区,正文,张,电话,办结,云陵市教育局,答复,2024-03-02",
    "hotline_vo_zh": "热线单号,诉求类型,诉求内容,受理时间,受理部门,处置状态,处置结果,办结时间\nG9,投诉,正文,2024-03-01,云陵市教育局,办结,答复,2024-03-02",
    "site_errors": "id,place,post_text,post_time,addressee,agency,reply_text,reply_time,status,url\n9,全国,正文,2024-03-01,云陵市政府,云陵市教育局,答复,2024-03-02,22,u",
    "lagged_workbook": "id,河流,性质,标题,时间,投诉件内容,回复1,最终回复-投诉事件\n9,清水河,投诉,题,2024-03-01,正文,答复,2.5",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("variant", ["utf-8-sig", "gb18030", "dirty"])
def test_each_wide_format(tmp_path: Path, name: str, variant: str) -> None:
    text = FORMATS[name] + "\n"
    if variant == "dirty":
        head = text.splitlines()[0]
        text = f"云陵市导出数据\n{text}{head}\n\n合计,1\n"
    encoding = "utf-8" if variant == "dirty" else variant
    archive = read_archive(write(tmp_path, text, encoding=encoding))
    (row,) = check(archive)
    assert archive.sources[0].format == name
    assert row["post_text"] == "正文"
    assert row["reply_text"] == (None if name == "liuyan_c" else "答复")
    if name == "lagged_workbook":
        assert row["replied_at"].isoformat() == "2024-03-03T12:00:00+08:00"
    if name == "liuyan_api":
        assert row["satisfaction"] == 1.0


MESSAGES = "message_id,parent_id,role,author,text,at\nm1,,citizen,甲,路灯坏了,2024-03-01 08:00\nm2,m1,official,云陵城管,已派人,2024-03-01 10:00\nm3,m1,citizen,甲,还没修,2024-03-03 08:00\nm4,m1,official,云陵城管,今天修好了,2024-03-03 18:00\n"


def test_long_form_is_paired(tmp_path: Path) -> None:
    archive = read_archive(write(tmp_path, MESSAGES))
    (row,) = check(archive)
    assert row["reply_text"] == "已派人\n\n今天修好了"
    assert row["n_replies"] == 2
    assert row["first_replied_at"] < row["replied_at"]
    assert "追问" in row["post_text"]
    assert archive.ledger.merged == 3


def test_long_form_with_chinese_headers(tmp_path: Path) -> None:
    text = (
        "消息编号,上级编号,角色,内容,时间\n1,,市民,路灯坏了,2024-03-01\n2,1,单位,已修,2024-03-02\n"
    )
    (row,) = check(read_archive(write(tmp_path, text)))
    assert row["reply_text"] == "已修"


def test_weibo_crawler_posts_and_comments(tmp_path: Path) -> None:
    head = SHORT_HEAD
    post = "50010001\t,Nx1,明日停水公告,,,,,2024-03-01T08:00:00,电脑,3,2,0,,,2024-03-01 08:00:00"
    write(tmp_path, f"{head}\n{post}\n", name="云陵水务.csv")
    comments = (
        "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count\n"
        "1,50010001,Fri Mar 01 09:00:00 +0800 2024,小石头,停到几点啊,,0\n"
        "2,50010001,Fri Mar 01 09:30:00 +0800 2024,云陵水务,回复@小石头:预计下午五点恢复,,0\n"
    )
    write(tmp_path, comments, name="云陵水务_comments.csv")
    archive = read_archive(tmp_path)
    rows = check(archive)
    asked = [row for row in rows if row["channel"] != AGENCY_POST]
    assert len(asked) == 1
    assert asked[0]["agency"] == "云陵水务"
    assert "下午五点" in asked[0]["reply_text"]


SHORT_HEAD = "id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期"


@pytest.mark.parametrize("shifted", [True, False])
@pytest.mark.parametrize("reposts", [True, False])
def test_weibo_crawler_rows_shifted_by_a_nameless_column(
    tmp_path: Path, shifted: bool, reposts: bool
) -> None:
    live = "livephoto.mov," if shifted else ""
    post = f"50010001\t,Nx1,明日停水,,,,{live},2024-03-01T08:00:00,电脑,3,2,0,,,2024-03-01 08:30:00"
    head = SHORT_HEAD
    if reposts:
        head += ",是否原创,源用户id,源用户昵称," + ",".join(
            f"源微博{name}" for name in SHORT_HEAD.split(",")
        )
    path = write(tmp_path, f"{head}\n{post}\n", name="云陵水务.csv")
    (row,) = check(read_archive(path))
    assert row["agency"] == "云陵水务"
    assert row["posted_at"].isoformat() == "2024-03-01T08:30:00+08:00"


def test_account_posts(tmp_path: Path) -> None:
    text = "id,keyword,用户昵称,微博正文,发布时间\n1,水,云陵发布,今日河道巡查,2024-03-01 08:00\n"
    archive = read_archive(write(tmp_path, text))
    (row,) = check(archive)
    assert row["channel"] == AGENCY_POST
    assert run_info(archive.exchanges.schema)["kind"] == "account_posts"


def test_formats_are_dated_and_tested() -> None:
    listed = {each.name for each in list_formats()}
    assert set(FORMATS) <= listed
    assert all(each.dated and each.title and each.source for each in list_formats())


# ------------------------------------------------------------------ duplicates, streaming


def test_duplicates_are_counted_and_merged_on_request(tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEAD}\n{ROW_1}\n{ROW_1}\n{ROW_2}\n")
    kept = read_archive(path)
    assert len(check(kept)) == 3
    assert kept.ledger.repeated == 1
    merged = read_archive(path, duplicates="merge")
    assert len(check(merged)) == 2
    assert merged.ledger.merged == 1


def test_batches_stream_in_order(tmp_path: Path) -> None:
    lines = [ROW_1.replace("L1", f"N{i}").replace("十天", f"{i}天") for i in range(5000)]
    reader = open_archive(write(tmp_path, "\n".join([HEAD, *lines])))
    batches = list(reader.batches())
    assert len(batches) > 1
    ids = [name for batch in batches for name in batch["exchange_id"].to_pylist()]
    assert ids == [f"N{i}" for i in range(5000)]
    assert reader.as_of is not None
    assert reader.review.column_names == ["agency", "spelling", "rows"]


# ------------------------------------------------------------------ properties


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_any_table_comes_back_or_is_rejected(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], encoding: str
) -> None:
    import csv

    path = tmp_path_factory.mktemp("p") / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["编号", "留言内容", "回复内容"])
        writer.writerows(rows)
    try:
        archive = read_archive(path)
    except BadArchive:
        return
    check(archive)
    assert archive.ledger.rows_read == len(rows)


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=300),
    suffix=st.sampled_from([".csv", ".json", ".xlsx", ".db", ".zip"]),
)
def test_any_bytes_are_an_archive_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("b") / f"a{suffix}"
    path.write_bytes(data)
    try:
        check(read_archive(path))
    except (BadArchive, MissingColumns, AmbiguousColumns):
        pass
