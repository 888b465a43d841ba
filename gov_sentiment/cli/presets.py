"""`gov-sentiment presets`: which rules for deadlines and weights come along."""

from __future__ import annotations

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def presets(lang: options.Lang = Language.zh) -> None:
    """List the presets of weights and deadlines, for `--preset`."""
    from gov_sentiment.cli.words import format_table
    from gov_sentiment.ranking import list_presets

    chinese = lang is Language.zh
    head = ("名称", "日期", "说明") if chinese else ("name", "dated", "what it is")
    rows = [
        (each.name, each.dated, each.title if chinese else each.title_en) for each in list_presets()
    ]
    typer.echo(format_table(head, rows, left=(0, 1, 2)))
