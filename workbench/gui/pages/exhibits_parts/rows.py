"""The list of exhibits: each with a small sign of what it shows, its number, title, tags and review; moved by drag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from workbench.core.exhibits import CaseExhibit, Kind, State
from workbench.core.text import one_line
from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.chips import DONE, PLAIN, Look, chip_size, paint_chip
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.words import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HIGH = 72
_TAG = Look("ink2", "neutral_tint")
_DISPUTED = Look("bad", "bad_tint", "flag")
_TO_CHECK = Look("ink2", "neutral_tint", "clock")
_GONE = Look("ink2", "", "aside", dashed=True)
_SHORT_TAG = 18

STATES = {
    State.TO_CHECK: mark("To check"),
    State.CHECKED: mark("Checked"),
    State.DISPUTED: mark("Disputed"),
}
_LOOKS = {State.TO_CHECK: _TO_CHECK, State.CHECKED: DONE, State.DISPUTED: _DISPUTED}
KINDS = {
    Kind.PASSAGES: mark("passage"),
    Kind.ANSWERS: mark("answers"),
    Kind.CHART: mark("chart"),
    Kind.TABLE: mark("table"),
    Kind.DOCUMENT: mark("document"),
}


def state_chip(one: CaseExhibit, state: State) -> tuple[str, Look]:
    """How an exhibit stands, as a chip: its words and its look."""
    return (tr("Withdrawn"), _GONE) if one.withdrawal else (tr(STATES[state]), _LOOKS[state])


class ExhibitsModel(ItemsModel[CaseExhibit]):
    """Exhibits in the order of the report. `moved` carries the row that was dragged, and the row that it stands before.

    Rows change their places at once; the page has the ledger say so, and reads the list again where that fails.
    """

    moved = Signal(int, int)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def moveRows(self, parent: Index, row: int, number: int, target: Index, before: int) -> bool:
        inside = 0 <= row < len(self.items) and 0 <= before <= len(self.items)
        if number != 1 or not inside or not self.beginMoveRows(_ROOT, row, row, _ROOT, before):
            return False
        one = self.items.pop(row)
        self.items.insert(before - (before > row), one)
        self.endMoveRows()
        self.moved.emit(row, before)
        return True


class ExhibitRow(RowPainter):
    """An exhibit in the list; `state_of` says how it stands for the one who looks."""

    def __init__(self, view: QWidget, state_of: Callable[[CaseExhibit], State]) -> None:
        super().__init__(_HIGH, view)
        self._state_of = state_of

    @override
    def row_height(self) -> int:
        look = theme()
        lines = sum(look.metrics(t).height() for t in (Type.CODE_SMALL, Type.HEAD, Type.SECOND))
        return max(look.px(_HIGH), lines + look.px(22))

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        assert isinstance(item, CaseExhibit)
        look = theme()
        grip = look.px(14)
        paint_icon(painter, "grip", QRectF(rect.left() + 7, rect.top() + look.px(12), grip, grip), look.color("ink3"))
        box = QRectF(rect.left() + look.px(28), rect.top() + look.px(11), look.px(42), look.px(32))
        _sketch(painter, box, item.choice.kind)
        left, right = box.right() + look.px(12), rect.right() - look.px(13)
        top, gap = rect.top() + look.px(10), look.px(3)
        said, chip = state_chip(item, self._state_of(item))
        size = chip_size(said, chip)
        paint_chip(painter, QRectF(right - size.width(), top - 1, size.width(), size.height()), said, chip)
        high = look.metrics(Type.CODE_SMALL).height()
        room = QRectF(left, top, right - size.width() - 10 - left, high)
        line(painter, room, item.name, Type.CODE_SMALL, "ink2")
        top += high + gap
        high = look.metrics(Type.HEAD).height()
        ink = "ink3" if item.withdrawal else "ink1"
        wide = line(painter, QRectF(left, top, right - left, high), one_line(item.choice.title, 160), Type.HEAD, ink)
        if item.withdrawal:
            painter.drawLine(int(left), int(top + high / 2), int(left + wide), int(top + high / 2))
        top += high + gap
        high = look.metrics(Type.SECOND).height()
        used = self._tags(painter, QRectF(left, top, right - left, high), item.tags)
        words = _below(item)
        ink = "ink2" if item.comment or item.withdrawal else "ink3"
        line(painter, QRectF(left, top, right - left - used, high), words, Type.SECOND, ink)

    @staticmethod
    def _tags(painter: QPainter, room: QRectF, tags: Sequence[str]) -> float:
        """Paint as many tags as fit into half of the room, from the right; returns how wide they are."""
        right = room.right()
        for at, tag in enumerate(tags):
            said = one_line(tag, _SHORT_TAG)
            size = chip_size(said, _TAG)
            if right - size.width() < room.center().x():
                more = tr("+{n}", n=len(tags) - at)
                size = chip_size(more, PLAIN)
                paint_chip(
                    painter, QRectF(right - size.width(), room.top() - 1, size.width(), size.height()), more, PLAIN
                )
                right -= size.width() + 5
                break
            paint_chip(painter, QRectF(right - size.width(), room.top() - 1, size.width(), size.height()), said, _TAG)
            right -= size.width() + 5
        return room.right() - right + (5 if tags else 0)


def _below(one: CaseExhibit) -> str:
    """The third line: why it was withdrawn, or where it is from and what is remarked of it."""
    if one.withdrawal:
        return one_line(one.withdrawal.reason, 160)
    remark = f" · “{one_line(one.comment, 160)}”" if one.comment else ""
    return f"{one.choice.origin}{remark}"


def in_words(one: CaseExhibit, state: State) -> str:
    """An exhibit for a screen reader."""
    said, _ = state_chip(one, state)
    parts = (one.name, one_line(one.choice.title, 160), said, _below(one), ", ".join(one.tags))
    return ". ".join(filter(None, parts))


def _sketch(painter: QPainter, box: QRectF, kind: Kind) -> None:
    """A small sign of what an exhibit shows, in a frame."""
    look = theme()
    painter.save()
    painter.setPen(QPen(look.color("strong"), 1))
    painter.setBrush(look.color("surface"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    inner = box.adjusted(look.px(7), look.px(7), -look.px(7), -look.px(7))
    if kind in (Kind.PASSAGES, Kind.ANSWERS):
        _pair(painter, inner, shared=kind is Kind.PASSAGES)
    elif kind is Kind.CHART:
        _chart(painter, inner)
    else:
        paint_icon(painter, "grid" if kind is Kind.TABLE else "document", inner, look.color("ink2"))
    painter.restore()


def _pair(painter: QPainter, room: QRectF, *, shared: bool) -> None:
    """Two texts beside each other; a shared passage has the colours of the two sides."""
    look = theme()
    half = room.width() / 2
    for at, token in ((0, "suspect"), (1, "protected")):
        for row in range(4):
            marked = shared and row == 2
            painter.setPen(QPen(look.color(token if marked else "control"), look.px(2.4 if marked else 1.2)))
            y = room.top() + (row + 0.5) * room.height() / 4
            begin = room.left() + at * half + at * look.px(1.5)
            painter.drawLine(
                QRectF(begin, y, half - look.px(3), 0).topLeft(), QRectF(begin, y, half - look.px(3), 0).topRight()
            )


def _chart(painter: QPainter, room: QRectF) -> None:
    """Rings of controls on an axis, and the mark of the suspect away from them."""
    from workbench.gui.look.marks import CONTROL, SUSPECT, paint_mark

    look = theme()
    size = look.px(8)
    painter.setPen(QPen(look.color("control"), 1))
    painter.drawLine(room.bottomLeft(), room.bottomRight())
    for at in range(3):
        box = QRectF(room.left() + at * size * 0.75, room.bottom() - size - 2, size, size)
        paint_mark(painter, CONTROL, box)
    paint_mark(painter, SUSPECT, QRectF(room.right() - size, room.top() + 1, size * 1.2, size * 1.2))


class ExhibitsList(RowList):
    """The list, in which rows are dragged to another place."""

    def __init__(self) -> None:
        super().__init__(tr("Exhibits"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
