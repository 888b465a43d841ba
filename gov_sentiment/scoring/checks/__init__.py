"""Pair checks and patterns over an archive: flags, clusters, promises, referrals."""

from gov_sentiment.scoring.checks.archive import FLAGS, ArchiveChecks, check_archive, check_source
from gov_sentiment.scoring.checks.findings import FINDINGS_SCHEMA, with_findings
from gov_sentiment.scoring.checks.mismatch import Mismatches, MismatchModel
from gov_sentiment.scoring.checks.sharded import ShardTask, judge_here, judge_shard

__all__ = [
    "FINDINGS_SCHEMA",
    "FLAGS",
    "ArchiveChecks",
    "MismatchModel",
    "Mismatches",
    "ShardTask",
    "check_archive",
    "check_source",
    "judge_here",
    "judge_shard",
    "with_findings",
]
