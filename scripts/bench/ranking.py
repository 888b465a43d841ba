"""Time and memory of a full ranking.

python scripts/bench/ranking.py synthetic --agencies 300000 --rows 10000000
python scripts/bench/ranking.py file scored.parquet [more.parquet]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from gov_sentiment.exchange import (
    DIMENSIONS,
    INTENTS,
    REPLY_TYPES,
    SCORED_SCHEMA,
    SENTIMENTS,
    run_metadata,
)
from gov_sentiment.ranking import Ranking, rank_agencies

DAY = 86_400
START = int(datetime(2023, 1, 1).timestamp())


def make_part(rows: int, agencies: int, seed: int) -> pa.Table:
    """Return random exchanges; agencies' volumes follow a power law, all at least a few."""
    rng = np.random.default_rng(seed)
    agency = np.minimum((agencies * rng.random(rows) ** 1.3).astype(np.int64), agencies - 1)
    good = 0.4 + 0.4 * np.random.default_rng(agency[0]).random() + 0.1 * np.sin(agency)
    posted = START + rng.integers(0, 700, rows) * DAY
    answered = rng.random(rows) < 0.85
    waited = (rng.exponential(9.0, rows)).astype(np.int64) * DAY

    def pick(words: tuple[str, ...]) -> pa.Array:
        codes = pa.array(rng.integers(0, len(words), rows), pa.int32())
        return pa.DictionaryArray.from_arrays(codes, pa.array(words)).cast(pa.string())

    def mask(values: pa.Array) -> pa.Array:
        return pa.compute.if_else(pa.array(answered), values, pa.scalar(None, values.type))

    def score(low: float, high: float) -> pa.Array:
        return pa.array(
            np.clip(low + (high - low) * rng.beta(3, 2, rows) * (0.6 + good), low, high)
        )

    numbers = np.arange(rows) + seed * rows
    zone = SCORED_SCHEMA.field("posted_at").type
    replied_at = mask(pa.array(posted + waited, pa.int64()).cast(pa.timestamp("s")).cast(zone))
    flag = pa.array([["boilerplate"], [], []], pa.list_(pa.string())).take(
        pa.array(rng.integers(0, 3, rows))
    )
    columns = {
        "exchange_id": pa.array(numbers).cast(pa.string()),
        "agency": pa.array(agency).cast(pa.string()),
        "post_text": pick(("路灯不亮，请修理。", "小区门口积水多日无人处理，出行不便。")),
        "posted_at": pa.array(posted, pa.int64()).cast(pa.timestamp("s")).cast(zone),
        "reply_text": mask(pick(("已修复。", "正在办理。"))),
        "first_replied_at": replied_at,
        "replied_at": replied_at,
        "category": pick(("道路", "环境", "教育", "医疗", "住房", "交通")),
        "channel": pick(("网站", "热线")),
        "post_sentiment": pick(SENTIMENTS),
        "post_intent": pick(INTENTS),
        "reply_type": mask(pick(REPLY_TYPES)),
        "reply_quality": mask(score(1.0, 5.0)),
        "responsiveness": mask(score(0.0, 100.0)),
        "flags": flag,
        **{f"reply_{name}": mask(score(0.0, 2.0)) for name in DIMENSIONS},
    }
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(rows, field.type)
        for field in SCORED_SCHEMA
    ]
    metadata = run_metadata({"as_of": "2025-01-01T00:00:00", "model": {"name": "made up"}})
    return pa.table(arrays, schema=SCORED_SCHEMA.with_metadata(metadata))


def report(ranking: Ranking, seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / 1024**2
    settings = ranking.settings
    print(
        f"{settings['rows']:,} rows, {settings['n_agencies']:,} agencies, "
        f"{settings['n_ranked']:,} ranked, {settings['draws']:,} draws: "
        f"{seconds:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s of CPU in the whole process, "
        f"peak {peak:.2f} GiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["synthetic", "file"])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--agencies", type=int, default=300_000)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        paths = given.paths
        if given.kind == "synthetic":
            folder = given.folder or Path(scratch)
            folder.mkdir(exist_ok=True)
            size = min(given.rows, 500_000)
            for part in range(given.rows // size):
                target = folder / f"part-{part:03d}.parquet"
                if not target.exists():
                    pq.write_table(make_part(size, given.agencies, part), target)
            paths = [folder]
        start = time.perf_counter()
        ranking = rank_agencies(paths, threads=2, memory="3GB")
        report(ranking, time.perf_counter() - start)


if __name__ == "__main__":
    main()
