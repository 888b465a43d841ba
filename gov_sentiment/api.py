"""The three functions that most users need; everything else stands behind them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from gov_sentiment.archive import Archive
from gov_sentiment.archive import read_archive as read_archive
from gov_sentiment.engines.base import ScoreSettings
from gov_sentiment.engines.memory import score_table
from gov_sentiment.exchange import run_info, with_run_info
from gov_sentiment.ranking import rank_agencies as rank_agencies

__all__ = ["rank_agencies", "read_archive", "score"]


def score(
    exchanges: Archive | pa.Table,
    *,
    model: str | Path | None = None,
    preset: str = "default",
    probabilities: bool = False,
    as_of: datetime | None = None,
) -> pa.Table:
    """Return the scored table of an archive, in memory and in this process.

    For an archive that does not fit in memory, or to use every core, see `gov-sentiment score`
    and `engines.local.score_archive`; they give the same digits.

    Args:
        exchanges: what `read_archive` returned, or a table with the columns of
            `exchange.EXCHANGE_SCHEMA`; other columns are dropped.
        model: a model folder; None = the default models.
        preset: name or file of the preset with deadlines and weights.
        probabilities: add one column for each class.
        as_of: when the archive was exported, which decides whether silence is late already;
            None = what the archive says of itself.

    Returns:
        The rows in their order, with the columns of `exchange.SCORED_SCHEMA`.

    Raises:
        MissingColumns: the table lacks a column of an exchange.
        BadModel, BadPreset: these cannot be used.
    """
    table = exchanges.exchanges if isinstance(exchanges, Archive) else exchanges
    if as_of is not None:
        table = with_run_info(table, {**run_info(table.schema), "as_of": as_of.isoformat()})
    settings = ScoreSettings(None if model is None else Path(model), preset, probabilities)
    return score_table(table, settings)
