"""One exhibit: its answers side by side with the passage marked, or its picture or table, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.core.exhibits import DISCOVERABLE, CaseExhibit, Choice, Mark, Note, Picker, State
from workbench.core.exhibits import Side as Speaks
from workbench.core.text import one_line, visible
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.exhibits_parts.rows import KINDS, state_chip
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.chips import PLAIN, Chip, Look
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import BAD, SECOND, THIRD, LinkLabel, Sign, rule, say_two_tone, text, two_tone
from workbench.gui.parts.panels import Disclosure, Flow, Scroll, column, empty, holding, row
from workbench.gui.parts.reader import Reader
from workbench.gui.parts.wording import say_wording
from workbench.gui.pictures.picture import Picture
from workbench.gui.tables import TableView
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.exhibits import ShownExhibit

_SPEAKS = {
    Speaks.FOR: mark("speaks for"),
    Speaks.AGAINST: mark("speaks against"),
    Speaks.NEITHER: mark("speaks for neither"),
}
_RULE, _HAND = Look("ink2", "neutral_tint", "scales"), Look("ink2", "neutral_tint", "pen")
_MARKS = {Mark.LOOKED_AT: mark("looked at"), Mark.MARKED: mark("marked")}


class ExhibitView(QFrame):
    """Shows an exhibit. `led` carries the place that it was made at, `noted` a note, `struck` a note and whether."""

    led = Signal(str)
    noted = Signal(str)
    struck = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self._place = ""
        self.reader = Reader(fixed=True)
        self.picture = Picture()
        self.picture.opened.connect(lambda target: self.led.emit(f"answers/{target}"))
        self.table = TableView(tr("Table of the exhibit"))
        self.why_not = text("", Type.BODY, SECOND)
        self.why_not.setContentsMargins(24, 24, 24, 24)
        pictured = QWidget()
        self.pictured = text("", Type.HEAD)
        pictured.setLayout(column(self.pictured, self.picture, 1, spacing=8, margins=(24, 16, 24, 12)))
        tabled, missing = QWidget(), holding(column(self.why_not, 1))
        tabled.setLayout(column(self.table, margins=(24, 16, 24, 16)))
        self.stack = QStackedWidget()
        # Columns keep a width in which words can be read, and scroll sideways where they have it not.
        columns = Scroll(self.reader)
        columns.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.faces = {"answers": columns, "view": Scroll(pictured), "table": tabled, "why": missing}
        for face in self.faces.values():
            self.stack.addWidget(face)
        self.stack.setMinimumHeight(theme().px(190))
        whole = column(self._head(), self.stack, rule(), self._foot(), spacing=0)
        whole.setStretch(1, 1)
        inside = QWidget()
        inside.setLayout(whole)
        # In a low window, or with large letters, all of it scrolls.
        self.setLayout(column(Scroll(inside), spacing=0))

    def _head(self) -> QWidget:
        self.title = text("", Type.OBJECT, name=tr("Title of the exhibit"))
        self.origin = text("", Type.SECOND, SECOND)
        self.asked = text("", Type.ASKED, name=tr("The prompt"))
        self.asked.setMaximumHeight(theme().px(62))
        self.chips = Flow(6)
        self.state, self.speaks, self.picked = Chip(), Chip(), Chip()
        self.open = LinkLabel(tr("Show in the answers"), self._lead)
        for part in (self.state, self.speaks, self.picked, self.open):
            self.chips.addWidget(part)
        head = QFrame()
        head.setObjectName("header")
        head.setLayout(column(self.title, self.chips, self.origin, self.asked, spacing=5, margins=(16, 11, 16, 10)))
        return head

    def _foot(self) -> QWidget:
        self.counted = two_tone("", "")
        self.here = two_tone("", "", SECOND)
        self.limit = two_tone("", "", SECOND)
        self.notes = QVBoxLayout()
        self.notes.setSpacing(5)
        self.line = QLineEdit()
        self.line.setAccessibleName(tr("A note on this exhibit"))
        self.line.setPlaceholderText(tr("A note on this exhibit"))
        self.line.returnPressed.connect(self._write)
        self.line.textChanged.connect(self._typed)
        self.write = Button(tr("Keep the note"), self._write, small=True)
        self.wrong = text("", Type.SECOND, BAD)
        entry = row(self.line, self.write)
        entry.setStretch(0, 1)
        said = text(tr(DISCOVERABLE), Type.SECOND, THIRD)
        sign = row(Sign("eye", "ink3", 14), said)
        sign.setStretch(1, 1)
        inside = QWidget()
        inside.setLayout(column(self.notes, entry, self.wrong, sign, spacing=7, margins=(21, 2, 0, 10)))
        self.noting = Disclosure(tr("Notes"), inside)
        body = QWidget()
        body.setLayout(column(self.counted, self.here, self.limit, self.noting, spacing=5, margins=(16, 10, 16, 4)))
        self._typed("")
        return body

    # Showing

    def show_exhibit(self, one: CaseExhibit, state: State, notes: Sequence[Note], *, writable: bool) -> None:
        """Show what is said of an exhibit; what it shows comes when it has been read."""
        choice = one.choice
        self._place = _place_of(choice)
        self.title.setText(visible(one_line(choice.title, 300)))
        self.state.show_chip(*state_chip(one, state))
        self.speaks.show_chip(tr(_SPEAKS[choice.side]), PLAIN)
        by_rule = choice.picker is Picker.RULE
        hand = tr("by hand, {who}", who=one_line(one.examiner, 40))
        self.picked.show_chip(tr("by the rule") if by_rule else hand, _RULE if by_rule else _HAND)
        gone = one.withdrawal
        struck = (
            tr(" Withdrawn by {who}, {when}: {why}", who=gone.examiner, when=moment(gone.time), why=gone.reason)
            if gone
            else ""
        )
        # The origin of a chart or a table says which of the two it is.
        kind = "" if choice.finding else tr(", {kind}", kind=tr(KINDS[choice.kind]))
        self.origin.setText(f"{one.name}{kind}. {choice.origin}, {moment(one.added)}.{visible(struck)}")
        self.open.setText(tr("Show the finding") if choice.finding else tr("Show in the answers"))
        self.open.setVisible(bool(self._place))
        self._say(self.counted, *_counted(choice))
        self._say(self.here, tr("Why it is here:"), choice.why)
        self._say(self.limit, tr("What it does not show:"), choice.not_shown)
        self._show_notes(notes, writable=writable)
        self.line.setEnabled(writable)

    def show_contents(self, shown: ShownExhibit, marks: Mapping[int, frozenset[Mark]]) -> None:
        """Show what the exhibit shows."""
        self.asked.setText(visible(one_line(shown.asked, 400)))
        self.asked.setVisible(bool(shown.asked))
        if shown.sides:
            self.reader.show_sides(shown.sides, shown.passages, "", ())
            for part in self.reader.columns:
                said = [tr(_MARKS[mark_]) for mark_ in Mark if mark_ in marks.get(part.side.number, frozenset())]
                part.facts.setText(", ".join(filter(None, (part.facts.text(), *said))))
            if shown.passages:
                self.reader.to_passage(1, select=False)
            self.turn("answers")
        elif shown.view is not None:
            self.pictured.setText(shown.view.title)
            self.picture.show_plot(shown.view.plot)
            self.turn("view")
        elif shown.table is not None:
            self.table.show_table(shown.table)
            self.turn("table")
        else:
            self.why_not.setText(visible(shown.why))
            self.turn("why")

    def turn(self, face: str) -> None:
        """Show answers, a picture, a table, or why there is nothing."""
        self.stack.setCurrentWidget(self.faces[face])

    @staticmethod
    def _say(label: QLabel, strong: str, plain: str) -> None:
        say_two_tone(label, strong, visible(plain))
        label.setVisible(bool(plain))

    def _show_notes(self, notes: Sequence[Note], *, writable: bool) -> None:
        empty(self.notes)
        for note in notes:
            said = two_tone(f"{note.number}  {one_line(note.examiner, 40)}, {moment(note.time)}:", visible(note.text))
            if note.withdrawn:
                said.setText(f"<s>{said.text()}</s>")
                said.setAccessibleName(tr("struck: {said}", said=said.accessibleName()))
            do = LinkLabel(
                tr("Put back") if note.withdrawn else tr("Strike"),
                partial(self.struck.emit, note.number, not note.withdrawn),
            )
            do.setEnabled(writable)
            do.setAccessibleName(tr("{do} note {n}", do=do.text(), n=note.number))
            line = row(said, do)
            line.setStretch(0, 1)
            self.notes.addLayout(line)
        self.noting.say_beside(count(len(notes), "{n} note", "{n} notes") if notes else tr("none yet"))

    def _typed(self, said: str) -> None:
        fine = say_wording(self.wrong, said)
        self.write.setEnabled(bool(said.strip()) and fine)

    def _write(self) -> None:
        if self.write.isEnabled():
            self.noted.emit(self.line.text().strip())

    def _lead(self) -> None:
        self.led.emit(self._place)


def _place_of(choice: Choice) -> str:
    """The place in the window where an exhibit is from."""
    if choice.finding is not None:
        return f"findings/{choice.finding.number}"
    if choice.answers:
        return f"answers/answer:{choice.answers[0].number}"
    return f"documents/{choice.document}" if choice.document else ""


def _counted(choice: Choice) -> tuple[str, str]:
    """How many controls wrote the passage when it was picked."""
    if not choice.passage or not choice.compared:
        return "", ""
    wrote = f"{choice.controls}" if choice.controls else tr("None")
    many = count(choice.compared, "of {n} control wrote it", "of {n} controls wrote it")
    return f"{wrote} {many}", tr("for this prompt, as counted when it was picked.")
