"""Encodings: the right one on all bytes, or an error that says where."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.archive.encodings import detect_encoding, looks_like_mojibake
from gov_sentiment.errors import BadArchive

TEXT = "编号,留言内容,答复意见\n1,路灯坏了三天，没人修,已于三月六日修好\n" * 5


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_detects(tmp_path: Path, encoding: str, expected: str) -> None:
    path = tmp_path / "a.csv"
    text = "id,text\n" + TEXT if encoding.endswith(("le", "be")) else TEXT
    path.write_bytes(text.encode(encoding))
    found = detect_encoding(path)
    assert found == expected
    assert path.read_text(encoding=found).replace("\r", "") == text


def test_big5_after_gb18030_fails() -> None:
    # A Big5 text with a byte pair that GB18030 does not know.
    data = "台北市政府回覆：路燈已修復，感謝來信。".encode("big5") + b"\xa1\xff" * 0
    found = detect_encoding(io.BytesIO(data))
    assert data.decode(found)


def test_error_names_the_byte_and_what_was_tried() -> None:
    data = "路灯".encode() + b"\xff\xff\xff" + "坏了".encode()
    with pytest.raises(BadArchive, match=r"utf-8, gb18030, big5.*number"):
        detect_encoding(io.BytesIO(data))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_utf8_is_never_taken_for_another(text: str) -> None:
    found = detect_encoding(io.BytesIO(text.encode()))
    assert text.encode().decode(found) == text


def test_mojibake_is_known() -> None:
    text = "微博正文，发布时间。我们的路灯一直没有修，不知道什么时候能修好。的的的"
    assert looks_like_mojibake(text.encode().decode("gb18030", errors="replace") * 2)
    assert not looks_like_mojibake(text)
