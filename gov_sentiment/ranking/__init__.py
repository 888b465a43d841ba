"""Scored tables → a ranking with intervals, ties and tiers."""

from __future__ import annotations

from gov_sentiment.ranking.counts import rank_counts
from gov_sentiment.ranking.presets import Preset, list_deadlines, list_presets, load_preset
from gov_sentiment.ranking.rank import rank_agencies
from gov_sentiment.ranking.result import RANKING_SCHEMA, Ranking
from gov_sentiment.ranking.tabular import is_counts_file
from gov_sentiment.ranking.tallies import tally_sql

__all__ = [
    "RANKING_SCHEMA",
    "Preset",
    "Ranking",
    "is_counts_file",
    "list_deadlines",
    "list_presets",
    "load_preset",
    "rank_agencies",
    "rank_counts",
    "tally_sql",
]
