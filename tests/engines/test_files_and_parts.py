"""Output is whole or not there; parts are kept only where they still fit."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gov_sentiment.engines.files import whole_file
from gov_sentiment.engines.parts import PartStore, digest
from gov_sentiment.errors import BadSettings, RunInterrupted

BATCH = pa.RecordBatch.from_pydict({"exchange_id": ["a", "b", "c"], "n": [1, 2, 3]})


def test_a_file_takes_its_name_only_when_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.csv"
    with whole_file(target) as temporary:
        temporary.write_text("x")
        assert temporary.suffix == ".csv"
        assert not target.exists()
    assert target.read_text() == "x"
    assert [path.name for path in target.parent.iterdir()] == ["out.csv"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    def write_half() -> None:
        with whole_file(target) as temporary:
            temporary.write_text("half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write_half()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunInterrupted, match="no space left"), whole_file(tmp_path / "x"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_in_place_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    into_file = whole_file(tmp_path / "file" / "out.csv")
    with pytest.raises(BadSettings, match="cannot write here"), into_file:
        pass


def test_other_os_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="I/O"), whole_file(tmp_path / "x"):
        raise OSError(errno.EIO, "I/O error")


def test_parts_are_kept_only_for_the_same_run(tmp_path: Path) -> None:
    store = PartStore.beside(tmp_path / "scored.parquet")
    assert not store.begin("one", resume=True)
    store.write(0, BATCH, BATCH)
    assert store.begin("one", resume=True)
    assert store.holds(0, BATCH)
    assert not store.holds(1, BATCH)
    assert not store.begin("two", resume=True)
    assert not store.path(0).exists()
    store.write(0, BATCH, BATCH)
    assert not store.begin("two", resume=False)
    assert not store.path(0).exists()


def test_a_part_of_other_rows_or_a_damaged_one_does_not_count(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    store.write(0, BATCH, BATCH)
    assert not store.holds(0, BATCH.slice(1))
    store.path(0).write_bytes(store.path(0).read_bytes()[:-9])
    assert not store.holds(0, BATCH)
    (tmp_path / "manifest.json").write_text("[]")
    assert not store.begin("one", resume=True)


def test_the_digest_sees_rows_and_not_how_they_lie_in_memory() -> None:
    sliced = pa.RecordBatch.from_pydict({"exchange_id": ["z", "a", "b", "c"], "n": [0, 1, 2, 3]})
    assert digest(sliced.slice(1)) == digest(BATCH)


def test_parts_keep_the_scored_rows(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    store.write(3, BATCH, BATCH)
    assert pq.read_table(store.path(3)).equals(pa.Table.from_batches([BATCH]))
    store.remove()
    assert not tmp_path.exists()
