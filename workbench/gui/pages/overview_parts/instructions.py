"""The form of the matter and of the instructions: who asked for the examination, for which matter, in which words."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from workbench.core.instructions import Instructions
from workbench.core.text import one_line
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import BAD, SECOND, text
from workbench.gui.parts.panels import column, row
from workbench.gui.parts.wording import CheckedText, say_wording
from workbench.gui.words import mark, tr

_LINES = (
    ("reference", mark("Reference"), mark("the number of the matter, as court or client have it")),
    ("court", mark("Court"), mark("the court or tribunal")),
    ("parties", mark("Parties"), mark("who stands against whom")),
    ("client", mark("Client"), mark("for whom the report is made")),
    ("instructed_by", mark("Instructed by"), mark("who gave the instructions")),
    ("received", mark("Received"), mark("when: YYYY-MM-DD")),
)
_WORDS, _PAPERS = "words", "papers"


class InstructionsForm(QWidget):
    """States the instructions. `stated` carries what is stated otherwise now, by the names of its parts, and why.

    What is typed and not kept yet stays when the case is read again.
    """

    stated = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._now = Instructions()
        self._writable = False
        self.lines = {name: self._line(said, hint) for name, said, hint in _LINES}
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(tr("The instructions as they were given"))
        self.words.setPlaceholderText(tr("the instructions as they were given; the report quotes them"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(theme().px(88))
        self.papers = CheckedText(tr("What was handed over"), tr("what was handed over with them"))
        self.papers.rows(2)
        self.reason = self._line(tr("Why it is changed"), tr("Why is it changed? It stands in the ledger."))
        self.wrong = text("", Type.SECOND, BAD)
        self.keep = Button(tr("Keep"), self._keep, kind=Kind.PRIMARY, name=tr("Keep the instructions"))
        said = text(
            tr("Cover and section 2 of the report have this. What is empty is a blank there."), Type.SECOND, SECOND
        )
        foot = row(self.reason, self.keep, 1)
        foot.setStretch(0, 100)
        self.setLayout(column(self._grid(), foot, self.wrong, said, spacing=9, margins=(21, 6, 0, 12)))
        self._lines: tuple[QLineEdit, ...] = (*self.lines.values(), self.reason)
        self._texts: tuple[QPlainTextEdit, ...] = (self.words, self.papers)
        for line in self._lines:
            line.textChanged.connect(self._typed)
        for area in self._texts:
            area.textChanged.connect(self._typed)
        self._typed()

    def _line(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(tr(name))
        made.setPlaceholderText(tr(hint))
        made.returnPressed.connect(self._keep)
        return made

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for at, (name, said, _) in enumerate(_LINES):
            label = text(tr(said), Type.SECOND, SECOND, wrap=False)
            label.setBuddy(self.lines[name])
            grid.addWidget(label, at // 2, 2 * (at % 2))
            grid.addWidget(self.lines[name], at // 2, 2 * (at % 2) + 1)
        for at, (said, field) in enumerate(((tr("In these words"), self.words), (tr("Handed over"), self.papers)), 3):
            grid.addWidget(text(said, Type.SECOND, SECOND, wrap=False), at, 0)
            grid.addWidget(field, at, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def show_instructions(self, now: Instructions, *, writable: bool) -> None:
        """Show what is stated."""
        before, self._now = asdict(self._now), now
        self._writable = writable
        typed = self._said()
        for name, said in asdict(now).items():
            if typed[name] == before[name] != said:
                self._put(name, said)
        for line in self._lines:
            line.setReadOnly(not writable)
        for area in self._texts:
            area.setReadOnly(not writable)
        self._typed()

    def forget(self) -> None:
        """Drop what was typed for another case."""
        self._now = Instructions()
        for name in asdict(self._now):
            self._put(name, "")
        self.reason.clear()

    def summary(self) -> str:
        """What is stated, in a line."""
        now = self._now
        parts = (now.reference, now.parties, now.client and tr("for {who}", who=now.client))
        if not now.stated:
            return tr("not stated: the report leaves blanks")
        return one_line(", ".join(filter(None, parts)), 120) or tr("stated in part")

    def say_wrong(self, said: str) -> None:
        """Say why it could not be kept."""
        self.wrong.setText(said)
        self.wrong.setVisible(bool(said))

    def kept(self, now: Instructions) -> None:
        """What was typed is stated, as it is kept."""
        self._now = now
        for name, said in asdict(now).items():
            self._put(name, said)
        self.reason.clear()

    def _put(self, name: str, said: str) -> None:
        if name == _WORDS:
            self.words.setPlainText(said)
        elif name == _PAPERS:
            self.papers.setPlainText(said)
        else:
            self.lines[name].setText(said)

    def _said(self) -> dict[str, str]:
        typed = {name: field.text().strip() for name, field in self.lines.items()}
        return typed | {_WORDS: self.words.toPlainText().strip(), _PAPERS: self.papers.toPlainText().strip()}

    def _given(self) -> dict[str, str]:
        """What is stated otherwise now."""
        before = asdict(self._now)
        return {name: said for name, said in self._said().items() if said != before[name]}

    def _typed(self) -> None:
        given, before = self._given(), asdict(self._now)
        changes = any(before[name] for name in given)
        self.reason.setVisible(changes)
        # The words of those who instruct are quoted as theirs, whatever they claim.
        own = "\n".join([*(said for name, said in given.items() if name != _WORDS), self.reason.text()])
        fine = say_wording(self.wrong, own)
        explained = not changes or bool(self.reason.text().strip())
        self.keep.setEnabled(self._writable and bool(given) and fine and explained)

    def _keep(self) -> None:
        if self.keep.isEnabled():
            self.stated.emit(self._given(), self.reason.text().strip())
