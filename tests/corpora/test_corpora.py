"""The sample is what its README says, labelled by the codebook, and made from its source."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from gov_sentiment.archive import read_archive
from gov_sentiment.exchange import INTENTS, NOMINAL_TARGETS, ORDINAL_TARGETS, REPLY_TYPES

ROOT = Path(__file__).resolve().parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return load("build_corpora")


@pytest.fixture(scope="module")
def exchanges(build: ModuleType) -> list[Any]:
    return build.read_source()  # type: ignore[no-any-return]


def test_labels_follow_the_codebook(exchanges: list[Any]) -> None:
    for e in exchanges:
        assert e.intent in INTENTS
        assert bool(e.labels) == bool(e.replies), e.exchange_id
        if e.labels:
            assert e.labels["reply_type"] in REPLY_TYPES
            for name, (low, high) in ORDINAL_TARGETS.items():
                assert low <= e.labels[name] <= high, e.exchange_id
    assert set(NOMINAL_TARGETS) == {"sentiment", "intent", "reply_type"}


def test_counts_are_those_of_the_readme(exchanges: list[Any]) -> None:
    text = (ROOT / "corpora" / "README.md").read_text(encoding="utf-8")
    assert text.split("\n")[2].startswith(
        f"{len(exchanges):,} exchanges with {len({e.agency for e in exchanges}):,} invented agencies"
    )
    for part in ("demo/", "train.jsonl", "test.jsonl"):
        row = re.search(rf"\| `{part}` \| ([\d,]+) \| ([\d,]+) \| (\d+) \|", text)
        chosen = [e for e in exchanges if part.startswith(e.part)]
        assert row is not None
        assert [int(n.replace(",", "")) for n in row.groups()] == [
            len(chosen),
            len({e.agency for e in chosen}),
            sum(not e.replies for e in chosen),
        ]


def test_the_test_part_comes_from_other_agencies(exchanges: list[Any]) -> None:
    agencies = {
        part: {e.agency for e in exchanges if e.part == part} for part in ("demo", "train", "test")
    }
    assert all(agencies.values())
    assert not agencies["test"] & (agencies["train"] | agencies["demo"])


def test_counts_of_labels_are_those_of_the_readme(exchanges: list[Any]) -> None:
    text = (ROOT / "corpora" / "README.md").read_text(encoding="utf-8")
    labels = [e.labels for e in exchanges if e.labels]
    for name, n in Counter(e.intent for e in exchanges).items():
        assert re.search(rf"\b{n}\s+{name}\b", text), name
    for name, n in Counter(each["reply_type"] for each in labels).items():
        assert re.search(rf"\b{n}\s+{name}\b", text), name
    for level, n in Counter(each["courtesy"] for each in labels).items():
        assert f"{n:,} with {level}" in text
    best = sum(each["quality"] == 5 for each in labels)
    assert f"{best} of {len(labels):,} replies are labelled 5" in text
    assert f"{sum(len(e.replies) > 1 for e in exchanges)} exchanges have several replies" in text


@pytest.mark.parametrize("side", ["post", "reply_text"])
def test_no_two_texts_are_nearly_the_same(exchanges: list[Any], side: str) -> None:
    kept = [
        (e, plain)
        for e in exchanges
        if len(plain := re.sub(r"\W", "", getattr(e, side) or "")) >= 12
    ]
    copied = np.array([side == "reply_text" and "boilerplate" in (e.flags or ()) for e, _ in kept])
    counts = CountVectorizer(analyzer="char", ngram_range=(5, 5), binary=True, lowercase=False)
    grams = counts.fit_transform([plain for _, plain in kept])
    shared = sparse.triu(grams @ grams.T, k=1).tocoo()
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    likeness = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    near = (likeness >= 0.5) & ~(copied[shared.row] & copied[shared.col])
    assert [
        (kept[i][0].exchange_id, kept[j][0].exchange_id)
        for i, j in zip(shared.row[near], shared.col[near], strict=True)
    ] == []


def test_made_files_are_up_to_date(build: ModuleType, tmp_path: Path) -> None:
    build.write_all(tmp_path)
    for name in ("train.jsonl", "test.jsonl", "labels/demo.jsonl", "demo/mailbox.csv"):
        assert (tmp_path / name).read_bytes() == (ROOT / "corpora" / name).read_bytes(), name
    made = read_archive(tmp_path / "demo").exchanges
    kept = read_archive(ROOT / "corpora" / "demo").exchanges
    assert made.drop_columns("source_file").equals(kept.drop_columns("source_file"))


def test_the_demo_reads_whole(exchanges: list[Any]) -> None:
    archive = read_archive(ROOT / "corpora" / "demo")
    demo = {e.exchange_id: e for e in exchanges if e.part == "demo"}
    rows = archive.exchanges.to_pylist()
    assert {row["exchange_id"] for row in rows} == set(demo)
    for row in rows:
        assert row["reply_text"] == demo[row["exchange_id"]].reply_text
    assert dict(archive.ledger.rejected) == {"total_row": 1}


def test_gold_flags_are_known(exchanges: list[Any]) -> None:
    from gov_sentiment.scoring.checks import FLAGS

    counts = Counter(flag for e in exchanges for flag in e.flags or ())
    assert set(counts) <= set(FLAGS)
    lines = (ROOT / "corpora" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["post_text"] for line in lines)
