"""The pool keeps order, bounds what it holds, and dies cleanly."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gov_sentiment.engines.pool import TASKS_PER_WORKER, map_in_order
from gov_sentiment.errors import BadArchive, GovSentimentError, MissingColumns, RunInterrupted


def nothing() -> None:
    """Prepare a worker that needs nothing."""


def square_slowly(number: int) -> int:
    """The earlier the number, the later it is done."""
    time.sleep(0.02 * max(0, 4 - number))
    return number * number


def kill_self(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def complain(number: int) -> int:
    raise MissingColumns("a.csv", ["reply_text"], ["x"])


def own_pid(folder: str) -> int:
    Path(folder, str(os.getpid())).touch()
    time.sleep(30)
    return 0


def run_pool(folder: str) -> None:
    list(map_in_order(own_pid, [folder] * 2, workers=1, prepare=nothing))


def test_results_keep_the_order_of_the_tasks() -> None:
    results = list(map_in_order(square_slowly, range(9), workers=2, prepare=nothing))
    assert results == [number * number for number in range(9)]


def test_few_tasks_are_taken_ahead() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(40):
            taken.append(number)
            yield number

    results = map_in_order(square_slowly, tasks(), workers=1, prepare=nothing)
    next(results)
    assert len(taken) <= TASKS_PER_WORKER + 1
    results.close()


def test_a_killed_worker_is_an_error_that_says_how_to_go_on() -> None:
    with pytest.raises(RunInterrupted, match="--resume"):
        list(map_in_order(kill_self, range(9), workers=2, prepare=nothing))


def test_user_errors_come_back_from_workers_with_their_message() -> None:
    with pytest.raises(GovSentimentError, match="no column for reply_text"):
        list(map_in_order(complain, range(3), workers=1, prepare=nothing))


def test_an_error_while_reading_ends_the_workers() -> None:
    def tasks() -> Iterator[int]:
        yield 1
        raise BadArchive("a.csv: cut off")

    with pytest.raises(BadArchive, match="cut off"):
        list(map_in_order(square_slowly, tasks(), workers=1, prepare=nothing))


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = multiprocessing.get_context("spawn").Process(target=run_pool, args=(str(tmp_path),))
    parent.start()
    deadline = time.monotonic() + 20
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker = int(next(tmp_path.iterdir()).name)
    parent.kill()
    parent.join()
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()
