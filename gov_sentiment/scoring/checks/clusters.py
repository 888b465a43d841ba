"""Copied replies over a whole archive: which rows, for how many different posts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.scoring.checks.boilerplate import (
    MIN_CLUSTER,
    copied_groups,
    count_distinct,
    median_similarity,
)
from gov_sentiment.scoring.checks.findings import schema_of
from gov_sentiment.scoring.checks.shards import Gathered
from gov_sentiment.scoring.checks.source import ScoredSource

Ints = npt.NDArray[np.int64]

# Posts of a cluster that are compared with each other; the count of a larger one says "at least".
_POSTS_LOOKED_AT: Final = 500
_BLOCK_POSTS: Final = 32_768  # posts in memory at a time, about

CLUSTER_SCHEMA: Final = schema_of(
    cluster_id=pa.string(),
    n_replies=pa.int64(),
    n_distinct_posts=pa.int64(),
    n_agencies=pa.int64(),
    agency=pa.string(),
    similarity=pa.float64(),
    boilerplate=pa.bool_(),
    exchange_ids=pa.list_(pa.string()),
)


@dataclass(frozen=True, slots=True)
class RowCluster:
    """Rows whose replies are nearly one text.

    rows: by their keys.
    n_distinct_posts: how many of their posts differ from each other, of at most 500 looked at.
    similarity: median edit similarity of the replies to the first one, in [0, 1].
    """

    cluster_id: str
    rows: Ints
    n_distinct_posts: int
    similarity: float

    @property
    def boilerplate(self) -> bool:
        """Whether at least three different posts got this one text."""
        return self.n_distinct_posts >= MIN_CLUSTER


def find_row_clusters(
    source: ScoredSource, by_key: Ints, ids: pa.ChunkedArray[Any], folder: Path | None = None
) -> list[RowCluster]:
    """Return the clusters of an archive, the largest first, equal sizes by their ids.

    Args:
        source: needs `_masked_reply`, `post_title`, `post_text`.
        by_key: the answered rows in an order that does not depend on the rows' own.
        ids: `exchange_id` of all rows.
        folder: where the posts of copied replies wait; in memory if None.
    """
    masked = _masked(source, by_key)
    members = copied_groups(masked)
    similarities = [median_similarity([masked[i] for i in group]) for group in members]
    groups = [by_key[np.array(group)] for group in members]
    del masked
    clusters = []
    for rows, similarity, posts in zip(
        groups, similarities, _posts(source, groups, folder), strict=True
    ):
        name = _cluster_id(ids.take(rows).to_pylist())
        clusters.append(RowCluster(name, rows, count_distinct(posts), similarity))
    return sorted(clusters, key=lambda cluster: (-len(cluster.rows), cluster.cluster_id))


def _masked(source: ScoredSource, by_key: Ints) -> list[str]:
    # Piece by piece: the column of a large archive in one Arrow array, cast and taken from, would
    # stand in memory three times. And one string for all copies of a text: replies repeat.
    texts: list[str] = []
    known: dict[str, str] = {}
    for table in source.tables(["_masked_reply"]):
        found = (text or "" for text in table["_masked_reply"].to_pylist())
        texts += [known.setdefault(text, text) for text in found]
    return [texts[row] for row in by_key.tolist()]


def _posts(
    source: ScoredSource, groups: Sequence[Ints], folder: Path | None
) -> Iterator[list[str]]:
    """Yield the posts of each group of rows, of the first ones of a large group."""
    looked_at = [rows[:_POSTS_LOOKED_AT] for rows in groups]
    sizes = np.cumsum([0, *map(len, looked_at)])
    block_of = sizes[:-1] // _BLOCK_POSTS
    blocks = [
        [rows for rows, block in zip(looked_at, block_of, strict=True) if block == wanted]
        for wanted in np.unique(block_of)
    ]
    columns = ["post_title", "post_text"]
    gathered = Gathered(source, columns, [np.concatenate(block) for block in blocks], folder)
    for block, posts in zip(blocks, gathered, strict=True):
        start = 0
        for rows in block:
            some = posts.slice(start, len(rows))
            start += len(rows)
            pairs = zip(*(some[name].to_pylist() for name in columns), strict=True)
            yield [f"{title or ''}\n{text or ''}" for title, text in pairs]


def _cluster_id(ids: Sequence[str | None]) -> str:
    names = "\0".join(sorted(map(str, ids)))
    return "c" + hashlib.blake2b(names.encode(), digest_size=5).hexdigest()


def _commonest(names: list[str]) -> str:
    counts = Counter(names)
    return max(counts, key=lambda name: (counts[name], name))


def cluster_table(
    clusters: Sequence[RowCluster], ids: pa.ChunkedArray[Any], agencies: pa.ChunkedArray[Any]
) -> pa.Table:
    """Return one row a cluster, legitimate ones included, in `CLUSTER_SCHEMA`."""
    rows = []
    for cluster in clusters:
        names = [agency or "" for agency in agencies.take(cluster.rows).to_pylist()]
        rows.append(
            {
                "cluster_id": cluster.cluster_id,
                "n_replies": len(cluster.rows),
                "n_distinct_posts": cluster.n_distinct_posts,
                "n_agencies": len(set(names)),
                "agency": _commonest(names) or None,
                "similarity": round(cluster.similarity, 6),
                "boilerplate": cluster.boilerplate,
                "exchange_ids": sorted(map(str, ids.take(cluster.rows).to_pylist())),
            }
        )
    return pa.Table.from_pylist(rows, schema=CLUSTER_SCHEMA)
