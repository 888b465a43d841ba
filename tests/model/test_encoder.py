from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gov_sentiment.model.arrays import encoder_arrays, read_encoder
from gov_sentiment.model.encoder import (
    Encoder,
    TextEncoder,
    hidden_of_all,
    make_tables,
    multiply,
)
from gov_sentiment.model.layout import PAD, SENTENCE_FEATURES, WordTable, known_words, lay_out
from gov_sentiment.model.prepare import prepare

SIZE, FILTERS, HIDDEN, MIX, DENSE, ROLES = 6, 4, 5, 3, 7, 2
READ = 3 * HIDDEN + 2 * ROLES
RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def make_encoder() -> Encoder:
    parts = prepare(["路灯坏了"], ["请问何时修复。谢谢！"], ["您好，已修复。"])
    words = np.unique(parts.hasher.spans(parts.token_start, parts.token_end, 0))
    vectors = RNG.integers(-127, 127, (len(words) + 2, SIZE)).astype(np.int8)
    vectors[0] = 0
    steps = RNG.uniform(0.005, 0.012, len(vectors)).astype(np.float32)
    sides = []
    for kinds in ((0, 1), (2, 3, 4)):
        offsets = normal(6, SIZE, FILTERS)
        sides.append(
            TextEncoder(
                kinds, 40, offsets, make_tables(vectors, steps, offsets), normal(3 * FILTERS),
                normal(3 * FILTERS + SENTENCE_FEATURES, HIDDEN).astype(float),
                normal(HIDDEN).astype(float), normal(HIDDEN, 2).astype(float),
                normal(2).astype(float), normal(HIDDEN, ROLES + 1).astype(float),
                normal(ROLES + 1).astype(float),
            )
        )  # fmt: skip
    shapes = {
        "post": (READ, 2), "asked": (READ, MIX), "said": (READ, MIX),
        "mixed": (READ + 2 * MIX + DENSE, HIDDEN), "pair": (HIDDEN + READ, 3),
    }  # fmt: skip
    layers = {"dense.mean": np.zeros(DENSE), "dense.scale": np.ones(DENSE)}
    for name, shape in shapes.items():
        layers[f"{name}.weight"] = normal(*shape).astype(float)
        layers[f"{name}.bias"] = normal(shape[1]).astype(float)
    return Encoder(words, vectors, steps, sides[0], sides[1], layers)


ENCODER = make_encoder()


def slow_encode(side: TextEncoder, vectors, sentences, features):
    """The same by loops over words, one text."""
    hidden = []
    for ids, feature in zip(sentences, features, strict=True):
        known = vectors[ids] * ENCODER.steps[ids][:, None].astype(float)
        rows = np.vstack([np.zeros(SIZE), known, np.zeros((PAD, SIZE))])
        best = np.full(3 * FILTERS, -np.inf)
        for t in range(1, len(rows)):
            after = rows[t + 1] if t + 1 < len(rows) else np.zeros(SIZE)
            o = side.offsets.astype(float)
            answers = np.concatenate(
                [
                    rows[t] @ o[0],
                    rows[t - 1] @ o[1] + rows[t] @ o[2],
                    rows[t - 1] @ o[3] + rows[t] @ o[4] + after @ o[5],
                ]
            )
            best = np.maximum(best, answers)
        pooled = np.concatenate([np.maximum(best + side.bias, 0), feature])
        hidden.append(np.maximum(pooled @ side.dense + side.dense_bias, 0))
    hidden = np.array(hidden)
    attention = np.exp(hidden @ side.attention + side.attention_bias)
    share = (attention / attention.sum(axis=0)).mean(axis=1)
    outputs = hidden @ side.roles + side.roles_bias
    likely = np.exp(outputs[:, :-1])
    likely = likely / likely.sum(axis=1, keepdims=True)
    decides = np.exp(outputs[:, -1])
    decides = decides / decides.sum()
    means = (share @ hidden, decides @ hidden, decides @ likely)
    return np.concatenate([hidden.max(axis=0), *means, likely.max(axis=0)])


def test_the_tables_equal_a_convolution():
    parts = prepare([None], ["路灯坏了。请问何时修复！谢谢"], ["已修复"])
    ids = known_words(parts, ENCODER.words)
    tokens = lay_out(parts, ids, (0, 1), 40)
    ends = np.append(tokens.begins[1:], len(tokens.ids)) - PAD
    sentences = [tokens.ids[a:b] for a, b in zip(tokens.begins, ends, strict=True)]
    expected = slow_encode(ENCODER.post, ENCODER.vectors, sentences, tokens.features)
    assert ENCODER.post.encode(tokens)[0] == pytest.approx(expected, rel=1e-3, abs=1e-3)


