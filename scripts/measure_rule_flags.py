"""Precision and recall of the flags that one exchange shows by itself, and of copied replies.

    python scripts/measure_rule_flags.py                 (our own labelled exchanges)
    python scripts/measure_rule_flags.py SCORED… --list  (every hit in scored archives, to read)

Without files: `corpora/` and `tests/checks/flag_cases.jsonl`, with the labelled intent and type of
reply, so that the rules alone are measured. With scored Parquet files: how often each rule fires;
`--list FLAG` prints a random fifty of its distinct replies for a reader's eye (keep that private).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from gov_sentiment.scoring.checks.boilerplate import find_clusters
from gov_sentiment.scoring.checks.rules import Hit, ReplyView, body_span, row_hits

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ("corpora/labels/demo.jsonl", "corpora/train.jsonl", "corpora/test.jsonl")
CASES = "tests/checks/flag_cases.jsonl"
NOT_HERE = {"mismatch"}  # scripts/measure_flags.py
SAMPLE = 50


def view(row: dict[str, Any]) -> ReplyView:
    """Return what the rules read of a labelled or a scored row."""
    reply = row.get("reply_text") or row["reply"]
    start, end = body_span(reply)
    times = (row.get("posted_at"), row.get("first_replied_at"))
    posted, replied = (None, None) if any(isinstance(t, str) for t in times) else times
    return ReplyView(
        post=row.get("post_text") or row.get("post") or "",
        reply=reply,
        body_start=start,
        body_end=end,
        post_intent=row.get("post_intent") or row.get("intent"),
        reply_type=row["reply_type"],
        status=row["status"],
        posted_at=posted,
        replied_at=replied,
    )


def read(path: Path) -> list[dict[str, Any]]:
    """Return the answered rows of a labelled file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.get("reply_text") or row.get("reply")]


def count(rows: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Return hits, false alarms and misses of each flag."""
    copied = {
        i
        for cluster in find_clusters(
            [row.get("reply_text") for row in rows], [row.get("post_text") for row in rows]
        )
        if cluster.boilerplate
        for i in cluster.members
    }
    counts: dict[str, Counter[str]] = {}
    for i, row in enumerate(rows):
        gold = set(row.get("gold_flags") or row.get("flags") or ()) - NOT_HERE
        got = {hit.flag for hit in row_hits(view(row))} | (
            {"boilerplate"} if i in copied else set()
        )
        for flag in gold | got:
            kind = "hit" if flag in gold & got else "false" if flag in got else "missed"
            counts.setdefault(flag, Counter())[kind] += 1
    return counts


def print_table(files: list[str]) -> None:
    """Print precision and recall of each flag on our own labelled files."""
    print("| flag | exchanges | positives | precision | recall |")
    print("| --- | --- | ---: | ---: | ---: |")
    for label, names in (("corpora", files), ("cases", [CASES])):
        rows = [row for name in names for row in read(ROOT / name)]
        for flag, c in sorted(count(rows).items()):
            found, real = c["hit"] + c["false"], c["hit"] + c["missed"]
            shares = [f"{c['hit']}/{n}" if n else "–" for n in (found, real)]
            print(f"| `{flag}` | {label} ({len(rows)}) | {real} | {' | '.join(shares)} |")


def hits(path: str) -> Iterator[tuple[ReplyView, Hit]]:
    """Yield every hit in a scored archive."""
    for row in pq.read_table(path).to_pylist():
        if row["reply_text"] and row["reply_text"].strip() and row["reply_type"]:
            seen = view(row)
            yield from ((seen, hit) for hit in row_hits(seen))


def main() -> None:
    """Measure on our own exchanges, or count and list hits in scored archives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scored", nargs="*")
    parser.add_argument("--list", metavar="FLAG")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not args.scored:
        print_table(list(CORPORA))
        return
    found = [(path, *pair) for path in args.scored for pair in hits(path)]
    if not args.list:
        for (path, flag), n in sorted(Counter((p, h.flag) for p, _, h in found).items()):
            print(f"{Path(path).parent.name}\t{flag}\t{n}")
        return
    distinct = {
        re.sub(r"[\W\d]", "", seen.reply): (hit.rule, seen.reply)
        for _, seen, hit in found
        if hit.flag == args.list
    }
    chosen = sorted(distinct.values())
    random.Random(args.seed).shuffle(chosen)
    for rule, reply in chosen[:SAMPLE]:
        print(rule, "|", " ".join(reply.split()))


if __name__ == "__main__":
    main()
