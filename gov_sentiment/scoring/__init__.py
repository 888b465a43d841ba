"""Exchanges → scores: row scores first, then checks over the whole archive."""

from gov_sentiment.scoring.checks import ArchiveChecks, check_archive
from gov_sentiment.scoring.scorer import (
    Scorer,
    finish_rows,
    finish_scores,
    finish_with_evidence,
    score_batch,
)

__all__ = [
    "ArchiveChecks",
    "Scorer",
    "check_archive",
    "finish_rows",
    "finish_scores",
    "finish_with_evidence",
    "score_batch",
]
