"""What one process does: score a batch and write it as a part."""

from __future__ import annotations

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


def score_part(settings: ScoreSettings, task: PartTask) -> int:
    """Score one batch into its part and return the part's index."""
    scored = score_batch(task.batch, load_scorer(settings))
    task.store.write(task.index, with_findings(scored), task.batch)
    return task.index
