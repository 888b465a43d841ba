"""`gov-sentiment rank`: scored tables in, a ranking out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def rank(
    scored: options.Scored,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="csv, xlsx, json or parquet; without it, the terminal."
        ),
    ] = None,
    preset: options.Preset = "default",
    min_n: options.MinN = 30,
    peer_group: options.PeerGroup = None,
    as_of: options.AsOf = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Rank agencies from scored tables, with intervals and ties."""
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.cli.rankings import show_ranking, write_ranking
    from gov_sentiment.cli.tables import read_scored
    from gov_sentiment.ranking import rank_agencies

    if output is not None:
        check_suffix(output)
    table = read_scored(scored)
    ranking = rank_agencies(
        table,
        preset=preset,
        min_n=min_n,
        peer_group=peer_group,
        as_of=options.parse_as_of(as_of),
    )
    if output is None:
        typer.echo(show_ranking(ranking, lang))
        return
    write_ranking(ranking, table, output, lang)
    typer.echo(f"rank: {ranking.table.num_rows:,} agencies → {output}", err=True)
