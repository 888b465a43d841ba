"""Exchanges → scores: row scores first, then checks over the whole archive."""

from gov_sentiment.scoring.scorer import Scorer, finish_scores, score_batch

__all__ = ["Scorer", "finish_scores", "score_batch"]
