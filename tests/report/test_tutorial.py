"""The tutorial's commands run, and print what it says."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_commands_print_what_the_tutorial_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert page.count("```bash") == page.count("```text") >= 4
    render = runpy.run_path(str(ROOT / "scripts" / "make_tutorial.py"))["render"]
    assert render(page, tmp_path) == page, "run python scripts/make_tutorial.py"
    assert (tmp_path / "why.html").stat().st_size > 5_000
    assert (tmp_path / "report.xlsx").stat().st_size > 5_000
    assert len(list((tmp_path / "figures").glob("*.png"))) >= 5
