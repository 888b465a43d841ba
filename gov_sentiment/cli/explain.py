"""`gov-sentiment explain`: which words and rules made an exchange's scores."""

from __future__ import annotations

from typing import Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def explain(
    scored: options.Scored,
    exchange: Annotated[
        str, typer.Option("--exchange", metavar="ID", help="The exchange_id to explain.")
    ],
    model: options.Model = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Show the words and rules behind each score of one exchange."""
