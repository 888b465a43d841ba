"""`gov-sentiment run`: from an archive to a ranking and a page in one go."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language, word

if TYPE_CHECKING:
    from gov_sentiment.engines.base import ScoredRun


def run(
    archives: Annotated[
        list[Path] | None,
        typer.Argument(metavar="ARCHIVE", help="Exported files, folders or zips; - is stdin."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for everything.")] = Path(
        "results"
    ),
    sample: Annotated[
        bool, typer.Option("--sample", help="Use the invented sample that comes along.")
    ] = False,
    format_name: options.Format = None,
    mapping: options.Map = None,
    as_of: options.AsOf = None,
    official: options.Official = None,
    duplicates: options.Duplicates = "keep",
    keep_personal: options.KeepPersonal = False,
    aliases: options.Aliases = None,
    model: options.Model = None,
    preset: options.Preset = "default",
    min_n: options.RunMinN = None,
    peer_group: options.PeerGroup = None,
    engine: options.EngineName = options.Engine.local,
    spark_master: options.SparkMaster = None,
    workers: options.Workers = None,
    resume: options.Resume = False,
    lang: options.Lang = Language.zh,
) -> None:
    """Score, rank and report in one go.

    Writes scored.parquet, ranking.csv, ranking.xlsx, report.html, rejects.csv, agency_names.csv and
    the evidence (flags, clusters, promises and referrals as csv) into the folder, and prints what
    was read, who answers well and who does not, and how sure that is.
    """
    from gov_sentiment.cli.score import make_engine, score_with
    from gov_sentiment.engines.base import ScoreSettings

    files = _input_files(archives, sample)
    read = options.read_settings(
        files, format_name, mapping, as_of, official, duplicates, keep_personal, aliases
    )
    scored = score_with(
        make_engine(engine, workers, spark_master),
        read,
        ScoreSettings(model),
        out / "scored.parquet",
        resume,
    )
    # A sample of a few hundred letters has no agency with the usual minimum.
    fewest = min_n if min_n is not None else (5 if sample else 30)
    _rank_and_report(scored, out, preset, fewest, peer_group, lang)


def _input_files(archives: list[Path] | None, sample: bool) -> list[Path]:
    from gov_sentiment.resources import sample_folder

    if sample and archives:
        raise typer.BadParameter("either archives or --sample, not both", param_hint="--sample")
    if sample:
        return [sample_folder()]
    if not archives:
        raise typer.BadParameter(
            "name an archive, or try the invented sample with --sample", param_hint="ARCHIVE"
        )
    return archives


def _rank_and_report(
    scored: ScoredRun,
    out: Path,
    preset: str,
    min_n: int,
    peer_group: str | None,
    lang: Language,
) -> None:
    from gov_sentiment.cli.outputs import write_table
    from gov_sentiment.cli.pages import write_whole
    from gov_sentiment.cli.rankings import show_ranking
    from gov_sentiment.cli.summary import show_ledger
    from gov_sentiment.cli.tables import read_scored
    from gov_sentiment.ranking import rank_agencies
    from gov_sentiment.report import summarise, write_page, write_workbook

    ranking = rank_agencies(scored.path, preset=preset, min_n=min_n, peer_group=peer_group)
    table = read_scored([scored.path])
    summary = summarise(table, ranking, scored.rejects, scored.checks)
    written = [scored.path, out / "ranking.csv", out / "ranking.xlsx", out / "report.html"]
    ranking.write(written[1])
    write_whole(written[2], partial(write_workbook, summary, lang=lang.value))
    write_whole(written[3], partial(write_page, summary, lang=lang.value))
    extras = {"rejects.csv": scored.rejects, "agency_names.csv": scored.review}
    if scored.checks is not None:
        extras["flags.csv"] = scored.checks.evidence
        extras["clusters.csv"] = scored.checks.clusters
        extras["promises.csv"] = scored.checks.promises
        extras["referrals.csv"] = scored.checks.referrals
    for name, extra in extras.items():
        if extra is not None:
            write_table(extra, out / name)
            written.append(out / name)
    typer.echo(show_ledger(scored, table, ranking, lang))
    typer.echo()
    typer.echo(show_ranking(ranking, lang))
    typer.echo()
    for path in written:
        typer.echo(f"{word('written', lang)}  {path}")
