"""What each clause of a reply does, and when a reply says something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.scoring.checks.clauses import MOST_UNKNOWN, Act, read_clauses


@pytest.mark.parametrize(
    ("clause", "act"),
    [
        ("感谢您对我们工作的支持", Act.COURTESY),
        ("敬请谅解", Act.COURTESY),
        ("您反映的路灯不亮问题已收悉", Act.TOPIC),
        ("现将有关情况回复如下", Act.TOPIC),
        ("镇领导高度重视", Act.ATTENTION),
        ("您对处理结果表示满意", Act.AGREED),
        ("已电话与您沟通", Act.TOLD),
        ("工作人员已向您作了解释", Act.TOLD),
        ("已转相关部门办理", Act.HANDED_ON),
        ("您的诉求已交由责任单位处理", Act.HANDED_ON),
        ("目前正在进一步核实", Act.PENDING),
        ("有进展将第一时间告知您", Act.PENDING),
        ("我们将尽快解决", Act.PROMISE),
        ("已安排工作人员核实处理", Act.ORDERED),
        ("已按规定办结", Act.HANDLED),
        ("现已处理完毕", Act.DEALT_WITH),
        ("情况我们已了解", Act.TOPIC),
        ("后续由专人跟进", Act.PENDING),
        ("2024年4月10日", Act.DATE),
        ("井盖松动的原因是螺栓断裂", Act.OTHER),
    ],
)
def test_act(clause: str, act: Act) -> None:
    (read,) = read_clauses(f"{clause}。") or ()
    assert read.act is act
    assert (read.start, read.end, read.text) == (0, len(clause), clause)


@pytest.mark.parametrize(
    "clause",
    [
        # a finding behind the telling, a reason behind the apology, what is told to come
        "已电话告知您该车位属于业主共有",
        "因管道老化给您带来不便",
        "工作人员会与您联系",
        "等待红灯变绿后即可通过",
        "已联系更正",
    ],
)
def test_more_than_the_act(clause: str) -> None:
    acts = [read.act for read in read_clauses(clause) or ()]
    assert not {Act.TOLD, Act.COURTESY, Act.HANDED_ON} & set(acts)


def test_unknown_clauses_count_as_substance() -> None:
    known = "您好，已收悉，"
    assert read_clauses(known + "甲" * MOST_UNKNOWN) is not None
    assert read_clauses(known + "甲" * (MOST_UNKNOWN + 1)) is None
    half = "乙" * (MOST_UNKNOWN // 2 + 1)
    assert read_clauses(f"{known}{half}，{half}") is None


@given(st.text(alphabet="您好已转办收悉将尽快，。；！ 1月甲\n", max_size=80) | st.text(max_size=80))
def test_clauses_lie_in_the_text_in_order(body: str) -> None:
    end = 0
    for clause in read_clauses(body) or ():
        assert end <= clause.start < clause.end
        assert body[clause.start : clause.end] == clause.text
        end = clause.end
    assert end <= len(body)
