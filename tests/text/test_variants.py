"""Traditional characters and mentions, as the models read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.model.prepare import fold, fold_all
from gov_sentiment.text.variants import marked_characters, plain_variant


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("路燈壞了三個月，沒人來修", "路灯坏了三个月，没人来修"),
        ("感謝您對我們工作的關注", "感谢您对我们工作的关注"),
        ("路灯坏了", "路灯坏了"),
        ("著名的乾隆年间古桥", "著名的乾隆年间古桥"),
        ("//@小区张三:支持//@li-si_01:转", "//@:支持//@:转"),
        ("回复@小明:已经修好了", "回复@:已经修好了"),
        ("@ 空着", "@ 空着"),
        ("", ""),
    ],
)
def test_plain_variant(text: str, plain: str) -> None:
    assert plain_variant(text) == plain


def test_traditional_and_simplified_post_fold_alike() -> None:
    assert fold("１２３４５熱線無人接聽") == fold("12345热线无人接听") == "0热线无人接听"


@given(st.lists(st.text(alphabet="路燈灯壞@＠某a1１ 　/:：。乾嚴重", max_size=12), max_size=5))
def test_batches_fold_as_single_texts(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.text(max_size=30))
def test_a_text_without_marked_characters_is_left_alone(text: str) -> None:
    if marked_characters().isdisjoint(text):
        assert plain_variant(text) == text
