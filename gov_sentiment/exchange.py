"""The Exchange table: columns, types, units — every stage speaks it.

One row is one exchange: a citizen's post and the official answer to it, or none yet.
The scored table is the same rows plus the score columns. Times are whole seconds in
Asia/Shanghai; a time of exactly 00:00:00 means that the export gave the day alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from gov_sentiment.errors import BadScores, MissingColumns

TIME_ZONE: Final = "Asia/Shanghai"
TIMESTAMP: Final = pa.timestamp("s", tz=TIME_ZONE)
# What is judged of an exchange, as people read it: Chinese, English.
TARGET_NAMES: Final[dict[str, tuple[str, str]]] = {
    "sentiment": ("留言情感", "post sentiment"),
    "intent": ("留言意图", "post intent"),
    "reply_type": ("答复类型", "reply type"),
    "relevance": ("相关性", "relevance"),
    "completeness": ("完整性", "completeness"),
    "explanation": ("可解释性", "explanation"),
    "actionability": ("可操作性", "actionability"),
    "courtesy": ("礼貌", "courtesy"),
    "quality": ("答复质量", "quality"),
}


def _schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_STRING: Final[pa.DataType] = pa.string()
_FLOAT: Final[pa.DataType] = pa.float64()

EXCHANGE_SCHEMA: Final = _schema(
    {
        "exchange_id": _STRING,
        "agency": _STRING,
        "post_title": _STRING,
        "post_text": _STRING,
        "posted_at": TIMESTAMP,
        "reply_text": _STRING,
        "first_replied_at": TIMESTAMP,
        "replied_at": TIMESTAMP,
        "n_replies": pa.int32(),
        "category": _STRING,
        "channel": _STRING,
        "region": _STRING,
        "status": _STRING,
        "satisfaction": _FLOAT,
        "source_file": _STRING,
        "source_row": pa.int64(),
    }
)

# A row of this channel is an agency's own post, not a citizen's: it asks nothing, so
# silence after it is no failure. Accounts are measured from such rows, response rates never.
AGENCY_POST: Final = "政务账号发文"

SENTIMENTS: Final = ("negative", "neutral", "positive")
INTENTS: Final = ("complaint", "help", "inquiry", "suggestion", "praise")
REPLY_TYPES: Final = ("resolved", "explained", "committed", "referred", "perfunctory")
DIMENSIONS: Final = ("relevance", "completeness", "explanation", "actionability", "courtesy")

# Reply types by family (domain literature: procedural against substantive responsiveness).
SUBSTANTIVE: Final = ("resolved", "explained", "committed")
PROCEDURAL: Final = ("referred",)
SYMBOLIC: Final = ("perfunctory",)

# target → (classes or (lowest, highest) of an ordinal scale, the text that it is about)
NOMINAL_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "reply_type": REPLY_TYPES,
}
ORDINAL_TARGETS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(DIMENSIONS, (0, 2)),
    "quality": (1, 5),
}

SCORE_SCHEMA: Final = _schema(
    {
        "post_sentiment": _STRING,
        "post_polarity": _FLOAT,
        "post_confidence": _FLOAT,
        "post_intent": _STRING,
        "reply_type": _STRING,
        "reply_confidence": _FLOAT,
        **{f"reply_{name}": _FLOAT for name in DIMENSIONS},
        "reply_quality": _FLOAT,
        "reply_polarity": _FLOAT,
        "responsiveness": _FLOAT,
        "flags": pa.list_(pa.string()),
    }
)

SCORED_SCHEMA: Final = pa.schema([*EXCHANGE_SCHEMA, *SCORE_SCHEMA])

_RUN_INFO_KEY: Final = b"gov_sentiment"
TABLE_VERSION: Final = 1


def empty_exchanges() -> pa.Table:
    """Return an exchange table of no rows."""
    return EXCHANGE_SCHEMA.empty_table()


def conform(table: pa.Table, schema: pa.Schema = EXCHANGE_SCHEMA, where: str = "table") -> pa.Table:
    """Return the columns of `schema` in its order and types, other columns kept behind them.

    Args:
        table: rows that have at least the columns of `schema`.
        schema: `EXCHANGE_SCHEMA` or `SCORED_SCHEMA`.
        where: what to call the table in an error.

    Raises:
        MissingColumns: a column of `schema` is not there.
        BadScores: a column has a type that cannot become the schema's.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise MissingColumns(where, missing, table.column_names)
    columns, fields = [], []
    for field in schema:
        try:
            columns.append(table[field.name].cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise BadScores(
                f"{where}: column {field.name} is {table.schema.field(field.name).type}, "
                f"which cannot be read as {field.type}. Score the archive again."
            ) from error
        fields.append(field)
    for field in table.schema:
        if field.name not in schema.names:
            columns.append(table[field.name])
            fields.append(field)
    metadata: Any = table.schema.metadata
    return pa.table(columns, schema=pa.schema(fields, metadata=metadata))


def with_run_info(table: pa.Table, info: Mapping[str, Any]) -> pa.Table:
    """Return the table with `info` in its schema metadata (see `run_info`)."""
    return table.replace_schema_metadata(run_metadata(info, table.schema))


def run_metadata(info: Mapping[str, Any], schema: pa.Schema | None = None) -> dict[bytes, bytes]:
    """Return schema metadata that carries `info`, beside what `schema` has already."""
    kept = dict(schema.metadata or {}) if schema is not None else {}
    text = json.dumps({"version": TABLE_VERSION, **info}, ensure_ascii=False, sort_keys=True)
    return {**kept, _RUN_INFO_KEY: text.encode()}


def run_info(schema: pa.Schema) -> dict[str, Any]:
    """Return what the run that wrote the table said of itself; empty where it said nothing.

    Keys, each optional: `as_of` (ISO time, the export's end, for censoring), `sources` (per file:
    name, format, encoding, rows), `ledger` (rows read, exchanges, merged, rejected by reason),
    `model` (name, version, hash), `preset`, `settings`, `warnings`.

    Raises:
        BadScores: the table was written by a later version of this package.
    """
    raw = (schema.metadata or {}).get(_RUN_INFO_KEY)
    if raw is None:
        return {}
    info: dict[str, Any] = json.loads(raw)
    if info.get("version", 0) > TABLE_VERSION:
        raise BadScores(
            f"The table is of version {info['version']}, this program reads up to {TABLE_VERSION}. "
            "Update gov-sentiment, or score the archive again."
        )
    return info
