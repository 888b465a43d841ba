"""The parts of a reply, sentences, and the tokenizer."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.text import Tokenizer, sentence_spans, split_reply, split_sentences
from gov_sentiment.text.tokenizer import read_dictionary

REPLIES = [
    (
        "尊敬的网友：您好！您反映的路灯问题已收悉。现答复如下：经查看，灯泡已更换。感谢您的关注！云陵市城市管理局 2024年3月5日",
        "经查看，灯泡已更换。",
    ),
    ("您好，灯泡已更换。", "灯泡已更换。"),
    (
        "居民您好，来信收悉。该路段暂未列入计划，感谢您对我们工作的支持。特此告知。",
        "该路段暂未列入计划，",
    ),
    ("王女士：您来信反映的事项收悉。感谢您的来信。", ""),
    ("灯泡已更换，祝您生活愉快！", "灯泡已更换，"),
]


@pytest.mark.parametrize(("reply", "body"), REPLIES)
def test_body(reply: str, body: str) -> None:
    parts = split_reply(reply)
    assert parts.body.strip() == body
    assert parts.greeting + parts.restated + parts.body + parts.closing == reply


@given(st.text(alphabet="您好，。！感谢来信已收悉现答复如下：灯修了2024年3月5日局\n", max_size=80))
def test_parts_cover_the_reply(reply: str) -> None:
    parts = split_reply(reply)
    start, end = parts.body_span
    assert 0 <= parts.greeting_end <= start <= end <= len(reply)
    assert parts.greeting + parts.restated + parts.body + parts.closing == reply


def test_sentences() -> None:
    assert split_sentences("灯坏了。“真的吗？”修好了！\n谢谢") == [
        "灯坏了。",
        "“真的吗？”",
        "修好了！",
        "谢谢",
    ]
    assert sentence_spans("") == []


@given(st.text(max_size=60))
def test_sentences_keep_every_word(text: str) -> None:
    joined = "".join(text[a:b] for a, b in sentence_spans(text))
    assert "".join(joined.split()) == "".join(text.split())


def test_tokens_join_to_the_text_and_pickle() -> None:
    tokenizer = pickle.loads(pickle.dumps(Tokenizer()))
    text = "云陵市住建局已转办，请拨打12345。"
    assert "".join(tokenizer.cut(text)) == text
    assert tokenizer.cut_batch([text, ""]) == [tokenizer.cut(text), []]
    assert len(tokenizer.dictionary_hash) == 64


def test_both_engines_give_the_same_tokens() -> None:
    fast, reference = Tokenizer("rjieba"), Tokenizer("jieba")
    for text in (
        "人社局转市住建局阅处，接诉即办未批先建。",
        "断头路和保交楼什么时候能解决呀",
        *[r for r, _ in REPLIES],
    ):
        assert fast.cut(text) == reference.cut(text)


def test_unknown_engine() -> None:
    with pytest.raises(ValueError, match="choose rjieba or jieba"):
        Tokenizer("pkuseg")  # type: ignore[arg-type]


def test_dictionary_lines(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "d.txt"
    path.write_text("# ours\n阅处 300 v\n", encoding="utf-8")
    assert read_dictionary(path) == [("阅处", 300, "v")]
