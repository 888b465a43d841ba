"""Pair checks and patterns over an archive: flags, clusters, promises, referrals."""

from gov_sentiment.scoring.checks.archive import FLAGS, ArchiveChecks, check_archive

__all__ = ["FLAGS", "ArchiveChecks", "check_archive"]
