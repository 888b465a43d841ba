"""`gov-sentiment models`: which models are there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def models(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder of models of your own.")
    ] = None,
    lang: options.Lang = Language.zh,
) -> None:
    """List models with their figures, as their cards give them."""
