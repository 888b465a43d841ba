"""The page of one exchange: evidence marked, personal data gone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from gov_sentiment.model.attribution import Reason
from gov_sentiment.model.encoder import POST_ROLES, REPLY_ROLES
from gov_sentiment.model.sentence_roles import SentenceRole
from gov_sentiment.report.explain_page import marked, render_explain_page
from gov_sentiment.report.features import chinese_features
from gov_sentiment.report.words import ROLES, RULES
from gov_sentiment.scoring.checks.rules import Hit, ReplyView, body_span, row_hits
from gov_sentiment.scoring.explain import Explanation, ScoreExplanation
from gov_sentiment.text import redact

TEXT = "路灯坏了三个月，请打13912345678，路灯到底谁管？"
CASES = Path(__file__).parents[1] / "checks" / "flag_cases.jsonl"
MARKS = [(0, 2, "for", ("甲", "a")), (10, 14, "rule", ("乙", "b"))]


def test_pieces_join_to_the_redacted_text() -> None:
    pieces = marked(TEXT, MARKS)
    assert "".join(piece.text for piece in pieces) == redact(TEXT)
    assert (pieces[0].text, pieces[0].mark) == ("路灯", "for")
    assert marked("", MARKS) == []


def test_page_marks_words_and_keeps_secrets() -> None:
    reasons = (Reason("word", "路灯", "post", 0.5), Reason("word", "到底", "post", -0.2))
    score = ScoreExplanation("sentiment", "negative", 0.9, "neutral", False, 0.3, reasons)
    row = {"post_text": TEXT, "reply_text": None, "flags": [], "agency": "云陵市城市管理局"}
    html = render_explain_page(Explanation("e1", (score,), (), ()), row)
    assert html.count('<mark class="for" title="留言情感 +0.50') == 2
    assert html.count('<mark class="against" title=') == 1
    assert "13912345678" not in html


def hits_of(case: dict[str, str]) -> list[Hit]:
    start, end = body_span(case["reply"])
    at = datetime(2024, 3, 1, 9, 30)
    types = (case["intent"], case["reply_type"], case["status"])
    return row_hits(ReplyView(case["post"], case["reply"], start, end, *types, at, at))


def test_every_rule_has_a_chinese_name() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert {hit.rule for case in cases for hit in hits_of(case)} == set(RULES)


def test_a_rule_is_named_in_both_languages() -> None:
    hit = Hit("shirking", "refuses competence and names no other body", 0, 4)
    row = {"post_text": TEXT, "reply_text": "不归我们管。", "flags": ["shirking"]}
    html = render_explain_page(Explanation("e1", (), (hit,), ()), row)
    assert f'lang="zh-CN">{RULES[hit.rule]}</span>' in html
    assert f'lang="en">{hit.rule}</span>' in html


def test_sentences_stand_with_what_they_do() -> None:
    sentences = (
        SentenceRole("post", "路灯到底谁管?", "asks", 0.8, 1.0),
        SentenceRole("reply", "王先生您好,您反映的问题收悉。", "formula", 0.9, 0.1),
        SentenceRole("reply", "路灯已修复。", "resolves", 0.7, 0.9),
    )
    row = {"post_text": TEXT, "reply_text": "王先生您好", "flags": []}
    html = render_explain_page(Explanation("e1", (), (), (), sentences), row)
    assert "★ 路灯已修复。" in html
    assert "★ 王" not in html
    assert 'lang="zh-CN">已办</span>' in html
    assert "王先生" not in html.split('id="sentences"')[1]


def test_every_role_has_names() -> None:
    assert set(ROLES) == {*POST_ROLES, *REPLY_ROLES}


def test_features_have_chinese_names_on_the_page() -> None:
    reason = Reason("feature", "length_post", "post", 0.4)
    score = ScoreExplanation("sentiment", "negative", 0.9, "neutral", False, 0.4, (reason,))
    html = render_explain_page(Explanation("e1", (score,), (), ()), {"post_text": TEXT})
    assert f'lang="zh-CN">{chinese_features()["length_post"]}</span>' in html
    assert 'lang="en">length_post</span>' in html
