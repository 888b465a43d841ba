"""Scored table and ranking → summary. The only computing step of the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gov_sentiment.exchange import AGENCY_POST, REPLY_TYPES, SUBSTANTIVE, run_info
from gov_sentiment.ranking import Ranking
from gov_sentiment.ranking.survival import kaplan_meier, median_time
from gov_sentiment.report.summary import Curve, Example, Profile, Row, Summary, Totals
from gov_sentiment.scoring.checks import FLAGS, ArchiveChecks, check_archive
from gov_sentiment.text import redact

_SHOWN_TEXT: Final = 260  # characters of a post or reply shown as evidence
_MOST_ROWS: Final = 200  # of the evidence tables
_MOST_PROFILES: Final = 1_500
_CURVES: Final = 6
_DAY: Final = 86_400
_FULL_POST: Final = "coalesce(post_title || '。', '') || coalesce(post_text, '')"
_Z: Final = {"95": 1.959964, "998": 3.090232}


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
        checks: evidence of the archive checks; found again from the table where None.
    """
    info = run_info(scored.schema)
    if checks is None:
        checks = check_archive(scored, _as_of(info), mismatches=False)
    rows = tuple(ranking.full.to_pylist())
    with closing(duckdb.connect()) as base:
        base.execute("SET threads TO 2")
        base.register("scored", _local_times(scored))
        base.execute(
            "CREATE TEMP VIEW asked AS SELECT * FROM scored "
            f"WHERE channel IS DISTINCT FROM '{AGENCY_POST}'"
        )
        return Summary(
            totals=_totals(base, scored, rows),
            ranking=rows,
            tiers=tuple(ranking.tiers.to_pylist()),
            pairs=tuple(ranking.pairs.to_pylist()),
            funnel=_funnel(rows),
            curves=_curves(base),
            reply_types=_counts(base, "reply_type", REPLY_TYPES),
            intents=_counts(base, "post_intent"),
            sentiments=_counts(base, "post_sentiment"),
            flags=_flag_counts(base),
            months=_months(base),
            categories=_categories(base),
            clusters=_clusters(base, checks),
            mismatches=_mismatches(base, checks),
            promises=_promises(base, checks),
            referrals=tuple(checks.referrals.slice(0, _MOST_ROWS).to_pylist()),
            profiles=_profiles(base, rows),
            rejects=_reject_rows(rejects),
            notices=tuple({"code": n.code, "zh": n.zh, "en": n.en} for n in ranking.notices),
            methods={lang: ranking.methods(lang) for lang in ("zh", "en")},
            run=info,
            min_n=int(ranking.settings.get("min_n", 0)),
        )


def _as_of(info: Mapping[str, Any]) -> datetime | None:
    text = info.get("as_of")
    return None if not text else datetime.fromisoformat(str(text))


def _local_times(scored: pa.Table) -> pa.Table:
    """Return the table with its times as naive local ones: no zone tables are needed then."""
    for name in ("posted_at", "first_replied_at", "replied_at"):
        seconds = scored[name].cast(pa.timestamp("s")).cast(pa.int64())
        local = pc.add(seconds, 28_800).cast(pa.timestamp("s"))
        scored = scored.set_column(scored.schema.get_field_index(name), name, local)
    return scored.replace_schema_metadata(None)


