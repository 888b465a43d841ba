"""Scored parts of an archive on disk: what an interrupted run keeps."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gov_sentiment.engines.files import disk_errors, remove
from gov_sentiment.exchange import SCORED_SCHEMA

_MANIFEST = "manifest.json"
_INPUT_KEY = b"gov_sentiment.input"


@dataclass(frozen=True, slots=True)
class PartStore:
    """A folder of numbered Parquet parts, one for each batch of the archive.

    A part takes its name only when it is whole, and remembers which input it was made from; so
    whatever has a name can be kept after any kind of death.
    """

    folder: Path

    @classmethod
    def beside(cls, output: Path) -> PartStore:
        """Return the store for one output file; hidden, in the same folder."""
        return cls(output.with_name(f".{output.name}.parts"))

    def begin(self, fingerprint: str, *, resume: bool) -> bool:
        """Make the folder ready and return whether parts of an earlier run are kept.

        They are kept only with `resume` and when that run had the same `fingerprint`.
        """
        manifest = self.folder / _MANIFEST
        kept = resume and _read_fingerprint(manifest) == fingerprint
        with disk_errors(self.folder.parent):
            if not kept:
                self.remove()
            self.folder.mkdir(parents=True, exist_ok=True)
            if not kept:
                manifest.write_text(json.dumps({"fingerprint": fingerprint}), encoding="utf-8")
        return kept

    def path(self, index: int) -> Path:
        """Return the file of the part of one batch."""
        return self.folder / f"part-{index:06d}.parquet"

    def holds(self, index: int, batch: pa.RecordBatch) -> bool:
        """Return whether the part is there and was made from this very batch."""
        path = self.path(index)
        if not path.exists():
            return False
        try:
            metadata = pq.read_schema(path).metadata or {}
        except (pa.ArrowInvalid, OSError):
            return False
        return metadata.get(_INPUT_KEY) == digest(batch)

    def write(self, index: int, scored: pa.RecordBatch, source: pa.RecordBatch) -> None:
        """Write one part, whole or not at all."""
        path = self.path(index)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        metadata = {**(scored.schema.metadata or {}), _INPUT_KEY: digest(source)}
        table = pa.Table.from_batches([scored]).replace_schema_metadata(metadata)
        with disk_errors(self.folder.parent):
            try:
                pq.write_table(table, temporary, compression="zstd")
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def paths(self, count: int) -> list[Path]:
        """Return the files of the first `count` parts, in order."""
        return [self.path(index) for index in range(count)]

    def tables(self, count: int, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows of the first `count` parts, in order and in the contract's types."""
        for path in self.paths(count):
            table = pq.read_table(path, columns=None if columns is None else list(columns))
            yield _as_contract(table.replace_schema_metadata(None))

    def remove(self) -> None:
        """Remove the store and all parts."""
        remove(self.folder)


def digest(batch: pa.RecordBatch) -> bytes:
    """Return a hash of a batch's content, the same for the same rows however they are stored."""
    sink = pa.BufferOutputStream()
    # Through a file layout, because a slice of a batch shares the buffers of the whole.
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return hashlib.blake2b(sink.getvalue(), digest_size=16).hexdigest().encode()


def _as_contract(table: pa.Table) -> pa.Table:
    """Return the table with times in seconds, which Parquet does not know."""
    fields = [
        SCORED_SCHEMA.field(field.name) if field.name in SCORED_SCHEMA.names else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _read_fingerprint(manifest: Path) -> str | None:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8")).get("fingerprint")
    except (OSError, ValueError, AttributeError):
        return None
    return found if isinstance(found, str) else None
