"""What one process does: score a batch and write it as a part."""

from __future__ import annotations

import pyarrow as pa

from gov_sentiment.engines.base import PartTask, ScoreSettings
from gov_sentiment.scoring import Scorer, score_batch
from gov_sentiment.scoring.checks import with_findings

_scorers: dict[ScoreSettings, Scorer] = {}


def load_scorer(settings: ScoreSettings) -> Scorer:
    """Return the scorer of these settings, loaded once in each process."""
    if settings not in _scorers:
        _scorers[settings] = _load(settings)
    return _scorers[settings]


class PartScorer:
    """Scores parts by a scorer that each process loads for itself, and gives up with this."""

    def __init__(self, settings: ScoreSettings) -> None:
        self._settings = settings
        self._scorer: Scorer | None = None

    def __reduce__(self) -> tuple[type[PartScorer], tuple[ScoreSettings]]:
        return PartScorer, (self._settings,)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the scored batch."""
        self._scorer = self._scorer or _load(self._settings)
        return score_batch(batch, self._scorer)


def score_part(scorer: PartScorer, task: PartTask) -> int:
    """Score one batch into its part and return the part's index."""
    task.store.write(task.index, with_findings(scorer.score(task.batch)), task.batch)
    return task.index


def _load(settings: ScoreSettings) -> Scorer:
    return Scorer.load(settings.model, preset=settings.preset, probabilities=settings.probabilities)
