"""Agencies' names, and the unit that a reply names as its author. All texts are our own."""

from __future__ import annotations

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.agencies import (
    PERSON_MARK,
    AgencyAliases,
    extract_replying_unit,
    normalise_agency,
)
from gov_sentiment.archive.replying_unit import find_replying_unit
from gov_sentiment.errors import BadArchive


@pytest.fixture
def aliases():
    return AgencyAliases.load()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # the office, never the person
        ("山西省长治市上党区委书记张三", "长治市上党区委书记"),
        ("四川省成都市市长李某某", "成都市市长"),
        ("河北省委书记 王**", "河北省委书记"),
        ("示例市委副书记、市长赵四", "示例市委副书记、市长"),
        ("某州州长阿依·古丽", "某州州长"),
        ("A市市长信箱", "A市市长信箱"),
        ("A市市长热线办公室", "A市市长热线办公室"),
        ("上海市长宁区", "上海市长宁区"),
        ("示例市长兴岛管委会", "示例市长兴岛管理委员会"),
        ("示例银行长沙分行", "示例银行长沙分行"),
        ("示例开发区长江路街道", "示例开发区长江路街道办事处"),
        ("A市中级人民法院院长钱某", "A市中级人民法院院长"),
        # prefixes
        ("山东省潍坊市教育局", "潍坊市教育局"),
        ("内蒙古自治区阿拉善盟行政公署", "阿拉善盟行政公署"),
        ("山东省教育厅", "山东省教育厅"),
        ("湖南省 A市 民政局", "A市民政局"),
        ("中共A7县委", "A7县委"),
        ("中共上海市委员会", "上海市委"),
        # spellings
        ("A7縣住建局", "A7县住房和城乡建设局"),
        ("A7县住房城乡建设局", "A7县住房和城乡建设局"),
        ("Ａ７县政府", "A7县人民政府"),
        ("A7县政府办", "A7县人民政府办公室"),
        ("A7县委办", "A7县委办公室"),
        ("A7县北山镇", "A7县北山镇人民政府"),
        ("A7县北山镇党委政府", "A7县北山镇人民政府"),
        ("江埠市云陵区人民政府柳荫路街道办事处", "江埠市云陵区柳荫路街道办事处"),
        ("江埠市云陵区柳荫路街道", "江埠市云陵区柳荫路街道办事处"),
        ("承办单位：A7县人社局", "A7县人力资源和社会保障局"),
        ("“A7县公安局交警大队”", "A7县交通警察大队"),
        ("示例开发区管委会", "示例开发区管理委员会"),
        ("国办", "国务院办公厅"),
        ("示例地产(集团)有限公司", "示例地产（集团）有限公司"),
        # what stays
        ("A市行政审批局", "A市行政审批局"),
        ("A市房屋管理局", "A市房屋管理局"),
        ("A市", "A市"),
        ("A7县", "A7县"),
        ("城乡居民服务中心", "城乡居民服务中心"),
        ("信访办", "信访办"),
        # no name at all
        ("", None),
        ("  ", None),
        ("——", None),
        ("待回复", None),
        (None, None),
    ],
)
def test_normalise(aliases, name, expected):
    assert normalise_agency(name, aliases) == expected


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing_more(name):
    aliases = AgencyAliases.load()
    once = aliases.normalise(name)
    assert once is None or once != ""


@pytest.mark.parametrize(
    "name", ["A7县住建局", "山东省潍坊市人社局", "中共A7县委办", "A市市长张三"]
)
def test_normalised_name_stays(aliases, name):
    once = aliases.normalise(name)
    assert aliases.normalise(once) == once


def test_merged_names_are_recorded_without_persons(aliases):
    for name in ["A7县住建局", "A7县住建局", "A7县住房和城乡建设局", "A市市长张三", "A市民政局"]:
        aliases.normalise(name)
    merged = {group.agency: dict(group.spellings) for group in aliases.merged_names()}
    assert merged == {
        "A7县住房和城乡建设局": {"A7县住建局": 2, "A7县住房和城乡建设局": 1},
        "A市市长": {"A市市长" + PERSON_MARK: 1},
    }


def test_user_table_in_toml(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[names]\n"A7县城市管理局" = ["星城城管"]\n[endings]\n"河长制办公室" = ["河长办"]\n',
        "utf-8",
    )
    aliases = AgencyAliases.load(path)
    assert aliases.normalise("星城城管") == "A7县城市管理局"
    assert aliases.normalise("A7县河长办") == "A7县河长制办公室"


