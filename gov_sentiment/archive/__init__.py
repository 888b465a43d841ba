"""Exported files → exchanges, rejects and a ledger that adds up."""

from gov_sentiment.archive.formats import Format, list_formats
from gov_sentiment.archive.ledger import Ledger, Source
from gov_sentiment.archive.reader import Archive, ArchiveReader, open_archive, read_archive

__all__ = [
    "Archive",
    "ArchiveReader",
    "Format",
    "Ledger",
    "Source",
    "list_formats",
    "open_archive",
    "read_archive",
]
