"""An archive cut into shards that hold whole agencies, for checks that compare within one.

Which row lies in which shard depends on the rows alone, not on their order or on how many
processes work: so do the results, to the last digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gov_sentiment.scoring.checks.findings import keys_of
from gov_sentiment.scoring.checks.source import ScoredSource, read_all

Ints = npt.NDArray[np.int64]

SHARD_ROWS: Final = 4_096
_BUFFERED_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the answered rows go.

    order: the rows of all shards, one shard behind the other, rows of one agency together and
        by their keys.
    bounds: shard s holds order[bounds[s]:bounds[s + 1]].
    by_key: all answered rows by their keys.
    references: for shard s the rows of a cut agency that it is judged against, not its own.
    """

    order: Ints
    bounds: Ints
    by_key: Ints
    references: dict[int, Ints]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def rows(self, shard: int) -> Ints:
        """Return the rows of a shard, those that it only needs for comparison first."""
        own = self.order[self.bounds[shard] : self.bounds[shard + 1]]
        return np.concatenate([self.references.get(shard, own[:0]), own])


def plan_shards(source: ScoredSource, agency_sample: int, size: int) -> Plan:
    """Return how the answered rows of an archive are dealt out.

    Args:
        source: needs `agency`, `_key`, `_answered`.
        agency_sample: rows that stand for an agency that is cut; at most `size`.
        size: rows of a shard; an agency with more is cut, every part with the same references.
    """
    narrow = read_all(source, ["agency", "_key", "_answered"])
    answered = np.flatnonzero(narrow["_answered"].to_numpy())
    keys = keys_of(narrow["_key"])[answered]
    rank = _agency_ranks(narrow["agency"])[answered]
    order = np.lexsort((keys, rank))
    ends = np.append(np.flatnonzero(np.diff(rank[order])) + 1, len(order))
    starts = np.append(0, ends[:-1])
    bounds, references = [0], {}
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - bounds[-1] > size and start > bounds[-1]:
            bounds.append(start)
        if end - start > size:
            for cut in [*range(start + size, end, size), end]:
                if bounds[-1] > start:
                    references[len(bounds) - 1] = answered[order[start : start + agency_sample]]
                bounds.append(cut)
    if bounds[-1] < len(order):
        bounds.append(len(order))
    by_key = answered[np.argsort(keys, kind="stable")]
    return Plan(answered[order], np.array(bounds), by_key, references)


def _agency_ranks(column: pa.ChunkedArray[Any]) -> Ints:
    """Return a number for each row's agency, in the order of a hash of its name."""
    named: Any = pc.if_else(column.is_valid(), column, "")
    encoded = named.dictionary_encode().unify_dictionaries()
    if not encoded.num_chunks:
        return np.zeros(0, dtype=np.int64)
    names = encoded.chunk(0).dictionary.to_pylist()
    hashes = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    place = np.argsort(np.array([int.from_bytes(digest, "big") for digest in hashes], np.uint64))
    rank = np.empty(len(names), dtype=np.int64)
    rank[place] = np.arange(len(names))
    return np.concatenate([rank[np.asarray(chunk.indices)] for chunk in encoded.chunks])


class Gathered:
    """Rows of an archive collected into groups in one pass, on disk where a folder is given.

    Args:
        source: the archive.
        columns: what is collected.
        groups: the rows of each group; a row may be in several.
        folder: where groups wait until they are asked for; in memory if None.
    """

    def __init__(
        self,
        source: ScoredSource,
        columns: Sequence[str],
        groups: Sequence[Ints],
        folder: Path | None = None,
    ) -> None:
        self._groups = [np.sort(rows) for rows in groups]
        self._wanted = [np.argsort(np.argsort(rows, kind="stable")) for rows in groups]
        self._folder = folder
        self._memory: list[list[pa.Table]] = [[] for _ in groups]
        self._writers: dict[int, Any] = {}
        for start, table in _buffered(source.tables(columns)):
            for index, rows in enumerate(self._groups):
                first, last = np.searchsorted(rows, [start, start + table.num_rows])
                if last > first:
                    self._add(index, table.take(rows[first:last] - start))
        for writer in self._writers.values():
            writer.close()

    def __len__(self) -> int:
        return len(self._groups)

    def table(self, index: int) -> pa.Table:
        """Return one group, in the order that was asked for."""
        if self._folder is None:
            pieces = pa.concat_tables(self._memory[index])
        else:
            with pa.OSFile(str(self._path(index)), "rb") as file:
                pieces = pa.ipc.open_stream(file).read_all()
        return pieces.take(self._wanted[index])

    def __iter__(self) -> Iterator[pa.Table]:
        return (self.table(index) for index in range(len(self)))

    def _path(self, index: int) -> Path:
        assert self._folder is not None
        return self._folder / f"group-{index:05d}.arrows"

    def _add(self, index: int, table: pa.Table) -> None:
        if self._folder is None:
            self._memory[index].append(table)
            return
        if index not in self._writers:
            self._folder.mkdir(parents=True, exist_ok=True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writers[index] = pa.ipc.new_stream(
                str(self._path(index)), table.schema, options=options
            )
        self._writers[index].write_table(table.combine_chunks())


def _buffered(tables: Iterator[pa.Table]) -> Iterator[tuple[int, pa.Table]]:
    """Yield larger pieces, each with the number of its first row."""
    held: list[pa.Table] = []
    start = n = 0
    for table in tables:
        held.append(table)
        n += table.num_rows
        if n >= _BUFFERED_ROWS:
            yield start, pa.concat_tables(held)
            start, n, held = start + n, 0, []
    if n:
        yield start, pa.concat_tables(held)
