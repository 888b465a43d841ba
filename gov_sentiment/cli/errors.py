"""From errors to exit codes: 0 fine, 1 a bug of ours, 2 usage, 3 bad data, 130 interrupted."""

from __future__ import annotations

import functools
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import ParamSpec

import typer

from gov_sentiment.errors import GovSentimentError

Arguments = ParamSpec("Arguments")

BUG, BAD_DATA, INTERRUPTED = 1, 3, 130
DEBUG_VARIABLE = "GOV_SENTIMENT_DEBUG"


def with_user_errors(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Return the command with its errors turned into messages and exit codes."""

    @functools.wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        with user_errors():
            command(*args, **kwargs)

    return wrapped


@contextmanager
def user_errors() -> Iterator[None]:
    """Print errors that a user can mend without a traceback; exit with the code of their kind."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except GovSentimentError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(BAD_DATA) from None
    except KeyboardInterrupt:
        typer.echo(
            "interrupted: nothing unfinished was left under the final name. "
            "`run` and `score` go on from here with --resume.",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        typer.echo(_describe_bug(error), err=True)
        raise typer.Exit(BUG) from None


def _describe_bug(error: Exception) -> str:
    # The error's own message stays out: it may quote a citizen's words.
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"This is a bug in gov-sentiment, not in your data: {type(error).__name__} "
        f"in {Path(where.filename).name}, line {where.lineno}.\n"
        "Please report this line, the command and `gov-sentiment --version`. "
        f"{DEBUG_VARIABLE}=1 shows the traceback; look through it before you share it, "
        "because it may quote your texts."
    )


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
