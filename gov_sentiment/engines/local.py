"""The local engine: a process pool on one machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.engines.pool import PoolWorkers
from gov_sentiment.engines.worker import PartScorer, score_part
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

    @contextmanager
    def working(self, folder: Path) -> Iterator[Workers]:
        """Give a run its processes, or this one alone; see `Engine`."""
        workers = self.workers or default_workers()
        if workers == 1:
            yield Here()
        else:
            with PoolWorkers.open(workers, folder) as pool:
                # Who asks for workers gets them while the archive's first rows are read.
                if self.workers:
                    pool.warm()
                yield pool

    def score_parts(
        self, tasks: Iterable[PartTask], settings: ScoreSettings, workers: Workers
    ) -> Iterator[int]:
        """Yield the index of each part when it is written, in order; see `Engine`."""
        waiting = iter(tasks)
        first = list(islice(waiting, _BATCHES_FOR_A_POOL))
        small = self.workers is None and len(first) < _BATCHES_FOR_A_POOL
        place = Here() if small else workers
        return place.map(score_part, chain(first, waiting), PartScorer(settings))
