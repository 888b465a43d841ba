"""What a report says, as plain data: the only thing that pages and workbooks are made of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """A share's denominator and its 95 % interval, in [0, 1]."""

    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Totals:
    """The archive as a whole.

    Rates and shares are in [0, 1], days are floats, quality is 1–5; None where unknown.
    intervals: for each share of it, Wilson's 95 % interval.
    """

    n_exchanges: int
    n_agencies: int
    n_ranked: int
    n_replied: int
    n_own_posts: int
    response_rate: float | None
    median_days: float | None
    quality: float | None
    substantive_share: float | None
    negative_share: float | None
    boilerplate_share: float | None
    mismatch_share: float | None
    first_day: str | None
    last_day: str | None
    intervals: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Example:
    """One exchange shown as evidence; texts are redacted and cut.

    why: "best", "worst", "flagged", or "referred" for one that sends the citizen elsewhere.
    """

    exchange_id: str
    why: str
    posted: str | None
    replied: str | None
    post: str
    reply: str | None
    post_sentiment: str | None
    post_intent: str | None
    reply_type: str | None
    quality: float | None
    flags: tuple[str, ...]
    source_file: str
    source_row: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """One agency: its reply types, flags, months, and examples.

    reply_types, flags: name → count; months: rows of month, n, quality, negative_share.
    """

    agency: str
    reply_types: Mapping[str, int]
    flags: Mapping[str, int]
    months: tuple[Row, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Share still unanswered by day, as steps: Kaplan–Meier.

    name: the agency, "" for the whole archive; n: exchanges that it rests on.
    low, high: 95 % limits of `unanswered`.
    """

    name: str
    n: int
    days: tuple[float, ...]
    unanswered: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that the page, the workbook and the figures print.

    findings: the summary in words, rows of zh, en, made from the other fields.
    ranking: rows of the full ranking in its order; tiers: its tiers; pairs: neighbours.
    funnel: limits of the funnel plot, rows of n, low95, high95, low998, high998.
    passing_on: agencies by how often their whole answer is that somebody else is responsible:
        rows of agency, n, n_referred, share, low, high.
    evidence: how much there is in all of what the tables of evidence show the first rows of
        (see `evidence.count_evidence`).
    referrals: edges that are shown, heaviest first.
    funnel_points: rows of agency, n, share, out (see `funnel.funnel_points`).
    notices: rows of code, zh, en; methods: language → paragraph.
    run: as_of, sources, ledger, model, program and more, as the scored table says of itself.
    """

    findings: tuple[Row, ...]
    totals: Totals
    ranking: tuple[Row, ...]
    tiers: tuple[Row, ...]
    pairs: tuple[Row, ...]
    funnel: tuple[Row, ...]
    funnel_points: tuple[Row, ...]
    curves: tuple[Curve, ...]
    reply_types: Mapping[str, int]
    intents: Mapping[str, int]
    sentiments: Mapping[str, int]
    flags: Mapping[str, int]
    months: tuple[Row, ...]
    categories: tuple[Row, ...]
    evidence: Mapping[str, int]
    clusters: tuple[Row, ...]
    mismatches: tuple[Row, ...]
    promises: tuple[Row, ...]
    passing_on: tuple[Row, ...]
    referrals: tuple[Row, ...]
    profiles: Mapping[str, Profile]
    rejects: tuple[Row, ...]
    notices: tuple[Row, ...]
    methods: Mapping[str, str]
    run: Row
    min_n: int


def to_plain(summary: Summary) -> dict[str, Any]:
    """Return the summary as dicts, lists, strings and numbers."""
    plain: dict[str, Any] = _rounded(dataclasses.asdict(summary))
    return plain


def _rounded(value: Any) -> Any:
    """Return the value with floats of six decimals: page and json then hold the same digits."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value


def summary_json(summary: Summary) -> str:
    """Return the summary as json, every number of the page in it."""
    return json.dumps(to_plain(summary), ensure_ascii=False, default=str, allow_nan=False)
