"""A process pool that keeps order, holds few tasks at a time and fails cleanly."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    CancelledError,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from gov_sentiment.engines.files import disk_errors
from gov_sentiment.errors import GovSentimentError, RunInterrupted
from gov_sentiment.scoring.checks import Work, on_one_thread

Task = TypeVar("Task")
Result = TypeVar("Result")

# Enough to keep every worker busy while the parent reads, few enough to bound the memory.
TASKS_PER_WORKER = 2


class PoolWorkers:
    """Calls functions in processes that stay for all calls, see `Workers`.

    What the tasks of a call share is written once to a file, and read once by each process.
    Functions must be importable by name.
    """

    def __init__(self, workers: int, folder: Path) -> None:
        self._workers = workers
        self._folder = folder
        self._n_shared = 0
        # Not "fork": the parent has threads (Arrow, BLAS), and a fork would copy their locks.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, context, _start_worker)
        self._ending = False
        self._submitting = threading.Lock()

    @classmethod
    @contextmanager
    def open(cls, workers: int, folder: Path) -> Iterator[PoolWorkers]:
        """Start the processes when they are first needed, and end them after use.

        Raises:
            RunInterrupted: one of them was killed.
        """
        pool = cls(workers, folder)
        done = False
        try:
            yield pool
            done = True
        except BrokenProcessPool:
            raise RunInterrupted(
                "A worker process was killed; most often the machine ran out of memory.\n"
                "Parts that were finished are kept. Run the same command again with --resume, "
                "and with fewer --workers if memory is short."
            ) from None
        finally:
            if not done:
                pool._kill()
            pool._pool.shutdown(wait=True, cancel_futures=True)

    def warm(self) -> None:
        """Start the processes now, before there is work for them."""
        self._pool.submit(int)

    def map(
        self, work: Work[Task, Result], tasks: Iterable[Task], shared: Any = None
    ) -> Iterator[Result]:
        """Yield `work(shared, task)` of each task, in order.

        At most `TASKS_PER_WORKER` tasks for each process are held at a time.
        """
        path = self._share(shared)
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            waiting.append(self._submit(work, path, task))
            if len(waiting) >= TASKS_PER_WORKER * self._workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def aside(self, steps: Callable[[], Result]) -> Callable[[], Result]:
        """Begin steps that give these workers tasks, and return what waits for their result."""
        # Most of a step is waiting for the processes, so that a thread takes little from this one.
        thread = ThreadPoolExecutor(1)
        result = thread.submit(steps).result
        thread.shutdown(wait=False)
        return result

    def _submit(self, work: Work[Task, Result], path: Path | None, task: Task) -> Future[Result]:
        with self._submitting:
            if self._ending:
                raise CancelledError
            return self._pool.submit(_work_on, work, path, task)

    def _kill(self) -> None:
        # Steps aside may be about to submit, which would start processes that nobody ends.
        with self._submitting:
            self._ending = True
        for process in list((getattr(self._pool, "_processes", None) or {}).values()):
            process.terminate()

    def _share(self, shared: Any) -> Path | None:
        if shared is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        self._n_shared += 1
        path = self._folder / f"shared-{self._n_shared}.pickle"
        with disk_errors(self._folder), path.open("wb") as file:
            pickle.dump(shared, file, protocol=pickle.HIGHEST_PROTOCOL)
        return path


_shared: dict[Path | None, Any] = {}


def _work_on(work: Work[Task, Result], path: Path | None, task: Task) -> Result:
    if path not in _shared:
        _shared.clear()  # what an earlier call shared is not asked for again
        _shared[path] = None if path is None else pickle.loads(path.read_bytes())
    # An exception travels back pickled, and one with its own __init__ could not be rebuilt.
    try:
        return on_one_thread(work, _shared[path], task)
    except GovSentimentError as error:
        kind = RunInterrupted if isinstance(error, RunInterrupted) else GovSentimentError
        raise kind(str(error)) from None


def _start_worker() -> None:
    # Ctrl-C reaches the whole process group; the parent alone decides what to do with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A parent that was killed cannot tell its workers, and they would wait for work forever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
