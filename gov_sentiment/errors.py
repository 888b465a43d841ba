"""Errors that a user can mend.

Each message says what is wrong, where, and what to do next. None quotes a citizen's
or an official's text: messages end up in logs and tickets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class GovSentimentError(Exception):
    """Bad data or bad settings; the command line prints it and exits with code 3."""


class BadArchive(GovSentimentError):
    """A file that cannot be read as an archive (encoding, container, structure)."""


class MissingColumns(GovSentimentError):
    """Columns that a stage needs are not in the table it was given."""

    def __init__(self, where: str, missing: Iterable[str], found: Sequence[str]) -> None:
        super().__init__(
            f"{where}: no column for {', '.join(missing)}.\n"
            f"Columns found: {', '.join(found) or '(none)'}.\n"
            "Name yours with --map field=header, or see `gov-sentiment formats`."
        )


class AmbiguousColumns(GovSentimentError):
    """Several headers could hold the same field; the user has to choose."""

    def __init__(self, where: str, field: str, choices: Sequence[str]) -> None:
        options = " or ".join(f"--map {field}={choice}" for choice in choices)
        super().__init__(
            f"{where}: {len(choices)} columns could hold {field}: {', '.join(choices)}.\n"
            f"Choose one with {options}."
        )


class BadLabels(GovSentimentError):
    """A labelled file whose labels cannot be used."""


class BadModel(GovSentimentError):
    """A model directory that is missing, damaged, or from another format version."""


class BadPreset(GovSentimentError):
    """A preset file with unknown or impossible settings."""


class BadScores(GovSentimentError):
    """A table that is not a scored table, or is from another version."""


class RunInterrupted(GovSentimentError):
    """A run that stopped for a reason outside the data: a killed worker, a full disk."""


class BadSettings(GovSentimentError):
    """Options that cannot be used together, or a value that no stage knows."""
