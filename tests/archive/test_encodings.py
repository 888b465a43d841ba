"""Encodings: the right one on all bytes, few broken ones borne, or an error that says where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.encodings import TextEncoding, detect_text, looks_like_mojibake
from gov_sentiment.errors import BadArchive

TEXT = "编号,留言内容,答复意见\n1,路灯坏了三天，没人修,已于三月六日修好\n" * 5
TRADITIONAL = "編號,內容,回覆\n1,路燈壞了三天沒有人修理,已經派人前往處理感謝您的來信\n" * 5


def detect(folder: Path, data: bytes) -> TextEncoding:
    path = folder / "a.csv"
    path.write_bytes(data)
    return detect_text(path)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("head", ["id,text\n", ""])
def test_detects(tmp_path: Path, encoding: str, head: str) -> None:
    found = detect(tmp_path, (head + TEXT).encode(encoding))
    assert found == TextEncoding(encoding)
    assert (tmp_path / "a.csv").read_text(encoding=found.codec) == head + TEXT


def test_big5_though_gb18030_has_a_meaning_for_its_bytes(tmp_path: Path) -> None:
    TRADITIONAL.encode("big5").decode("gb18030")
    assert detect(tmp_path, TRADITIONAL.encode("big5")) == TextEncoding("big5")


def test_traditional_characters_in_gb18030_stay_gb18030(tmp_path: Path) -> None:
    assert detect(tmp_path, TRADITIONAL.encode("gb18030")) == TextEncoding("gb18030")


def test_error_names_the_byte_and_what_was_tried(tmp_path: Path) -> None:
    data = "路灯".encode() + b"\xff\xff\xff" + "坏了".encode()
    with pytest.raises(BadArchive, match=r"utf-8, gb18030, big5.*number"):
        detect(tmp_path, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_broken_byte_among_many_whole_ones(tmp_path: Path, encoding: str) -> None:
    data = TEXT.encode(encoding)
    at = data.rindex(b"\n1,")
    found = detect(tmp_path, data[:at] + b"\xff" + data[at:])
    assert found == TextEncoding(encoding, 1)
    assert found.errors == "surrogateescape"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_many_broken_bytes_are_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadArchive, match="not text in any encoding"):
        detect(tmp_path, b"\xff\n".join([TEXT.encode(encoding)] * 4))


def test_what_is_not_simplified_chinese_is_not_borne_in_gb18030(tmp_path: Path) -> None:
    text = "çàéèêëîïôûùüÿñÇÀÉÈ" * 20
    with pytest.raises(BadArchive, match="not text in any encoding"):
        detect(tmp_path, b"id,text\n" + text.encode("latin-1") + b"\xff\n")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_utf8_is_never_taken_for_another(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    assert detect(tmp_path_factory.mktemp("e"), text.encode()) == TextEncoding("utf-8")


def test_mojibake_is_known() -> None:
    text = "微博正文，发布时间。我们的路灯一直没有修，不知道什么时候能修好。的的的"
    assert looks_like_mojibake(text.encode().decode("gb18030", errors="replace") * 2)
    assert not looks_like_mojibake(text)
