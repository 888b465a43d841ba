"""Redaction: what is found, what stays, and that a second time changes nothing."""

from __future__ import annotations

import datetime
import importlib.util
import itertools
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.text.redact import MARKS, find_personal, redact
from gov_sentiment.text.redact_rules import is_bank_card, is_id_15, is_id_18

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def script():
    script: ModuleType
    spec = importlib.util.spec_from_file_location(
        "measure_redaction", ROOT / "scripts" / "measure_redaction.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.modules["measure_redaction"] = script
    spec.loader.exec_module(script)
    return script


@pytest.fixture(scope="module")
def figures(script):
    return script.measure()


SETS = sorted((ROOT / "tests" / "text").glob("redaction_*.jsonl"))


def test_every_set_at_once(script):
    # The figures of a set before the rules had seen it stand in docs/agencies.md.
    counts = [script.measure(path) for path in SETS]
    found = sum(count.found["name"] + count.found["address"] for count in counts)
    assert found / sum(c.personal["name"] + c.personal["address"] for c in counts) >= 0.85
    assert sum(c.n_right for c in counts) / sum(c.n_spans for c in counts) >= 0.97
    assert sum(c.n_kept for c in counts) / sum(c.n_public for c in counts) >= 0.97
    assert min(count.recall(("phone", "id", "email")) for count in counts) == 1


def test_set_is_large_enough(figures):
    assert figures.n_cases >= 300


def test_recall_of_numbers(figures):
    assert figures.recall(("phone", "id", "email")) >= 0.98


def test_recall_of_names_and_addresses(figures):
    assert figures.recall(("name", "address")) >= 0.85


def test_precision(figures):
    assert figures.precision >= 0.95


def test_public_lines_are_kept(figures):
    assert figures.kept >= 0.95


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话１３８０００01234。", "电话[手机号]。"),
        ("请发到a.b@example.com谢谢", "请发到[邮箱]谢谢"),
        ("身份证11010519491231002X", "身份证[身份证号]"),
        ("我叫李小满，住10栋2单元303室", "我叫[姓名]，住[住址]"),
        ("卡号4111111111111111", "卡号[银行卡号]"),
        ("车牌湘A12345", "车牌[车牌号]"),
        ("没有个人信息的一句话。", "没有个人信息的一句话。"),
        ("", ""),
    ],
)
def test_redact(text, expected):
    assert redact(text) == expected


def test_office_line_stays_in_a_reply_and_goes_in_a_post():
    assert redact("联系电话：0731-80001234", reply=True) == "联系电话：0731-80001234"
    assert redact("联系电话：0731-80001234") == "联系电话：[电话]"


def test_mobile_of_a_citizen_goes_in_a_reply_too():
    assert redact("已致电您的手机13800001234", reply=True) == "已致电您的手机[手机号]"


def test_spans_are_in_order_and_do_not_overlap():
    text = "我叫王小禾，电话13800001234，邮箱13800001234@qq.com，身份证11010519491231002X"
    spans = find_personal(text)
    assert [span.kind for span in spans] == ["name", "phone", "email", "id"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_check_digits():
    # 11010519491231002X is the worked example of GB 11643-1999.
    assert is_id_18("11010519491231002X")
    assert not is_id_18("110105194912310021")
    assert not is_id_18("990105194912310021")
    assert is_id_15("110105530801201")
    assert not is_id_15("110105531301201")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("0000000000000000")


def test_mistyped_id_goes_after_its_cue_and_stays_without():
    assert redact("身份证号110105194912310021") == "身份证号[身份证号]"
    assert redact("流水110105194912310021") == "流水110105194912310021"


def test_case_number_is_no_person():
    text = "工单编号：11010519491231002X"
    assert redact(text) == text


def test_network_address_needs_a_reason():
    assert redact("见第4.2.27.1条") == "见第4.2.27.1条"
    assert redact("IP 10.1.2.3") == "IP [IP地址]"


def test_authority_mailbox_stays():
    assert redact("请发到bgs@example.gov.cn") == "请发到bgs@example.gov.cn"


PIECES = st.one_of(
    st.sampled_from(
        ["我叫", "王小禾", "，", "电话", "13800001234", "138", "0000", "1234", "-", "李"]
    ),
    st.sampled_from(
        ["身份证", "11010519491231002X", "卡号", "4111111111111111", "先生", " ", "\n"]
    ),
    st.sampled_from(
        ["12栋", "3单元", "502室", "家住", "幸福路5号", "@小鱼", "@", "qq.com", "微信"]
    ),
    st.sampled_from(["湘A12345", "QQ", "12345", "[手机号]", "[姓名]", "联系人：", "护照E12345678"]),
    st.sampled_from(["10.1.2.3", "0731-80001234", "一三八零零零零一二三四"]),
)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_second_time_changes_nothing(text, reply):
    once = redact(text, reply=reply)
    assert redact(once, reply=reply) == once
    assert find_personal(once, reply=reply) == []


@given(st.text(max_size=60))
def test_any_text_is_fine(text):
    once = redact(text)
    assert redact(once) == once


@given(st.lists(PIECES, max_size=8).map("".join))
def test_only_the_spans_change(text):
    # Between two marks the text's own pieces stand in their order.
    kept = redact(text)
    for mark in MARKS.values():
        kept = kept.replace(mark, "")
    letters = iter(text)
    assert all(letter in letters for letter in kept)


# Words of complaints and replies in which nobody is named; joined in any order they name nobody.
PLAIN = st.lists(
    st.sampled_from(
        [
            *(
                "道路破损",
                "路灯不亮",
                "小区停水",
                "希望尽快解决",
                "物业不管",
                "噪音扰民",
                "公交改线",
            ),
            *(
                "您好",
                "来信收悉",
                "现答复如下",
                "感谢您的关注",
                "已转交相关部门",
                "正在研究",
                "谢谢",
            ),
            *(
                "请拨打12345",
                "热线12315",
                "咨询96119",
                "2022年3月15日",
                "共3000元",
                "第5条",
                "18层",
            ),
            *("百分之20", "1.5公里", "上午9:00-11:30", "〔2021〕12号文", "http://example.com/a"),
        ]
    ),
    max_size=8,
).map("，".join)


@given(PLAIN, st.booleans())
def test_plain_words_stay(text, reply):
    assert redact(text, reply=reply) == text


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
GAPS = st.sampled_from([(3, 7), (4, 7), ()])


@given(
    PLAIN, PLAIN, MOBILES, GAPS, st.sampled_from([" ", "-"]), st.sampled_from(["", "+86", "86-"])
)
def test_mobile_goes_wherever_it_stands(before, after, number, gaps, gap, prefix):
    for place in reversed(gaps):
        number = number[:place] + gap + number[place:]
    once = redact(f"{before}，{prefix}{number}，{after}")
    assert number not in once
    assert MARKS["phone"] in once


def id_number(region: str, born: datetime.date, order: int) -> str:
    """Write an identity number by the other form of the rule: the weighted sum is 1 mod 11."""
    head = f"{region}{born:%Y%m%d}{order:03}"
    for check in "0123456789X":
        values = [*map(int, head), 10 if check == "X" else int(check)]
        if sum(v * pow(2, 17 - i, 11) for i, v in enumerate(values)) % 11 == 1:
            return head + check
    raise AssertionError


ID_NUMBERS = st.builds(
    id_number,
    st.sampled_from(["110105", "430102", "650102", "810000"]),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2024, 12, 31)),
    st.integers(0, 999),
)
WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789X"}


