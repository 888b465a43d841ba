"""Waiting times of a report: Kaplan–Meier curves of the archive and its largest agencies."""

from __future__ import annotations

from typing import Final

import numpy as np

from gov_sentiment.ranking.survival import Curves, kaplan_meier
from gov_sentiment.report.base import Base, query
from gov_sentiment.report.summary import Curve

_CURVES: Final = 6
_DAY: Final = 86_400
_Z: Final = 1.959964


def waiting_times(base: Base, agency: str) -> Curves | None:
    """Return the curve of one agency, "" for all; None where nothing was answered or timed."""
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


def waiting_curves(base: Base) -> tuple[Curve, ...]:
    """Return the curve of the whole archive, then those of the agencies with most exchanges."""
    largest = query(
        base,
        "SELECT agency FROM asked WHERE agency IS NOT NULL AND posted_at IS NOT NULL "
        f"GROUP BY agency HAVING count(*) >= 20 ORDER BY count(*) DESC, agency LIMIT {_CURVES}",
    )
    found = [
        (name, waiting_times(base, name)) for name in ["", *(row["agency"] for row in largest)]
    ]
    return tuple(_curve(name, curve) for name, curve in found if curve is not None)


def _curve(name: str, found: Curves) -> Curve:
    """Return steps with 95 % limits S ± z S √Greenwood, kept in [0, 1]."""
    spread = _Z * found.survival * np.sqrt(found.greenwood)
    return Curve(
        name=name,
        n=int(found.at_risk[0]),
        days=tuple(found.time.round(4).tolist()),
        unanswered=tuple(found.survival.round(6).tolist()),
        low=tuple(np.clip(found.survival - spread, 0, 1).round(6).tolist()),
        high=tuple(np.clip(found.survival + spread, 0, 1).round(6).tolist()),
    )
