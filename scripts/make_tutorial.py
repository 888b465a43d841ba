"""Run the commands of docs/tutorial.md and write what they print below them.

Run: python scripts/make_tutorial.py   (tests/report/test_tutorial.py fails when it was forgotten)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
_STEP = re.compile(r"(```bash\n(.*?)```\n\n```text\n)(.*?)(```)", re.S)


def render(page: str, folder: Path) -> str:
    """Return the page with each command's output, run in turn in a folder."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def run(step: re.Match[str]) -> str:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step[2]],
            cwd=folder,
            env={**os.environ, "PATH": programs},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
        )
        return f"{step[1]}{done.stdout.rstrip()}\n{step[4]}"

    return _STEP.sub(run, page)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = render(TARGET.read_text(encoding="utf-8"), Path(folder))
    TARGET.write_text(made, encoding="utf-8")
