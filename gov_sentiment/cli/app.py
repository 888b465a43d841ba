"""The application: which commands there are, and what every one of them shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from gov_sentiment import __version__
from gov_sentiment.cli import (
    accounts,
    evaluate,
    explain,
    formats,
    inspect,
    models,
    presets,
    rank,
    report,
    run,
    score,
    train,
)
from gov_sentiment.cli.errors import with_user_errors

# In the order in which a newcomer meets them; `--help` keeps it.
COMMANDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "inspect": inspect.inspect,
    "score": score.score,
    "rank": rank.rank,
    "report": report.report,
    "accounts": accounts.accounts,
    "explain": explain.explain,
    "train": train.train,
    "evaluate": evaluate.evaluate,
    "models": models.models,
    "formats": formats.formats,
    "presets": presets.presets,
}


def build_app() -> typer.Typer:
    """Return the application with every command."""
    # Without rich's help pages: importing it would double the time that --help takes.
    app = typer.Typer(
        name="gov-sentiment",
        help="Score citizen–government exchanges and rank agencies by how they answer.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, function in COMMANDS.items():
        app.command(name, no_args_is_help=name not in _RUN_ALONE)(with_user_errors(function))
    return app


_RUN_ALONE = ("run", "models", "formats", "presets")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gov-sentiment {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Score citizen–government exchanges and rank agencies by how they answer.

    From an exported archive to a ranking: gov-sentiment run letters.xlsx --out results/
    """
