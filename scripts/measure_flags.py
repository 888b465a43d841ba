"""Measure the mismatch check by shuffling replies, and the copied-reply check by planting copies.

    python scripts/measure_flags.py SCORED…      (Parquet files that `gov-sentiment score` wrote)

For each table: a tenth of each agency's replies (two at least, agencies of ten exchanges or more)
are exchanged within the agency, with a seed; the flag's recall on them and its false alarms on the
untouched rows are printed, once with the reply's date staying at the post, once moving with it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from gov_sentiment.scoring.checks import check_archive

SHARE = 0.1
REPLY = ("reply_text",)
DATED = ("reply_text", "first_replied_at", "replied_at")


def exchange(agencies: list[str | None], seed: int) -> np.ndarray:
    """Return which exchange's reply each exchange shows after the shuffle."""
    rng = np.random.default_rng(seed)
    groups: dict[str | None, list[int]] = defaultdict(list)
    for i, agency in enumerate(agencies):
        groups[agency].append(i)
    order = np.arange(len(agencies))
    for members in groups.values():
        n = max(round(SHARE * len(members)), 2 if len(members) >= 10 else 0)
        if n >= 2:
            moved = rng.choice(members, n, replace=False)
            order[moved] = np.roll(moved, 1)
    return order


def measure(table: pa.Table, order: np.ndarray, columns: tuple[str, ...]) -> tuple[float, float]:
    """Return (recall, false alarms) of the mismatch flag."""
    for name in columns:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].take(pa.array(order)))
    flagged = np.array(["mismatch" in flags for flags in check_archive(table).flags])
    moved = order != np.arange(len(order))
    return float(flagged[moved].mean()), float(flagged[~moved].mean())


def main() -> None:
    """Print a line for each table, seed and kind of shuffle."""
    print("| archive | seed | dates | shuffled | recall | false alarms |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for name in sys.argv[1:]:
        table = pq.read_table(name)
        table = table.filter(pa.compute.is_valid(table["reply_text"]))
        for seed in (1, 2, 3, 4):
            order = exchange(table["agency"].to_pylist(), seed)
            moved = int((order != np.arange(len(order))).sum())
            if not moved:
                continue
            for dates, columns in (("stay", REPLY), ("move", DATED)):
                recall, alarms = measure(table, order, columns)
                label = Path(name).parent.name
                print(f"| {label} | {seed} | {dates} | {moved} | {recall:.3f} | {alarms:.4f} |")


if __name__ == "__main__":
    main()
