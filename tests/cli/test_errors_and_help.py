"""Exit codes and messages: 0 fine, 1 a bug of ours, 2 usage, 3 bad data, 130 interrupted."""

from __future__ import annotations

import os
import signal

import pytest
import typer
from typer.testing import CliRunner

from gov_sentiment import __version__
from gov_sentiment.cli.app import COMMANDS, build_app
from gov_sentiment.cli.errors import with_user_errors
from gov_sentiment.errors import BadArchive

RUNNER = CliRunner()


def app_of(error: BaseException | None) -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)

    def command() -> None:
        if error is not None:
            raise error

    app.command()(with_user_errors(command))
    return app


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = RUNNER.invoke(build_app(), [name, "--help"])
    assert result.exit_code == 0
    assert COMMANDS[name].__doc__.splitlines()[0] in " ".join(result.output.split())


def test_help_lists_every_command() -> None:
    result = RUNNER.invoke(build_app(), ["--help"])
    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)


def test_version() -> None:
    result = RUNNER.invoke(build_app(), ["--version"])
    assert (result.exit_code, result.output) == (0, f"gov-sentiment {__version__}\n")


def test_bad_data_is_exit_3_and_a_plain_message() -> None:
    result = RUNNER.invoke(app_of(BadArchive("a.csv: no posts.\nDo this.")), [])
    assert result.exit_code == 3
    assert result.stderr == "error: a.csv: no posts.\nDo this.\n"
    assert result.stdout == ""


def test_a_bug_is_exit_1_and_quotes_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOV_SENTIMENT_DEBUG", raising=False)
    result = RUNNER.invoke(app_of(ValueError("路灯坏了三个月")), [])
    assert result.exit_code == 1
    assert "bug in gov-sentiment" in result.stderr
    assert "ValueError in test_errors_and_help.py" in result.stderr
    assert "路灯" not in result.output


def test_debugging_shows_the_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOV_SENTIMENT_DEBUG", "1")
    result = RUNNER.invoke(app_of(ValueError("the bug")), [])
    assert isinstance(result.exception, ValueError)


def test_interruption_is_exit_130_and_says_how_to_go_on() -> None:
    result = RUNNER.invoke(app_of(KeyboardInterrupt()), [])
    assert result.exit_code == 130
    assert "--resume" in result.stderr


def test_termination_is_an_interruption() -> None:
    app = typer.Typer()
    app.command()(with_user_errors(lambda: os.kill(os.getpid(), signal.SIGTERM)))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert RUNNER.invoke(app, []).exit_code == 130
    finally:
        signal.signal(signal.SIGTERM, before)


def test_exits_of_typer_pass() -> None:
    assert RUNNER.invoke(app_of(typer.Exit(5)), []).exit_code == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "a.csv"], "Missing option '--output'"),
        (["run"], "name an archive, or try the invented sample with --sample"),
        (["run", "a.csv", "--sample"], "either archives or --sample, not both"),
        (["run", "a.csv", "--map", "agency"], "'agency' is not FIELD=HEADER"),
        (["run", "a.csv", "--as-of", "soon"], "'soon' is not a date such as 2024-06-30"),
        (["report", "x.parquet"], "say where to write the page"),
        (["report", "x.parquet", "--format", "pdf"], "'pdf' is neither html nor json"),
        (["score", "a.csv", "-o", "x.parquet", "--workers", "0"], "Invalid value"),
        (["nonsense"], "No such command"),
    ],
)
def test_usage_errors_are_exit_2(arguments: list[str], message: str) -> None:
    result = RUNNER.invoke(build_app(), arguments)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    "arguments", [["score", "a.csv", "-o", "x.doc"], ["rank", "a.parquet", "-o", "x"]]
)
def test_an_unknown_suffix_is_said_before_any_work(arguments: list[str]) -> None:
    result = RUNNER.invoke(build_app(), arguments)
    assert result.exit_code == 3
    assert "End the name in .csv, .xlsx, .json, .parquet" in result.stderr
