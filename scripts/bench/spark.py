"""Parity and overhead of the Spark engine beside the local one.

Run: python scripts/bench/spark.py ARCHIVE… [--masters local[2] spark://127.0.0.1:17077 …]

Every archive is scored by two local workers, then on each master; the scored table and the
ranking must be equal, digit for digit. Start a cluster with scripts/spark_cluster.sh.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.ranking import rank_agencies


def score(archive: Path, output: Path, *options: str) -> float:
    tool = str(Path(sys.executable).with_name("gov-sentiment"))
    start = time.perf_counter()
    subprocess.run(
        [tool, "score", str(archive), "-o", str(output), *options],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def table_of(path: Path) -> pa.Table:
    return pq.read_table(path).replace_schema_metadata(None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archives", type=Path, nargs="+")
    parser.add_argument("--masters", nargs="+", default=["local[2]"])
    options = parser.parse_args()
    print("| archive | exchanges | engine | seconds | ratio | scores equal | ranking equal |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        for archive in options.archives:
            ours = Path(scratch) / "local.parquet"
            local = score(archive, ours, "--workers", "2")
            rows, ranking = table_of(ours), rank_agencies(ours).full
            print(
                f"| {archive.name} | {rows.num_rows:,} | local, 2 workers | {local:.1f} | 1 | | |"
            )
            for master in options.masters:
                theirs = Path(scratch) / "spark.parquet"
                seconds = score(archive, theirs, "--engine", "spark", "--spark-master", master)
                same = table_of(theirs).equals(rows)
                ranked = rank_agencies(theirs).full.equals(ranking)
                print(
                    f"| | | {master} | {seconds:.1f} | {seconds / local:.2f} "
                    f"| {'yes' if same else 'NO'} | {'yes' if ranked else 'NO'} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
