"""Work off the GUI thread: one serial worker for the case, a small pool for everything else."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from enum import Enum
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from workbench.core.errors import Cancelled
from workbench.core.progress import Progress

Result = TypeVar("Result")

_STEP = 0.005
_PAUSE = 0.05
_READERS = 2
_SURE = 2.0
_ENOUGH = 0.02
"""Seconds and share of the work after which its end can be foretold."""


class Lane(Enum):
    """Where work runs: verbs one after another on the case, or beside them."""

    CASE = "case"
    BESIDE = "beside"


class Mailbox(QObject):
    """Calls that any thread hands over and the thread of the mailbox makes, in order."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._letters: deque[Callable[[], None]] = deque()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, letter: Callable[[], None]) -> None:
        """Have a call made in the mailbox's thread; returns at once."""
        self._letters.append(letter)
        self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        if self._letters:
            self._letters.popleft()()

    def empty(self) -> None:
        """Make all calls that wait, now."""
        while self._letters:
            self._deliver()


class Job(QObject):
    """One piece of work that was started; all signals come in the thread of the window.

    Exactly one of `succeeded` (the result), `failed` (the exception) and `cancelled` (what is to be said of it, if
    anything is) is emitted, and after it always `finished`. `at_stake` is what a stop would lose besides, in words.
    """

    progressed = Signal(float, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal(str)
    finished = Signal()

    def __init__(self, title: str, lane: Lane, mailbox: Mailbox, parent: QObject) -> None:
        super().__init__(parent)  # owned by Qt, or the worker thread could be the one to destroy it
        self.title = title
        self.lane = lane
        self.fraction = 0.0
        self.note = ""
        self.at_stake = ""
        self.stopping = False
        self._mailbox = mailbox
        self._stop = Event()
        self._future: Future[object] | None = None
        self._posted = (-1.0, "", 0.0)
        self._latest = (-1.0, "")
        self._due = False
        self._begun = 0.0
        self._first = 0.0

    def seconds_left(self) -> float | None:
        """How long the work will still take if it goes on as it went; None while that is not known."""
        done = self.fraction - self._first
        spent = time.perf_counter() - self._begun if self._begun else 0.0
        return spent * (1 - self.fraction) / done if spent > _SURE and done > _ENOUGH else None

    def cancel(self) -> None:
        """Ask the work to stop at its next safe point; work that has not begun never begins."""
        self.stopping = True
        self._stop.set()
        if self._future is not None:
            self._future.cancel()

    def wait(self) -> None:
        """Wait in the calling thread until the work has ended, however it ended."""
        if self._future is not None:
            wait([self._future])

    def run_in(self, pool: Executor, work: Callable[[Progress], object]) -> None:
        """Hand the work to a pool; its outcome is posted when it is there."""
        self._future = pool.submit(work, self._report)
        self._future.add_done_callback(lambda future: self._mailbox.post(lambda: self._end(future)))

    def _end(self, future: Future[object]) -> None:
        try:
            self._tell(future)
        finally:
            self.finished.emit()

    def _tell(self, future: Future[object]) -> None:
        error = None if future.cancelled() else future.exception()
        if future.cancelled() or isinstance(error, Cancelled):
            self.cancelled.emit("" if error is None else str(error))
        elif error is not None:
            self.failed.emit(error)
        else:
            self.succeeded.emit(future.result())

    def _report(self, fraction: float, note: str = "") -> None:
        # Shown first: what has begun to be dropped goes on being told of.
        self._post(fraction, note)
        if self._stop.is_set():
            raise Cancelled

    def _post(self, fraction: float, note: str) -> None:
        fraction = min(1.0, max(0.0, fraction))
        shown, said, when = self._posted
        now = time.monotonic()
        moved = abs(fraction - shown) >= _STEP or note != said or fraction == 1.0 != shown
        self._latest = (fraction, note)
        if not moved:
            return
        if now - when < _PAUSE and fraction < 1.0:
            self._catch_up_soon()
            return
        self._posted = (fraction, note, now)
        self._mailbox.post(lambda: self._show(fraction, note))

    def _catch_up_soon(self) -> None:
        """What came too soon after the last is shown a little later: it may be all that is said for a long time."""
        if not self._due:
            self._due = True
            self._mailbox.post(lambda: QTimer.singleShot(int(_PAUSE * 1000), self._catch_up))

    def _catch_up(self) -> None:
        self._due = False
        if isValid(self) and self._future is not None and not self._future.done():
            self._show(*self._latest)

    def _show(self, fraction: float, note: str) -> None:
        if not self._begun:
            self._begun, self._first = time.perf_counter(), fraction
        self.fraction, self.note = fraction, note
        self.progressed.emit(fraction, note)


class Jobs(QObject):
    """Starts work and knows what is under way; `changed` says that this has changed."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox(self)
        self._pools: dict[Lane, Executor] = {
            Lane.CASE: ThreadPoolExecutor(1, "case"),
            Lane.BESIDE: ThreadPoolExecutor(_READERS, "beside"),
        }
        self._under_way: list[Job] = []

    def start(
        self,
        work: Callable[[Progress], Result],
        *,
        title: str = "",
        lane: Lane = Lane.CASE,
        done: Callable[[Result], None] | None = None,
        at_stake: str = "",
    ) -> Job:
        """Start work in its lane; `done` is called with its result in the thread of the window."""
        job = Job(title, lane, self.mailbox, self)
        job.at_stake = at_stake
        if done is not None:
            job.succeeded.connect(done)
        job.finished.connect(lambda: self._forget(job))
        self._under_way.append(job)
        job.run_in(self._pools[lane], work)
        self.changed.emit()
        return job

    def under_way(self, lane: Lane) -> list[Job]:
        """The jobs of a lane that have not finished, the oldest first."""
        return [job for job in self._under_way if job.lane is lane]

    @property
    def idle(self) -> bool:
        """Whether nothing is under way in any lane."""
        return not self._under_way

    def cancel_all(self) -> None:
        """Ask everything that is under way to stop."""
        for job in list(self._under_way):
            job.cancel()

    def shut_down(self) -> None:
        """Stop everything, wait for the threads to end, and deliver what they still had to say."""
        self.cancel_all()
        for pool in self._pools.values():
            pool.shutdown(wait=True)
        self.mailbox.empty()

    def _forget(self, job: Job) -> None:
        self._under_way.remove(job)
        job.deleteLater()
        self.changed.emit()
