"""Containers → raw tables: rows of text cells with their line numbers, nothing interpreted.

csv, tsv, blocks of labelled lines, xlsx, xls, ods, HTML saved as xls, json, jsonl, parquet, SQLite,
folders and zips of these, standard input. Rows stream where the container allows it.
"""

from gov_sentiment.archive.containers.opening import check_paths, open_tables
from gov_sentiment.archive.containers.raw import (
    BROKEN_BYTES,
    BROKEN_JSON,
    DamagedRow,
    RawTable,
    Row,
)

__all__ = [
    "BROKEN_BYTES",
    "BROKEN_JSON",
    "DamagedRow",
    "RawTable",
    "Row",
    "check_paths",
    "open_tables",
]
