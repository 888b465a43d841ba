"""`gov-sentiment rank`: scored tables in, a ranking out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


class Period(StrEnum):
    """How long a period of the trends is."""

    month = "month"
    quarter = "quarter"
    none = "none"


def rank(
    scored: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCORED", help="Parquet that `score` wrote, or one csv, xlsx or json of counts."
        ),
    ],
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
    calibrate: Annotated[
        Path | None,
        typer.Option(
            metavar="LABELLED", help="Labelled rows of this archive: correct the model's errors."
        ),
    ] = None,
    adjust: Annotated[
        bool, typer.Option(help="Also rank after taking out the mix of cases.")
    ] = True,
    trends: Annotated[Period, typer.Option(help="Periods of the trends.")] = Period.month,
    simultaneous: Annotated[
        bool, typer.Option("--simultaneous", help="Also rank sets that hold for all together.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of all random draws.")] = 0,
    lang: options.Lang = Language.zh,
) -> None:
    """Rank agencies from scored tables, or from one table of counts, with intervals and ties.

    A table of counts (csv, xlsx, json) has a row for each agency: 单位, 交办总量, 满意率, …
    """
    from gov_sentiment.cli.outputs import check_suffix
    from gov_sentiment.cli.rankings import notices, show_ranking
    from gov_sentiment.ranking import is_counts_file, rank_agencies, rank_counts

    if output is not None:
        check_suffix(output)
    if len(scored) == 1 and is_counts_file(scored[0]):
        ranking = rank_counts(
            scored[0],
            # The default index is of exchanges; a table of counts weighs alike what it has.
            preset=None if preset == "default" else preset,
            min_n=min_n,
            peer_group=peer_group,
            simultaneous=simultaneous,
            seed=seed,
        )
    else:
        ranking = rank_agencies(
            scored,
            preset=preset,
            min_n=min_n,
            peer_group=peer_group,
            as_of=options.parse_as_of(as_of),
            calibrate=calibrate,
            adjust=adjust,
            trends=trends.value,
            simultaneous=simultaneous,
            seed=seed,
        )
    for notice in notices(ranking, lang):
        typer.echo(notice, err=True)
    if output is None:
        typer.echo(show_ranking(ranking, lang))
        return
    from gov_sentiment.engines.files import disk_errors

    with disk_errors(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
        ranking.write(output)
    typer.echo(f"rank: {ranking.table.num_rows:,} agencies → {output}", err=True)
