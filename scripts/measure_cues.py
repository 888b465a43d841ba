"""Precision and recall of reply cues: how well each class of patterns tells the reply's type.

python scripts/measure_cues.py CUES_JSON LABELLED_FILE [--each]

CUES_JSON holds {"classes": [{"id": …, "cues": [pattern, …]}, …]}. Patterns are searched in the
substance of the reply (`split_reply`), on NFKC text. For each class the reply type that it
raises most is shown, with the share of that type among all replies as the lot to beat.
--each prints every cue of the classes instead.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from gov_sentiment.text import split_reply


def read_replies(path):
    """Return (substance, reply type) of each labelled reply."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("reply_type") and row.get("reply_text"):
            text = unicodedata.normalize("NFKC", row["reply_text"])
            rows.append((split_reply(text).body, row["reply_type"]))
    return rows


def measure(pattern, rows, totals):
    """Return (replies found, the type it raises most, precision, its base rate, recall)."""
    found = Counter(kind for text, kind in rows if pattern.search(text))
    n = sum(found.values())
    if not n:
        return 0, "-", 0.0, 0.0, 0.0
    # By lift, not by number: the commonest type would win every loose pattern.
    kind = max(found, key=lambda name: found[name] / n / (totals[name] / len(rows)))
    return n, kind, found[kind] / n, totals[kind] / len(rows), found[kind] / totals[kind]


def main():
    classes = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["classes"]
    rows = read_replies(Path(sys.argv[2]))
    totals = Counter(kind for _, kind in rows)
    print(f"{len(rows)} replies: {dict(totals.most_common())}\n")
    print("| class | found | type | precision | base | recall |")
    print("| --- " * 6 + "|")
    for group in classes:
        cues = group["cues"]
        named = (
            [(f"{group['id']} {i}", cue) for i, cue in enumerate(cues)]
            if "--each" in sys.argv
            else [(group["id"], "|".join(f"(?:{cue})" for cue in cues))]
        )
        for name, pattern in named:
            n, kind, precision, base, recall = measure(re.compile(pattern), rows, totals)
            print(f"| {name} | {n} | {kind} | {precision:.2f} | {base:.2f} | {recall:.2f} |")


if __name__ == "__main__":
    main()
