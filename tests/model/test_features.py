from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.model.dense import (
    POST_NAMES,
    REPLY_NAMES,
    overlap_idf,
    post_dense,
    reply_dense,
)
from gov_sentiment.model.features import char_spans, word_spans
from gov_sentiment.model.prepare import fold, fold_all, prepare, split_answer
from gov_sentiment.model.views import POST_CHARS, POST_VIEWS, REPLY_VIEWS, count_view, idf_of, weigh

TEXTS = st.lists(
    st.tuples(st.text("路灯坏了。！ab12\n", max_size=30), st.text("您好已修复。；3", max_size=30)),
    min_size=1,
    max_size=6,
)


def parts_of(pairs):
    return prepare([None] * len(pairs), [p for p, _ in pairs], [r for _, r in pairs])


@given(TEXTS)
@settings(deadline=None)
def test_features_of_a_row_do_not_depend_on_the_batch(pairs):
    whole = parts_of(pairs)
    for view in (*POST_VIEWS, *REPLY_VIEWS, *POST_CHARS):
        together = count_view(whole, view, 14).toarray()
        alone = [count_view(parts_of([pair]), view, 14).toarray()[0] for pair in pairs]
        assert (together == np.array(alone)).all()
    idf = overlap_idf(whole)
    one_by_one = [reply_dense(parts_of([pair]), idf)[0] for pair in pairs]
    assert (reply_dense(whole, idf) == np.array(one_by_one)).all()


@given(TEXTS)
@settings(deadline=None)
def test_tokens_cover_their_parts(pairs):
    parts = parts_of(pairs)
    for start, end, token in zip(parts.token_start, parts.token_end, parts.tokens, strict=True):
        assert "".join(map(chr, parts.codes[start:end])) == token


@given(st.text(max_size=300))
def test_a_reply_is_cut_without_loss(text):
    assert "".join(split_answer(fold(text))) == fold(text)


ODD = st.text("１0 \u3000 aＡΣ…㎡é́", max_size=9)


@given(st.lists(st.one_of(st.none(), st.text(max_size=40), ODD)))
@settings(deadline=None, max_examples=300)
def test_a_batch_folds_as_each_text(texts):
    assert fold_all(texts) == [fold(text) for text in texts]


def test_head_and_closing_are_told_from_the_answer():
    reply = fold("您好，您反映的路灯问题收悉，现答复如下：路灯已修复，请放心使用。感谢您的支持！")
    head, body, closing = split_answer(reply)
    assert head.endswith("如下:")
    assert body.startswith("路灯已修复")
    assert closing.startswith("感谢您的")


def test_digits_and_widths_fold():
    assert fold("ＡＢ１２３ 号\u3000x") == "ab0 号 x"
    assert fold(None) == ""


def test_spans_stay_inside_parts():
    parts = prepare(["标题"], ["正文字"], [None])
    spaces = np.array([1, 1, -1, -1, -1])
    spans = char_spans(parts, [2], spaces)
    texts = [
        "".join(map(chr, parts.codes[a:b])) for a, b in zip(spans.start, spans.end, strict=True)
    ]
    assert texts == ["标题", "正文", "文字"]
    assert len(word_spans(parts, spaces).start) >= 2


def test_dense_names_match_columns():
    parts = prepare(["一"], ["二三。四"], ["您好，五"])
    assert post_dense(parts).shape == (1, len(POST_NAMES))
    assert reply_dense(parts, overlap_idf(parts)).shape == (1, len(REPLY_NAMES))


def test_overlap_is_one_for_a_reply_that_repeats_its_post():
    parts = prepare([None], ["路灯坏了很久"], ["路灯坏了很久"])
    overlap = reply_dense(parts, overlap_idf(parts))[0, REPLY_NAMES.index("overlap_post_body")]
    assert abs(overlap - 1) < 1e-9


def test_rows_weigh_one():
    parts = parts_of([("路灯坏了", "已修复"), ("", "")])
    counts = count_view(parts, POST_VIEWS[0], 12)
    weighed = weigh(counts, idf_of(counts, 1))
    assert np.allclose(weighed.multiply(weighed).sum(axis=1).ravel(), [1, 0])
