"""`gov-sentiment score`: archives in, the scored table out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gov_sentiment.cli import options

if TYPE_CHECKING:
    from gov_sentiment.engines.base import Engine, ReadSettings, ScoredRun, ScoreSettings


def score(
    archives: options.Archives,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The scored table: parquet, csv, xlsx or json.")
    ],
    format_name: options.Format = None,
    mapping: options.Map = None,
    as_of: options.AsOf = None,
    official: options.Official = None,
    duplicates: options.Duplicates = "keep",
    keep_personal: options.KeepPersonal = False,
    aliases: options.Aliases = None,
    model: options.Model = None,
    preset: options.Preset = "default",
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="Add one column for each class.")
    ] = False,
    engine: options.EngineName = options.Engine.local,
    workers: options.Workers = None,
    resume: options.Resume = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where to write the rows that became no exchange.")
    ] = None,
) -> None:
    """Score every exchange of the archives."""
    from gov_sentiment.cli.outputs import check_suffix, write_table
    from gov_sentiment.engines.base import ScoreSettings

    suffix = check_suffix(output)
    read = options.read_settings(
        archives, format_name, mapping, as_of, official, duplicates, keep_personal, aliases
    )
    settings = ScoreSettings(model, preset, probabilities)
    scored = score_with(engine, read, settings, output.with_suffix(".parquet"), workers, resume)
    if suffix != ".parquet":
        import pyarrow.parquet as pq

        write_table(pq.read_table(scored.path), output)
        scored.path.unlink()
    if rejects is not None and scored.rejects is not None:
        write_table(scored.rejects, rejects)
    typer.echo(f"score: {scored.n_rows:,} exchanges → {output}", err=True)


def score_with(
    engine: options.Engine,
    read: ReadSettings,
    settings: ScoreSettings,
    output: Path,
    workers: int | None,
    resume: bool,
) -> ScoredRun:
    """Score an archive on the engine asked for, with a progress bar."""
    from gov_sentiment.cli.progress import Bars
    from gov_sentiment.engines.whole import score_archive

    with Bars() as bars:
        return score_archive(
            read,
            settings,
            output,
            make_engine(engine, workers),
            resume=resume,
            progress=bars,
        )


def make_engine(engine: options.Engine, workers: int | None) -> Engine:
    """Return the engine asked for; Spark takes its master and cores from its own settings."""
    if engine is options.Engine.spark:
        from gov_sentiment.engines.spark import SparkEngine

        return SparkEngine(workers)
    from gov_sentiment.engines.local import LocalEngine

    return LocalEngine(workers)
