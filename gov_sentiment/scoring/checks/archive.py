"""All checks over one scored archive: flags for the table, and the evidence behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gov_sentiment.exchange import AGENCY_POST, SUBSTANTIVE, TIMESTAMP
from gov_sentiment.scoring.checks.clusters import RowCluster, cluster_table, find_row_clusters
from gov_sentiment.scoring.checks.findings import keys_of, schema_of
from gov_sentiment.scoring.checks.followups import PromisedRow, find_later_posts, follow_up
from gov_sentiment.scoring.checks.referrals import AgencyAnswers, referral_edges
from gov_sentiment.scoring.checks.sharded import MismatchSearch
from gov_sentiment.scoring.checks.source import ScoredSource, TableSource, read_all
from gov_sentiment.scoring.checks.work import Here, Workers

# The order in which flags stand in a row, gravest first.
FLAGS: Final[tuple[str, ...]] = (
    "mismatch",
    "hostile",
    "shirking",
    "boilerplate",
    "template_fields_left",
    "restates_only",
    "status_without_answer",
    "hollow_promise",
    "instant_reply",
)


EVIDENCE_SCHEMA: Final = schema_of(
    exchange_id=pa.string(),
    agency=pa.string(),
    flag=pa.string(),
    rule=pa.string(),
    start=pa.int64(),
    end=pa.int64(),
    score=pa.float64(),
    other_exchange_id=pa.string(),
)
PROMISE_SCHEMA: Final = schema_of(
    exchange_id=pa.string(),
    agency=pa.string(),
    replied_at=TIMESTAMP,
    due=pa.date32(),
    kind=pa.string(),
    overdue=pa.bool_(),
    start=pa.int64(),
    end=pa.int64(),
    clause_start=pa.int64(),
    clause_end=pa.int64(),
    state=pa.string(),
    followed_by=pa.string(),
    followed_in=pa.string(),
    followed_start=pa.int64(),
    followed_end=pa.int64(),
)
REFERRAL_SCHEMA: Final = schema_of(
    source=pa.string(),
    target=pa.string(),
    kind=pa.string(),
    n=pa.int64(),
    ping_pong=pa.bool_(),
    dead_end=pa.string(),
)


@dataclass(frozen=True)
class ArchiveChecks:
    """What the checks found in an archive.

    flags: per row of the table, in the order of `FLAGS`.
    evidence: one row a flag of an exchange (spans are characters of `reply_text`).
    clusters: near-duplicate replies, legitimate ones included.
    promises: dated promises; `overdue` is true where the due day lies before the export;
        `state` what became of it.
    referrals: edges of the referral graph.
    """

    flags: list[list[str]]
    evidence: pa.Table
    clusters: pa.Table
    promises: pa.Table
    referrals: pa.Table


def check_archive(
    table: pa.Table, as_of: datetime | None = None, *, mismatches: bool = True
) -> ArchiveChecks:
    """Return flags and evidence of a scored table in memory; see `check_source`.

    Args:
        table: exchange and score columns (`flags` is not read).
        as_of: the export's time, for overdue promises.
        mismatches: look for mismatched pairs, which takes most of the time.
    """
    return check_source(TableSource.of(table), as_of, mismatches=mismatches)


def check_source(
    source: ScoredSource,
    as_of: datetime | None = None,
    *,
    mismatches: bool = True,
    workers: Workers | None = None,
    folder: Path | None = None,
) -> ArchiveChecks:
    """Return flags and evidence of an archive of any size.

    The result depends neither on the order of the rows nor on where they are judged.

    Args:
        source: scored rows with their findings.
        as_of: the export's time, for overdue promises.
        mismatches: look for mismatched pairs.
        workers: where the mismatch check's shards are learnt and judged; here if None.
        folder: where texts may wait on disk; in memory if None.
    """
    # It learns elsewhere, where there is an elsewhere, while the rest is done here.
    shards, copies = (folder and folder / name for name in ("pairs", "copies"))
    search = MismatchSearch(source, workers or Here(), shards) if mismatches else None
    names = read_all(source, ["exchange_id", "agency", "_key", "_answered"])
    evidence = _Evidence(names["exchange_id"], names["agency"])
    _add_hits(evidence, source)
    answered = np.flatnonzero(names["_answered"].to_numpy())
    by_key = answered[np.argsort(keys_of(names["_key"])[answered], kind="stable")]
    clusters = find_row_clusters(source, by_key, names["exchange_id"], copies)
    _add_copies(evidence, clusters)
    promises, referrals = _promise_table(source, as_of), _referral_table(source)
    for found in search.rows() if search else ():
        evidence.add(
            found.row,
            "mismatch",
            "fits another post of the archive better",
            score=found.score,
            other_exchange_id=found.better_post,
        )
    return ArchiveChecks(
        flags=evidence.flags(names.num_rows),
        evidence=evidence.table(),
        clusters=cluster_table(clusters, names["exchange_id"], names["agency"]),
        promises=promises,
        referrals=referrals,
    )


class _Evidence:
    """Flags as they are found, at most one of a kind for each row."""

    def __init__(self, ids: pa.ChunkedArray[Any], agencies: pa.ChunkedArray[Any]) -> None:
        self._ids, self._agencies = ids, agencies
        self._found: dict[int, dict[str, dict[str, Any]]] = {}

    def add(self, row: int, flag: str, rule: str, **more: Any) -> None:
        self._found.setdefault(row, {})[flag] = {"flag": flag, "rule": rule, **more}

    def flags(self, n_rows: int) -> list[list[str]]:
        nothing: list[str] = []
        out = [nothing] * n_rows
        for row, found in self._found.items():
            out[row] = [flag for flag in FLAGS if flag in found]
        return out

    def table(self) -> pa.Table:
        rows = pa.array(list(self._found), pa.int64())
        ids, agencies = (column.take(rows).to_pylist() for column in (self._ids, self._agencies))
        evidence = [
            {"exchange_id": name, "agency": agency, **found[flag]}
            for name, agency, found in zip(ids, agencies, self._found.values(), strict=True)
            for flag in FLAGS
            if flag in found
        ]
        evidence.sort(key=lambda item: (str(item["exchange_id"]), FLAGS.index(item["flag"])))
        return pa.Table.from_pylist(evidence, schema=EVIDENCE_SCHEMA)


def _with_some(
    source: ScoredSource, column: str, *others: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the columns of each row in which a list column is not empty."""
    start = 0
    for table in source.tables([column, *others]):
        rows = np.flatnonzero(pc.list_value_length(table[column]).to_numpy())
        yield from zip((rows + start).tolist(), table.take(rows).to_pylist(), strict=True)
        start += table.num_rows


