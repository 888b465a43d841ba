"""A run that is cut off leaves nothing under the final name, says so, and goes on with --resume."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from letters import rows, write_letters

from gov_sentiment.archive import read_archive
from gov_sentiment.engines.base import ScoreSettings
from gov_sentiment.engines.memory import score_table
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.exchange import SCORED_SCHEMA, conform

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
PATIENCE = 120.0
N_ROWS = 240
# The command line with batches so small that a short archive takes many parts, each written so
# slowly that the event finds the run at work, however fast the machine scores. Workers read this
# file too when they are started.
TOOL = """
import time
from gov_sentiment.engines.parts import PartStore
from gov_sentiment.engines.whole import score_archive
score_archive.__kwdefaults__["batch_rows"] = 2
write = PartStore.write
def write_slowly(*arguments):
    time.sleep(0.05)
    write(*arguments)
PartStore.write = write_slowly
from gov_sentiment.cli import main
if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cut_off")
    path = folder / "letters.csv"
    write_letters(path, N_ROWS)
    (folder / "tool.py").write_text(TOOL)
    return path


@pytest.fixture(scope="module")
def expected(letters: Path) -> pa.Table:
    scored = score_table(read_archive(letters).exchanges, ScoreSettings())
    return scored.replace_schema_metadata(None)


def command(letters: Path, output: Path, *options: str) -> list[str]:
    tool = str(letters.with_name("tool.py"))
    return [
        *(sys.executable, tool, "score", str(letters), "-o", str(output), "--workers", "2"),
        *options,
    ]


def parts_of(output: Path) -> list[Path]:
    return sorted(PartStore.beside(output).folder.glob("part-*.parquet"))


def hear_ctrl_c() -> None:
    # What a shell starts in the background ignores SIGINT, and so would all that it starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(letters: Path, output: Path) -> subprocess.Popen[str]:
    """Start a run and return when a few parts are written."""
    process = subprocess.Popen(
        command(letters, output),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )
    deadline = time.monotonic() + PATIENCE
    while len(parts_of(output)) < 4:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


def kill_a_worker(process: subprocess.Popen[str]) -> None:
    os.kill(workers_of(process)[0], signal.SIGKILL)


def kill_the_parent(process: subprocess.Popen[str]) -> None:
    process.kill()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the whole group


@pytest.mark.parametrize(
    ("event", "code", "message"),
    [
        (kill_a_worker, 3, "Run the same command again with --resume"),
        (kill_the_parent, -signal.SIGKILL, ""),
        (press_ctrl_c, 130, "go on from here with --resume"),
    ],
)
def test_a_run_that_is_cut_off_resumes_with_the_same_digits(
    event: Callable[[subprocess.Popen[str]], None],
    code: int,
    message: str,
    letters: Path,
    expected: pa.Table,
    tmp_path: Path,
) -> None:
    output = tmp_path / "scored.parquet"
    process = start(letters, output)
    workers = workers_of(process)
    event(process)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, said
    assert message in said
    assert "Traceback" not in said
    assert all(row["post_text"] not in said for row in rows(N_ROWS))
    assert not output.exists()
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert 4 <= len(parts_of(output)) < N_ROWS // 2
    assert resumed(letters, output).equals(expected)
    assert [path.name for path in tmp_path.iterdir()] == ["scored.parquet"]


def resumed(letters: Path, output: Path) -> pa.Table:
    subprocess.run(
        command(letters, output, "--resume"), check=True, capture_output=True, timeout=PATIENCE
    )
    return conform(pq.read_table(output), SCORED_SCHEMA).replace_schema_metadata(None)


def private_mounts() -> list[str] | None:
    """Return the words before a command that may mount what nobody else sees, None if we cannot."""
    unshare = shutil.which("unshare")
    for words in ([unshare, "--mount"], [unshare, "--mount", "--map-root-user"]):
        if unshare is None:
            return None
        probe = [*map(str, words), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if subprocess.run(probe, check=False, capture_output=True).returncode == 0:
            return list(map(str, words))
    return None


def test_a_full_disk_is_said_and_the_run_goes_on(
    letters: Path, expected: pa.Table, tmp_path: Path
) -> None:
    before = private_mounts()
    if before is None:
        pytest.skip("may not mount a small file system")
    disk, result = tmp_path / "disk", tmp_path / "result.parquet"
    disk.mkdir()
    output = disk / "scored.parquet"
    first, again = (" ".join(command(letters, output, *o)) for o in ((), ("--resume",)))
    script = f"""
        mount -t tmpfs -o size=600k tmpfs {disk}
        {first} 2>{tmp_path}/said
        echo $? >{tmp_path}/code
        ls {disk} >{tmp_path}/left
        ls {PartStore.beside(output).folder} | grep -c 'part-.*parquet' >{tmp_path}/kept
        mount -o remount,size=64m {disk}
        {again} && cp {output} {result}
    """
    subprocess.run([*before, "sh", "-c", script], check=True, capture_output=True, timeout=PATIENCE)
    said = (tmp_path / "said").read_text()
    assert (tmp_path / "code").read_text().strip() == "3"
    assert "no space left on this disk" in said
    assert "--resume" in said
    assert (tmp_path / "left").read_text() == ""
    assert 0 < int((tmp_path / "kept").read_text()) < N_ROWS // 2
    table = conform(pq.read_table(result), SCORED_SCHEMA).replace_schema_metadata(None)
    assert table.equals(expected)
