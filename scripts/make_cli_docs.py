"""Write docs/cli.md from the commands' own help, so that the two never differ.

Run: python scripts/make_cli_docs.py   (tests/test_docs.py fails when it was forgotten)
"""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from gov_sentiment.cli.app import COMMANDS, build_app

TARGET = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """# Commands

Written by `scripts/make_cli_docs.py` from the commands' own help.

stdout is data, stderr is progress and messages. Outputs appear under their name only when they
are whole; the suffix chooses csv, xlsx, json or parquet. csv files carry a byte-order mark, so
that Excel reads the Chinese, and a text that begins like a formula gets a `'` in front.

| exit code | meaning |
| --- | --- |
| 0 | fine |
| 1 | a bug of ours; the message says what to report, and quotes no text of the archive |
| 2 | wrong usage: an option missing or misspelt |
| 3 | the data, a model or the settings cannot be used; the message says what to do |
| 130 | interrupted; `run` and `score` go on with `--resume` |

`GOV_SENTIMENT_DEBUG=1` shows the traceback of a bug (it may quote texts of the archive).
"""


def render() -> str:
    """Return the page."""
    runner, app = CliRunner(), build_app()
    parts = [HEAD]
    for name in COMMANDS:
        result = runner.invoke(app, [name, "--help"], terminal_width=96, env={"COLUMNS": "96"})
        parts.append(f"## {name}\n\n```\n{result.output.strip()}\n```\n")
    return "\n".join(parts).replace("Usage: root ", "Usage: gov-sentiment ")


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
