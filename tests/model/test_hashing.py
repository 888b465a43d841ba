from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gov_sentiment.model.hashing import SpanHasher, code_points, mix, to_columns

BASE = 0x9E3779B97F4A7C15
WORD = 1 << 64


def slow_hash(text: str, salt: int) -> int:
    value = sum((ord(c) + 1) * pow(BASE, k, WORD) for k, c in enumerate(text)) % WORD
    value ^= salt * BASE % WORD
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD % WORD
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 % WORD
    return value ^ (value >> 33)


@given(st.text(min_size=1, max_size=40), st.data())
def test_a_span_hashes_as_its_characters_alone(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    salt = data.draw(st.integers(0, 200))
    hasher = SpanHasher(code_points(text))
    found = hasher.spans(np.array([start]), np.array([end]), salt)
    assert int(found[0]) == slow_hash(text[start:end], salt)


def test_the_hash_never_changes():
    hasher = SpanHasher(code_points("已拆除"))
    assert int(hasher.spans(np.array([0]), np.array([3]), 1)[0]) == slow_hash("已拆除", 1)
    assert to_columns(np.array([1 << 63], dtype=np.uint64), 18).tolist() == [1 << 17]


@pytest.mark.parametrize("text", ["", "a", "字\0"])
def test_short_texts_hash(text):
    assert len(code_points(text)) == len(text)
    SpanHasher(code_points(text))


def test_namespaces_differ():
    values = np.arange(100, dtype=np.uint64)
    assert not set(mix(values, 1).tolist()) & set(mix(values, 2).tolist())
