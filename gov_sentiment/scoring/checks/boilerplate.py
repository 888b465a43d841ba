"""Near-duplicate replies to different posts: the copied answer.

Candidates come from MinHash bands, each is verified by the edit similarity of the masked
texts, and verified pairs are joined into clusters. A cluster is boilerplate only where its
posts differ: identical answers to identical questions are legitimate (domain literature:
Shenqiu county 2013, 639 letters with one answer).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from gov_sentiment.scoring.checks.minhash import band_keys, minhash_signatures

MIN_CLUSTER: Final = 3
MIN_SIMILARITY: Final = 80.0  # rapidfuzz ratio, 0–100, of the masked texts
_MIN_CHARACTERS: Final = 6
_SAME_POST: Final = 75.0
_FEW: Final = 16  # texts that are compared each with each, which is as fast and misses nothing
_BAND_ROWS: Final = 3
_N_HASHES: Final = 54

# What a copyist swaps: the citizen's name, dates, numbers, ids. Masked before comparing.
_SALUTATION: Final = re.compile(
    r"^[\s“”\"‘’]*(?:尊敬的|亲爱的|致)?(?:网友|市民|来信人|留言人)?[^，。：:！!,\s]{0,16}?"
    r"(?:先生/女士|先生|女士|同志|网友|市民|同学|老师|朋友|家长|居民)?"
    r"[\s“”\"’]*[，,：:！!]?\s*(?:您好|你好)[\s，,。：:！!]*"
)
_NUMBER: Final = re.compile(r"[0-9０-９A-Za-z*×Xx〇]+(?:[.\-/:：,][0-9*]+)*")
_HONOURED: Final = re.compile(r"[一-鿿*某]{1,3}(?=先生|女士|同志|某某)")
_SPACE: Final = re.compile(r"[\s　\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Replies that are nearly one text.

    members: positions of the replies, ascending.
    n_distinct_posts: how many of their posts differ from each other.
    similarity: median edit similarity of the members to the first one, in [0, 1].
    """

    members: tuple[int, ...]
    n_distinct_posts: int
    similarity: float

    @property
    def boilerplate(self) -> bool:
        """Whether at least three different posts got this one text."""
        return self.n_distinct_posts >= MIN_CLUSTER


def mask_reply(text: str) -> str:
    """Return the reply without salutation, names before titles, numbers and white space."""
    kept = _SALUTATION.sub("", text, count=1)
    kept = _NUMBER.sub("0", kept)
    kept = _HONOURED.sub("", kept)
    return _SPACE.sub("", kept)


def find_clusters(replies: Sequence[str | None], posts: Sequence[str | None]) -> list[Cluster]:
    """Return the clusters of at least three near-duplicate replies, the largest first.

    Args:
        replies: the official replies; None where there is none.
        posts: the posts that they answer, in the same order.

    Returns:
        clusters of size ≥ 3, those answering the same question included (see `boilerplate`).
    """
    masked = [mask_reply(reply) if reply else "" for reply in replies]
    clusters = [
        Cluster(
            members=tuple(group),
            n_distinct_posts=count_distinct([posts[i] or "" for i in group]),
            similarity=median_similarity([masked[i] for i in group]),
        )
        for group in copied_groups(masked)
    ]
    clusters.sort(key=lambda cluster: (-len(cluster.members), cluster.members[0]))
    return clusters


def copied_groups(masked: Sequence[str]) -> list[list[int]]:
    """Return the positions of the texts of each group of at least `MIN_CLUSTER` near-duplicates.

    Args:
        masked: replies as `mask_reply` gives them; very short ones are in no group.
    """
    eligible = [i for i, text in enumerate(masked) if len(text) >= _MIN_CHARACTERS]
    groups = near_duplicate_groups([masked[i] for i in eligible], MIN_SIMILARITY)
    return [[eligible[i] for i in group] for group in groups if len(group) >= MIN_CLUSTER]


