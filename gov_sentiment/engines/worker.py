"""What one process does: score a batch and write it as a part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import ScoreSettings
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.scoring import Scorer, score_batch

# Large enough that the vectorised steps pay, small enough that a dozen fit in memory.
BATCH_ROWS = 2048

_scorers: dict[ScoreSettings, Scorer] = {}


@dataclass(frozen=True, slots=True)
class ScoreTask:
    """One batch to score, and where its part goes."""

    index: int
    batch: pa.RecordBatch
    store: PartStore
    settings: ScoreSettings


def load_scorer(settings: ScoreSettings) -> Scorer:
    """Return the scorer of these settings, loaded once in each process."""
    if settings not in _scorers:
        _scorers[settings] = Scorer.load(
            settings.model, preset=settings.preset, probabilities=settings.probabilities
        )
    return _scorers[settings]


def prepare(settings: ScoreSettings) -> partial[None]:
    """Return what a worker runs before its first task."""
    return partial(_prepare, settings)


def _prepare(settings: ScoreSettings) -> None:
    # One thread in each process: the pool already uses every core, and a sum over a different
    # number of BLAS threads may differ in its last digit.
    threadpool_limits(1)
    load_scorer(settings)


def score_part(task: ScoreTask) -> int:
    """Score one batch into its part and return the number of rows."""
    scored = score_batch(task.batch, load_scorer(task.settings))
    task.store.write(task.index, scored, task.batch)
    return int(scored.num_rows)
