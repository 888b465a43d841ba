"""Precision and recall of dated promises on real replies marked by reading.

    python scripts/measure_promises.py SCORED… [--show]

SCORED are scored Parquet files of the research archives; `scripts/labels/promises.csv` has, by
archive and exchange id, the characters of each promised time and the day it is due, of times one
may argue about ("doubtful": opening hours, a reply older than its own date; they count neither
way) and the replies without any ("none"). A promise found is right where its time overlaps a
marked one and the due day is the same. `--show` prints what was missed or wrong (keep it private).
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from gov_sentiment.ranking.shrink import wilson
from gov_sentiment.scoring.checks.promises import Promise, find_promises

LABELS = Path(__file__).with_name("labels") / "promises.csv"


def read_marks() -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the marks of each reply by archive and exchange id."""
    marks: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            marks[row["archive"], row["exchange_id"]].append(row)
    return marks


def overlapping(promise: Promise, marks: Iterable[dict[str, str]]) -> dict[str, str] | None:
    """Return the mark that shares a character with the promise's time."""
    return next(
        (m for m in marks if promise.start < int(m["end"]) and int(m["start"]) < promise.end), None
    )


def compare(row: dict[str, Any], marks: list[dict[str, str]]) -> Iterator[tuple[str, int, int]]:
    """Yield (right, wrong_due, false or missed, start, end) for each promise found or marked."""
    spans = [mark for mark in marks if mark["kind"] != "none"]
    replied: date | None = row["replied_at"].date() if row["replied_at"] else None
    met = []
    for promise in find_promises(row["reply_text"], replied):
        mark = overlapping(promise, spans)
        if mark is None:
            yield "false", promise.start, promise.end
        elif mark["kind"] == "promise" and mark not in met:
            met.append(mark)
            kind = "right" if str(promise.due) == mark["due"] else "wrong_due"
            yield kind, promise.start, promise.end
    for mark in spans:
        if mark["kind"] == "promise" and mark not in met:
            yield "missed", int(mark["start"]), int(mark["end"])


def share(k: int, n: int) -> str:
    """Return k of n with its 95 % Wilson interval."""
    low, high = wilson(k, n)
    return f"{k}/{n} = {k / n:.2f} [{float(low):.2f}, {float(high):.2f}]"


def main() -> None:
    """Print precision and recall of each sample."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scored", nargs="+")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    marks = read_marks()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in (row for path in args.scored for row in pq.read_table(path).to_pylist()):
        marked = marks.get((Path(row["source_file"]).stem, row["exchange_id"]))
        if not marked:
            continue
        counter = counts[marked[0]["sample"]]
        counter["replies"] += 1
        for kind, start, end in compare(row, marked):
            counter[kind] += 1
            if args.show and kind != "right":
                print(kind, row["reply_text"][max(0, start - 40) : end + 40].replace("\n", " "))
    for sample, c in sorted(counts.items()):
        found = c["right"] + c["wrong_due"] + c["false"]
        promised = c["right"] + c["wrong_due"] + c["missed"]
        print(
            f"sample {sample}: {c['replies']} replies, {promised} promises, "
            f"precision {share(c['right'], found)}, recall {share(c['right'], promised)}"
        )


if __name__ == "__main__":
    main()
