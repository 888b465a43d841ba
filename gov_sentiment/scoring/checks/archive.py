"""All checks over one scored archive: flags for the table, and the evidence behind them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from gov_sentiment.exchange import AGENCY_POST, TIMESTAMP
from gov_sentiment.scoring.checks.boilerplate import Cluster, find_clusters
from gov_sentiment.scoring.checks.mismatch import Mismatches, find_mismatches
from gov_sentiment.scoring.checks.pairing import PairTexts, content_words
from gov_sentiment.scoring.checks.promises import find_promises
from gov_sentiment.scoring.checks.referrals import find_referrals, referral_edges
from gov_sentiment.scoring.checks.rules import Hit, ReplyView, body_span, row_hits
from gov_sentiment.text import Tokenizer

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


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


EVIDENCE_SCHEMA: Final = _schema(
    exchange_id=pa.string(),
    agency=pa.string(),
    flag=pa.string(),
    rule=pa.string(),
    start=pa.int64(),
    end=pa.int64(),
    score=pa.float64(),
    other_exchange_id=pa.string(),
)
CLUSTER_SCHEMA: Final = _schema(
    cluster_id=pa.string(),
    n_replies=pa.int64(),
    n_distinct_posts=pa.int64(),
    n_agencies=pa.int64(),
    agency=pa.string(),
    similarity=pa.float64(),
    boilerplate=pa.bool_(),
    exchange_ids=pa.list_(pa.string()),
)
PROMISE_SCHEMA: Final = _schema(
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
)
REFERRAL_SCHEMA: Final = _schema(
    source=pa.string(), target=pa.string(), kind=pa.string(), n=pa.int64(), ping_pong=pa.bool_()
)

_DAY_SECONDS: Final = 86_400
_SHANGHAI_SECONDS: Final = 8 * 3_600
_TEXT_DATE: Final = re.compile(r"(20\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})")
_NEEDED: Final = (
    "exchange_id",
    "agency",
    "post_title",
    "post_text",
    "posted_at",
    "reply_text",
    "first_replied_at",
    "replied_at",
    "status",
    "channel",
    "post_intent",
    "reply_type",
)


@dataclass(frozen=True)
class ArchiveChecks:
    """What the checks found in an archive.

    flags: per row of the table, in the order of `FLAGS`.
    evidence: one row a flag of an exchange (spans are characters of `reply_text`).
    clusters: near-duplicate replies, legitimate ones included.
    promises: dated promises; `overdue` is true where the due day lies before the export.
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
    """Return flags and evidence of a scored table.

    The result does not depend on the order of the rows.

    Args:
        table: exchange and score columns (`flags` is not read).
        as_of: the export's time, for overdue promises.
        mismatches: look for mismatched pairs, which takes most of the time.
    """
    rows = table.select(_NEEDED).to_pydict()
    answered = [
        i
        for i, (reply, channel) in enumerate(zip(rows["reply_text"], rows["channel"], strict=True))
        if reply and reply.strip() and channel != AGENCY_POST
    ]
    keys = [_order_key(rows, i) for i in answered]
    answered = [i for _, i in sorted(zip(keys, answered, strict=True))]
    columns = {name: [values[i] for i in answered] for name, values in rows.items()}
    hits: list[list[Hit]] = [row_hits(view) for view in _views(columns)]
    clusters = find_clusters(columns["reply_text"], _full_posts(columns))
    cluster_ids = [_cluster_id(columns, cluster) for cluster in clusters]
    found = find_mismatches(_pair_texts(columns)) if mismatches else None
    flags, evidence = _merge(columns, hits, clusters, cluster_ids, found)
    by_row: list[list[str]] = [[] for _ in range(table.num_rows)]
    for position, i in enumerate(answered):
        by_row[i] = flags[position]
    return ArchiveChecks(
        flags=by_row,
        evidence=pa.Table.from_pylist(evidence, schema=EVIDENCE_SCHEMA),
        clusters=_cluster_table(columns, clusters, cluster_ids),
        promises=_promise_table(columns, as_of),
        referrals=_referral_table(columns),
    )


def _order_key(rows: Mapping[str, Sequence[Any]], i: int) -> bytes:
    # A hash, for an order that no export's own order (by date, by agency) shines through.
    text = f"{rows['exchange_id'][i]}\0{rows['post_text'][i]}\0{rows['reply_text'][i]}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _views(columns: Mapping[str, Sequence[Any]]) -> list[ReplyView]:
    views = []
    for i, reply in enumerate(columns["reply_text"]):
        start, end = body_span(reply)
        views.append(
            ReplyView(
                post=columns["post_text"][i] or "",
                reply=reply,
                body_start=start,
                body_end=end,
                post_intent=columns["post_intent"][i],
                reply_type=columns["reply_type"][i],
                status=columns["status"][i],
                posted_at=columns["posted_at"][i],
                replied_at=columns["first_replied_at"][i],
            )
        )
    return views


