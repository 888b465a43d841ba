"""`gov-sentiment evaluate`: how good a model is on labelled exchanges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    model: Annotated[Path, typer.Argument(metavar="MODEL_DIR", help="A model folder.")],
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELLED", help="csv, xlsx, jsonl or parquet.")
    ],
) -> None:
    """Print figures with intervals for each class, beside snownlp and a majority guess."""
