"""A table that is in memory already, scored in this process."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
from threadpoolctl import threadpool_limits

from gov_sentiment.engines.base import BATCH_ROWS, ScoreSettings, describe_scoring
from gov_sentiment.engines.worker import load_scorer
from gov_sentiment.exchange import EXCHANGE_SCHEMA, SCORED_SCHEMA, conform, run_info, run_metadata
from gov_sentiment.scoring import finish_scores, score_batch


def score_table(table: pa.Table, settings: ScoreSettings) -> pa.Table:
    """Return the scored rows of an exchange table, in their order.

    Args:
        table: has the columns of `EXCHANGE_SCHEMA`; others are dropped. What its run info says
            of `as_of` decides from when on silence counts.
        settings: model and preset.

    Raises:
        MissingColumns: a column of an exchange is not there.
    """
    info = {**run_info(table.schema), **describe_scoring(settings)}
    exchanges = conform(table, where="exchanges").select(EXCHANGE_SCHEMA.names)
    exchanges = exchanges.replace_schema_metadata(None).combine_chunks()
    scorer = load_scorer(settings)
    # One thread, as in the workers of the local engine: the same sums, the same digits.
    with threadpool_limits(1):
        batches = [score_batch(batch, scorer) for batch in exchanges.to_batches(BATCH_ROWS)]
        scored = pa.Table.from_batches(batches) if batches else SCORED_SCHEMA.empty_table()
        finished = finish_scores(scored, as_of_of(info), settings.preset)
    return finished.replace_schema_metadata(run_metadata(info))


def as_of_of(info: dict[str, object]) -> datetime | None:
    """Return the time at which the archive was exported, where the run knows it."""
    text = info.get("as_of")
    return datetime.fromisoformat(text) if isinstance(text, str) else None
