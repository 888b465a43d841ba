"""Pair checks and patterns over an archive: flags, clusters, promises, referrals."""

from gov_sentiment.scoring.checks.archive import FLAGS, ArchiveChecks, check_archive, check_source
from gov_sentiment.scoring.checks.findings import FINDINGS_SCHEMA, with_findings
from gov_sentiment.scoring.checks.work import Here, Work, Workers, on_one_thread

__all__ = [
    "FINDINGS_SCHEMA",
    "FLAGS",
    "ArchiveChecks",
    "Here",
    "Work",
    "Workers",
    "check_archive",
    "check_source",
    "on_one_thread",
    "with_findings",
]
