"""Every trap by name, and the list of them in docs/formats.md.

UPDATE_DOCS=1 pytest tests/archive/test_traps.py writes the list anew.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from traps import TRAPS, Trap, write

from gov_sentiment.archive import read_archive
from gov_sentiment.errors import GovSentimentError
from gov_sentiment.exchange import run_info

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
START, END = "<!-- traps: made by tests/archive/test_traps.py -->", "<!-- end of traps -->"
ALL = [trap for group in TRAPS.values() for trap in group]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("trap", ALL, ids=lambda trap: trap.name)
def test_trap(trap: Trap, tmp_path: Path) -> None:
    path = write(tmp_path, trap.files)
    if trap.error:
        with pytest.raises(GovSentimentError) as caught:
            read_archive(path, **trap.settings)
        assert trap.error in str(caught.value)
        return
    archive = read_archive(path, **trap.settings)
    rows = archive.exchanges.to_pylist()
    asked = [
        {name: _plain(row[name]) for name in wanted}
        for row, wanted in zip(rows, trap.rows, strict=True)
    ]
    assert asked == list(trap.rows)
    assert dict(archive.ledger.rejected) == dict(trap.rejects)
    assert (archive.ledger.merged, archive.ledger.repeated) == (trap.merged, trap.repeated)
    assert archive.ledger.adds_up
    warnings = run_info(archive.exchanges.schema)["warnings"]
    assert trap.warning in "\n".join(warnings)
    assert bool(trap.warning) == bool(warnings)
    if trap.format:
        assert trap.format in {source.format for source in archive.sources}


def test_names_are_unique() -> None:
    assert len({trap.name for trap in ALL}) == len(ALL)


def test_the_list_in_the_docs_is_this_one() -> None:
    lines = [f"{len(ALL)} traps, each a sample of our own writing in `tests/archive/traps.py`:", ""]
    for title, group in TRAPS.items():
        names = " · ".join(trap.name for trap in group)
        lines.append(f"- **{title}** ({len(group)}): {names}")
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    made = f"{head}{START}\n" + "\n".join(lines) + f"\n{END}{tail}"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made
