"""rjieba cuts as jieba does: on every character, on made-up strings, on the real archives."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gov_sentiment as gs
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.text import Tokenizer
from gov_sentiment.text.tokenizer import _cutter, read_dictionary

FAST, REFERENCE = Tokenizer("rjieba"), Tokenizer("jieba")
# Words that overlap, Latin and digits that jieba joins, and marks that break runs of characters.
PIECES = [
    *"市民反映转阅处未批先建的了在不一二十百年月日①Ⅷ😀é㐀\r\n\t ，。%+#&-_.",
    *(
        "人社局",
        "住建局",
        "街道办",
        "断头路",
        "乒乓球拍卖完了",
        "结合成分子",
        "12345",
        "App",
        "GB2",
    ),
]
ARCHIVES = (
    "fuzhou12345_rivers.xlsx",
    "fuzhou_gov_weibo_posts.csv",
    "govsite_errors_2023_24.csv",
    "hunan_wenzheng_2011_20.xlsx",
    "liuyan_gas_2022_23.csv",
    "shanghai_petitions_2023_24.csv",
)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Load both dictionaries first: they would break hypothesis's deadline of one example."""
    FAST.cut("市民")
    REFERENCE.cut("市民")


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_engines_agree_on_mixed_strings(text: str) -> None:
    assert FAST.cut(text) == REFERENCE.cut(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_engines_agree_on_any_string(text: str) -> None:
    assert FAST.cut(text) == REFERENCE.cut(text)


def test_engines_agree_where_two_ways_to_cut_are_equally_likely() -> None:
    # 理理 | 理 or 理 | 理理: the last bit of the total of all frequencies decides.
    rng = random.Random(5)
    ours = [word for word, _, _ in read_dictionary()]
    doubles = ["理理", "处处", "日日", "一一", "人人", "事事", "年年", "天天", "家家", "时时"]
    for _ in range(4_000):
        word = rng.choice(doubles)
        text = rng.choice(ours) + word + word[0] + rng.choice(["", "的", "路", rng.choice(ours)])
        assert FAST.cut(text) == REFERENCE.cut(text), text


def test_engines_agree_on_characters_of_every_block() -> None:
    # The engines' patterns name blocks of characters apart from each other: try some of each.
    rng = random.Random(4)
    codes = [rng.randrange(block, block + 64) for block in range(0, 0x20000, 64)]
    for code in codes:
        if not 0xD800 <= code < 0xE000:
            for text in (f"市民{chr(code)}反映", f"a{chr(code)}1", chr(code) * 3):
                assert FAST.cut(text) == REFERENCE.cut(text), hex(code)


def test_reference_keeps_no_cache_where_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"planted by another user")
    _cutter.cache_clear()
    try:
        assert Tokenizer("jieba").cut("人社局已转办") == FAST.cut("人社局已转办")
    finally:
        _cutter.cache_clear()
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert (tmp_path / "jieba.cache").read_bytes() == b"planted by another user"


@pytest.mark.real_data
@pytest.mark.parametrize("name", ARCHIVES)
def test_engines_agree_on_archives(shared_data: Path, name: str) -> None:
    table = gs.read_archive(shared_data / "archives" / name).exchanges
    columns = ("post_title", "post_text", "reply_text")
    texts = {text for column in columns for text in table[column].to_pylist() if text}
    assert texts
    # Compared by number: a failing test must not print a citizen's words.
    assert sum(FAST.cut(text) != REFERENCE.cut(text) for text in texts) == 0


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["train.jsonl", "dev.jsonl"])
def test_engines_agree_on_labelled(shared_data: Path, name: str) -> None:
    rows = zip(*read_labelled([shared_data / "labelled" / name]).texts(), strict=True)
    texts = {text for row in rows for text in row if text}
    assert texts
    assert sum(FAST.cut(text) != REFERENCE.cut(text) for text in texts) == 0
