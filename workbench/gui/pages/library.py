"""The library: the cases on this computer, each with its question and how far it is, and the first steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.text import one_line
from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Kind, button_for
from workbench.gui.parts.dates import day
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.labels import SECOND, THIRD, text
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.parts.panels import BETWEEN, PAGE, Card, Empty, column, holding, row
from workbench.gui.settings import KnownCase
from workbench.gui.words import count, mark, tr

_ROW, _SIDE, _STATIONS = 92, 300, 6
_STEPS = (
    (mark("Look round the sample"), mark("A whole case of invented answers. Nothing can break.")),
    (mark("Collect answers"), mark("The kit asks every model the same prompts.")),
    (mark("Import and give roles"), mark("Suspect, protected, controls.")),
    (mark("Lock the plan"), mark("Before you see any result.")),
    (mark("Run, read, hand over"), mark("The pack opens with nothing installed.")),
)


class _CasePainter(RowPainter):
    """Paints a case: title, question, path, and what is in it."""

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        assert isinstance(item, KnownCase)
        look = theme()
        room = rect.adjusted(16, look.px(9), -16, -look.px(9))
        high = room.height() / 3
        first = QRectF(room.left(), room.top(), room.width(), high)
        left = look.px(18) if item.pinned else 0
        if item.pinned:
            pin = QRectF(room.left(), first.center().y() - look.px(7), look.px(14), look.px(14))
            paint_icon(painter, "pin", pin, look.color("accent_ink"))
        when = tr("seen {day}", day=day(item.seen)) if item.seen else ""
        wide = look.px(150)
        name = one_line(item.title or item.folder.stem, 120)
        line(painter, first.adjusted(left, 0, -wide, 0), name, Type.OBJECT, "ink3" if item.missing else "ink1")
        line(painter, QRectF(room.right() - wide, first.top(), wide, high), when, Type.SECOND, "ink3", right=True)
        second = first.translated(0, high)
        if item.missing:
            said = tr("The folder is not there. Is a drive missing?")
            line(painter, second, said, Type.BODY, "warn")
        else:
            line(painter, second, item.question, Type.ASKED, "ink1")
        third = second.translated(0, high)
        used = 0.0 if item.missing or not item.seen else self._path(painter, third, item)
        facts = str(item.folder) if item.missing or not item.seen else facts_of(item)
        line(painter, third.adjusted(used, 0, 0, 0), facts, Type.SECOND, "ink2")

    @staticmethod
    def _path(painter: QPainter, room: QRectF, item: KnownCase) -> float:
        """Six short bars: full where done, an outline for the next, grey for those to come."""
        look = theme()
        wide, high, gap = look.px(16), look.px(5), look.px(4)
        top = room.center().y() - high / 2
        for at in range(_STATIONS):
            box = QRectF(room.left() + at * (wide + gap), top, wide, high)
            done, next_ = at < item.done, at == item.done
            painter.setPen(QPen(look.color("accent"), 1.2) if done or next_ else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent" if done else "surface" if next_ else "hair"))
            painter.drawRoundedRect(box, 2.5, 2.5)
        return float(_STATIONS * (wide + gap) + look.px(8))


def facts_of(case: KnownCase) -> str:
    """What is in a case, in a line; the next step first."""
    said = [case.said] if case.said else []
    said.append(count(case.models, "{n} model", "{n} models"))
    said.append(tr("plan {n} locked", n=case.plan) if case.plan else tr("plan not locked"))
    said.append(count(case.findings, "{n} finding", "{n} findings") if case.findings else tr("no findings"))
    said.append(count(case.packs, "{n} pack", "{n} packs") if case.packs else tr("no packs"))
    return "   ".join(said)


def _in_words(case: KnownCase) -> str:
    """A case for a screen reader."""
    name = case.title or case.folder.stem
    if case.missing:
        gone = tr("The folder is not there. Is a drive missing?")
        return ". ".join(filter(None, (name, case.question, gone, str(case.folder))))
    pinned = tr("pinned") if case.pinned else ""
    return ". ".join(filter(None, (name, pinned, case.question, facts_of(case) if case.seen else str(case.folder))))


class LibraryPage(Page):
    """Lists the cases that were opened on this computer."""

    key = "library"
    title = mark("Library")
    help = mark(
        "A case is a folder that holds the files as they were received, the database and the ledger. Make a new one, "
        "open one, or drop a case's folder here. Enter opens the chosen case, P pins it, Del takes it off the list; "
        "its folder stays. The sample case shows in a minute what there is."
    )
    watches = frozenset()

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.cases: list[KnownCase] = []
        self.empty = self.face(
            Empty(
                tr("No case is open"),
                tr(
                    "A case keeps the answers, everything that was done with them, and why. Make a new one, open one, "
                    "or drop a case's folder here."
                ),
                button_for(desk.actions["case.new"], kind=Kind.PRIMARY, icon="add"),
                button_for(desk.actions["case.open"], icon="folder"),
                button_for(desk.actions["case.sample"], icon="case"),
                icon="home",
            )
        )
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(PAGE, 16, PAGE, 16)
        layout.setSpacing(BETWEEN)
        layout.addLayout(self._list(), 1)
        self.side = holding(self._first_steps())
        self.side.setFixedWidth(theme().px(_SIDE))
        theme().changed.connect(self._resize_side)
        layout.addWidget(self.side)
        return widget

    def _resize_side(self) -> None:
        self.side.setFixedWidth(theme().px(_SIDE))

    def _list(self) -> QVBoxLayout:
        self.number = text("", Type.BODY, SECOND, wrap=False)
        self.filter = FilterField(tr("Find a case"), tr("Find a case"), "/")
        self.filter.typed.connect(lambda said: self._filtered())
        self.list = RowList(tr("Cases"))
        self.filter.left.connect(self.begin)
        self.rows: ItemsModel[KnownCase] = ItemsModel(_in_words)
        self.list.show_model(self.rows, _CasePainter(_ROW, self.list))
        self.list.opened.connect(self._open)
        head = row(
            text(tr("Library"), Type.TITLE, wrap=False),
            self.number,
            1,
            self.filter,
            button_for(self.desk.actions["case.open"], icon="folder", show_keys=False),
            button_for(self.desk.actions["case.new"], kind=Kind.PRIMARY, icon="add"),
        )
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        drop = text(
            tr("Drop anything here: answer files start a new import, a case folder opens, a pack is verified."),
            Type.SECOND,
            THIRD,
        )
        made = column(head, frame, drop, spacing=BETWEEN)
        made.setStretchFactor(frame, 1)
        return made

    def _first_steps(self) -> QVBoxLayout:
        steps = Card(tr("Your first case"))
        for at, (said, more) in enumerate(_STEPS, start=1):
            number = text(str(at), Type.HEAD, "accent", wrap=False)
            number.setFixedWidth(theme().px(18))
            words = column(text(tr(said), Type.STRONG), text(tr(more), Type.SECOND, SECOND), spacing=0)
            step = row(number, spacing=4)
            step.setAlignment(number, Qt.AlignmentFlag.AlignTop)
            step.addLayout(words, 1)
            steps.add(step)
        sample = Card(tr("Try the sample"))
        sample.add(text(tr("28 invented models, 120 prompts each. A whole case in a minute."), Type.SECOND, SECOND))
        sample.add(row(button_for(self.desk.actions["case.sample"], icon="case"), stretch=True))
        return column(steps, sample, 1, spacing=BETWEEN)

    # Showing

    def show_cases(self, cases: Sequence[KnownCase]) -> None:
        """Show the cases that are known."""
        self.cases = list(cases)
        self.number.setText(count(len(self.cases), "{n} case on this computer", "{n} cases on this computer"))
        self._filtered()
        self.turn(self.full if self.cases else self.empty)

    def _filtered(self) -> None:
        wanted = self.filter.text().casefold().split()
        found = [c for c in self.cases if all(word in _in_words(c).casefold() for word in wanted)]
        at = self.list.currentIndex().row()
        self.rows.show(found)
        self.list.choose(min(max(at, 0), len(found) - 1))

    def chosen(self) -> KnownCase | None:
        """The case that is chosen in the list."""
        at = self.list.currentIndex().row()
        return self.rows.items[at] if 0 <= at < len(self.rows.items) else None

    def _open(self, at: int) -> None:
        self.opened.emit(str(self.rows.items[at].folder))

    def filter_field(self) -> QLineEdit:
        """The field that finds a case."""
        return self.filter

    def panes(self) -> Sequence[QWidget]:
        """The list, and the first steps."""
        return (self.list,)

    def begin(self) -> None:
        """Walk the list."""
        if self.cases:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_letter(self, letter: str) -> bool:
        """P pins the chosen case, or lets it go."""
        case = self.chosen()
        if letter != "P" or case is None:
            return False
        self.desk.memory.pin(case.folder, pinned=not case.pinned)
        self._again(case.folder)
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.forget_chosen()
        else:
            super().keyPressEvent(event)

    def forget_chosen(self) -> None:
        """Take the chosen case off the list; its folder stays."""
        case = self.chosen()
        if case is not None:
            self.desk.memory.forget(case.folder)
            self._again(case.folder)
            self.desk.say(tr("{name} is off the list. Its folder stays.", name=one_line(case.folder.name, 60)))

    def _again(self, folder: Path) -> None:
        self.show_cases(self.desk.memory.cases())
        self.list.choose(next((at for at, c in enumerate(self.rows.items) if c.folder == folder), 0))

    def refresh(self) -> None:
        """Look which cases are there."""
        self.show_cases(self.desk.memory.cases())
        self.shown.emit()
