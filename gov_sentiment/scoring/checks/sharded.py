"""The mismatch check over an archive of any size: learn on some shards, judge all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.scoring.checks.findings import keys_of
from gov_sentiment.scoring.checks.mismatch import (
    TRAINING,
    Mismatches,
    MismatchModel,
    learn_mismatches,
)
from gov_sentiment.scoring.checks.pair_texts import COLUMNS, PairTexts
from gov_sentiment.scoring.checks.pairing import AGENCY_SAMPLE
from gov_sentiment.scoring.checks.shards import SHARD_ROWS, Gathered, Plan, plan_shards
from gov_sentiment.scoring.checks.source import ScoredSource

Ints = npt.NDArray[np.int64]

_SAMPLE: Final = 12_000
_TRAINING_SHARDS: Final = 4


@dataclass(frozen=True, slots=True)
class ShardTask:
    """One shard to judge: its rows, behind those that it only needs for comparison."""

    table: pa.Table
    n_references: int


# Judges shards in order, in whatever processes it likes.
Judge = Callable[[MismatchModel, Iterable[ShardTask]], Iterator[Mismatches]]


@dataclass(frozen=True, slots=True)
class MismatchedRow:
    """A row whose reply seems to answer another post: that post's id, and how sure that is."""

    row: int
    score: float
    better_post: str | None


def judge_shard(model: MismatchModel, task: ShardTask) -> Mismatches:
    """Return what looks mismatched in one shard."""
    return model.judge(_texts(task.table), np.arange(task.n_references, task.table.num_rows))


def judge_here(model: MismatchModel, tasks: Iterable[ShardTask]) -> Iterator[Mismatches]:
    """Judge shards one after the other in this process."""
    return (judge_shard(model, task) for task in tasks)


def find_mismatched_rows(
    source: ScoredSource,
    judge: Judge = judge_here,
    folder: Path | None = None,
    shard_rows: int = SHARD_ROWS,
) -> list[MismatchedRow]:
    """Return the mismatched rows of an archive, by row.

    Args:
        source: needs `COLUMNS`, `_key` and `_answered`.
        judge: where shards are judged.
        folder: where shards wait for it; in memory if None.
        shard_rows: about how many rows are judged at a time.
    """
    plan = plan_shards(source, AGENCY_SAMPLE, shard_rows)
    if len(plan.by_key) < 2:
        return []
    groups = [plan.rows(shard) for shard in range(len(plan))]
    gathered = Gathered(source, [*COLUMNS, "_key"], [*groups, plan.by_key[:_SAMPLE]], folder)
    model = _learn(plan, gathered)
    # What learning needed goes back before the workers take their share.
    pa.default_memory_pool().release_unused()
    tasks = (ShardTask(gathered.table(s), _n_references(plan, s)) for s in range(len(plan)))
    found: list[MismatchedRow] = []
    for shard, mismatches in enumerate(judge(model, tasks)):
        rows = groups[shard][mismatches.rows].tolist()
        found += map(MismatchedRow, rows, mismatches.scores.tolist(), mismatches.better_posts)
    return sorted(found, key=lambda item: item.row)


def _learn(plan: Plan, gathered: Gathered) -> MismatchModel:
    few = np.linspace(0, len(plan) - 1, min(len(plan), _TRAINING_SHARDS)).astype(int).tolist()
    shards = []
    for shard in few:
        table = gathered.table(shard)
        own = np.arange(_n_references(plan, shard), table.num_rows)
        lowest = np.argsort(keys_of(table["_key"])[own], kind="stable")[: TRAINING // len(few)]
        shards.append((_texts(table), np.sort(own[lowest])))
    sample = _texts(gathered.table(len(plan)))
    return learn_mismatches(sample, shards, len(plan.by_key))


def _n_references(plan: Plan, shard: int) -> int:
    return len(plan.references.get(shard, ()))


def _texts(table: pa.Table) -> PairTexts:
    return PairTexts.of(table, keys_of(table["_key"]))