def test_user_table_in_csv(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("﻿星城城管,A7县城市管理局\n\n星城 城管所,A7县城市管理局\n", "utf-8")
    aliases = AgencyAliases.load(path)
    assert aliases.normalise("星城城管") == "A7县城市管理局"
    assert aliases.normalise("星城城管所") == "A7县城市管理局"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "甲,乙,丙\n", "line 1: 3 cells"),
        ("a.csv", "甲,乙\n甲,丙\n", "line 2: 甲 is given a second agency"),
        ("a.toml", "[names\n", "cannot be read"),
        ("a.toml", '[names]\n"甲" = "乙"\n', "a list of spellings"),
        ("a.toml", '[name]\n"甲" = ["乙"]\n', "unknown table"),
    ],
)
def test_bad_user_table(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(BadArchive, match=message):
        AgencyAliases.load(path)


def test_missing_user_table(tmp_path):
    with pytest.raises(BadArchive, match="cannot be read"):
        AgencyAliases.load(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("reply", "post", "expected"),
    [
        # signatures
        ("路灯已修复。谢谢！A7县城市管理局 2019年5月6日", "", ("A7县城市管理局", "signature")),
        ("此复。县城管局二〇一九年五月六日", "A7县路灯", ("A7县城管局", "signature")),
        ("已处理。上海市某区交通委员会2023年5月6日", "", ("上海市某区交通委员会", "signature")),
        ("已修好。泉水镇人民政府 2018.3.4", "A7县泉水镇修路", ("A7县泉水镇人民政府", "signature")),
        # who received, checked or answered
        ("网友：您好！A3区住建局高度重视，现回复如下：已加装。", "", ("A3区住建局", "named")),
        ("您好！经A5区教育局调查核实，现回复如下：学校已整改。", "", ("A5区教育局", "named")),
        ("您好！县交通局高度重视，已派人查看。", "A7县公交太少", ("A7县交通局", "named")),
        ("我们立即要求市水务局核实，现答复如下：今晚恢复。", "A市停水", ("A市水务局", "named")),
        ("感谢您对A7县教育局工作的关心，名单见附件。", "", ("A7县教育局", "named")),
        # "we", named elsewhere
        ("已转县住建局。网友：您好！我局已查看。", "A7县楼房漏水", ("A7县住建局", "we")),
        ("您好！我镇高度重视，立即核实，情况属实。", "A7县泉水镇乱倒垃圾", ("A7县泉水镇", "we")),
        ("感谢您对我们公安工作的支持，我局将加强巡逻。", "A7县夜间飙车", ("A7县公安局", "sphere")),
        # only the area
        ("您好！我县正在制定方案，预计明年实施。", "A7县医保政策", ("A7县", "area")),
        ("您好！A6区高度重视，将尽快协调。", "", ("A6区", "area")),
        # nobody
        ("来信我们看到了。停车的事已转市公安局，由他们查看。", "A市停车难", None),
        ("您好！您的留言已收悉，感谢支持！", "A市停车难", None),
        ("请县城管局酌处。", "", None),
        ("", "A市停车难", None),
        (None, None, None),
    ],
)  # fmt: skip
def test_replying_unit(reply, post, expected):
    found = find_replying_unit(reply, post)
    assert (found and (found.name, found.evidence)) == expected
    assert extract_replying_unit(reply, post) == (expected and expected[0])


def test_bureau_without_a_place_is_no_answer():
    assert extract_replying_unit("您好！县城管局高度重视，现回复如下：已清理。") is None


def test_unit_in_a_document_is_not_the_author():
    reply = "根据《A市人民政府关于公共停车的意见》，该处可以停车。"
    assert extract_replying_unit(reply, "B3区停车") is None


def test_company_does_not_say_our_bureau():
    reply = "您好！经查，A7县示例置业公司已约谈。我局将继续监管。"
    found = extract_replying_unit(reply, "")
    assert found is None or "公司" not in found


@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_is_fine(reply, post):
    found = find_replying_unit(reply, post)
    assert found is None or found.name


@pytest.mark.parametrize(
    "piece",
    [
        "A7县",
        "市",
        "县城",
        "经",
        "我局",
        "感谢您对",
        "转交",
        "2019年",
        "网友：您好！",
        "建设和",
        "根据",
        "。 A",
    ],
)
def test_hostile_text_takes_bounded_time(piece):
    text = piece * (100_000 // len(piece))
    start = time.perf_counter()
    find_replying_unit(text, text)
    assert time.perf_counter() - start < 3


@pytest.mark.real_data
def test_hunan_units_are_found(shared_data):
    from python_calamine import CalamineWorkbook

    path = shared_data / "archives" / "hunan_wenzheng_2011_20.xlsx"
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    found = [find_replying_unit(str(row[5]), f"{row[2]} {row[4]}") for row in rows]
    assert sum(unit is not None for unit in found) / len(rows) >= 0.55


@pytest.mark.real_data
def test_shanghai_units_agree_with_their_column(shared_data):
    path = shared_data / "archives" / "shanghai_petitions_2023_24.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    aliases = AgencyAliases.load()
    n_found = n_right = 0
    for row in rows:
        name = aliases.normalise(extract_replying_unit(row["回复内容"]))
        n_found += name is not None
        n_right += name == aliases.normalise(row["回复单位"])
    assert n_right / n_found >= 0.93
    assert n_right / len(rows) >= 0.6