TEXT = st.text("路灯坏了请问修复。！，谢 ", max_size=25)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=7))
@settings(deadline=None)
def test_a_text_is_read_alike_in_any_batch(pairs):
    def outputs(rows):
        parts = prepare([None] * len(rows), [p for p, _ in rows], [r for _, r in rows])
        found = ENCODER.outputs(ENCODER.hidden(parts), np.ones((len(rows), DENSE)))
        return np.column_stack([found.post, found.pair])

    together = outputs(pairs)
    alone = np.vstack([outputs([pair]) for pair in pairs])
    assert (together == alone).all()
    assert (outputs(pairs[::-1])[::-1] == together).all()


def test_the_size_of_blocks_changes_nothing(monkeypatch):
    posts = ["路灯坏了。请问何时修复！" * n + "谢谢" * n for n in range(9)]
    parts = prepare([None] * 9, posts, [None] * 9)
    ids = known_words(parts, ENCODER.words)
    whole = ENCODER.post.encode(ENCODER.post.lay_out(parts, ids))
    monkeypatch.setattr("gov_sentiment.model.layout.BLOCK_SENTENCES", 2)
    assert (ENCODER.post.encode(ENCODER.post.lay_out(parts, ids)) == whole).all()


def test_equal_sentences_are_read_once():
    parts = prepare(["谢谢"] * 3, ["路灯坏了。路灯坏了。谢谢！"] * 3, [None] * 3)
    tokens = ENCODER.post.lay_out(parts, known_words(parts, ENCODER.words))
    assert len(tokens.begins) == 12
    assert [block.ids.shape[1] for block in tokens.blocks] == [3]
    joined = [
        block.ids[: sum(n > k for n in block.alive), k].tolist()
        for block in tokens.blocks
        for k in range(block.ids.shape[1])
    ]
    ends = tokens.begins + tokens.lengths
    for begin, end, kind in zip(tokens.begins, ends, tokens.kind, strict=True):
        assert joined[kind] == tokens.ids[begin:end].tolist()


@given(st.lists(st.integers(0, 2**64 - 1), unique=True, max_size=30), st.integers(0, 2**64 - 1))
def test_words_are_found_by_their_hash(hashes, other):
    near = [h + step for h in hashes for step in (-1, 0, 1) if 0 <= h + step < 2**64]
    asked = [*near, other, 0, 2**64 - 1]
    words = sorted(hashes)
    found = WordTable(np.array(words, dtype=np.uint64)).find(np.array(asked, dtype=np.uint64))
    assert found.tolist() == [words.index(h) if h in words else -1 for h in asked]


def test_a_row_without_words_has_one_empty_sentence():
    parts = prepare(["题", None], [None, None], [None, "好"])
    tokens = lay_out(parts, known_words(parts, ENCODER.words), (0, 1), 40)
    assert tokens.documents.tolist() == [0, 1]
    assert tokens.features.shape == (2, SENTENCE_FEATURES)


def test_a_product_does_not_depend_on_its_neighbours():
    left, right = RNG.normal(size=(401, 33)), RNG.normal(size=(33, 7))
    whole = multiply(left, right)
    assert np.allclose(whole, left @ right)
    assert (multiply(left[100:103], right) == whole[100:103]).all()


def test_arrays_give_the_encoder_again():
    again = read_encoder(encoder_arrays(ENCODER, "e"), "e")
    assert again.post.kinds == (0, 1)
    assert again.reply.longest == 40
    for table, same in zip(again.post.tables.words, ENCODER.post.tables.words, strict=True):
        assert (table == same).all()
    assert all((again.layers[k] == v).all() for k, v in ENCODER.layers.items())


def test_encoders_that_agree_share_the_layout():
    parts = prepare(["路灯坏了"], ["请问何时修复。"], ["已修复"])
    alone = ENCODER.hidden(parts)
    for found in hidden_of_all([ENCODER, ENCODER], parts):
        assert (found.post == alone.post).all()
        assert (found.pair == alone.pair).all()
    other = replace(ENCODER, words=ENCODER.words[:-1])
    assert not ENCODER.reads_like(other)
    assert len(hidden_of_all([ENCODER, other], parts)) == 2