def _rows(base: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    result = base.execute(sql, list(values))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _share(part: float | None, whole: float | None) -> float | None:
    return None if not whole or part is None else part / whole


def _totals(base: duckdb.DuckDBPyConnection, scored: pa.Table, rows: tuple[Row, ...]) -> Totals:
    substantive = ", ".join(f"'{name}'" for name in SUBSTANTIVE)
    found = _rows(
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
    waiting = _waiting(base, "")
    only_answered = n > 0 and replied == n
    return Totals(
        n_exchanges=n,
        n_agencies=found["agencies"],
        n_ranked=sum(row["rank"] is not None for row in rows),
        n_replied=replied,
        n_own_posts=scored.num_rows - n,
        # An archive of answered letters alone says nothing on silence.
        response_rate=None if only_answered else _share(replied, n),
        median_days=None if waiting is None else _finite(float(median_time(waiting)[0])),
        quality=found["quality"],
        substantive_share=_share(found["substantive"], replied),
        negative_share=_share(found["negative"], n),
        boilerplate_share=_share(found["boilerplate"], replied),
        mismatch_share=_share(found["mismatch"], replied),
        first_day=found["first_day"],
        last_day=found["last_day"],
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


# ------------------------------------------------------------------ waiting


def _waiting(base: duckdb.DuckDBPyConnection, agency: str) -> Any:
    where = "agency = ?" if agency else "? = ''"
    found = base.execute(
        f"""
        SELECT datediff('second', posted_at, coalesce(first_replied_at,
                   (SELECT max(greatest(posted_at, coalesce(replied_at, posted_at))) FROM asked)))
                   / {_DAY}.0 AS days,
               CASE WHEN first_replied_at IS NULL THEN 0 ELSE 1 END AS answered, count(*) AS n
        FROM asked
        WHERE posted_at IS NOT NULL AND (reply_text IS NULL OR first_replied_at IS NOT NULL)
              AND {where}
        GROUP BY ALL HAVING days >= 0 ORDER BY ALL
        """,
        [agency],
    ).fetchnumpy()
    if len(found["days"]) < 2 or not np.any(found["answered"]):
        return None
    return kaplan_meier(
        np.zeros(len(found["days"]), dtype=np.int64),
        np.asarray(found["days"], dtype=np.float64),
        np.asarray(found["answered"], dtype=np.int64),
        np.asarray(found["n"], dtype=np.int64),
        1,
    )


def _curves(base: duckdb.DuckDBPyConnection) -> tuple[Curve, ...]:
    largest = _rows(
        base,
        "SELECT agency FROM asked WHERE agency IS NOT NULL AND posted_at IS NOT NULL "
        f"GROUP BY agency HAVING count(*) >= 20 ORDER BY count(*) DESC, agency LIMIT {_CURVES}",
    )
    curves = []
    for name in ["", *(row["agency"] for row in largest)]:
        found = _waiting(base, name)
        if found is not None:
            curves.append(
                Curve(
                    name,
                    tuple(round(float(day), 4) for day in found.time),
                    tuple(round(float(share), 6) for share in found.survival),
                )
            )
    return tuple(curves)


# ------------------------------------------------------------------ counts


def _counts(
    base: duckdb.DuckDBPyConnection, column: str, order: tuple[str, ...] = ()
) -> dict[str, int]:
    found = {
        row["name"]: row["n"]
        for row in _rows(
            base,
            f"SELECT {column} AS name, count(*) AS n FROM asked WHERE {column} IS NOT NULL "
            "GROUP BY ALL ORDER BY n DESC, name",
        )
    }
    return {name: found[name] for name in (order or found) if name in found}


def _flag_counts(base: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = {
        row["flag"]: row["n"]
        for row in _rows(
            base,
            "SELECT flag, count(*) AS n "
            "FROM (SELECT unnest(flags) AS flag FROM asked) GROUP BY flag",
        )
    }
    return {flag: found[flag] for flag in FLAGS if flag in found}


def _months(base: duckdb.DuckDBPyConnection) -> tuple[Row, ...]:
    return tuple(
        _rows(
            base,
            """
            SELECT strftime(posted_at, '%Y-%m') AS month, count(*) AS n,
                   count(*) FILTER (WHERE post_sentiment = 'negative') AS n_negative,
                   count(*) FILTER (WHERE post_sentiment = 'positive') AS n_positive,
                   avg(reply_quality) AS quality,
                   count(*) FILTER (WHERE post_intent = 'complaint') AS n_complaint,
                   count(*) FILTER (WHERE post_intent = 'help') AS n_help,
                   count(*) FILTER (WHERE post_intent = 'inquiry') AS n_inquiry,
                   count(*) FILTER (WHERE post_intent = 'suggestion') AS n_suggestion,
                   count(*) FILTER (WHERE post_intent = 'praise') AS n_praise
            FROM asked WHERE posted_at IS NOT NULL GROUP BY month ORDER BY month
            """,
        )
    )


def _categories(base: duckdb.DuckDBPyConnection) -> tuple[Row, ...]:
    return tuple(
        _rows(
            base,
            """
            SELECT category, count(*) AS n,
                   count(*) FILTER (WHERE post_sentiment = 'negative') / count(*) AS negative_share,
                   avg(reply_quality) AS quality
            FROM asked WHERE category IS NOT NULL
            GROUP BY category ORDER BY n DESC, category LIMIT 30
            """,
        )
    )


def _funnel(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return control limits of the substantive share around its mean (Spiegelhalter 2005).

    Normal limits p ± z √(p(1-p)/n): the shares of agencies that differ by chance alone lie
    within them 95 and 99.8 times in a hundred.
    """
    known = [
        (row["substantive_share_raw"], row["substantive_share_n"])
        for row in rows
        if row.get("substantive_share_raw") is not None and row.get("substantive_share_n")
    ]
    total = sum(n for _, n in known)
    if len(known) < 3 or not total:
        return ()
    mean = sum(share * n for share, n in known) / total
    largest = max(n for _, n in known)
    limits = []
    for n in np.unique(np.geomspace(2, max(largest, 3), 40).round()):
        spread = math.sqrt(mean * (1 - mean) / n)
        limits.append(
            {
                "n": float(n),
                "mean": mean,
                **{f"low{k}": max(0.0, mean - z * spread) for k, z in _Z.items()},
                **{f"high{k}": min(1.0, mean + z * spread) for k, z in _Z.items()},
            }
        )
    return tuple(limits)


# ------------------------------------------------------------------ evidence


def shown(text: str | None, limit: int = _SHOWN_TEXT, *, reply: bool = False) -> str:
    """Return a text as evidence may show it: redacted, on one line, cut.

    In a reply an office's own lines are kept.
    """
    flat = " ".join(redact(text or "", reply=reply).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _texts_of(
    base: duckdb.DuckDBPyConnection, ids: list[str]
) -> dict[str, tuple[str | None, str | None]]:
    base.register("wanted", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    found = base.execute(
        f"SELECT exchange_id, {_FULL_POST}, reply_text FROM asked  JOIN wanted ON exchange_id = id"
    ).fetchall()
    base.unregister("wanted")
    return {row[0]: (row[1], row[2]) for row in found}


def _clusters(base: duckdb.DuckDBPyConnection, checks: ArchiveChecks) -> tuple[Row, ...]:
    kept = [row for row in checks.clusters.to_pylist() if row["boilerplate"]][:_MOST_ROWS]
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


def _mismatches(base: duckdb.DuckDBPyConnection, checks: ArchiveChecks) -> tuple[Row, ...]:
    others = {
        row["exchange_id"]: (row["other_exchange_id"], row["score"])
        for row in checks.evidence.to_pylist()
        if row["flag"] == "mismatch"
    }
    rows = _rows(
        base,
        f"SELECT exchange_id, agency, {_FULL_POST} AS post, reply_text FROM asked "
        " WHERE list_contains(flags, 'mismatch') "
        f"ORDER BY agency, exchange_id LIMIT {_MOST_ROWS}",
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


def _promises(base: duckdb.DuckDBPyConnection, checks: ArchiveChecks) -> tuple[Row, ...]:
    rows = [row for row in checks.promises.to_pylist() if row["due"] is not None]
    rows = rows[-_MOST_ROWS:]
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
                "promise": shown(
                    reply[start : min(row["clause_end"], row["end"] + 50)], 140, reply=True
                ),
            }
        )
    return tuple(out)


# ------------------------------------------------------------------ profiles


def _profiles(base: duckdb.DuckDBPyConnection, ranking: tuple[Row, ...]) -> dict[str, Profile]:
    names = [row["agency"] for row in ranking if row["agency"]][:_MOST_PROFILES]
    base.register("named", pa.table({"name": pa.array(names, pa.string())}))
    types: dict[str, dict[str, int]] = {}
    for row in _rows(
        base,
        "SELECT agency, reply_type, count(*) AS n FROM asked JOIN named ON agency = name "
        "WHERE reply_type IS NOT NULL GROUP BY ALL ORDER BY ALL",
    ):
        types.setdefault(row["agency"], {})[row["reply_type"]] = row["n"]
    flags: dict[str, dict[str, int]] = {}
    for row in _rows(
        base,
        "SELECT agency, flag, count(*) AS n FROM (SELECT agency, unnest(flags) AS flag FROM asked "
        "JOIN named ON agency = name) GROUP BY ALL ORDER BY ALL",
    ):
        flags.setdefault(row["agency"], {})[row["flag"]] = row["n"]
    months: dict[str, list[Row]] = {}
    for row in _rows(
        base,
        "SELECT agency, strftime(posted_at, '%Y-%m') AS month, count(*) AS n, "
        "avg(reply_quality) AS quality FROM asked JOIN named ON agency = name "
        "WHERE posted_at IS NOT NULL GROUP BY ALL ORDER BY ALL",
    ):
        months.setdefault(row.pop("agency"), []).append(row)
    examples = _examples(base)
    base.unregister("named")
    return {
        name: Profile(
            agency=name,
            reply_types={t: types[name][t] for t in REPLY_TYPES if t in types.get(name, {})},
            flags={f: flags[name][f] for f in FLAGS if f in flags.get(name, {})},
            months=tuple(months.get(name, [])),
            examples=tuple(examples.get(name, [])),
        )
        for name in names
    }


# Best and worst by quality among replies of some substance to posts of some length; the flagged
# one by the gravest flag. Ties by the exchange's id, so that the choice is nobody's.
_EXAMPLES: Final = """
WITH eligible AS (
    SELECT a.*, row_number() OVER (PARTITION BY agency ORDER BY
               reply_quality DESC NULLS LAST, exchange_id) AS best,
           row_number() OVER (PARTITION BY agency ORDER BY
               reply_quality ASC NULLS LAST, exchange_id) AS worst,
           row_number() OVER (PARTITION BY agency ORDER BY
               list_position($flags, flags[1]) ASC NULLS LAST, exchange_id) AS flagged
    FROM asked a JOIN named ON agency = name WHERE reply_text IS NOT NULL
)
SELECT *, CASE WHEN flagged = 1 AND len(flags) > 0 THEN 'flagged' WHEN best = 1 THEN 'best'
               ELSE 'worst' END AS why
FROM eligible WHERE best = 1 OR worst = 1 OR (flagged = 1 AND len(flags) > 0)
ORDER BY agency, why, exchange_id
"""


def _examples(base: duckdb.DuckDBPyConnection) -> dict[str, list[Example]]:
    result = base.execute(_EXAMPLES, {"flags": list(FLAGS)})
    names = [column[0] for column in result.description]
    examples: dict[str, list[Example]] = {}
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        title = f"{row['post_title']}。" if row["post_title"] else ""
        examples.setdefault(row["agency"], []).append(
            Example(
                exchange_id=row["exchange_id"],
                why=row["why"],
                posted=_day(row["posted_at"]),
                replied=_day(row["first_replied_at"]),
                post=shown(title + (row["post_text"] or "")),
                reply=shown(row["reply_text"], reply=True),
                post_sentiment=row["post_sentiment"],
                post_intent=row["post_intent"],
                reply_type=row["reply_type"],
                quality=row["reply_quality"],
                flags=tuple(row["flags"] or ()),
                source_file=row["source_file"] or "",
                source_row=row["source_row"],
            )
        )
    return examples


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.date().isoformat()


def _reject_rows(rejects: pa.Table | None) -> tuple[Row, ...]:
    if rejects is None:
        return ()
    rows = rejects.select(["source_file", "source_row", "reason"]).to_pylist()
    return tuple(rows)
