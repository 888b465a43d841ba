"""One small scored archive with everything that a page shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from gov_sentiment.exchange import AGENCY_POST, SCORED_SCHEMA, with_run_info
from gov_sentiment.ranking import rank_agencies
from gov_sentiment.report import Summary, summarise

HOSTILE_TEXT = "</script><script>alert(1)</script>请致电13912345678找我"
FORMULA = "您好，您的留言已转云陵市城市管理局办理，将于2024年9月底前完成整改，请耐心等待。"
NAIVE = pa.schema(
    [
        pa.field(f.name, pa.timestamp("s") if pa.types.is_timestamp(f.type) else f.type)
        for f in SCORED_SCHEMA
    ]
)
INFO = {
    "as_of": "2024-12-31T00:00:00+08:00",
    "sources": [{"file": "信箱.csv", "sheet": ""}],
    "ledger": {"rows_read": 125, "exchanges": 120, "merged": 2, "rejected": {"total_row": 3}},
    "model": {"name": "default", "hash": "abc"},
    "program": "0.1.0",
}


def row(i: int, **more: Any) -> dict[str, Any]:
    at = datetime(2024, 1, 1, 9) + timedelta(days=2 * i)
    answered = i % 7 != 0
    return {
        "exchange_id": f"e{i}",
        "agency": f"第{i % 4}局",
        "post_title": "路灯",
        "post_text": f"青溪路{i}号路灯坏了",
        "posted_at": at,
        "reply_text": f"经查，青溪路{i}号灯泡已更换。" if answered else None,
        "first_replied_at": at + timedelta(days=i % 9) if answered else None,
        "replied_at": at + timedelta(days=i % 9) if answered else None,
        "n_replies": int(answered),
        "category": ("城建", "环保")[i % 2],
        "post_sentiment": ("negative", "neutral", "positive")[i % 3],
        "post_polarity": -0.5,
        "post_confidence": 0.8,
        "post_intent": ("complaint", "help", "inquiry", "suggestion", "praise")[i % 5],
        "reply_type": ("resolved", "explained", "referred")[i % 3] if answered else None,
        "reply_confidence": 0.7 if answered else None,
        "reply_quality": 2.0 + (i % 4) * 0.7 if answered else None,
        "flags": [],
        "source_file": "信箱.csv",
        "source_row": i + 2,
        **more,
    }


def table(rows: list[dict[str, Any]], info: dict[str, Any] = INFO) -> pa.Table:
    return with_run_info(pa.Table.from_pylist(rows, schema=NAIVE).cast(SCORED_SCHEMA), info)


@pytest.fixture(scope="session")
def scored() -> pa.Table:
    rows = [row(i) for i in range(120)]
    rows[1].update(post_text=HOSTILE_TEXT, agency="=cmd|' /C calc'!A0")
    matters = ("学校门口堵车", "菜市场污水横流到马路", "公园厕所常年锁门", "夜里工地打桩")
    for i, matter in zip((5, 9, 13, 17), matters, strict=True):
        rows[i].update(post_title=None, post_text=matter, reply_text=FORMULA, flags=["boilerplate"])
    rows[10].update(flags=["mismatch", "hostile"], reply_text="随便你去告。")
    return table(rows)


@pytest.fixture(scope="session")
def summary(scored: pa.Table) -> Summary:
    rejects = pa.table({"source_file": ["信箱.csv"], "source_row": [9], "reason": ["total_row"]})
    return summarise(scored, rank_agencies(scored, min_n=5), rejects)


@pytest.fixture(scope="session")
def odd_tables() -> dict[str, pa.Table]:
    """Archives that lack what a report is usually made of."""
    none = dict.fromkeys(("posted_at", "first_replied_at", "replied_at"))
    silent = dict.fromkeys(
        ("reply_text", "first_replied_at", "replied_at", "reply_type", "reply_quality")
    )
    return {
        "empty": table([], {}),
        "one": table([row(1)]),
        "own posts": table([row(i, **silent, channel=AGENCY_POST, n_replies=0) for i in range(20)]),
        "no dates": table([row(i, **none) for i in range(40)]),
        "only answered": table([row(i) for i in range(80) if i % 7]),
        "nobody answers": table([row(i, **silent, n_replies=0) for i in range(30)]),
        "no agency": table([row(i, agency=None) for i in range(20)]),
    }
