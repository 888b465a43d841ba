"""Rows → record batches: repeats found, ids made unique, traits counted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from gov_sentiment.archive.duplicates import DuplicateFinder
from gov_sentiment.archive.ledger import Ledger
from gov_sentiment.exchange import AGENCY_POST, EXCHANGE_SCHEMA


class Assembler:
    """Makes batches of `EXCHANGE_SCHEMA` and counts what is in them.

    n_own_posts: agencies' own posts so far.
    """

    def __init__(self, finder: DuplicateFinder, ledger: Ledger) -> None:
        self.n_own_posts = 0
        self._finder = finder
        self._ledger = ledger
        self._seen_ids: set[int] = set()

    def batch(
        self, rows: list[dict[str, Any]], authors: list[str | None] | None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows as one batch, or none where each repeats an earlier one."""
        batch = pa.RecordBatch.from_arrays(
            [_column(rows, item) for item in EXCHANGE_SCHEMA], schema=EXCHANGE_SCHEMA
        )
        repeats = self._finder.check(batch, authors)
        batch = batch.filter(pa.array(~repeats.drop))
        ids = self._unique(batch["exchange_id"].to_pylist())
        batch = batch.set_column(0, EXCHANGE_SCHEMA.field(0), pa.array(ids, pa.string()))
        own = np.array([name == AGENCY_POST for name in batch["channel"].to_pylist()], dtype=bool)
        silent = batch["reply_text"].is_null().to_numpy(zero_copy_only=False)
        self.n_own_posts += int(own.sum())
        self._ledger.unanswered += int((silent & ~own).sum())
        self._ledger.no_agency += batch["agency"].null_count
        if batch.num_rows:
            yield batch

    def _unique(self, ids: Iterable[Any]) -> list[str]:
        """Number ids that come again: an id must name one exchange."""
        out = []
        for name in ids:
            unique, again = name, 1
            while (key := _hash(unique)) in self._seen_ids:
                again += 1
                unique = f"{name}~{again}"
            self._seen_ids.add(key)
            out.append(unique)
        return out


def fold_reply(row: dict[str, Any], again: Mapping[str, Any]) -> bool:
    """Add a further official reply to the row of its post; tell whether it was one.

    Exports with a row for each reply repeat the post and its id. Ids made from the content tell
    two replies apart, so the same id is the exporter's.
    """
    same = all(row[name] == again[name] for name in ("exchange_id", "post_title", "post_text"))
    if not same or not row["reply_text"] or not again["reply_text"]:
        return False
    if row["reply_text"] == again["reply_text"]:
        return False  # the same row twice: the search for repeats counts it
    times = [each["replied_at"] for each in (row, again)]
    replies = [row["reply_text"], again["reply_text"]]
    if None not in times and times[1] < times[0]:
        replies.reverse()
    starts = [each["first_replied_at"] for each in (row, again)]
    row["reply_text"] = "\n\n".join(replies)
    row["first_replied_at"] = min((time for time in starts if time is not None), default=None)
    row["replied_at"] = max((time for time in times if time is not None), default=None)
    row["n_replies"] += again["n_replies"]
    return True


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _column(rows: list[dict[str, Any]], item: pa.Field[Any]) -> Any:
    values = [row[item.name] for row in rows]
    if pa.types.is_timestamp(item.type):
        return pa.array(values, pa.int64()).cast(item.type)
    return pa.array(values, item.type)
