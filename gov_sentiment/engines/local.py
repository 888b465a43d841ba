"""The local engine: a process pool on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.engines.pool import PoolWorkers, map_in_order
from gov_sentiment.engines.worker import prepare, score_part
from gov_sentiment.scoring.checks import Here, Workers

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

    @contextmanager
    def checking(self, folder: Path) -> Iterator[Workers]:
        """Give the checks the same processes, or this one alone.

        Raises:
            RunInterrupted: a worker was killed.
        """
        workers = self.workers or default_workers()
        if workers == 1:
            yield Here()
        else:
            with PoolWorkers.open(workers, folder) as pool:
                yield pool


def _score_here(tasks: Iterable[PartTask]) -> Iterator[int]:
    for task in tasks:
        # One thread, as in the workers: a sum over more BLAS threads may differ in its last digit.
        with threadpool_limits(1):
            index = score_part(task)
        yield index
