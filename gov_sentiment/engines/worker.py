"""What one process does: score a batch and write it as a part."""

from __future__ import annotations

from functools import partial

from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.scoring import Scorer, score_batch
from gov_sentiment.scoring.checks import with_findings

_scorers: dict[ScoreSettings, Scorer] = {}


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


def score_part(task: PartTask) -> int:
    """Score one batch into its part and return the part's index."""
    scored = score_batch(task.batch, load_scorer(task.settings))
    task.store.write(task.index, with_findings(scored), task.batch)
    return task.index
