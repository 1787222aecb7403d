"""The queue of runs: what runs, what waits in which order, what came of it, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import WorkbenchError
from workbench.core.progress import Progress
from workbench.gui.error_dialog import words
from workbench.gui.jobs import Job
from workbench.gui.settings import Memory
from workbench.gui.words import tr
from workbench.gui.workspace import Failed, Workspace

if TYPE_CHECKING:
    from workbench.app.requests import RunRequest
    from workbench.app.session import Session

_KEPT = 12
"""How many runs that have ended are still shown."""


class State(Enum):
    """What became of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(slots=True, eq=False)
class Run:
    """One run in the queue; `finding` is the number of what it found, `said` why it was refused."""

    key: str
    title: str
    request: RunRequest
    state: State = State.WAITING
    job: Job | None = None
    finding: int = 0
    seconds: float = 0.0
    said: str = ""


class RunQueue(QObject):
    """Makes one run after the other; `changed` when something in it has, `made` carries a run that found something."""

    changed = Signal()
    made = Signal(object)

    def __init__(self, workspace: Workspace, memory: Memory, failed: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._memory, self._failed = workspace, memory, failed
        self.runs: list[Run] = []
        workspace.switched.connect(self.clear)

    @property
    def left(self) -> list[Run]:
        """The runs that have not ended, in their order; the first is under way."""
        return [run for run in self.runs if run.state in (State.WAITING, State.RUNNING)]

    def add(self, key: str, title: str, request: RunRequest) -> Run:
        """Put a run at the end of the queue."""
        run = Run(key, title, request)
        self.runs.append(run)
        self._drop_old()
        self._feed()
        return run

    def move(self, run: Run, steps: int) -> None:
        """Move a run that waits before or behind others that wait."""
        waiting = [one for one in self.runs if one.state is State.WAITING]
        if run not in waiting:
            return
        at = waiting.index(run)
        to = min(max(at + steps, 0), len(waiting) - 1)
        waiting.insert(to, waiting.pop(at))
        self.runs = [one for one in self.runs if one.state is not State.WAITING] + waiting
        self.changed.emit()

    def stop(self, run: Run) -> None:
        """Take a run that waits out of the queue, or ask the one under way to stop."""
        if run.state is State.WAITING:
            self.runs.remove(run)
        elif run.job is not None:
            run.job.cancel()
        self.changed.emit()

    def clear(self) -> None:
        """Drop all of it; what is under way goes on until it is stopped."""
        self.runs = []
        self.changed.emit()

    def estimate(self, key: str) -> float | None:
        """How many seconds such a run took last in this case on this machine; None where that is not known."""
        session = self._workspace.session
        return self._memory.took(f"{session.facts.id}/{key}") if session is not None else None

    def took(self, finding: int) -> float | None:
        """How many seconds a finding took here; None where it was made elsewhere."""
        session = self._workspace.session
        return self._memory.took(f"{session.facts.id}/{finding}") if session is not None else None

    def seconds_left(self) -> float | None:
        """How long the whole queue will take; None where that is not known of one of its runs."""
        total = 0.0
        for run in self.left:
            known = run.job.seconds_left() if run.job is not None else None
            known = self.estimate(run.key) if known is None else known
            if known is None:
                return None
            total += known
        return total

    def _drop_old(self) -> None:
        ended = [run for run in self.runs if run.state not in (State.WAITING, State.RUNNING)]
        for run in ended[:-_KEPT]:
            self.runs.remove(run)

    def _feed(self) -> None:
        """Start the next run where none is under way."""
        left = self.left
        if left and left[0].state is State.WAITING and not any(run.state is State.RUNNING for run in left):
            self._start(left[0])
        self.changed.emit()

    def _start(self, run: Run) -> None:
        def work(session: Session, progress: Progress) -> tuple[int, float]:
            begun = time.perf_counter()
            number = session.run(run.key, run.request, progress).number
            return number, time.perf_counter() - begun

        def done(found: tuple[int, float]) -> None:
            run.state = State.DONE
            run.finding, run.seconds = found
            if run in self.runs:
                self._keep_time(run)
                self.made.emit(run)

        def failed(error: BaseException) -> None:
            run.state = State.REFUSED
            run.said = words(error).replace("\n\n", " ") if isinstance(error, WorkbenchError) else tr("It failed.")
            if not isinstance(error, WorkbenchError):
                self._failed(error)

        def stopped() -> None:
            run.state = State.STOPPED

        job = self._workspace.do(tr("Running {title}", title=run.title), work, done, failed)
        if job is None:
            self.runs.remove(run)
            return
        run.job, run.state = job, State.RUNNING
        job.cancelled.connect(stopped)
        job.finished.connect(lambda: self._ended(run))

    def _ended(self, run: Run) -> None:
        run.job = None
        if run in self.runs:
            self._feed()

    def _keep_time(self, run: Run) -> None:
        session = self._workspace.session
        if session is not None:
            self._memory.keep_took({f"{session.facts.id}/{name}": run.seconds for name in (run.key, run.finding)})
