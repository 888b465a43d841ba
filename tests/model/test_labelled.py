from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gov_sentiment.errors import BadLabels, MissingColumns
from gov_sentiment.model.checks import check_labels, group_rows
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.model.targets import Target, codebook_target, infer_target

ROWS = [
    {"exchange_id": "a-1", "post_text": "路灯坏了", "reply_text": "已修复", "quality": 4},
    {"exchange_id": "b-2", "post_text": "请问几点开门", "reply_text": None, "quality": 2},
]


def write(folder, kind):
    path = folder / f"rows.{kind}"
    if kind == "jsonl":
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
        path.write_text(text + "\n", encoding="utf-8")
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif kind == "xlsx":
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for row, values in enumerate([list(ROWS[0]), *(list(r.values()) for r in ROWS)]):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
        book.close()
    else:
        mark = "\t" if kind == "tsv" else ","
        lines = [mark.join(ROWS[0]), *(mark.join(str(v or "") for v in r.values()) for r in ROWS)]
        path.write_bytes("\n".join(lines).encode("gb18030" if kind == "csv" else "utf-8-sig"))
    return path


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "xlsx", "parquet"])
def test_every_format_gives_the_same_rows(tmp_path, kind):
    data = read_labelled(write(tmp_path, kind))
    assert len(data) == 2
    assert data.texts() == ([None, None], ["路灯坏了", "请问几点开门"], ["已修复", None])
    assert data.sources() == ["a", "b"]
    assert codebook_target("quality").parse(data.columns["quality"]).tolist() == [4, 2]
    assert len(data.sha256) == 64


def test_several_files_become_one_with_their_names_as_source(tmp_path):
    first = write(tmp_path, "jsonl")
    second = tmp_path / "more.csv"
    second.write_text("text,quality\n真好,5\n", encoding="utf-8")
    data = read_labelled([first, second])
    assert data.columns["source"] == ["rows", "rows", "more"]
    assert data.columns["quality"] == [4, 2, "5"]
    assert read_labelled(second).texts()[1] == ["真好"]
    assert len(read_labelled([second])) == 1


def test_a_filled_agency_column_names_the_source():
    rows = [{**row, "agency": f"{i}局"} for i, row in enumerate(ROWS)]
    assert read_labelled(pa.Table.from_pylist(rows)).sources() == ["0局", "1局"]
    assert read_labelled(pa.table({"text": ["一"]})).sources() == [""]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"x", "end in"),
        ("a.jsonl", b"{not json}", "line 1: not a JSON object"),
        ("a.jsonl", b"[1]", "line 1: not a JSON object"),
        ("a.csv", b"post_text,quality\n", "no rows"),
        ("a.xlsx", b"not a workbook", "not a readable xlsx file"),
        ("a.csv", b"post_text\n\xff\xff\xff\n", "not a readable csv file"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadLabels, match=words):
        read_labelled(tmp_path / name)


def test_missing_things_are_named(tmp_path):
    with pytest.raises(BadLabels, match=r"cannot be read"):
        read_labelled(tmp_path / "none.csv")
    with pytest.raises(MissingColumns, match="post_text"):
        read_labelled(pa.table({"a": [1]}))
    data = read_labelled(pa.table({"text": ["一"], "mood": [None]}))
    with pytest.raises(MissingColumns, match="sentiment"):
        data.label_rows("sentiment")
    with pytest.raises(BadLabels, match="is empty"):
        data.label_rows("mood")


def test_scales_are_read_from_the_labels():
    assert infer_target("mood", ["a", "b"], "post") == Target("mood", "post", classes=("a", "b"))
    assert infer_target("stars", [1, 3, 5], None).kind == "ordinal"
    assert infer_target("mean", [0.5, 1.25], None) == Target(
        "mean", "pair", "numeric", (), 0.5, 1.25
    )
    assert infer_target("quality", ["2", "4"], None) == codebook_target("quality")
    assert infer_target("sentiment", ["happy", "sad"], None).classes == ("happy", "sad")
    assert infer_target("quality", ["2.5", "4"], None).kind == "numeric"
    with pytest.raises(BadLabels, match="only one value"):
        infer_target("mood", ["a", "a"], None)
    with pytest.raises(BadLabels, match="more than 40"):
        infer_target("name", [f"n{i}" for i in range(50)], None)


def test_unknown_labels_are_located_without_quoting_them():
    with pytest.raises(BadLabels, match="row 2: a label that is none of"):
        codebook_target("intent").parse(["help", "secret text"])
    with pytest.raises(BadLabels, match="row 1: not a number from 1 to 5"):
        codebook_target("quality").parse(["x"])


def test_checks_count_what_repeats(rows):
    doubled = [*rows, {**rows[0], "reply_type": "referred"}, rows[1]]
    data = read_labelled(pa.Table.from_pylist(doubled))
    target = codebook_target("reply_type")
    checks = check_labels(data, target, target.parse(data.columns["reply_type"]))
    assert (checks.duplicates, checks.conflicts) == (2, 1)
    assert checks.balance["referred"] == 1
    assert any("fewer than 10 rows" in line for line in checks.warnings)
    with pytest.raises(BadLabels, match="one value"):
        check_labels(data, target, target.parse(["referred"] * len(data)))


def test_near_duplicates_share_a_group():
    text = "关于河道清理的答复，我局已组织人员于昨日清理完毕，河面恢复洁净，请放心。第{}号"
    rows = [
        {"exchange_id": f"s{i}-1", "post_text": f"问题{i}", "reply_text": text.format(i % 2)}
        for i in range(4)
    ] + [
        {"exchange_id": f"t{i}-1", "post_text": "别的" * (i + 1), "reply_text": "已办理"}
        for i in range(9)
    ]
    groups = group_rows(read_labelled(pa.Table.from_pylist(rows)), codebook_target("quality"))
    assert len(set(groups[:4])) == 1
    assert len(set(groups)) == 10
