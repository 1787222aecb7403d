"""Work on all cores: a function over tasks, results in order, workers that end with whoever started them."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from multiprocessing import parent_process
from typing import TypeVar, cast

from workbench.core.safe_start import leave_the_folder, start_children_safely

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_WARNINGS = "PYTHONWARNINGS"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_turn(
    function: Callable[[_Task], _Result], tasks: Iterable[_Task], workers: int
) -> Generator[_Result, None, None]:
    """The result of each task, in order, from other processes; with one worker, from this one.

    Tasks are taken as they are needed; several workers begin at once, and take them in another thread. Broken off, what
    is under way is waited for, and nothing further is begun.
    """
    if workers <= 1:
        return (function(task) for task in tasks)
    from joblib import Parallel, delayed

    begin_tracking()
    # Whoever cancels has asked for just that: tasks that are dropped need no warning.
    warnings.filterwarnings("ignore", r"\d+ tasks (which were still|have been success)", UserWarning)
    # Batches that grow would leave the last one to one worker, while the others wait.
    parallel = Parallel(n_jobs=workers, return_as="generator", pre_dispatch="3*n_jobs", batch_size=1)
    stopped = threading.Event()
    results: Generator[_Result] = parallel(
        delayed(_worked)(function, task, os.getpid()) for task in _until(tasks, stopped)
    )
    found = _until_the_end(results, stopped)
    # Only a generator that was begun can be closed with what it holds.
    next(found)
    return cast("Generator[_Result, None, None]", found)


def _until_the_end(results: Generator[_Result], stopped: threading.Event) -> Generator[_Result | None, None, None]:
    """The results after a blank; broken off, the rest is waited for."""
    try:
        yield None
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


def _worked(function: Callable[[_Task], _Result], task: _Task, program: int) -> _Result:
    begin_work(program)
    return function(task)


@lru_cache
def begin_work(program: int) -> None:
    """What a worker of joblib does first: it leaves the user's folder, and ends when its program has gone.

    It would wait for ever to hand over its result. `program` is the id of the process that is this one's parent, of
    which multiprocessing knows nothing in these workers.
    """
    leave_the_folder()
    threading.Thread(target=_end_with, args=(program,), daemon=True).start()


def _end_with(program: int) -> None:
    while os.getppid() == program:
        time.sleep(0.5)
    os._exit(1)


@lru_cache
def begin_work_of_parent() -> None:
    """The same for a process that multiprocessing started; a server may fork it."""
    leave_the_folder()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def begin_tracking() -> None:
    """Start the process that clears away what the library shares among workers, should this one end suddenly.

    The library starts it at need, too; from here it clears away in silence, where it would warn of what it clears.
    """
    start_children_safely()
    from joblib.externals.loky.backend import resource_tracker

    before = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = ",".join(filter(None, [before, "ignore:resource_tracker:UserWarning"]))
    try:
        resource_tracker.ensure_running()
    finally:
        del os.environ[_WARNINGS]
        if before is not None:
            os.environ[_WARNINGS] = before
