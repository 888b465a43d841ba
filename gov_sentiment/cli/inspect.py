"""`gov-sentiment inspect`: what would be read from an archive."""

from __future__ import annotations

from gov_sentiment.cli import options
from gov_sentiment.cli.words import Language


def inspect(
    archives: options.Archives,
    format_name: options.Format = None,
    mapping: options.Map = None,
    as_of: options.AsOf = None,
    official: options.Official = None,
    duplicates: options.Duplicates = "keep",
    keep_personal: options.KeepPersonal = False,
    aliases: options.Aliases = None,
    lang: options.Lang = Language.zh,
) -> None:
    """Show what would be read: format, columns, dates, rejects; nothing is written."""
