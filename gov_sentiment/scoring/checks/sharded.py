"""The mismatch check over an archive of any size: learn on some shards, judge all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.scoring.checks.findings import keys_of
from gov_sentiment.scoring.checks.mismatch import (
    MIN_ARCHIVE,
    TRAINING,
    Lesson,
    Mismatches,
    MismatchModel,
    learn_mismatches,
    learn_signs,
    make_lesson,
)
from gov_sentiment.scoring.checks.pair_texts import COLUMNS, PairTexts
from gov_sentiment.scoring.checks.pairing import AGENCY_SAMPLE, ArchiveFit
from gov_sentiment.scoring.checks.shards import SHARD_ROWS, Gathered, plan_shards
from gov_sentiment.scoring.checks.source import ScoredSource
from gov_sentiment.scoring.checks.work import Here, Workers

Ints = npt.NDArray[np.int64]

_SAMPLE: Final = 6_000
_TRAINING_SHARDS: Final = 4


@dataclass(frozen=True, slots=True)
class ShardTask:
    """One shard: its own rows, behind those that it only needs for comparison."""

    number: int
    table: pa.Table
    n_references: int

    @property
    def own(self) -> Ints:
        """The positions of its own rows."""
        return np.arange(self.n_references, self.table.num_rows)


@dataclass(frozen=True, slots=True)
class MismatchedRow:
    """A row whose reply seems to answer another post: that post's id, and how sure that is."""

    row: int
    score: float
    better_post: str | None


class MismatchSearch:
    """Looks for mismatched rows: it begins when it is made, and ends in `rows`.

    Args:
        source: needs `COLUMNS`, `_key` and `_answered`.
        workers: where the archive is learnt and its shards are judged.
        folder: where shards wait for it; in memory if None.
        shard_rows: about how many rows are judged at a time.
    """

    def __init__(
        self,
        source: ScoredSource,
        workers: Workers,
        folder: Path | None = None,
        shard_rows: int = SHARD_ROWS,
    ) -> None:
        self._plan = plan = plan_shards(source, AGENCY_SAMPLE, shard_rows)
        # One shard is done here before other processes have begun.
        self._workers = workers if len(plan) > 1 else Here()
        if len(plan.by_key) < 2:
            return
        self._groups = [plan.rows(shard) for shard in range(len(plan))]
        sampled = [*self._groups, plan.by_key[:_SAMPLE]]
        self._gathered = Gathered(source, [*COLUMNS, "_key"], sampled, folder)
        self._model = self._workers.aside(self._learn)

    def rows(self) -> list[MismatchedRow]:
        """Return the mismatched rows of the archive, by row."""
        plan = self._plan
        if len(plan.by_key) < 2:
            return []
        model = self._model()
        # What learning needed goes back before the workers take their share.
        pa.default_memory_pool().release_unused()
        tasks = (self._task(shard) for shard in range(len(plan)))
        found: list[MismatchedRow] = []
        for shard, mismatches in enumerate(self._workers.map(_judge, tasks, model)):
            rows = self._groups[shard][mismatches.rows].tolist()
            found += map(MismatchedRow, rows, mismatches.scores.tolist(), mismatches.better_posts)
        return sorted(found, key=lambda item: item.row)

    def _learn(self) -> MismatchModel:
        n_shards = len(self._plan)
        (fit,) = self._workers.map(_fit, [self._gathered.table(n_shards)])
        few = np.linspace(0, n_shards - 1, min(n_shards, _TRAINING_SHARDS)).astype(int).tolist()
        tasks = ((self._task(shard), TRAINING // len(few)) for shard in few)
        if len(self._plan.by_key) < MIN_ARCHIVE:
            return _learn_signs(fit, self._task(0))
        return learn_mismatches(fit, list(self._workers.map(_teach, tasks, fit)), self._workers)

    def _task(self, shard: int) -> ShardTask:
        references = len(self._plan.references.get(shard, ()))
        return ShardTask(shard, self._gathered.table(shard), references)


def _fit(_: None, table: pa.Table) -> ArchiveFit:
    return ArchiveFit(_texts(table))


def _teach(fit: ArchiveFit, task: tuple[ShardTask, int]) -> Lesson:
    shard, n_pairs = task
    return make_lesson(fit, _texts(shard.table), _lowest(shard, n_pairs), shard.number)


def _learn_signs(fit: ArchiveFit, shard: ShardTask) -> MismatchModel:
    return learn_signs(fit, _texts(shard.table), _lowest(shard, TRAINING))


def _judge(model: MismatchModel, shard: ShardTask) -> Mismatches:
    return model.judge(_texts(shard.table), shard.own)


def _lowest(shard: ShardTask, n_pairs: int) -> Ints:
    """Return the rows of the lowest keys, ascending."""
    keys = keys_of(shard.table["_key"])[shard.own]
    return np.sort(shard.own[np.argsort(keys, kind="stable")[:n_pairs]])


def _texts(table: pa.Table) -> PairTexts:
    return PairTexts.of(table, keys_of(table["_key"]))
