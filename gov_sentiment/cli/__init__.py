"""The command line: one thin file per command, each a wrapper over a plain function."""

from __future__ import annotations


def main() -> None:
    """Run the `gov-sentiment` command."""
    from gov_sentiment.cli.app import build_app

    build_app()(prog_name="gov-sentiment")