def median_similarity(texts: Sequence[str]) -> float:
    """Return the median edit similarity of the texts to the first of them, in [0, 1]."""
    similarity = process.cpdist([texts[0]] * len(texts), texts, scorer=fuzz.ratio)
    return float(np.median(similarity)) / 100


def count_distinct(posts: Sequence[str]) -> int:
    """Return how many different texts there are among `posts`, near-duplicates as one."""
    texts = sorted({_SPACE.sub("", post) for post in posts})
    grouped = near_duplicate_groups(texts, _SAME_POST)
    return len(texts) - sum(len(group) - 1 for group in grouped)


def near_duplicate_groups(texts: Sequence[str], threshold: float) -> list[list[int]]:
    """Return groups (size ≥ 2) of positions whose texts are linked by similarity ≥ threshold.

    Args:
        texts: normalised texts.
        threshold: rapidfuzz `fuzz.ratio`, 0–100 (100 · 2·LCS / total length).
    """
    unique: dict[str, int] = {}
    where = np.fromiter(
        (unique.setdefault(text, len(unique)) for text in texts), dtype=np.int64, count=len(texts)
    )
    distinct = list(unique)
    parent = _link(distinct, threshold)
    roots = parent[where]
    order = np.argsort(roots, kind="stable")
    bounds = np.flatnonzero(np.diff(roots[order])) + 1
    groups = [group.tolist() for group in np.split(order, bounds) if len(group) > 1]
    groups.sort(key=lambda group: group[0])
    return groups


def _link(texts: list[str], threshold: float) -> npt.NDArray[np.int64]:
    """Return the root of each text after joining all verified candidate pairs."""
    parent = np.arange(len(texts), dtype=np.int64)
    if len(texts) < 2:
        return parent
    if len(texts) <= _FEW:
        scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=threshold)
        for a, b in np.argwhere(np.triu(scores >= threshold, 1)).tolist():
            _join(parent, a, b)
        return _roots(parent, np.arange(len(texts), dtype=np.int64))
    keys = band_keys(minhash_signatures(texts, _N_HASHES), _BAND_ROWS)
    tried: set[int] = set()
    for band in range(keys.shape[1]):
        first, second = _candidates(keys[:, band])
        roots_differ = _roots(parent, first) != _roots(parent, second)
        first, second = first[roots_differ], second[roots_differ]
        fresh = [
            k
            for k, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
            if (pair := a * len(texts) + b) not in tried and not tried.add(pair)  # type: ignore[func-returns-value]
        ]
        if not fresh:
            continue
        first, second = first[fresh], second[fresh]
        scores = process.cpdist(
            [texts[i] for i in first.tolist()],
            [texts[i] for i in second.tolist()],
            scorer=fuzz.ratio,
            score_cutoff=threshold,
        )
        for a, b in zip(
            first[scores >= threshold].tolist(), second[scores >= threshold].tolist(), strict=True
        ):
            _join(parent, a, b)
    return _roots(parent, np.arange(len(texts), dtype=np.int64))


def _candidates(
    keys: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return pairs of equal key: each text with its neighbour and with the first of its bucket."""
    order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    left, right = order[:-1][same], order[1:][same]
    starts = np.r_[True, ~same]
    head = order[np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))][1:][same]
    far = head != left
    first = np.concatenate([left, head[far]])
    second = np.concatenate([right, right[far]])
    return np.minimum(first, second), np.maximum(first, second)


def _roots(
    parent: npt.NDArray[np.int64], positions: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    roots = parent[positions]
    while True:
        further = parent[roots]
        if np.array_equal(further, roots):
            return roots
        roots = further


def _join(parent: npt.NDArray[np.int64], first: int, second: int) -> None:
    while parent[first] != first:
        first = int(parent[first])
    while parent[second] != second:
        second = int(parent[second])
    low, high = min(first, second), max(first, second)
    parent[high] = low
