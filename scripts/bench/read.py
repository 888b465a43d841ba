"""Read a large csv of our own making and print speed and peak memory.

python scripts/bench/read.py --gigabytes 2
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from gov_sentiment.archive import open_archive

WORDS = (
    "路灯 井盖 供暖 公交 噪声 学位 停水 排水 垃圾 绿化 "
    "社保 户口 工资 施工 扬尘 电梯 物业 河道 菜场 校车"
).split()
HEADER = "编号,留言标题,留言内容,留言时间,办理单位,办理状态,回复内容,回复时间\n"


def write(path: Path, size: int) -> int:
    """Write rows until the file holds `size` bytes; return how many."""
    chance = random.Random(7)
    number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        while file.tell() < size:
            lines = []
            for _ in range(2_000):
                number += 1
                post = "".join(chance.choices(WORDS, k=90))
                reply = "".join(chance.choices(WORDS, k=60))
                day = f"2023-{number % 12 + 1:02}-{number % 28 + 1:02}"
                lines.append(
                    f"N{number},{post[:8]},{post},{day} 08:00,云陵市第{number % 60}局,已办理,"
                    f"{reply},{day} 18:00\n"
                )
            file.write("".join(lines))
    return number


def main() -> None:
    """Write, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        written = write(path, int(options.gigabytes * 2**30))
        size = path.stat().st_size / 2**20
        start = time.perf_counter()
        reader = open_archive(path)
        read = sum(batch.num_rows for batch in reader.batches())
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{written:,} rows written, {read:,} exchanges, {reader.ledger.n_rejected:,} rejects")
    print(f"{size:,.0f} MB in {seconds:,.0f} s ({size / seconds:.1f} MB/s), peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
