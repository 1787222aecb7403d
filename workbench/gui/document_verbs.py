"""What the pages do with documents: take them in, quote, retract; each can be undone, by a line of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.gui.dialogs.document import DocumentDialog
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.core.documents import Clause, Description, Document
    from workbench.gui.pages.base import Desk


class DocumentVerbs:
    """The verbs of documents on a desk; `parent` is what their questions belong to."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk, self._parent = desk, parent

    def choose(self) -> None:
        """Ask for files, and take them in."""
        self.add(self._desk.ask.files(tr("Documents to take in")))

    def add(self, paths: Sequence[Path]) -> None:
        """Ask of each file what it is, and take it in."""
        for path in paths:
            dialog = DocumentDialog(path, self._parent)
            if not self._desk.ask.accepted(dialog):
                return
            self._take(path, dialog.collect())

    def _take(self, path: Path, said: Description) -> None:
        def work(session: Session, progress: Progress) -> Document:
            return session.documents.add(path, said, progress)

        def done(made: Document) -> None:
            words = "" if made.text.file else f" {made.text.note}"
            title = one_line(made.said.title, 60)
            self._say(tr("Document {n}: {title}.{words}", n=made.number, title=title, words=words))

        self._desk.workspace.do(tr("Taking in a document"), work, done)

    def quote(self, number: int, words: str, page: int, done: Callable[[Clause], None]) -> None:
        """Quote words of a document."""

        def work(session: Session, progress: Progress) -> Clause:
            return session.documents.quote(number, words, page)

        def quoted(clause: Clause) -> None:
            self._say(tr("Clause {n} of document {d} is quoted.", n=clause.number, d=number))
            done(clause)

        self._desk.workspace.do(tr("Quoting a clause"), work, quoted)

    def retract(self, number: int) -> None:
        """Retract a document, with a reason."""
        question = tr("It stays in the list, struck, with your reason. Facts do not rest on it any more.")
        reason = self._desk.ask.reason(tr("Retract the document"), question, do=tr("Retract"))
        if reason:

            def work(session: Session, progress: Progress) -> None:
                session.documents.retract(number, reason)

            said = tr("Document {n} is retracted.", n=number)
            self._desk.workspace.do(tr("Retracting a document"), work, lambda done: self._say(said))

    def open(self, number: int) -> None:
        """Show the file in the program that this system has for it, as a copy: the original stays as it is."""

        def work(session: Session, progress: Progress) -> Path:
            from workbench.app.documents.copies import copy_to_read

            return copy_to_read(session.documents, number)

        self._desk.workspace.do(tr("Opening a document"), work, self._desk.ask.show_file)

    def _say(self, said: str) -> None:
        self._desk.say(said, self._undo)

    def _undo(self) -> None:
        def work(session: Session, progress: Progress) -> str:
            return session.documents.undo()

        def done(action: str) -> None:
            self._desk.say(tr("Taken back: {act}. The ledger has a line of it.", act=action))

        self._desk.workspace.do(tr("Taking back"), work, done)
