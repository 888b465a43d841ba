"""Processor time and size of a report page.

Run: python scripts/bench/report.py SCORED.parquet
     python scripts/bench/report.py --agencies 1000    (30 invented exchanges for each)
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from gov_sentiment.exchange import SCORED_SCHEMA

POST = "小区北门外的路灯从上个月起就不亮了，晚上接孩子放学很不安全，打过几次电话没有人来修。" * 6
REPLY = (
    "您好，您反映的路灯问题已收悉。经查，系电缆被施工挖断，现已修复并恢复照明，感谢您的监督。" * 6
)
EACH = 30


def invented(n_agencies: int) -> pa.Table:
    start = datetime(2023, 1, 1, 9, tzinfo=UTC)
    rows = []
    for i in range(n_agencies * EACH):
        at = start + timedelta(hours=7 * (i % 1700))
        rows.append(
            {
                "exchange_id": f"e{i}",
                "agency": f"云陵市第{i % n_agencies}街道办事处",
                "post_text": f"{i} {POST}",
                "posted_at": at,
                "reply_text": f"{i} {REPLY}",
                "first_replied_at": at + timedelta(days=i % 23),
                "replied_at": at + timedelta(days=i % 23),
                "n_replies": 1,
                "post_sentiment": ("negative", "neutral", "positive")[i % 3],
                "post_intent": ("complaint", "help", "inquiry")[i % 3],
                "reply_type": ("resolved", "explained", "referred")[(i // n_agencies) % 3],
                "reply_confidence": 0.7,
                "reply_quality": 2 + (i % 7) / 3,
                "flags": [],
                "source_file": "invented.csv",
                "source_row": i,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCORED_SCHEMA)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scored", nargs="?", type=Path)
    parser.add_argument("--agencies", type=int, default=1000)
    options = parser.parse_args()
    started = time.process_time()
    from gov_sentiment.cli.tables import read_scored
    from gov_sentiment.ranking import rank_agencies
    from gov_sentiment.report import render_page, summarise
    from gov_sentiment.scoring.checks import check_archive

    if options.scored is None:
        table = invented(options.agencies)
        started = time.process_time()
        checks = check_archive(table.slice(0, 1), None, mismatches=False)
    else:
        table, checks = read_scored([options.scored]), None
    summary = summarise(table, rank_agencies(table), checks=checks)
    page = render_page(summary)
    seconds = time.process_time() - started
    size = len(page.encode()) / 1e6
    print(f"agencies {summary.totals.n_agencies:,}  cpu {seconds:.1f} s  page {size:.2f} MB")


if __name__ == "__main__":
    main()
