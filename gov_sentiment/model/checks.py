"""Checks of labelled rows before anything is learnt from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from gov_sentiment.errors import BadLabels
from gov_sentiment.model.labelled import Labelled
from gov_sentiment.model.prepare import fold, split_answer
from gov_sentiment.model.targets import Target
from gov_sentiment.model.views import Float

RARE: Final = 10
_KEY: Final = 40
_SHORT: Final = 12
_MIN_SOURCES: Final = 8


@dataclass(frozen=True)
class LabelChecks:
    """What was found in the labels.

    balance: rows by class or level; empty for a numeric target. duplicates: rows whose texts
    stand in an earlier row. conflicts: texts that bear different labels. near_duplicates: rows
    whose text begins like another's; they stay in one fold. warnings: in words.
    """

    n_rows: int
    balance: Mapping[str, int]
    duplicates: int
    conflicts: int
    near_duplicates: int
    warnings: tuple[str, ...]


def check_labels(data: Labelled, target: Target, labels: Float) -> LabelChecks:
    """Return what stands out in the labels.

    Raises:
        BadLabels: only one class or value has rows.
    """
    seen: dict[str, set[float]] = defaultdict(set)
    texts = ["\n".join(t or "" for t in row) for row in zip(*data.texts(), strict=True)]
    for text, label in zip(texts, labels, strict=True):
        seen[text].add(float(label))
    duplicates = len(texts) - len(seen)
    conflicts = sum(len(found) > 1 for found in seen.values())
    near = Counter(_keys(data, target))
    balance = _balance(target, labels)
    warnings = []
    if len(np.unique(labels)) < 2:
        raise BadLabels(f"{data.where}: column {target.name} has one value; nothing to learn.")
    rare = [f"{name} ({n})" for name, n in balance.items() if n < RARE]
    if rare:
        warnings.append(f"fewer than {RARE} rows: {', '.join(rare)}; their figures mean little")
    if balance and max(balance.values()) > 0.9 * len(labels):
        warnings.append("one class has more than 90 % of the rows; look at macro-F1 and κ")
    if conflicts:
        warnings.append(f"{conflicts} texts bear more than one label")
    if duplicates:
        warnings.append(f"{duplicates} rows repeat an earlier row; they stay in one fold")
    return LabelChecks(
        len(labels),
        balance,
        duplicates,
        conflicts,
        sum(n for n in near.values() if n > 1),
        tuple(warnings),
    )


def group_rows(data: Labelled, target: Target) -> list[str]:
    """Return each row's group for cross-validation.

    Rows of one source (agency, group, or the id's stem) stay together where there are at least
    eight sources; rows whose text begins alike always do, whatever their sources.
    """
    keys, sources = _keys(data, target), data.sources()
    if len(set(sources)) < _MIN_SOURCES:
        sources = [f"row {row}" for row in range(len(keys))]
    parents: dict[str, str] = {}

    def root(item: str) -> str:
        while parents.setdefault(item, item) != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    for row, (source, key) in enumerate(zip(sources, keys, strict=True)):
        own = f"s:{source}" if source else f"r:{row}"
        parents[root(f"k:{key}")] = root(own)
    found = [root(f"k:{key}") for key in keys]
    # Templates that many agencies share can tie all sources together; then only texts count.
    return found if len(set(found)) >= _MIN_SOURCES else list(keys)


def _balance(target: Target, labels: Float) -> dict[str, int]:
    if target.kind == "numeric":
        return {}
    if target.nominal:
        return {name: int((labels == code).sum()) for code, name in enumerate(target.classes)}
    return {
        f"{level:g}": int((labels == level).sum())
        for level in np.arange(target.low, target.high + 1)
    }


def _keys(data: Labelled, target: Target) -> list[str]:
    titles, posts, replies = data.texts()
    keys = []
    for row, (title, post, reply) in enumerate(zip(titles, posts, replies, strict=True)):
        key = ""
        if target.text != "post" and reply:
            key = split_answer(fold(reply))[1][:_KEY]
        if len(key) < _SHORT:
            # Two short answers may be alike by chance; their posts tell them apart.
            key += fold(f"{title or ''} {post or ''}")[:_KEY]
        keys.append(key or f"row {row}")
    return keys
