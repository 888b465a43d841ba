"""A process pool that keeps order, holds few tasks at a time and fails cleanly."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from gov_sentiment.errors import GovSentimentError, RunInterrupted

Task = TypeVar("Task")
Result = TypeVar("Result")

# Enough to keep every worker busy while the parent reads, few enough to bound the memory.
TASKS_PER_WORKER = 2


def map_in_order(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    workers: int,
    prepare: Callable[[], None],
) -> Iterator[Result]:
    """Yield `work(task)` for each task, in order, from `workers` processes.

    At most `TASKS_PER_WORKER` × `workers` tasks are held at a time. `prepare` runs once in each
    process before its first task. Both functions must be importable by name.

    Raises:
        RunInterrupted: a worker was killed.
    """
    # Not "fork": the parent has threads (Arrow, BLAS), and a fork would copy their locks.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _start_worker, (prepare,))
    waiting: deque[Future[Result]] = deque()
    done = False
    try:
        for task in tasks:
            waiting.append(pool.submit(_guarded, work, task))
            if len(waiting) >= TASKS_PER_WORKER * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        done = True
    except BrokenProcessPool:
        raise RunInterrupted(
            "A worker process was killed; most often the machine ran out of memory.\n"
            "Parts that were finished are kept. Run the same command again with --resume, "
            "and with fewer --workers if memory is short."
        ) from None
    finally:
        if not done:
            _kill(pool)
        pool.shutdown(wait=True, cancel_futures=True)


def _guarded(work: Callable[[Task], Result], task: Task) -> Result:
    # An exception travels back pickled, and one with its own __init__ could not be rebuilt.
    try:
        return work(task)
    except GovSentimentError as error:
        raise GovSentimentError(str(error)) from None


def _start_worker(prepare: Callable[[], None]) -> None:
    # Ctrl-C reaches the whole process group; the parent alone decides what to do with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare()


def _end_with_parent() -> None:
    # A parent that was killed cannot tell its workers, and they would wait for work forever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()
