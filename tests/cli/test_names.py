"""Names and lines of the terminal in the reader's language, in columns that line up."""

from __future__ import annotations

import re

import pytest

from gov_sentiment.cli.names import names, training_line
from gov_sentiment.cli.train import _compare
from gov_sentiment.cli.words import Language, width
from gov_sentiment.model.attribution import Reason
from gov_sentiment.model.dense import POST_NAMES, REPLY_NAMES
from gov_sentiment.model.evaluate import Baseline, Evaluation, Slice, TargetReport
from gov_sentiment.model.metrics import Figure
from gov_sentiment.model.shown import pad
from gov_sentiment.model.train import Adaptation
from gov_sentiment.report.words import RULES
from gov_sentiment.scoring.checks.rules import Hit
from gov_sentiment.scoring.explain import Explanation, ScoreExplanation

REPORT = TargetReport(
    target="sentiment",
    kind="nominal",
    n=60,
    main="kappa",
    figures={"kappa": Figure(0.5, 0.4, 0.6), "certain_accuracy": Figure(0.9, 0.8, 1.0)},
    classes=("negative", "our own class"),
    per_class={"negative": (0.5, 0.6, 0.55, 40), "our own class": (0.5, 0.6, 0.55, 20)},
    confusion=((30, 10), (5, 15)),
    by_source=(Slice("(none)", 30, 0.5), Slice("北石市住建局", 30, 0.5)),
    by_length=(),
    baselines=(Baseline("majority guess", {"kappa": 0.0}, 0.01),),
)
EVALUATION = Evaluation("labels.csv", 60, (REPORT,))


def test_an_evaluation_is_chinese_and_lines_up() -> None:
    lines = EVALUATION.as_text(names(Language.zh)).splitlines()
    assert lines[0] == "留言情感 (类别, 60 行)"
    assert {width(line.split("[")[0]) for line in lines[1:3]} == {27}
    assert len({width(line) for line in lines[3:6]}) == 1
    assert "负面" in lines[4]
    assert "our own class" in lines[5]
    places = {width(line[: line.index("κ")]) for line in lines[6:8]}
    assert len(places) == 1
    assert "（未标明）" in lines[6]
    assert lines[8].startswith("  对照: 总猜最大的一类: κ 0.000")


def test_english_keeps_the_names_of_the_files() -> None:
    text = EVALUATION.as_text(names(Language.en))
    assert text == EVALUATION.as_text()
    assert not re.search("[一-鿿]", text.replace("北石市住建局", ""))
    assert "certain_accuracy" in text


@pytest.mark.parametrize("rule", RULES)
def test_flags_are_told_with_their_rule(rule: str) -> None:
    found = Explanation("A1", (), (Hit("hollow_promise", rule, 0, 1),), ())
    assert found.as_text("zh", called=names(Language.zh)) == f"A1\n空头承诺: {RULES[rule]}"
    assert found.as_text("en", called=names(Language.en)) == f"A1\nhollow_promise: {rule}"


@pytest.mark.parametrize("feature", [*POST_NAMES, *REPLY_NAMES])
def test_every_feature_has_a_chinese_name(feature: str) -> None:
    assert re.search("[一-鿿]", names(Language.zh)(feature))
    assert names(Language.en)(feature) == feature


def test_a_word_of_the_text_is_never_renamed() -> None:
    reasons = (Reason("word", "post", "post", 0.5), Reason("feature", "length_post", "post", 0.2))
    score = ScoreExplanation("sentiment", "negative", 0.8, "neutral", False, 0.7, reasons)
    lines = Explanation("A1", (score,), (), ()).as_text(called=names(Language.zh)).splitlines()
    assert lines[1] == "留言情感: 负面 (0.80) ← 中性  Σ +0.700"
    assert lines[2:] == ["  +0.500  词       post", "  +0.200  特征     留言：长度"]


def test_what_training_says() -> None:
    warning = "fewer than 10 rows: positive (3); their figures mean little"
    assert training_line(warning, Language.en) == warning
    assert training_line(warning, Language.zh).startswith("不足 10 行：")
    assert training_line("sentiment: 1,200 rows, 80 groups", Language.zh) == (
        "留言情感：1,200 行，80 组"
    )
    assert training_line("a line of tomorrow", Language.zh) == "a line of tomorrow"


@pytest.mark.parametrize("as_is", [None, 0.4])
def test_whether_starting_from_a_model_helped(as_is: float | None) -> None:
    helped = _compare(Adaptation("default", as_is, 0.5, 0.6), "kappa", Language.zh)
    assert "有帮助（κ：" in helped
    assert ("原模型 0.400" in helped) is (as_is is not None)
    worse = _compare(Adaptation("default", as_is, 0.6, 0.5), "kappa", Language.zh)
    assert "没有帮助" in worse
    assert "did not help" in _compare(Adaptation("default", as_is, 0.6, 0.5), "kappa", Language.en)


@pytest.mark.parametrize(("text", "filled"), [("词", "词  "), ("ab", "ab  "), ("太长的", "太长的")])
def test_chinese_takes_two_columns(text: str, filled: str) -> None:
    assert pad(text, 4) == filled
