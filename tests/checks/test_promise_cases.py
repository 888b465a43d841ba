"""Precision and recall of dated promises on replies of our own, with the day that each is due."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from gov_sentiment.scoring.checks.promises import find_promises

CASES = Path(__file__).with_name("promise_cases.tsv")
REPLIED = date(2024, 4, 10)


def test_precision_and_recall_of_dated_promises() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = right = 0
    missed = []
    for row in rows:
        dues = {str(promise.due) for promise in find_promises(row["reply"], REPLIED)}
        found += len(dues)
        right += row["due"] in dues
        if row["due"] and row["due"] not in dues:
            missed.append(row["reply"])
    promised = sum(bool(row["due"]) for row in rows)
    assert len(rows) >= 60
    assert right / found >= 0.9
    assert right / promised >= 0.8, missed
