"""Work on all cores: a function over chunks, results in order, workers that end with whoever started them."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Generic, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_AT_ONCE = 2
"""Rounds that are under way at once."""


class Workers(Generic[_Task, _Result]):
    """Runs one function in other processes, which get plain lists; with one worker, in this process."""

    def __init__(self, function: Callable[[_Task], _Result], workers: int) -> None:
        self._function = function
        self._many = workers if workers > 1 else 0
        self._parallel: deque[Callable[..., Generator[_Result]]] = deque()

    def start(self, tasks: Sequence[_Task]) -> Generator[_Result]:
        """Begin some tasks, of at most two calls at once. Close what is returned in the thread that began it."""
        if not self._many:
            return (self._function(task) for task in tasks)
        from joblib import Parallel, delayed

        if not self._parallel:
            # Whoever cancels has asked for just that: tasks that are dropped need no warning.
            warnings.filterwarnings("ignore", r"\d+ tasks (which were still|have been success)", UserWarning)
            for _ in range(_AT_ONCE):
                self._parallel.append(Parallel(n_jobs=self._many, return_as="generator", pre_dispatch="3*n_jobs"))
        self._parallel.rotate()
        here = os.getpid()
        return self._parallel[0](delayed(_worked)(self._function, task, here) for task in tasks)


def in_turn(workers: Workers[_Task, _Result], rounds: Iterator[list[_Task]]) -> Iterator[tuple[_Task, _Result]]:
    """Each task with its result, in order; the next round is begun before this one ends, so that no worker waits."""
    begun: deque[tuple[list[_Task], Generator[_Result]]] = deque()
    try:
        for tasks in rounds:
            begun.append((tasks, workers.start(tasks)))
            if len(begun) == _AT_ONCE:
                yield from _results(*begun.popleft())
        while begun:
            yield from _results(*begun.popleft())
    finally:
        for _, results in begun:
            results.close()


def _results(tasks: list[_Task], results: Generator[_Result]) -> Iterator[tuple[_Task, _Result]]:
    with closing(results):
        yield from zip(tasks, results, strict=True)


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
