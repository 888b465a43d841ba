"""The report's pages from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gov_sentiment.cli.words import Language

if TYPE_CHECKING:
    from gov_sentiment.report import Summary


def build_summary(
    scored: list[Path],
    rejects: Path | None,
    *,
    preset: str,
    min_n: int,
    peer_group: str | None,
    as_of: datetime | None,
) -> Summary:
    """Return the summary that every page is rendered from."""
    from gov_sentiment.cli.tables import read_rejects, read_scored
    from gov_sentiment.ranking import rank_agencies
    from gov_sentiment.report import summarise

    ranking = rank_agencies(scored, preset=preset, min_n=min_n, peer_group=peer_group, as_of=as_of)
    return summarise(
        read_scored(scored), ranking, None if rejects is None else read_rejects(rejects)
    )


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Let a writer write a file, whole or not at all."""
    from gov_sentiment.engines.files import whole_file

    with whole_file(path) as temporary:
        write(temporary)


def write_pages(
    summary: Summary,
    scored: list[Path],
    output: Path | None,
    figures: Path | None,
    form: str,
    lang: Language,
) -> None:
    """Write the page or workbook, and the figures if asked; json goes to stdout without -o.

    The workbook holds every exchange, redacted; that takes about 20 ms for each.
    """
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.cli.tables import read_scored
    from gov_sentiment.report import summary_json, write_figures, write_page, write_workbook

    if form == "json" and output is None:
        typer.echo(summary_json(summary))
    elif output is not None:
        suffix = check_suffix(output, (".html", ".xlsx", ".json"))
        if suffix == ".html":
            write_whole(output, partial(write_page, summary, lang=lang.value))
        elif suffix == ".xlsx":
            table = read_scored(scored)
            write_whole(output, partial(write_workbook, summary, lang=lang.value, scored=table))
        else:
            text = summary_json(summary) + "\n"
            write_whole(output, lambda path: path.write_text(text, encoding="utf-8"))
        typer.echo(f"report → {output}", err=True)
    if figures is not None:
        write_figures(summary, figures, lang.value)
        typer.echo(f"figures → {figures}", err=True)
