"""Five hundred damaged archives: read, or refused by an error of ours; nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fuzz_archive.py"


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("fuzz_archive", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    fuzz = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz)
    wrong = {}
    n_read = 0
    for number, (kind, data) in enumerate(fuzz.cases(500, 3, tmp_path)):
        path = tmp_path / f"case_{kind}"
        path.write_bytes(data)
        result = fuzz.outcome(path)
        n_read += result == "read"
        if result.startswith("WRONG"):
            wrong[number] = result
    assert not wrong
    assert n_read > 60  # the damage must not be so great that every file is refused at once
