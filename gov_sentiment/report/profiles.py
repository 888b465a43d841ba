"""One profile for each agency: its reply types, flags, months, and examples chosen by rule."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pyarrow as pa

from gov_sentiment.exchange import REPLY_TYPES
from gov_sentiment.report.base import Base, query
from gov_sentiment.report.evidence import shown
from gov_sentiment.report.summary import Example, Profile, Row
from gov_sentiment.scoring.checks import FLAGS

_MOST_PROFILES: Final = 1_500
_MOST_SENDERS: Final = 50


def agency_profiles(
    base: Base, ranking: tuple[Row, ...], passing_on: tuple[Row, ...]
) -> dict[str, Profile]:
    """Return the profiles of the agencies with most exchanges, in the ranking's order.

    Args:
        base: see `open_base`.
        ranking: rows of the full ranking.
        passing_on: whose profile shows three referrals besides.
    """
    largest = sorted(
        (row for row in ranking if row["agency"]), key=lambda r: (-r["n_exchanges"], r["agency"])
    )
    chosen = {row["agency"] for row in largest[:_MOST_PROFILES]}
    names = [row["agency"] for row in ranking if row["agency"] in chosen]
    base.register("named", pa.table({"name": pa.array(names, pa.string())}))
    senders = [row["agency"] for row in passing_on[:_MOST_SENDERS]]
    base.register("sender", pa.table({"name": pa.array(senders, pa.string())}))
    types = _by_agency(base, "reply_type", "asked")
    flags = _by_agency(base, "flag", "(SELECT agency, unnest(flags) AS flag FROM asked)")
    months: dict[str, list[Row]] = {}
    for row in query(
        base,
        "SELECT agency, strftime(posted_at, '%Y-%m') AS month, count(*) AS n, "
        "avg(reply_quality) AS quality FROM asked JOIN named ON agency = name "
        "WHERE posted_at IS NOT NULL GROUP BY ALL ORDER BY ALL",
    ):
        months.setdefault(row.pop("agency"), []).append(row)
    examples = _examples(base)
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


def _by_agency(base: Base, column: str, source: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in query(
        base,
        f"SELECT agency, {column} AS name, count(*) AS n FROM {source} JOIN named "
        f"ON agency = named.name WHERE {column} IS NOT NULL GROUP BY ALL ORDER BY ALL",
    ):
        counts.setdefault(row["agency"], {})[row["name"]] = row["n"]
    return counts


# Best and worst by quality among the answered, the flagged one by the gravest flag, and of those
# who pass many citizens on the three surest referrals. Ties by the exchange's id, so that the
# choice is nobody's.
_EXAMPLES: Final = """
WITH eligible AS (
    SELECT a.*, row_number() OVER (PARTITION BY agency ORDER BY
               reply_quality DESC NULLS LAST, exchange_id) AS best,
           row_number() OVER (PARTITION BY agency ORDER BY
               reply_quality ASC NULLS LAST, exchange_id) AS worst,
           row_number() OVER (PARTITION BY agency ORDER BY
               list_position($flags, flags[1]) ASC NULLS LAST, exchange_id) AS flagged,
           CASE WHEN reply_type = 'referred' AND agency IN (SELECT name FROM sender) THEN
               row_number() OVER (PARTITION BY agency, reply_type ORDER BY
                   reply_confidence DESC NULLS LAST, exchange_id) END AS referred
    FROM asked a JOIN named ON agency = name WHERE reply_text IS NOT NULL
)
SELECT *, CASE WHEN flagged = 1 AND len(flags) > 0 THEN 'flagged' WHEN best = 1 THEN 'best'
               WHEN worst = 1 THEN 'worst' ELSE 'referred' END AS why
FROM eligible WHERE best = 1 OR worst = 1 OR (flagged = 1 AND len(flags) > 0)
    OR referred <= 3
ORDER BY agency, why, exchange_id
"""


def _examples(base: Base) -> dict[str, list[Example]]:
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
