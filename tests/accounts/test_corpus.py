"""The committed sample is what its script makes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType

import pytest
from accounts_corpus import CORPUS, ROOT, SOURCES


def rows(path: Path) -> list[tuple[object, ...]]:
    base = sqlite3.connect(path)
    found = [
        row for table in ("weibo", "comments") for row in base.execute(f"SELECT * FROM {table}")
    ]
    base.close()
    return found


def test_the_sample_is_made_by_its_script(
    tmp_path: Path, builder: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "TARGET", tmp_path)
    builder.main()
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in CORPUS.iterdir()}
    for name in made:
        if name.endswith(".db"):
            assert rows(tmp_path / name) == rows(CORPUS / name)
        else:
            assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), name


def test_the_counts_that_are_written_are_those_of_the_sources(builder: ModuleType) -> None:
    accounts = {name: builder.read_source(source, name) for name, source in SOURCES.items()}
    posts = [post for found in accounts.values() for post in found]
    comments = sum(len(post.comments) for post in posts)
    assert len(posts) + comments >= 300
    for page in ("corpora/README.md", "docs/accounts.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert f"{len(posts)} posts" in text
        assert f"{comments} comments and answers" in text
