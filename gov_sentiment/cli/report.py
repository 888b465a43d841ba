"""`gov-sentiment report`: scored tables in, one page out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def report(
    scored: options.Scored,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page: html, or xlsx for a workbook."),
    ] = None,
    preset: options.Preset = "default",
    min_n: options.MinN = 30,
    peer_group: options.PeerGroup = None,
    as_of: options.AsOf = None,
    rejects: Annotated[
        Path | None, typer.Option(help="The rejects file of the run, for the ledger.")
    ] = None,
    figures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write figures at print size here.")
    ] = None,
    form: Annotated[
        str,
        typer.Option("--format", metavar="html|json", help="json prints every number of the page."),
    ] = "html",
    lang: options.Lang = Language.zh,
) -> None:
    """Build the report page from scored tables."""
    from gov_sentiment.cli.pages import build_summary, write_pages

    if form not in ("html", "json"):
        raise typer.BadParameter(f"{form!r} is neither html nor json", param_hint="--format")
    if form == "html" and output is None:
        raise typer.BadParameter("say where to write the page", param_hint="--output")
    summary = build_summary(
        scored,
        rejects,
        preset=preset,
        min_n=min_n,
        peer_group=peer_group,
        as_of=options.parse_as_of(as_of),
    )
    write_pages(summary, scored, output, figures, form, lang)
