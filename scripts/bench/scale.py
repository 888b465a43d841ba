"""Time and memory per exchange of `gov-sentiment score` as archives grow.

Run: python scripts/bench/scale.py 10000 100000 1000000 [--workers 2] [--source FILE] [--keep DIR]

Each size is a csv of synthetic exchanges: the sample's posts with their replies, again and again,
each with its own house number and day, so that no two are equal. Time is the processor time of
all processes together, which neighbours on a shared machine disturb least; memory is the peak of
their proportional set size (PSS), looked at five times a second (Linux).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from gov_sentiment.archive import read_archive
from gov_sentiment.resources import sample_folder

HEADER = ("agency", "post_title", "post_text", "posted_at", "reply_text", "replied_at")
START = date(2021, 1, 1)


def synthetic_rows(source: Path, count: int) -> Iterator[list[str]]:
    """Yield `count` exchanges made from the archive at `source`."""
    base = read_archive(source).exchanges.select(
        ["agency", "post_title", "post_text", "reply_text"]
    )
    for number, row in zip(range(count), itertools.cycle(base.to_pylist()), strict=False):
        posted = START + timedelta(days=number % 1000)
        reply = row["reply_text"]
        yield [
            row["agency"] or "",
            row["post_title"] or "",
            f"{row['post_text']}（门牌{number}号）",
            posted.isoformat(),
            f"{reply}（编号{number}）" if reply else "",
            (posted + timedelta(days=number % 40)).isoformat() if reply else "",
        ]


def write_archive(source: Path, count: int, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(synthetic_rows(source, count))


def tree_of(root: int) -> list[int]:
    """Return a process and everything below it."""
    found = [root]
    for pid in found:
        children = Path(f"/proc/{pid}/task/{pid}/children")
        try:
            found += map(int, children.read_text().split())
        except OSError:
            continue
    return found


def memory_of(pids: list[int]) -> int:
    """Return the proportional set size of processes together, in bytes."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def processor_seconds() -> float:
    """Return the processor time of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(command: list[str]) -> tuple[float, float, int]:
    """Run a command; return its seconds, its processor seconds, its peak memory in bytes."""
    start, used, peak = time.perf_counter(), processor_seconds(), 0
    process = subprocess.Popen(command)
    while process.poll() is None:
        peak = max(peak, memory_of(tree_of(process.pid)))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(process.returncode)
    return time.perf_counter() - start, processor_seconds() - used, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--workers", type=int, nargs="+", default=[2])
    parser.add_argument("--source", type=Path, default=sample_folder())
    parser.add_argument("--keep", type=Path, help="a folder for the archives, to use them again")
    options = parser.parse_args()
    tool = str(Path(sys.executable).with_name("gov-sentiment"))
    print("| exchanges | csv MB | workers | seconds | processor s | µs/exchange | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(dir=options.keep) as scratch:
        for size, workers in itertools.product(options.sizes, options.workers):
            archive = (options.keep or Path(scratch)) / f"synthetic-{size}.csv"
            if not archive.exists():
                write_archive(options.source, size, archive)
            output = Path(scratch) / "scored.parquet"
            seconds, used, peak = watch(
                [tool, "score", str(archive), "-o", str(output), "--workers", str(workers)]
            )
            megabytes = archive.stat().st_size / 1e6
            print(
                f"| {size:,} | {megabytes:,.0f} | {workers} | {seconds:,.1f} | {used:,.1f} "
                f"| {used / size * 1e6:,.0f} | {peak / 1e6:,.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
