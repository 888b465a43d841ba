"""The government dictionary: its form, its frequencies, and what it is there for."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import jieba
import pytest
import rjieba

from gov_sentiment.text import Tokenizer
from gov_sentiment.text.tokenizer import DICTIONARY, read_dictionary

ENTRIES = read_dictionary()


def test_there_are_two_thousand_words_each_once() -> None:
    assert len(ENTRIES) >= 2_000
    assert [word for word, n in Counter(word for word, _, _ in ENTRIES).items() if n > 1] == []
    assert {tag for _, _, tag in ENTRIES} == {"nt", "n", "v", "l"}


def test_words_are_chinese_characters_alone() -> None:
    # Texts are folded before they are cut: Latin of upper case or a full-width sign would not match.
    assert [w for w, _, _ in ENTRIES if not all("一" <= character <= "鿿" for character in w)] == []


def test_frequencies_follow_the_rule_of_the_script() -> None:
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    own = {word: int(n) for word, n, _ in (line.split(" ") for line in lines)}
    plain = rjieba.Jieba()
    wrong = [w for w, n, _ in ENTRIES if n != max(own.get(w, 0), 3 * plain.suggest_freq(w))]
    assert wrong == []


def test_every_word_alone_stays_whole() -> None:
    cutter = Tokenizer()
    assert [word for word, _, _ in ENTRIES if cutter.cut(word) != [word]] == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("转市住建局阅处", "转 市 住建局 阅处"),
        ("已转区人社局研处", "已 转 区 人社局 研处"),
        ("接诉即办", "接诉即办"),
        ("拆除未批先建的房屋", "拆除 未批先建 的 房屋"),
        ("业委会反映断头路", "业委会 反映 断头路"),
        ("保交楼专班", "保交楼 专班"),
        ("街道办事处和居委会", "街道办事处 和 居委会"),
        ("市自然资源和规划局答复", "市 自然资源和规划局 答复"),
    ],
)
def test_official_text_is_cut_right(text: str, tokens: str) -> None:
    assert Tokenizer("rjieba").cut(text) == tokens.split()
    assert Tokenizer("jieba").cut(text) == tokens.split()


def test_the_hash_is_of_the_file() -> None:
    digest = hashlib.sha256(DICTIONARY.read_bytes()).hexdigest()
    assert Tokenizer().dictionary_hash == digest
