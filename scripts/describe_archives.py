"""Print what is read from archives, as the tables of docs/archives.md.

python scripts/describe_archives.py ARCHIVE…
"""

from __future__ import annotations

import sys
from pathlib import Path

from gov_sentiment.archive import open_archive


def describe(path: Path) -> str:
    """Return one archive's tables: how it was read, and where each row went."""
    reader = open_archive(path)
    for _ in reader.batches():
        pass
    lines = [
        f"## {path.name}",
        "",
        "| sheet | format | encoding | header row | rows | posted | replied |",
    ]
    lines.append("| --- | --- | --- | ---: | ---: | --- | --- |")
    for source in reader.sources:
        spans = [
            "–" if span is None else " to ".join(span) for span in (source.posted, source.replied)
        ]
        lines.append(
            f"| {source.sheet or '–'} | {source.format} | {source.encoding or '–'} "
            f"| {source.header_row} | {source.rows:,} | {spans[0]} | {spans[1]} |"
        )
    ledger = reader.ledger
    lines += ["", "| field | read from |", "| --- | --- |"]
    columns = {name: heads for s in reader.sources for name, heads in s.columns.items()}
    lines += [f"| `{name}` | {' + '.join(heads)} |" for name, heads in columns.items()]
    lines += [
        "",
        "| rows read | = exchanges | + merged | + rejects | unanswered | repeated | no agency |",
    ]
    lines.append("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    lines.append(
        f"| {ledger.rows_read:,} | {ledger.exchanges:,} | {ledger.merged:,} "
        f"| {ledger.n_rejected:,} | {ledger.unanswered:,} "
        f"| {ledger.repeated:,} | {ledger.no_agency:,} |"
    )
    reasons = ", ".join(f"{reason} {n:,}" for reason, n in sorted(ledger.rejected.items()))
    lines += ["", f"Rejects: {reasons or 'none'}."]
    lines += [f"Note: {warning}" for warning in reader.warnings]
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n\n".join(describe(Path(name)) for name in sys.argv[1:]))