@given(PLAIN, PLAIN, ID_NUMBERS, st.booleans())
def test_identity_number_goes_wherever_it_stands(before, after, number, wide):
    number = number.translate(WIDE) if wide else number
    once = redact(f"{before}，{number}，{after}")
    assert number not in once
    assert MARKS["id"] in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("帮我问问曾女士的低保", "帮我问问[姓名]女士的低保"),
        ("投诉顾大海医生", "投诉[姓名]医生"),
        ("联系人古丽娜·艾山，在", "联系人[姓名]，在"),
        ("村民胡来福、胡来喜兄弟", "村民[姓名]、[姓名]兄弟"),
        ("我是金雁花园的业主", "我是金雁花园的业主"),
        ("成都医生", "成都医生"),
        ("各位老师", "各位老师"),
        ("翠湖小区6栋603漏水", "[住址]漏水"),
        ("办公地址：迎宾大道9号2号楼305室", "办公地址：迎宾大道9号2号楼305室"),
        ("公司地址：长江路8号3楼", "公司地址：长江路8号3楼"),
        ("我叫扎西次仁，来自牧区", "我叫[姓名]，来自牧区"),
        ("蒋总说小李没来", "[姓名]说[姓名]没来"),
        ("被告人滑某与卜某某", "被告人[姓名]与[姓名]"),
        ("向雷锋同志学习", "向雷锋同志学习"),
        ("李先生牛肉面门口污水横流", "李先生牛肉面门口污水横流"),
        ("业主高峰说，高峰期堵车", "业主[姓名]说，高峰期堵车"),
        ("电工欧阳建国收钱。后来欧阳建国走了", "电工[姓名]收钱。后来[姓名]走了"),
        ("签字：杜鹏、程洁、汪海洋", "签字：[姓名]、[姓名]、[姓名]"),
        ("楼上2单元5楼东户漏水", "楼上[住址]漏水"),
        ("我是云顶翠峰小区的业主", "我是云顶翠峰小区的业主"),
        ("我是金满园的业主，电梯坏了", "我是金满园的业主，电梯坏了"),
        ("云顶镇明泉至周家坪路段", "云顶镇明泉至周家坪路段"),
        ("还居民一个安宁的夜晚", "还居民一个安宁的夜晚"),
        ("号码一三八 零零零零 一二三四", "号码[手机号]"),
    ],
)
def test_names_and_places_by_their_surroundings(text, expected):
    assert redact(text) == expected


def test_long_texts_take_little_time():
    # 7,000 exchanges of a workbook are to be redacted in seconds; the bound leaves room for load.
    text = "领导您好，我叫李小满，家住幸福小区6栋2单元303室，电话13800001234，路灯3个月不亮。" * 7
    redact(text)
    start = time.process_time()
    for _ in range(20):
        redact(text)
    assert (time.process_time() - start) / 20 < 0.01


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "A",
        "王",
        "家住",
        "楼",
        "1栋",
        "@",
        "a@",
        "1.",
        "一",
        "家庭住址1号",
        "联系人",
    ],
)
def test_hostile_text_takes_linear_time(piece):
    text = piece * (20_000 // len(piece))
    start = time.perf_counter()
    find_personal(text)
    assert time.perf_counter() - start < 5
