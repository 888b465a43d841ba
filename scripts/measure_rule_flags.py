"""Precision and recall of the flags that one exchange shows by itself, and of copied replies.

    python scripts/measure_rule_flags.py                      (our own labelled exchanges)
    python scripts/measure_rule_flags.py SCORED…              (how often each rule fires)
    python scripts/measure_rule_flags.py SCORED… --labels     (against replies marked by reading)
    python scripts/measure_rule_flags.py SCORED… --list FLAG  (fifty of its hits, to read)

Without files: `corpora/` and `tests/checks/flag_cases.jsonl`, with the labelled intent and type of
reply, so that the rules alone are measured. With scored Parquet files of the research archives,
`--labels` compares with `scripts/labels/flags.csv`: by archive and exchange id, the flags that a
reply deserves and those that one may argue about, which count neither way. `--list FLAG` prints a
random fifty of a flag's distinct replies for a reader's eye (keep that private).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from gov_sentiment.ranking.shrink import wilson
from gov_sentiment.scoring.checks.boilerplate import find_clusters
from gov_sentiment.scoring.checks.rules import Hit, ReplyView, body_span, row_hits

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ("corpora/labels/demo.jsonl", "corpora/train.jsonl", "corpora/test.jsonl")
CASES = "tests/checks/flag_cases.jsonl"
LABELS = "scripts/labels/flags.csv"
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
    """Return the answered rows of a labelled file whose flags were coded."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    coded = [row for row in rows if row.get("gold_flags", ()) is not None]
    return [row for row in coded if row.get("reply_text") or row.get("reply")]


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


def answered(path: str) -> Iterator[dict[str, Any]]:
    """Yield the answered rows of a scored archive."""
    for row in pq.read_table(path).to_pylist():
        if row["reply_text"] and row["reply_text"].strip() and row["reply_type"]:
            yield row


def hits(path: str) -> Iterator[tuple[dict[str, Any], Hit]]:
    """Yield every hit in a scored archive, with its row."""
    for row in answered(path):
        yield from ((row, hit) for hit in row_hits(view(row)))


def share(k: int, n: int) -> str:
    """Return k of n with its 95 % Wilson interval."""
    if not n:
        return "–"
    low, high = wilson(k, n)
    return f"{k}/{n} [{float(low):.2f}, {float(high):.2f}]"


def print_marked(paths: list[str]) -> None:
    """Print precision and recall on the replies marked by reading, sample by sample."""
    with (ROOT / LABELS).open(encoding="utf-8", newline="") as file:
        marks = {(row["archive"], row["exchange_id"]): row for row in csv.DictReader(file)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in (row for path in paths for row in answered(path)):
        mark = marks.get((Path(row["source_file"]).stem, row["exchange_id"]))
        if mark is None:
            continue
        gold, doubtful = set(mark["flags"].split()), set(mark["doubtful"].split())
        got = {hit.flag for hit in row_hits(view(row))}
        for flag in (gold | got) - (doubtful - gold):
            kind = "hit" if flag in gold & got else "false" if flag in got else "missed"
            counts.setdefault((mark["sample"], flag), Counter())[kind] += 1
    print("| sample | flag | deserved | precision | recall |")
    print("| --- | --- | ---: | --- | --- |")
    for (sample, flag), c in sorted(counts.items()):
        found, deserved = c["hit"] + c["false"], c["hit"] + c["missed"]
        shares = f"{share(c['hit'], found)} | {share(c['hit'], deserved)}"
        print(f"| {sample} | `{flag}` | {deserved} | {shares} |")


def print_hits(paths: list[str], flag: str, seed: int) -> None:
    """Print a random fifty of a flag's distinct replies with their posts."""
    distinct = {
        re.sub(r"[\W\d]", "", row["reply_text"]): (hit.rule, row)
        for path in paths
        for row, hit in hits(path)
        if hit.flag == flag
    }
    chosen = [distinct[key] for key in sorted(distinct)]
    random.Random(seed).shuffle(chosen)
    print(f"{len(chosen)} distinct")
    for rule, row in chosen[:SAMPLE]:
        post = " ".join(f"{row['post_title'] or ''} {row['post_text'] or ''}".split())[:150]
        print(rule, "|", row["status"], "|", post, "|", " ".join(row["reply_text"].split()))


def main() -> None:
    """Measure on our own exchanges, or count and list hits in scored archives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scored", nargs="*")
    parser.add_argument("--list", metavar="FLAG")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not args.scored:
        print_table(list(CORPORA))
    elif args.labels:
        print_marked(args.scored)
    elif args.list:
        print_hits(args.scored, args.list, args.seed)
    else:
        fired = Counter(
            (Path(row["source_file"]).stem, hit.flag) for p in args.scored for row, hit in hits(p)
        )
        for (archive, flag), n in sorted(fired.items()):
            print(f"{archive}\t{flag}\t{n}")


if __name__ == "__main__":
    main()
