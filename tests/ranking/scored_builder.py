"""Builds small scored tables, so that ranking is tested without a scorer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa

from gov_sentiment.exchange import DIMENSIONS, SCORED_SCHEMA, with_run_info

EAST_8 = timezone(timedelta(hours=8))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EAST_8)


def exchange(number: int, agency: str | None, posted: str | None, **given: Any) -> dict[str, Any]:
    """One row; replied=None leaves it unanswered, replied="" answers without a time."""
    replied = given.pop("replied", None)
    row: dict[str, Any] = dict.fromkeys(SCORED_SCHEMA.names)
    row |= {
        "exchange_id": f"x{number}",
        "agency": agency,
        "post_title": "路灯",
        "post_text": "路灯不亮。",
        "posted_at": None if posted is None else moment(posted),
        "n_replies": 0,
        "source_file": "built",
        "source_row": number,
        "post_sentiment": "negative",
        "post_polarity": -0.5,
        "post_confidence": 0.9,
        "post_intent": "help",
        "flags": [],
    }
    if replied is not None:
        row |= {
            "reply_text": "已修复。",
            "n_replies": 1,
            "reply_type": "resolved",
            "reply_confidence": 0.9,
            "reply_quality": 4.0,
            "reply_polarity": 0.2,
            "responsiveness": 75.0,
            **{f"reply_{name}": 1.5 for name in DIMENSIONS},
        }
        if replied:
            row["first_replied_at"] = row["replied_at"] = moment(replied)
    return row | given


def build(rows: Iterable[dict[str, Any]], **info: Any) -> pa.Table:
    table = pa.Table.from_pylist(list(rows), schema=SCORED_SCHEMA)
    return with_run_info(table, info) if info else table


def simulate(
    sizes: dict[str, int], seed: int = 1, dates_only: bool = False, answered: float = 0.85
) -> pa.Table:
    """A table of random exchanges: agency → how many."""
    rng = np.random.default_rng(seed)
    rows = []
    for agency, size in sizes.items():
        good = rng.beta(8, 4)
        for _ in range(size):
            posted = datetime(2024, 1, 1) + timedelta(seconds=int(rng.integers(0, 300 * 86_400)))
            waited = timedelta(seconds=int(rng.exponential(9 * 86_400)))
            replied = posted + waited
            if dates_only:
                posted, replied = (
                    each.replace(hour=0, minute=0, second=0) for each in (posted, replied)
                )
            given: dict[str, Any] = {
                "category": str(rng.choice(["道路", "环境", "教育"])),
                "post_intent": str(rng.choice(["complaint", "help", "inquiry"])),
                "post_sentiment": str(rng.choice(["negative", "neutral"])),
                "region": "东区" if len(agency) % 2 else "西区",
            }
            if rng.random() < answered and replied < datetime(2024, 10, 31):
                kinds = ["resolved", "explained", "committed", "referred", "perfunctory"]
                weights = np.array([good / 3] * 3 + [(1 - good) / 2] * 2)
                given |= {
                    "replied": replied.isoformat(),
                    "reply_type": str(rng.choice(kinds, p=weights)),
                    "reply_quality": float(np.clip(rng.normal(1.5 + 3 * good, 0.8), 1, 5)),
                    "flags": ["boilerplate"] if rng.random() < 0.1 else [],
                }
            rows.append(exchange(len(rows), agency, posted.isoformat(), **given))
    return build(rows, as_of="2024-10-31T00:00:00", model={"name": "built", "hash": "0" * 64})
