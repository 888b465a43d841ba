"""Scored tables from disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gov_sentiment.errors import BadScores

if TYPE_CHECKING:
    import pyarrow as pa


def read_scored(paths: list[Path]) -> pa.Table:
    """Return the rows of scored Parquet files, one after the other, with their run info.

    Where several runs are put together, sources and ledgers are added up and the earliest
    `as_of` counts, because nothing is known of silence after it.

    Raises:
        BadScores: a file is missing, is no Parquet, or lacks score columns.
    """
    import pyarrow as pa

    from gov_sentiment.exchange import run_info, with_run_info

    tables = [_read_one(path) for path in paths]
    if len(tables) == 1:
        return tables[0]
    infos = [run_info(table.schema) for table in tables]
    names = [name for name in tables[0].column_names if all(name in t.column_names for t in tables)]
    whole = pa.concat_tables(
        [table.select(names).replace_schema_metadata(None) for table in tables]
    )
    return with_run_info(whole, merge_infos(infos))


def _read_one(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from gov_sentiment.exchange import SCORED_SCHEMA, conform, run_info

    if not path.exists():
        raise BadScores(f"{path}: no such file. Give the Parquet file that `score` wrote.")
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise BadScores(
            f"{path}: not a Parquet file.\n"
            "Score the archive first: gov-sentiment score ARCHIVE -o scored.parquet"
        ) from None
    run_info(table.schema)
    return conform(table, SCORED_SCHEMA, where=str(path))


def read_rejects(path: Path) -> pa.Table:
    """Return the rejects that `run` wrote: source_file, source_row, reason.

    Raises:
        BadScores: the file is missing or is no csv.
    """
    import pyarrow as pa
    from pyarrow import csv

    try:
        return csv.read_csv(path)
    except (OSError, pa.ArrowInvalid):
        raise BadScores(f"{path}: not the rejects.csv of a run.") from None


def merge_infos(infos: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the run info of several runs put together."""
    merged: dict[str, Any] = {}
    for info in infos:
        merged = {**info, **merged}
    ends = [info["as_of"] for info in infos if info.get("as_of")]
    merged["as_of"] = min(ends) if ends else None
    merged["sources"] = [source for info in infos for source in info.get("sources") or ()]
    merged["warnings"] = list(
        dict.fromkeys(warning for info in infos for warning in info.get("warnings") or ())
    )
    ledgers = [info["ledger"] for info in infos if info.get("ledger")]
    merged["ledger"] = _add(ledgers) if ledgers else {}
    return merged


def _add(ledgers: list[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for ledger in ledgers:
        for key, value in ledger.items():
            if isinstance(value, dict):
                total[key] = _add([total.get(key, {}), value])
            elif isinstance(value, int | float):
                total[key] = total.get(key, 0) + value
    return total
