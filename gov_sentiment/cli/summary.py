"""What a run prints about itself: the ledger and what the reader should mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gov_sentiment.cli.rankings import notices
from gov_sentiment.cli.reader_notes import reader_note
from gov_sentiment.cli.words import Language, word

if TYPE_CHECKING:
    import pyarrow as pa

    from gov_sentiment.engines.base import ScoredRun
    from gov_sentiment.ranking import Ranking


def ledger_line(ledger: Mapping[str, Any], lang: Language) -> str:
    """Return the sum that shows that no row was lost."""
    rejected = sum((ledger.get("rejected") or {}).values())
    parts = (
        f"{word('exchanges', lang)} {ledger.get('exchanges', 0):,}",
        f"{word('merged', lang)} {ledger.get('merged', 0):,}",
        f"{word('rejects', lang)} {rejected:,}",
    )
    return f"{word('rows_read', lang)} {ledger.get('rows_read', 0):,} = {' + '.join(parts)}"


def reject_lines(ledger: Mapping[str, Any]) -> list[str]:
    """Return one line for each reason of rejection, the commonest first."""
    reasons = sorted((ledger.get("rejected") or {}).items(), key=lambda item: (-item[1], item[0]))
    return [f"  {reason}  {count:,}" for reason, count in reasons]


def show_ledger(scored: ScoredRun, table: pa.Table, ranking: Ranking, lang: Language) -> str:
    """Return the run's ledger, its main counts and its warnings, as lines of text."""
    ledger = scored.info.get("ledger") or {}
    ranked = sum(rank is not None for rank in ranking.table["rank"].to_pylist())
    counts = (
        ("unanswered", ledger.get("unanswered", table["reply_text"].null_count)),
        ("no_agency", table["agency"].null_count),
        ("agencies", ranking.table.num_rows),
        ("ranked", ranked),
    )
    lines = [
        ledger_line(ledger, lang),
        *reject_lines(ledger),
        " · ".join(f"{word(key, lang)} {count:,}" for key, count in counts),
    ]
    read = (reader_note(str(each), lang) for each in scored.info.get("warnings") or ())
    lines += [
        f"{word('warnings', lang)}: {each}"
        for each in dict.fromkeys([*read, *notices(ranking, lang)])
    ]
    return "\n".join(lines)
