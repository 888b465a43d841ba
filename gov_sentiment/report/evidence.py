"""Evidence of a report: copied replies, mismatches, promises, and how a text may be shown."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from gov_sentiment.report.base import FULL_POST, Base, query
from gov_sentiment.report.summary import Row
from gov_sentiment.report.words import DEAD_ENDS
from gov_sentiment.scoring.checks import ArchiveChecks
from gov_sentiment.text import redact

_SHOWN_TEXT: Final = 260  # characters of a post or reply shown as evidence
MOST_ROWS: Final = 200  # of an evidence table


def shown(text: str | None, limit: int = _SHOWN_TEXT, *, reply: bool = False) -> str:
    """Return a text as evidence may show it: redacted, on one line, cut.

    In a reply an office's own lines are kept.
    """
    flat = " ".join(redact(text or "", reply=reply).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _texts_of(base: Base, ids: list[str]) -> dict[str, tuple[str | None, str | None]]:
    base.register("wanted", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    found = base.execute(
        f"SELECT exchange_id, {FULL_POST}, reply_text FROM asked JOIN wanted ON exchange_id = id"
    ).fetchall()
    base.unregister("wanted")
    return {row[0]: (row[1], row[2]) for row in found}


def count_evidence(checks: ArchiveChecks) -> dict[str, int]:
    """Return how much there is of all evidence, where the tables hold `MOST_ROWS` at most.

    clusters: of copied replies; promises: with a due day, of which promises_due fell due before
    the export and promises_ahead after it (neither where the export's time is unknown);
    promises_kept, promises_broken and promises_asked_again: by what was written later;
    promises_unheard: due without a later word; referrals: named in replies, over referral_ways
    from one body to another; ping_pong: pairs that send to each other; ways_outside,
    ways_silent and ways_sends_on: those that end where nobody answers, by the reason.
    """
    dated = checks.promises.filter(pc.is_valid(checks.promises["due"]))
    due = dated["overdue"].to_pylist()
    states = Counter(dated["state"].to_pylist())
    ways = checks.referrals.to_pylist()
    ends = Counter({(way["source"], way["target"]): way["dead_end"] for way in ways}.values())
    return {
        "clusters": checks.clusters["boilerplate"].to_pylist().count(True),
        "promises": dated.num_rows,
        "promises_due": due.count(True),
        "promises_ahead": due.count(False),
        "promises_kept": states["kept"],
        "promises_broken": states["broken"],
        "promises_asked_again": states["asked_again"],
        "promises_unheard": states["due"],
        "referrals": sum(way["n"] for way in ways),
        "referral_ways": len({(way["source"], way["target"]) for way in ways}),
        "ping_pong": len({frozenset((w["source"], w["target"])) for w in ways if w["ping_pong"]}),
        **{f"ways_{end}": ends[end] for end in DEAD_ENDS},
    }


def copied_replies(base: Base, checks: ArchiveChecks) -> tuple[Row, ...]:
    """Return the clusters of one text for different posts, largest first."""
    kept = [row for row in checks.clusters.to_pylist() if row["boilerplate"]][:MOST_ROWS]
    texts = _texts_of(base, [row["exchange_ids"][0] for row in kept])
    return tuple(
        {
            **{k: row[k] for k in ("cluster_id", "agency", "n_agencies", "n_replies")},
            "n_distinct_posts": row["n_distinct_posts"],
            "similarity": row["similarity"],
            "reply": shown(texts.get(row["exchange_ids"][0], (None, None))[1], reply=True),
            "exchange_ids": row["exchange_ids"][:20],
        }
        for row in kept
    )


def mismatched_replies(base: Base, checks: ArchiveChecks) -> tuple[Row, ...]:
    """Return the replies that fit another post better."""
    others = {
        row["exchange_id"]: (row["other_exchange_id"], row["score"])
        for row in checks.evidence.to_pylist()
        if row["flag"] == "mismatch"
    }
    rows = query(
        base,
        f"SELECT exchange_id, agency, {FULL_POST} AS post, reply_text FROM asked "
        "WHERE list_contains(flags, 'mismatch') "
        f"ORDER BY agency, exchange_id LIMIT {MOST_ROWS}",
    )
    return tuple(
        {
            "exchange_id": row["exchange_id"],
            "agency": row["agency"],
            "post": shown(row["post"], 160),
            "reply": shown(row["reply_text"], 200, reply=True),
            "other_exchange_id": others.get(row["exchange_id"], (None, None))[0],
            "score": others.get(row["exchange_id"], (None, None))[1],
        }
        for row in rows
    )


def dated_promises(base: Base, checks: ArchiveChecks) -> tuple[Row, ...]:
    """Return the promises with a due day, the latest due ones."""
    rows = [row for row in checks.promises.to_pylist() if row["due"] is not None]
    rows = rows[-MOST_ROWS:]
    texts = _texts_of(base, [row["exchange_id"] for row in rows])
    out = []
    for row in rows:
        reply = texts.get(row["exchange_id"], (None, None))[1] or ""
        start = max(row["clause_start"], row["start"] - 50)
        out.append(
            {
                "exchange_id": row["exchange_id"],
                "agency": row["agency"],
                "due": row["due"].isoformat(),
                "overdue": row["overdue"],
                "state": row["state"],
                "followed_by": row["followed_by"],
                "promise": shown(
                    reply[start : min(row["clause_end"], row["end"] + 50)], 140, reply=True
                ),
            }
        )
    return tuple(out)


def passing_on(ranking: tuple[Row, ...], min_n: int) -> tuple[Row, ...]:
    """Return who answers by sending the citizen elsewhere, most surely first.

    The share of replies whose whole content is that another body is responsible, as the model
    judged them, with Wilson's 95 % interval. Ordered by its lower end, so that two letters of a
    tiny office do not head the list.
    """
    rows = [
        {
            "agency": row["agency"],
            "n": round(row["procedural_share_n"]),
            "n_referred": round(row["procedural_share_raw"] * row["procedural_share_n"]),
            "share": row["procedural_share_raw"],
            "low": row["procedural_share_wilson_low"],
            "high": row["procedural_share_wilson_high"],
        }
        for row in ranking
        if row["agency"] and row["n_exchanges"] >= min_n and row.get("procedural_share_raw")
    ]
    rows.sort(key=lambda row: (-row["low"], -row["share"], row["agency"]))
    return tuple(rows[:MOST_ROWS])
