"""How long `gov-sentiment --help` takes beside `python -c "import typer"`.

Run: python scripts/bench/startup.py [repeats]
Both are started in turn, so that a busy machine slows both; the medians are compared.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

OURS = [str(Path(sys.executable).with_name("gov-sentiment")), "--help"]
TYPER = [sys.executable, "-c", "import typer"]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(repeats: int) -> tuple[float, float]:
    """Return the median seconds of our --help and of importing typer."""
    pairs = [(seconds(OURS), seconds(TYPER)) for _ in range(repeats + 1)][1:]
    return tuple(statistics.median(times) for times in zip(*pairs, strict=True))


if __name__ == "__main__":
    ours, typer = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    print(
        f"gov-sentiment --help {ours:.3f} s, import typer {typer:.3f} s: {ours / typer:.2f} times"
    )
