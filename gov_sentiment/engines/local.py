"""The local engine: a process pool on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.engines.pool import map_in_order
from gov_sentiment.engines.worker import judge_task, prepare, prepare_judge, score_part
from gov_sentiment.scoring.checks import Mismatches, MismatchModel, ShardTask, judge_here

# Starting a worker and loading the models costs about as much as scoring this many batches.
_BATCHES_FOR_A_POOL = 2


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Scores parts in `workers` processes; with 1 no other process is started.

    None = one for each core, and none besides this one for a small archive.
    """

    workers: int | None = None

    def score_parts(self, tasks: Iterable[PartTask], settings: ScoreSettings) -> Iterator[int]:
        """Yield the index of each part when it is written, in order.

        Raises:
            RunInterrupted: a worker was killed or the disk is full.
        """
        waiting = iter(tasks)
        first = list(islice(waiting, _BATCHES_FOR_A_POOL))
        todo = chain(first, waiting)
        workers = self.workers or default_workers()
        if workers == 1 or (self.workers is None and len(first) < _BATCHES_FOR_A_POOL):
            yield from _score_here(todo)
        else:
            yield from map_in_order(score_part, todo, workers=workers, prepare=prepare(settings))

    def judge(self, model: MismatchModel, tasks: Iterable[ShardTask]) -> Iterator[Mismatches]:
        """Yield what each shard of the mismatch check holds, in order.

        Raises:
            RunInterrupted: a worker was killed.
        """
        waiting = iter(tasks)
        first = list(islice(waiting, 2))
        todo = chain(first, waiting)
        workers = self.workers or default_workers()
        if workers == 1 or len(first) < 2:
            with threadpool_limits(1):
                yield from judge_here(model, todo)
        else:
            yield from map_in_order(judge_task, todo, workers=workers, prepare=prepare_judge(model))


def _score_here(tasks: Iterable[PartTask]) -> Iterator[int]:
    for task in tasks:
        # One thread, as in the workers: a sum over more BLAS threads may differ in its last digit.
        with threadpool_limits(1):
            index = score_part(task)
        yield index
