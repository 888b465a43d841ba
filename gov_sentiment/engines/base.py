"""What every engine is asked to do, and what it hands back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from gov_sentiment import __version__
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.resources import models_folder
from gov_sentiment.scoring import ArchiveChecks
from gov_sentiment.scoring.checks import Workers

# Large enough that the vectorised steps pay, small enough that a dozen fit in memory.
BATCH_ROWS = 2048


class Progress(Protocol):
    """Hears how far a stage is.

    `total` is an estimate until the archive is read, and None where it takes reading to know it.
    """

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note that `done` of `total` rows of `stage` are finished."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Listen to nothing: the library itself prints nothing."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How to read the archive: the arguments of `archive.open_archive`."""

    paths: tuple[Path, ...]
    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None
    official: tuple[str, ...] = ()
    duplicates: str = "keep"
    keep_personal: bool = False
    aliases: Path | None = None

    def keywords(self) -> dict[str, Any]:
        """Return the keyword arguments for `open_archive` and `read_archive`."""
        return {
            "format": self.format,
            "columns": dict(self.columns) or None,
            "as_of": self.as_of,
            "official": self.official,
            "duplicates": self.duplicates,
            "keep_personal": self.keep_personal,
            "aliases": self.aliases,
        }


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How to score: the model's folder (None = the one that comes along) and the preset."""

    model: Path | None = None
    preset: str = "default"
    probabilities: bool = False


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A scored archive on disk.

    Attributes:
        path: the scored Parquet file.
        n_rows: exchanges in it.
        info: what the run says of itself (`exchange.run_info`).
        rejects: rows that became no exchange, with their reason; None where the input was
            already a table of exchanges.
        review: which spellings became one agency, for a person to check.
        checks: the evidence behind the flags.
    """

    path: Path
    n_rows: int
    info: Mapping[str, Any]
    rejects: pa.Table | None = None
    review: pa.Table | None = None
    checks: ArchiveChecks | None = None


@dataclass(frozen=True, slots=True)
class PartTask:
    """One batch to score, and the store that its part goes into."""

    index: int
    batch: pa.RecordBatch
    store: PartStore


class Engine(Protocol):
    """Runs functions over batches and shards; knows nothing of what they compute."""

    def working(self, folder: Path) -> AbstractContextManager[Workers]:
        """Return where a run's work is done; `folder` is for what its tasks share.

        Raises:
            RunInterrupted: a worker was killed.
        """

    def score_parts(
        self, tasks: Iterable[PartTask], settings: ScoreSettings, workers: Workers
    ) -> Iterator[int]:
        """Score each task into its part; yield the indices in order.

        Args:
            tasks: batches and where they go.
            settings: model and preset.
            workers: what `working` gave, which the checks over the archive use too.

        Raises:
            RunInterrupted: a worker was killed or the disk is full.
        """


def describe_scoring(score: ScoreSettings) -> dict[str, Any]:
    """Return the run info of the scoring stage: model with hash and errors, preset, version."""
    folder = score.model or models_folder() / "default"
    content = hashlib.blake2b(digest_size=16)
    for file in _files(folder):
        content.update(file.read_bytes())
    return {
        "model": {
            "name": folder.name,
            "hash": content.hexdigest(),
            "confusion": _card_confusion(folder / "model.json"),
        },
        "preset": score.preset,
        "program": __version__,
    }


def _card_confusion(document: Path) -> dict[str, Any]:
    """Return the confusion matrices on the model's card, by which a ranking corrects shares."""
    if not document.is_file():
        return {}
    card = json.loads(document.read_text(encoding="utf-8")).get("card", {})
    return {
        target: {"labels": figures["classes"], "matrix": figures["confusion"]}
        for target, figures in card.get("targets", {}).items()
        if "confusion" in figures
    }


def fingerprint(read: ReadSettings, score: ScoreSettings, batch_rows: int) -> str:
    """Return a hash of everything that a part's content depends on, to tell if it can be kept.

    Files count by name, size and time of change; the model by its files' content.
    """
    scoring = describe_scoring(score)
    parts: list[Any] = [scoring, batch_rows, score.probabilities, str(read.keywords())]
    for path in read.paths:
        for file in _files(path):
            status = file.stat()
            parts.append([str(file.resolve()), status.st_size, status.st_mtime_ns])
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
