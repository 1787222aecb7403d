"""Work on all cores: a function over chunks, results in order, workers that end with whoever started them."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Workers(Generic[_Task, _Result]):
    """Runs one function in other processes, which get plain lists; with one worker, in this process."""

    def __init__(self, function: Callable[[_Task], _Result], workers: int) -> None:
        self._function = function
        self._many = workers if workers > 1 else 0
        self._parallel: Callable[..., Generator[_Result]] | None = None

    def start(self, tasks: Sequence[_Task]) -> Generator[_Result]:
        """Begin some tasks; the next call comes after `end`, in the same thread."""
        if not self._many:
            return (self._function(task) for task in tasks)
        from joblib import Parallel, delayed

        if self._parallel is None:
            # Whoever cancels has asked for just that: tasks that are dropped need no warning.
            warnings.filterwarnings("ignore", r"\d+ tasks (which were still|have been success)", UserWarning)
            self._parallel = Parallel(n_jobs=self._many, return_as="generator", pre_dispatch="3*n_jobs")
        here = os.getpid()
        return self._parallel(delayed(_worked)(self._function, task, here) for task in tasks)

    def end(self, results: Generator[_Result]) -> None:
        """Wait for what is under way, whose results nobody wants any more; nothing further is begun in this process."""
        if not self._many:
            results.close()
            return
        # Closed amid its tasks the library kills its workers, and now and then its manager falls over them.
        for _ in results:
            pass


def in_turn(workers: Workers[_Task, _Result], rounds: Iterator[list[_Task]]) -> Iterator[tuple[_Task, _Result]]:
    """Each task with its result, in order; the next round is read here while the workers do this one.

    Two rounds are never under way at once: workers that one of them ends are lost to the other.
    """
    waiting = next(rounds, None)
    while waiting is not None:
        tasks = waiting
        results = workers.start(tasks)
        try:
            waiting = next(rounds, None)
            yield from zip(tasks, results, strict=True)
        finally:
            workers.end(results)


def _worked(function: Callable[[_Task], _Result], task: _Task, parent: int) -> _Result:
    watch(parent)
    return function(task)


@lru_cache
def watch(parent: int) -> None:
    """End this process when its parent has gone: it would wait for ever to hand over its result."""
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
