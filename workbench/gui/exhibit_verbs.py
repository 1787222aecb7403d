"""What the pages do with exhibits, notes and marks; each act is a line of the ledger, and so is taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from workbench.core.errors import WorkbenchError
from workbench.core.exhibits import About, Mark, State
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.gui.error_dialog import words as said_of
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.exhibits.choosing import Proposal
    from workbench.app.session import Session
    from workbench.gui.pages.base import Desk

Result = TypeVar("Result")

MARKING = mark("Marking an answer")
_MARKED = {
    (Mark.MARKED, True): mark("Answer {n} is marked."),
    (Mark.MARKED, False): mark("Answer {n} is not marked any more."),
    (Mark.LOOKED_AT, True): mark("Answer {n} was looked at."),
    (Mark.LOOKED_AT, False): mark("Answer {n} is to be looked at again."),
}
_REVIEWED = {
    State.CHECKED: mark("{name} is checked."),
    State.DISPUTED: mark("{name} is disputed."),
    State.TO_CHECK: mark("{name} is to be checked."),
}


class ExhibitVerbs:
    """The verbs of exhibits on a desk; each says what it did, with a way to take it back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def in_the_way_of_marks(self) -> str:
        """In the way of marking: words, or nothing. Marks wait for each other, not for other work."""
        workspace = self._desk.workspace
        if workspace.session is None:
            return tr("No case is open.")
        if not workspace.writable:
            return tr("Open for reading alone.")
        others = [job for job in workspace.verbs() if job.title != tr(MARKING)]
        return tr("Wait until this is done: {title}.", title=others[0].title) if others else ""

    # Taking in

    def make_of_answers(self, numbers: Sequence[int], passage: str = "") -> None:
        """Show answers beside each other, or a passage of the first one, as an exhibit."""

        def work(session: Session, progress: Progress) -> str:
            return session.exhibits.add_answers(numbers, passage=passage)

        self._do(tr("Making an exhibit"), work, self._made)

    def make_of_finding(self, number: int, table: str = "") -> None:
        """Show the chart of a finding, or one of its tables, as an exhibit."""

        def work(session: Session, progress: Progress) -> str:
            return session.exhibits.add_finding(number, table=table)

        self._do(tr("Making an exhibit"), work, self._made)

    def _made(self, name: str) -> None:
        self._say(tr("{name} is made. It stands last in the report.", name=name))

    def propose(self, done: Callable[[Proposal], None]) -> None:
        """Look for what the written rule picks."""

        def work(session: Session, progress: Progress) -> Proposal:
            progress(0.1, tr("looking for shared passages"))
            return session.exhibits.propose()

        self._do(tr("Looking for what the rule picks"), work, done)

    def take(self, proposal: Proposal) -> None:
        """Take in what the rule picked and what is no exhibit yet."""

        def work(session: Session, progress: Progress) -> list[str]:
            return session.exhibits.take(proposal)

        def done(names: list[str]) -> None:
            said = count(len(names), "{n} exhibit of the rule is taken in.", "{n} exhibits of the rule are taken in.")
            if len(names) == 1:
                self._say(said)
            else:
                self._desk.say(said)

        self._do(tr("Taking in what the rule picks"), work, done)

    # Changing

    def review(self, name: str, state: State, reason: str = "") -> None:
        """Say in the examiner's own name how an exhibit stands."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.review(name, state, reason)

        self._do(tr("Reviewing {name}", name=name), work, lambda done: self._say(tr(_REVIEWED[state], name=name)))

    def withdraw(self, name: str, reason: str) -> None:
        """Take an exhibit out of the report, with a reason; it stays in the list, struck."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.withdraw(name, reason)

        said = tr("{name} is withdrawn. It stays in the list, struck.", name=name)
        self._do(tr("Withdrawing {name}", name=name), work, lambda done: self._say(said))

    def restore(self, name: str) -> None:
        """Put a withdrawn exhibit back into the report."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.restore(name)

        self._do(
            tr("Putting {name} back", name=name), work, lambda done: self._say(tr("{name} stands again.", name=name))
        )

    def move(self, name: str, before: str, failed: Callable[[], None]) -> None:
        """Put an exhibit before another one, or at the end; `failed` is called where it stays where it was."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.move(name, before)

        place = tr("before {name}", name=before) if before else tr("at the end")
        said = tr("{name} stands {place}.", name=name, place=place)
        self._do(tr("Moving {name}", name=name), work, lambda done: self._say(said), failed)

    def comment(self, name: str, comment: str) -> None:
        """Keep the comment of an exhibit in place of the one before."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.comment(name, comment)

        said = tr("The comment of {name} is kept.", name=name)
        self._do(tr("Keeping a comment"), work, lambda done: self._say(said))

    def tag(self, name: str, tags: Sequence[str]) -> None:
        """Give an exhibit these tags and no others."""

        def work(session: Session, progress: Progress) -> None:
            session.exhibits.tag(name, tags)

        said = tr("The tags of {name} are kept.", name=name)
        self._do(tr("Keeping tags"), work, lambda done: self._say(said))

    def note(self, name: str, text: str, done: Callable[[], None]) -> None:
        """Write a note on an exhibit."""

        def work(session: Session, progress: Progress) -> int:
            return session.exhibits.note(About.EXHIBIT, name, text).number

        def written(number: int) -> None:
            done()
            self._say(tr("Note {n} is kept.", n=number))

        self._do(tr("Writing a note"), work, written)

    def strike_note(self, number: int, *, struck: bool) -> None:
        """Withdraw a note, or take that back; it stays in the list."""

        def work(session: Session, progress: Progress) -> None:
            if struck:
                session.exhibits.withdraw_note(number)
            else:
                session.exhibits.restore_note(number)

        said = tr("Note {n} is struck.", n=number) if struck else tr("Note {n} stands again.", n=number)
        self._do(tr("Striking a note"), work, lambda done: self._say(said))

    def mark(self, number: int, mark_: Mark, *, on: bool) -> None:
        """Mark an answer, or take the mark off."""

        def work(session: Session, progress: Progress) -> int:
            return session.exhibits.mark([number], mark_, on=on)

        said = tr(_MARKED[mark_, on], n=f"{number:,}")
        self._do(tr(MARKING), work, lambda changed: self._say(said) if changed else None)

    # Saying and taking back

    def _do(
        self,
        title: str,
        work: Callable[[Session, Progress], Result],
        done: Callable[[Result], None],
        failed: Callable[[], None] | None = None,
    ) -> None:
        def refused(error: BaseException) -> None:
            if failed is not None:
                failed()
            if isinstance(error, WorkbenchError):
                self._desk.say(one_line(said_of(error).replace("\n\n", " "), 240))
            else:
                self._desk.trouble.tell(error)

        self._desk.workspace.do(title, work, done, refused)

    def _say(self, said: str) -> None:
        self._desk.say(said, self.undo)

    def undo(self) -> None:
        """Take back the last act of this examiner that was not taken back."""

        def work(session: Session, progress: Progress) -> str:
            return session.exhibits.undo()

        def done(action: str) -> None:
            self._desk.say(tr("Taken back: {act}. The ledger has a line of it.", act=action))

        self._do(tr("Taking back"), work, done)