def _full_posts(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    return [
        f"{title or ''}\n{text or ''}"
        for title, text in zip(columns["post_title"], columns["post_text"], strict=True)
    ]


def _pair_texts(columns: Mapping[str, Sequence[Any]]) -> PairTexts:
    tokenizer = Tokenizer()
    posts, replies = _full_posts(columns), list(columns["reply_text"])
    titles = [
        title or (text or "")[:25]
        for title, text in zip(columns["post_title"], columns["post_text"], strict=True)
    ]

    def words(texts: list[str]) -> list[list[str]]:
        return [content_words(tokens) for tokens in tokenizer.cut_batch(texts)]

    return PairTexts(
        posts=posts,
        titles=titles,
        replies=replies,
        post_words=words(posts),
        title_words=words(titles),
        reply_words=words(replies),
        agencies=[agency or "" for agency in columns["agency"]],
        posted_day=_days(columns["posted_at"]),
        replied_day=_days(columns["replied_at"]),
        reply_days=[_text_days(reply) for reply in replies],
    )


def _days(times: Sequence[datetime | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(
        [
            np.nan if t is None else (t.timestamp() + _SHANGHAI_SECONDS) // _DAY_SECONDS
            for t in times
        ]
    )


def _text_days(text: str) -> list[int]:
    epoch = date(1970, 1, 1)
    days = []
    for year, month, day in _TEXT_DATE.findall(text):
        try:
            days.append((date(int(year), int(month), int(day)) - epoch).days)
        except ValueError:  # "2023年2月31日": a slip of the clerk's, no date
            continue
    return days


def _merge(
    columns: Mapping[str, Sequence[Any]],
    hits: list[list[Hit]],
    clusters: list[Cluster],
    cluster_ids: list[str],
    mismatches: Mismatches | None,
) -> tuple[list[list[str]], list[dict[str, Any]]]:
    ids, agencies = columns["exchange_id"], columns["agency"]
    found: list[dict[str, dict[str, Any]]] = [{} for _ in ids]

    def note(i: int, flag: str, rule: str, **more: Any) -> None:
        found[i][flag] = {
            "exchange_id": ids[i],
            "agency": agencies[i],
            "flag": flag,
            "rule": rule,
            **more,
        }

    for i, row in enumerate(hits):
        for hit in row:
            note(i, hit.flag, hit.rule, start=hit.start, end=hit.end)
    for cluster, cluster_id in zip(clusters, cluster_ids, strict=True):
        if cluster.boilerplate:
            for i in cluster.members:
                rule = f"one of {len(cluster.members)} near-identical replies, {cluster_id}"
                note(i, "boilerplate", rule, score=cluster.similarity)
    if mismatches is not None:
        for i in np.flatnonzero(mismatches.flagged).tolist():
            note(
                i,
                "mismatch",
                "fits another post of the archive better",
                score=round(float(mismatches.score[i]), 6),
                other_exchange_id=ids[int(mismatches.better_post[i])],
            )
    flags = [[flag for flag in FLAGS if flag in row] for row in found]
    evidence = [row[flag] for row in found for flag in FLAGS if flag in row]
    evidence.sort(key=lambda item: (str(item["exchange_id"]), FLAGS.index(item["flag"])))
    return flags, evidence


def _cluster_id(columns: Mapping[str, Sequence[Any]], cluster: Cluster) -> str:
    names = "\0".join(sorted(str(columns["exchange_id"][i]) for i in cluster.members))
    return "c" + hashlib.blake2b(names.encode(), digest_size=5).hexdigest()


def _cluster_table(
    columns: Mapping[str, Sequence[Any]], clusters: list[Cluster], cluster_ids: list[str]
) -> pa.Table:
    rows = []
    # Equal sizes in the order of their ids, which no order of rows can change.
    pairs = sorted(
        zip(clusters, cluster_ids, strict=True), key=lambda pair: (-len(pair[0].members), pair[1])
    )
    for cluster, cluster_id in pairs:
        agencies = [columns["agency"][i] or "" for i in cluster.members]
        names = sorted(set(agencies))
        rows.append(
            {
                "cluster_id": cluster_id,
                "n_replies": len(cluster.members),
                "n_distinct_posts": cluster.n_distinct_posts,
                "n_agencies": len(names),
                "agency": max(names, key=lambda name: (agencies.count(name), name)) or None,
                "similarity": round(cluster.similarity, 6),
                "boilerplate": cluster.boilerplate,
                "exchange_ids": sorted(str(columns["exchange_id"][i]) for i in cluster.members),
            }
        )
    return pa.Table.from_pylist(rows, schema=CLUSTER_SCHEMA)


def _promise_table(columns: Mapping[str, Sequence[Any]], as_of: datetime | None) -> pa.Table:
    rows = []
    for i, reply in enumerate(columns["reply_text"]):
        replied = columns["replied_at"][i]
        for promise in find_promises(reply, replied.date() if replied else None):
            overdue = None if promise.due is None or as_of is None else promise.due < as_of.date()
            rows.append(
                {
                    "exchange_id": columns["exchange_id"][i],
                    "agency": columns["agency"][i],
                    "replied_at": replied,
                    "due": promise.due,
                    "kind": promise.kind,
                    "overdue": overdue,
                    "start": promise.start,
                    "end": promise.end,
                    "clause_start": promise.clause_start,
                    "clause_end": promise.clause_end,
                }
            )
    rows.sort(key=lambda row: (row["due"] or date.max, str(row["exchange_id"]), row["start"]))
    return pa.Table.from_pylist(rows, schema=PROMISE_SCHEMA)


def _referral_table(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    named = [
        (agency, referral.target, referral.kind)
        for agency, reply in zip(columns["agency"], columns["reply_text"], strict=True)
        if agency
        for referral in find_referrals(reply)
    ]
    edges = referral_edges(named)
    rows = [{name: getattr(edge, name) for name in REFERRAL_SCHEMA.names} for edge in edges]
    return pa.Table.from_pylist(rows, schema=REFERRAL_SCHEMA)
