"""Work on all cores: a function over tasks, results in order, workers that end with whoever started them."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_WARNINGS = "PYTHONWARNINGS"


def in_turn(function: Callable[[_Task], _Result], tasks: Iterable[_Task], workers: int) -> Iterator[_Result]:
    """The result of each task, in order, from other processes; with one worker, from this one.

    Tasks are taken as they are needed, with several workers in another thread. Broken off, what is under way is
    waited for, and nothing further is begun.
    """
    if workers <= 1:
        yield from map(function, tasks)
        return
    from joblib import Parallel, delayed

    begin_tracking()
    # Whoever cancels has asked for just that: tasks that are dropped need no warning.
    warnings.filterwarnings("ignore", r"\d+ tasks (which were still|have been success)", UserWarning)
    # Batches that grow would leave the last one to one worker, while the others wait.
    parallel = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="3*n_jobs", batch_size=1)
    stopped = threading.Event()
    here = os.getpid()
    results: Generator[_Result] = parallel(delayed(_worked)(function, task, here) for task in _until(tasks, stopped))
    try:
        # Not the generator itself: that would be closed first, amid its tasks, and the library would kill its workers,
        # over which its manager falls now and then.
        yield from (one for one in results)
    finally:
        stopped.set()
        for _ in results:
            pass


def _until(tasks: Iterable[_Task], stopped: threading.Event) -> Iterator[_Task]:
    for task in tasks:
        if stopped.is_set():
            return
        yield task


def _worked(function: Callable[[_Task], _Result], task: _Task, parent: int) -> _Result:
    watch(parent)
    return function(task)


def begin_tracking() -> None:
    """Start the process that clears away what the library shares among workers, should this one end suddenly.

    The library starts it at need, too; from here it clears away in silence, where it would warn of what it clears.
    """
    from joblib.externals.loky.backend import resource_tracker

    before = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = ",".join(filter(None, [before, "ignore:resource_tracker:UserWarning"]))
    try:
        resource_tracker.ensure_running()
    finally:
        del os.environ[_WARNINGS]
        if before is not None:
            os.environ[_WARNINGS] = before


@lru_cache
def watch(parent: int) -> None:
    """End this process when its parent has gone: it would wait for ever to hand over its result."""
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
