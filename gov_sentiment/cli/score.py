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
    preset: Annotated[
        str,
        typer.Option(metavar="NAME|FILE", help="Deadlines of responsiveness: default or a .toml."),
    ] = "default",
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="Add one column for each class.")
    ] = False,
    engine: options.EngineName = options.Engine.local,
    spark_master: options.SparkMaster = None,
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
    scored = score_with(
        make_engine(engine, workers, spark_master),
        read,
        settings,
        # Beside it and under a name of its own: scored.parquet may be an earlier run's.
        output if suffix == ".parquet" else output.with_name(f"{output.name}.parquet"),
        resume,
    )
    if suffix != ".parquet":
        import pyarrow.parquet as pq

        write_table(pq.read_table(scored.path), output)
        scored.path.unlink()
    if rejects is not None and scored.rejects is not None:
        write_table(scored.rejects, rejects)
    typer.echo(f"score: {scored.n_rows:,} exchanges → {output}", err=True)


def score_with(
    engine: Engine, read: ReadSettings, settings: ScoreSettings, output: Path, resume: bool
) -> ScoredRun:
    """Score an archive on an engine, with a progress bar."""
    from gov_sentiment.cli.progress import Bars
    from gov_sentiment.engines.whole import score_archive

    with Bars() as bars:
        return score_archive(read, settings, output, engine, resume=resume, progress=bars)


def make_engine(name: options.Engine, workers: int | None, spark_master: str | None) -> Engine:
    """Return the engine asked for.

    Raises:
        typer.BadParameter: an option that belongs to the other engine.
    """
    if name is options.Engine.spark:
        if workers is not None:
            raise typer.BadParameter("Spark's master says how many cores", param_hint="--workers")
        from gov_sentiment.engines.spark import SparkEngine

        return SparkEngine(spark_master)
    if spark_master is not None:
        raise typer.BadParameter("needs --engine spark", param_hint="--spark-master")
    from gov_sentiment.engines.local import LocalEngine

    return LocalEngine(workers)
