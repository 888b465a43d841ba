"""The pool keeps order, bounds what it holds, and dies cleanly."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gov_sentiment.engines.pool import TASKS_PER_WORKER, PoolWorkers
from gov_sentiment.errors import BadArchive, GovSentimentError, MissingColumns, RunInterrupted
from gov_sentiment.scoring.checks import Here


def square_slowly(_: None, number: int) -> int:
    """The earlier the number, the later it is done."""
    time.sleep(0.02 * max(0, 4 - number))
    return number * number


def add(shared: int, number: int) -> int:
    return shared + number


def kill_self(_: None, number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def complain(_: None, number: int) -> int:
    raise MissingColumns("a.csv", ["reply_text"], ["x"])


def fill_the_disk(_: None, number: int) -> int:
    raise RunInterrupted("no space left; --resume")


def own_pid(_: None, folder: str) -> int:
    Path(folder, str(os.getpid())).touch()
    time.sleep(30)
    return 0


def run_pool(folder: str) -> None:
    with PoolWorkers.open(1, Path(folder)) as pool:
        list(pool.map(own_pid, [folder] * 2))


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[PoolWorkers]:
    with PoolWorkers.open(2, tmp_path) as opened:
        yield opened


def test_results_keep_the_order_of_the_tasks(pool: PoolWorkers) -> None:
    assert list(pool.map(square_slowly, range(9))) == [number * number for number in range(9)]


def test_each_call_shares_what_it_was_given(pool: PoolWorkers) -> None:
    assert list(pool.map(add, range(4), 10)) == [10, 11, 12, 13]
    assert list(pool.map(add, range(4), 20)) == [20, 21, 22, 23]


def test_steps_aside_give_the_workers_tasks(pool: PoolWorkers) -> None:
    begun = pool.aside(lambda: sum(pool.map(add, range(4), 10)))
    assert begun() == 46


def test_a_worker_killed_aside_is_an_error_as_well(tmp_path: Path) -> None:
    with (
        pytest.raises(RunInterrupted, match="--resume"),
        PoolWorkers.open(2, tmp_path) as pool,
    ):
        pool.aside(lambda: list(pool.map(kill_self, range(9))))()


def test_an_error_beside_ends_steps_aside(tmp_path: Path) -> None:
    def fail_beside(pool: PoolWorkers) -> None:
        pool.aside(lambda: list(pool.map(own_pid, [str(tmp_path)])))
        raise BadArchive("a.csv: cut off")

    with (
        pytest.raises(BadArchive, match="cut off"),
        PoolWorkers.open(1, tmp_path) as pool,
    ):
        fail_beside(pool)
    assert not multiprocessing.active_children()


def test_here_says_the_same() -> None:
    assert list(Here().map(add, range(4), 10)) == [10, 11, 12, 13]
    assert Here().aside(lambda: 1001)() == 1001


def test_few_tasks_are_taken_ahead(pool: PoolWorkers) -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(40):
            taken.append(number)
            yield number

    results = pool.map(square_slowly, tasks())
    next(results)
    assert len(taken) <= 2 * TASKS_PER_WORKER + 1


def test_a_killed_worker_is_an_error_that_says_how_to_go_on(tmp_path: Path) -> None:
    with (
        pytest.raises(RunInterrupted, match="--resume"),
        PoolWorkers.open(2, tmp_path) as pool,
    ):
        list(pool.map(kill_self, range(9)))


def test_user_errors_come_back_from_workers_with_their_message(pool: PoolWorkers) -> None:
    with pytest.raises(GovSentimentError, match="no column for reply_text"):
        list(pool.map(complain, range(3)))


def test_an_interruption_in_a_worker_stays_one(pool: PoolWorkers) -> None:
    with pytest.raises(RunInterrupted, match="--resume"):
        list(pool.map(fill_the_disk, range(3)))


def test_an_error_while_reading_ends_the_workers(tmp_path: Path) -> None:
    def tasks() -> Iterator[int]:
        yield 1
        raise BadArchive("a.csv: cut off")

    with (
        pytest.raises(BadArchive, match="cut off"),
        PoolWorkers.open(1, tmp_path) as pool,
    ):
        list(pool.map(square_slowly, tasks()))
    assert not multiprocessing.active_children()


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
