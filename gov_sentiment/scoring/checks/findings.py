"""What one exchange shows by itself: flag hits, promises, referrals.

With it, what the checks over the whole archive need of the row. Found where the row is scored,
batch by batch, and kept as columns beside the scores until those checks have read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gov_sentiment.exchange import AGENCY_POST
from gov_sentiment.scoring.checks.boilerplate import mask_reply
from gov_sentiment.scoring.checks.promises import find_promises
from gov_sentiment.scoring.checks.referrals import find_referrals
from gov_sentiment.scoring.checks.rules import ReplyView, body_span, row_hits


def schema_of(**columns: pa.DataType) -> pa.Schema:
    """Return a schema of named columns."""
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_HIT: Final = pa.struct(
    [
        pa.field("flag", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
    ]
)
_PROMISE: Final = pa.struct(
    [
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
        pa.field("clause_start", pa.int64()),
        pa.field("clause_end", pa.int64()),
        pa.field("due", pa.date32()),
        pa.field("kind", pa.string()),
    ]
)
_REFERRAL: Final = pa.struct([pa.field("target", pa.string()), pa.field("kind", pa.string())])

# Not `uint64`: Spark has no unsigned numbers.
FINDINGS_SCHEMA: Final = schema_of(
    _key=pa.int64(),
    _answered=pa.bool_(),
    _hits=pa.list_(_HIT),
    _promises=pa.list_(_PROMISE),
    _referrals=pa.list_(_REFERRAL),
    _masked_reply=pa.string(),
)
_NEEDED: Final = (
    "exchange_id",
    "post_text",
    "reply_text",
    "posted_at",
    "first_replied_at",
    "replied_at",
    "status",
    "channel",
    "post_intent",
    "reply_type",
)


def with_findings(scored: pa.RecordBatch | pa.Table) -> Any:
    """Return scored rows with the columns of `FINDINGS_SCHEMA` behind them.

    Pure: a row's findings depend on that row alone.
    """
    columns = {name: scored[name].to_pylist() for name in _NEEDED}
    answered = [
        bool(reply and reply.strip()) and channel != AGENCY_POST
        for reply, channel in zip(columns["reply_text"], columns["channel"], strict=True)
    ]
    found: dict[str, list[Any]] = {name: [] for name in FINDINGS_SCHEMA.names}
    for i, has_answer in enumerate(answered):
        found["_key"].append(_key(columns, i))
        found["_answered"].append(has_answer)
        reply = columns["reply_text"][i] if has_answer else ""
        found["_hits"].append([asdict(hit) for hit in row_hits(_view(columns, i))] if reply else [])
        replied = columns["replied_at"][i]
        promises = find_promises(reply, replied.date() if replied else None) if reply else []
        found["_promises"].append([asdict(promise) for promise in promises])
        referrals = find_referrals(reply) if reply else []
        found["_referrals"].append([{"target": r.target, "kind": r.kind} for r in referrals])
        found["_masked_reply"].append(mask_reply(reply) if reply else None)
    for field in FINDINGS_SCHEMA:
        scored = scored.append_column(field, pa.array(found[field.name], field.type))
    return scored


def keys_of(column: pa.ChunkedArray[Any]) -> npt.NDArray[np.uint64]:
    """Return the rows' keys: hashes, for an order through which no export's own order shines."""
    return column.to_numpy().view(np.uint64)


def _key(columns: Mapping[str, Sequence[Any]], i: int) -> int:
    text = f"{columns['exchange_id'][i]}\0{columns['post_text'][i]}\0{columns['reply_text'][i]}"
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _view(columns: Mapping[str, Sequence[Any]], i: int) -> ReplyView:
    reply = columns["reply_text"][i]
    start, end = body_span(reply)
    return ReplyView(
        post=columns["post_text"][i] or "",
        reply=reply,
        body_start=start,
        body_end=end,
        post_intent=columns["post_intent"][i],
        reply_type=columns["reply_type"][i],
        status=columns["status"][i],
        posted_at=columns["posted_at"][i],
        replied_at=columns["first_replied_at"][i],
    )
