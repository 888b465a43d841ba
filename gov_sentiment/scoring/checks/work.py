"""Where the pieces of a check are worked on: in this process, or in those of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from threadpoolctl import threadpool_limits

Task = TypeVar("Task")
Result = TypeVar("Result")

# Of what all tasks share and one task; importable by name.
Work = Callable[[Any, Task], Result]


class Workers(Protocol):
    """Calls functions somewhere; the results do not depend on where."""

    def map(
        self, work: Work[Task, Result], tasks: Iterable[Task], shared: Any = None
    ) -> Iterator[Result]:
        """Yield `work(shared, task)` of each task, in order."""

    def aside(self, steps: Callable[[], Result]) -> Callable[[], Result]:
        """Begin steps that give these workers tasks, and return what waits for their result.

        Until then nothing else may be given to the workers.
        """


class Here:
    """Calls the functions in this process when their results are asked for."""

    def map(
        self, work: Work[Task, Result], tasks: Iterable[Task], shared: Any = None
    ) -> Iterator[Result]:
        """Yield `work(shared, task)` of each task, in order."""
        return (on_one_thread(work, shared, task) for task in tasks)

    def aside(self, steps: Callable[[], Result]) -> Callable[[], Result]:
        """Return the steps: they are done when their result is asked for."""
        return steps


def on_one_thread(work: Work[Task, Result], shared: Any, task: Task) -> Result:
    """Return `work(shared, task)`: sums over more BLAS threads may differ in their last digit."""
    with threadpool_limits(1):
        return work(shared, task)
