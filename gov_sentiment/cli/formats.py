"""`gov-sentiment formats`: which export formats are known."""

from __future__ import annotations

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def formats(lang: options.Lang = Language.zh) -> None:
    """List the export formats that are recognised, for `--format`."""
    from gov_sentiment.archive import list_formats
    from gov_sentiment.cli.words import format_table

    head = ("名称", "说明") if lang is Language.zh else ("name", "what it is")
    rows = [(each.name, each.title) for each in list_formats()]
    typer.echo(format_table(head, rows, left=(0, 1)))
