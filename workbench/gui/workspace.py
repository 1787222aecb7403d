"""The open case as the window holds it: one session, one broadcast of changes, verbs as jobs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from workbench.core.errors import CaseError
from workbench.core.model import Change
from workbench.core.progress import Progress
from workbench.core.surroundings import Conditions
from workbench.gui.jobs import Job, Jobs, Lane

if TYPE_CHECKING:
    from workbench.app.session import Session

Result = TypeVar("Result")
Failed = Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open case; `read_only` is the reason why it can't be written, `notice` what must be said of it."""

    session: Session
    folder: Path
    title: str
    examiner: str
    read_only: str = ""
    notice: str = ""


class Workspace(QObject):
    """Holds the session; pages read from it beside the verbs and never call a verb themselves.

    `switched` says that another case is open, or none; `changed` carries the kinds of thing that a
    verb changed, and `stopped` the title of a verb that was stopped and what it says of that, in the thread of the
    window.
    """

    switched = Signal()
    changed = Signal(object)
    stopped = Signal(str, str)

    def __init__(self, conditions: Conditions, failed: Failed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conditions = conditions
        self.jobs = Jobs(self)
        self.opened: Opened | None = None
        self._failed = failed

    @property
    def session(self) -> Session | None:
        """The session of the open case."""
        return self.opened.session if self.opened else None

    @property
    def writable(self) -> bool:
        """Whether a case is open and verbs may change it."""
        return self.opened is not None and not self.opened.read_only

    @property
    def busy(self) -> bool:
        """Whether a verb is under way."""
        return bool(self.verbs())

    def verbs(self) -> list[Job]:
        """The verbs that are under way or wait, the oldest first; reading in turn has no title."""
        return [job for job in self.jobs.under_way(Lane.CASE) if job.title]

    def create(self, folder: Path, title: str, examiner: str) -> Job:
        """Make a case and open it."""
        conditions = dataclasses.replace(self.conditions, examiner=examiner or self.conditions.examiner)

        def work(progress: Progress) -> Opened:
            from workbench.app.session import Session

            return _seen(Session.create(folder, title=title, conditions=conditions))

        return self._switch(work, "Making the case")

    def open(self, folder: Path) -> Job:
        """Open a case for writing, or for reading alone where it can't be written."""
        conditions = self.conditions
        return self._switch(lambda progress: _open(folder, conditions), "Opening the case")

    def holds(self, folder: Path) -> bool:
        """Whether this case is open already, for writing."""
        open_here = self.opened is not None and folder.exists() and self.opened.folder.samefile(folder)
        return self.writable and open_here

    def close(self) -> Job:
        """Close the case."""
        return self._switch(lambda progress: None, "Closing the case")

    def read(self, fetch: Callable[[Session], Result], show: Callable[[Result], None]) -> None:
        """Fetch something beside the verbs and show it, unless another case is open by then."""
        session = self.session
        if session is None:
            return
        source = session

        def show_if_same(result: Result) -> None:
            if self.session is source:
                show(result)

        job = self.jobs.start(lambda progress: fetch(source), lane=Lane.BESIDE, done=show_if_same)
        job.failed.connect(lambda error: self._failed(error) if self.session is source else None)

    def do(
        self,
        title: str,
        verb: Callable[[Session, Progress], Result],
        done: Callable[[Result], None] | None = None,
        failed: Failed | None = None,
        at_stake: str = "",
    ) -> Job | None:
        """Start a verb on the case; its failure is worded by `failed`, or in a box."""
        session = self.session
        if session is None:
            return None
        source = session
        return self._start(title, lambda progress: verb(source, progress), done, failed, at_stake)

    def do_apart(
        self,
        title: str,
        work: Callable[[Progress], Result],
        done: Callable[[Result], None] | None = None,
        failed: Failed | None = None,
    ) -> Job:
        """Start work that needs no open case, in turn with the verbs."""
        return self._start(title, work, done, failed)

    def _start(
        self,
        title: str,
        work: Callable[[Progress], Result],
        done: Callable[[Result], None] | None,
        failed: Failed | None,
        at_stake: str = "",
    ) -> Job:
        job = self.jobs.start(work, title=title, done=done, at_stake=at_stake)
        job.failed.connect(failed or self._failed)
        job.cancelled.connect(lambda said: self.stopped.emit(title, said))
        return job

    def _switch(self, work: Callable[[Progress], Opened | None], title: str) -> Job:
        def done(opened: Opened | None) -> None:
            before, self.opened = self.opened, opened
            if opened is not None:
                opened.session.subscribe(self._heard)
            if before is not None:
                self._close(before.session)
            self.switched.emit()

        return self._start(title, work, done, None)

    def _close(self, session: Session) -> None:
        """Close a session that no page reads from any more, when the last of its readers is done."""
        readers = self.jobs.under_way(Lane.BESIDE)

        def work(progress: Progress) -> None:
            for reader in readers:
                reader.wait()
            session.close()

        self._start("Closing the case", work, None, None)

    def _heard(self, changes: frozenset[Change]) -> None:
        self.jobs.mailbox.post(lambda: self.changed.emit(changes))


def _seen(session: Session, read_only: str = "") -> Opened:
    facts = session.facts
    return Opened(session, facts.folder, facts.title, facts.examiner, read_only, session.notice)


def _open(folder: Path, conditions: Conditions) -> Opened:
    """The case for writing, or for reading with the reason why it can't be written."""
    from workbench.app.session import Session

    try:
        return _seen(Session.open(folder, conditions=conditions, writing=True))
    except CaseError as refused:
        try:
            return _seen(Session.open(folder, conditions=conditions, writing=False), refused.message)
        except CaseError:
            raise refused from None
