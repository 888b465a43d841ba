"""`gov-sentiment train`: a classifier from your own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED", help="csv, xlsx, jsonl or parquet.")
    ],
    target: Annotated[str, typer.Option(metavar="COLUMN", help="The label column to learn.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for model and card.")
    ],
    text: Annotated[
        str | None,
        typer.Option(metavar="post|reply|pair", help="What the label is about."),
    ] = None,
) -> None:
    """Train a classifier on a column of labels and write it with its card."""
