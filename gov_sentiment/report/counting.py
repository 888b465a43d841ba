"""Counts of a report: totals, classes, flags, months and categories."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa

from gov_sentiment.exchange import SUBSTANTIVE
from gov_sentiment.ranking.shrink import wilson
from gov_sentiment.ranking.survival import median_time
from gov_sentiment.report.base import Base, query
from gov_sentiment.report.summary import Interval, Row, Totals
from gov_sentiment.report.waiting import waiting_times
from gov_sentiment.scoring.checks import FLAGS


def count_totals(base: Base, scored: pa.Table, n_ranked: int) -> Totals:
    """Return the archive as a whole.

    Args:
        base: see `open_base`.
        scored: the table behind it.
        n_ranked: how many agencies are ranked.
    """
    substantive = ", ".join(f"'{name}'" for name in SUBSTANTIVE)
    found = query(
        base,
        f"""
        SELECT count(*) AS n, count(reply_text) AS replied, avg(reply_quality) AS quality,
               count(*) FILTER (WHERE reply_type IN ({substantive})) AS substantive,
               count(*) FILTER (WHERE post_sentiment = 'negative') AS negative,
               count(*) FILTER (WHERE list_contains(flags, 'boilerplate')) AS boilerplate,
               count(*) FILTER (WHERE list_contains(flags, 'mismatch')) AS mismatch,
               strftime(min(posted_at), '%Y-%m-%d') AS first_day,
               strftime(max(posted_at), '%Y-%m-%d') AS last_day,
               count(DISTINCT agency) AS agencies
        FROM asked
        """,
    )[0]
    n, replied = found["n"], found["replied"]
    waiting = waiting_times(base, "")
    parts = {
        # An archive of answered letters alone says nothing on silence.
        "response_rate": (replied, 0 if replied == n else n),
        "substantive_share": (found["substantive"], replied),
        "negative_share": (found["negative"], n),
        "boilerplate_share": (found["boilerplate"], replied),
        "mismatch_share": (found["mismatch"], replied),
    }
    return Totals(
        n_exchanges=n,
        n_agencies=found["agencies"],
        n_ranked=n_ranked,
        n_replied=replied,
        n_own_posts=scored.num_rows - n,
        median_days=None if waiting is None else _finite(float(median_time(waiting)[0])),
        quality=found["quality"],
        first_day=found["first_day"],
        last_day=found["last_day"],
        intervals={name: _interval(k, whole) for name, (k, whole) in parts.items() if whole},
        **{name: k / whole if whole else None for name, (k, whole) in parts.items()},
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _interval(k: int, n: int) -> Interval:
    low, high = wilson(np.array([float(k)]), np.array([float(n)]))
    return Interval(n, float(low[0]), float(high[0]))


def count_classes(base: Base, column: str, order: tuple[str, ...] = ()) -> dict[str, int]:
    """Return how often each class of a column stands there, in `order` or by frequency."""
    found = {
        row["name"]: row["n"]
        for row in query(
            base,
            f"SELECT {column} AS name, count(*) AS n FROM asked WHERE {column} IS NOT NULL "
            "GROUP BY ALL ORDER BY n DESC, name",
        )
    }
    return {name: found[name] for name in (order or found) if name in found}


def count_flags(base: Base) -> dict[str, int]:
    """Return how many exchanges have each flag, gravest first."""
    found = {
        row["flag"]: row["n"]
        for row in query(
            base,
            "SELECT flag, count(*) AS n "
            "FROM (SELECT unnest(flags) AS flag FROM asked) GROUP BY flag",
        )
    }
    return {flag: found[flag] for flag in FLAGS if flag in found}


def count_months(base: Base) -> tuple[Row, ...]:
    """Return counts by sentiment and intent and the mean quality of each month with posts."""
    return tuple(
        query(
            base,
            """
            SELECT strftime(posted_at, '%Y-%m') AS month, count(*) AS n,
                   count(*) FILTER (WHERE post_sentiment = 'negative') AS n_negative,
                   count(*) FILTER (WHERE post_sentiment = 'positive') AS n_positive,
                   avg(reply_quality) AS quality, count(reply_quality) AS n_quality,
                   count(*) FILTER (WHERE post_intent = 'complaint') AS n_complaint,
                   count(*) FILTER (WHERE post_intent = 'help') AS n_help,
                   count(*) FILTER (WHERE post_intent = 'inquiry') AS n_inquiry,
                   count(*) FILTER (WHERE post_intent = 'suggestion') AS n_suggestion,
                   count(*) FILTER (WHERE post_intent = 'praise') AS n_praise
            FROM asked WHERE posted_at IS NOT NULL GROUP BY month ORDER BY month
            """,
        )
    )


def count_categories(base: Base) -> tuple[Row, ...]:
    """Return the thirty commonest categories: posts, how they are meant, answers' quality."""
    return tuple(
        query(
            base,
            """
            SELECT category, count(*) AS n,
                   count(*) FILTER (WHERE post_sentiment = 'negative') AS n_negative,
                   count(*) FILTER (WHERE post_sentiment = 'positive') AS n_positive,
                   count(*) FILTER (WHERE post_sentiment = 'negative') / count(*) AS negative_share,
                   avg(reply_quality) AS quality
            FROM asked WHERE category IS NOT NULL
            GROUP BY category ORDER BY n DESC, category LIMIT 30
            """,
        )
    )
