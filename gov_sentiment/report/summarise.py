"""Scored table and ranking → summary. The only computing step of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from gov_sentiment.exchange import REPLY_TYPES, run_info
from gov_sentiment.ranking import Ranking
from gov_sentiment.report.base import open_base
from gov_sentiment.report.counting import (
    count_categories,
    count_classes,
    count_flags,
    count_months,
    count_totals,
)
from gov_sentiment.report.evidence import (
    MOST_ROWS,
    copied_replies,
    count_evidence,
    dated_promises,
    mismatched_replies,
    passing_on,
)
from gov_sentiment.report.funnel import funnel_limits, funnel_points
from gov_sentiment.report.narrative import findings
from gov_sentiment.report.profiles import agency_profiles
from gov_sentiment.report.summary import Row, Summary
from gov_sentiment.report.waiting import waiting_curves
from gov_sentiment.scoring.checks import ArchiveChecks, check_archive


def summarise(
    scored: pa.Table,
    ranking: Ranking,
    rejects: pa.Table | None = None,
    checks: ArchiveChecks | None = None,
) -> Summary:
    """Return everything that a report prints.

    Args:
        scored: table of `exchange.SCORED_SCHEMA`.
        ranking: made of the same table.
        rejects: the run's rejects, for the ledger.
        checks: evidence of the archive checks. Where None it is found again from the table, but
            for which other post a mismatched reply fits: that takes most of a run's time.
    """
    info = run_info(scored.schema)
    if checks is None:
        checks = check_archive(scored, _as_of(info), mismatches=False)
    rows = tuple(ranking.full.to_pylist())
    min_n = int(ranking.settings.get("min_n", 0))
    senders = passing_on(rows, min_n)
    with open_base(scored) as base:
        summary = Summary(
            findings=(),
            totals=count_totals(base, scored, sum(row["rank"] is not None for row in rows)),
            ranking=rows,
            tiers=tuple(ranking.tiers.to_pylist()),
            pairs=tuple(ranking.pairs.to_pylist()),
            funnel=funnel_limits(rows),
            funnel_points=funnel_points(rows),
            curves=waiting_curves(base),
            reply_types=count_classes(base, "reply_type", REPLY_TYPES),
            intents=count_classes(base, "post_intent"),
            sentiments=count_classes(base, "post_sentiment"),
            flags=count_flags(base),
            months=count_months(base),
            categories=count_categories(base),
            evidence=count_evidence(checks),
            clusters=copied_replies(base, checks),
            mismatches=mismatched_replies(base, checks),
            promises=dated_promises(base, checks),
            passing_on=senders,
            referrals=tuple(checks.referrals.slice(0, MOST_ROWS).to_pylist()),
            profiles=agency_profiles(base, rows, senders),
            rejects=_reject_rows(rejects),
            notices=tuple({"code": n.code, "zh": n.zh, "en": n.en} for n in ranking.notices),
            methods={lang: ranking.methods(lang) for lang in ("zh", "en")},
            run=info,
            min_n=min_n,
        )
    return replace(summary, findings=tuple(findings(summary)))


def _as_of(info: Mapping[str, Any]) -> datetime | None:
    text = info.get("as_of")
    return None if not text else datetime.fromisoformat(str(text))


def _reject_rows(rejects: pa.Table | None) -> tuple[Row, ...]:
    if rejects is None:
        return ()
    return tuple(rejects.select(["source_file", "source_row", "reason"]).to_pylist())