def _add_hits(evidence: _Evidence, source: ScoredSource) -> None:
    for row, found in _with_some(source, "_hits"):
        for hit in found["_hits"]:
            evidence.add(row, hit["flag"], hit["rule"], start=hit["start"], end=hit["end"])


def _add_copies(evidence: _Evidence, clusters: Sequence[RowCluster]) -> None:
    for cluster in clusters:
        if cluster.boilerplate:
            rule = f"one of {len(cluster.rows)} near-identical replies, {cluster.cluster_id}"
            for row in cluster.rows.tolist():
                evidence.add(row, "boilerplate", rule, score=cluster.similarity)


def _promise_table(source: ScoredSource, as_of: datetime | None) -> pa.Table:
    texts = ("post_text", "reply_text", "n_replies")
    found = [
        row
        for _, row in _with_some(source, "_promises", "exchange_id", "agency", "replied_at", *texts)
    ]
    promised = [
        PromisedRow(
            row["exchange_id"],
            row["agency"],
            row["replied_at"],
            row.pop("post_text") or "",
            _later_replies(row.pop("reply_text"), row["n_replies"]),
            row.pop("n_replies"),
        )
        for row in found
    ]
    find_later_posts(source, promised)
    today = None if as_of is None else as_of.date()
    rows: list[dict[str, Any]] = []
    for row, after in zip(found, promised, strict=True):
        for promise in row.pop("_promises"):
            due = promise["due"]
            overdue = None if due is None or today is None else due < today
            state = asdict(follow_up(after, promise, today))
            rows.append({**row, **promise, "overdue": overdue, **state})
    rows.sort(key=lambda row: (row["due"] or date.max, str(row["exchange_id"]), row["start"]))
    return pa.Table.from_pylist(rows, schema=PROMISE_SCHEMA)


def _later_replies(reply: str, n_replies: int | None) -> str:
    """Return the reply where it is looked at again; a single one says nothing of its promise."""
    return reply if (n_replies or 0) > 1 else ""


def _referral_table(source: ScoredSource) -> pa.Table:
    named = [
        (row["agency"], referral["target"], referral["kind"])
        for _, row in _with_some(source, "_referrals", "agency")
        if row["agency"]
        for referral in row["_referrals"]
    ]
    edges = referral_edges(named, _agency_answers(source))
    rows = [{name: getattr(edge, name) for name in REFERRAL_SCHEMA.names} for edge in edges]
    return pa.Table.from_pylist(rows, schema=REFERRAL_SCHEMA)


def _agency_answers(source: ScoredSource) -> dict[str, AgencyAnswers]:
    columns = ["agency", "channel", "_answered", "reply_type"]
    posts: set[str] = set()
    answered: Counter[str] = Counter()
    substantive: Counter[str] = Counter()
    for table in source.tables(columns):
        rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
        for agency, channel, has_answer, reply_type in rows:
            if not agency or channel == AGENCY_POST:
                continue
            posts.add(agency)
            answered[agency] += has_answer
            substantive[agency] += has_answer and reply_type in SUBSTANTIVE
    return {name: AgencyAnswers(answered[name], substantive[name]) for name in posts}
