"""Hits counted by corpus as bars, which are filters; and a list of answers of any length, read in windows."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from workbench.core.exhibits import Mark
from workbench.gui.look.icons import paint_icon
from workbench.gui.look.marks import paint_mark, token_of
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.lists import ITEM, RowPainter, line
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.answers import Count, Row

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
WINDOW = 200
_KEPT = 40
_BARS = 6
_SIGNS = {Mark.LOOKED_AT: "eye", Mark.MARKED: "pin"}


class Bars(QWidget):
    """The corpora with the most hits; a click on one, or Enter, looks in it alone. `chosen` carries its name."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._counts: tuple[Count, ...] = ()
        self._only = ""
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Hits by corpus"))

    def show_counts(self, counts: Sequence[Count], only: str) -> None:
        """Show counts; `only` is the corpus that is looked in alone."""
        self._counts, self._only, self._at = tuple(counts[:_BARS]), only, -1
        more = len(counts) - _BARS
        said = ", ".join(f"{c.who.name} {c.hits:,}" for c in self._counts)
        self.setAccessibleDescription(said + (tr(" and {n} more corpora", n=more) if more > 0 else ""))
        self._more = max(0, more)
        self.updateGeometry()
        self.update()

    def _high(self) -> int:
        return max(theme().px(19), theme().metrics(Type.SECOND).height() + 3)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._high() * len(self._counts))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, size = self._high(), look.px(11)
        most = max((c.hits for c in self._counts), default=1)
        names = int(self.width() * 0.36)
        for at, counted in enumerate(self._counts):
            row = QRectF(0, at * high, self.width(), high)
            if at == self._at or counted.who.name == self._only:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("sel"))
                painter.drawRoundedRect(row.adjusted(-2, 1, 2, -1), 3, 3)
            paint_mark(painter, counted.who.role, QRectF(0, row.center().y() - size / 2, size, size))
            line(painter, QRectF(size + 7, row.top(), names - size - 10, high), counted.who.name, Type.SECOND, "ink1")
            number = f"{counted.hits:,}"
            right = look.metrics(Type.SECOND).horizontalAdvance(number) + 8
            room = self.width() - names - max(right, look.px(34))
            wide = max(3.0, room * counted.hits / most)
            box = QRectF(names, row.center().y() - look.px(3.5), wide, look.px(7))
            if counted.who.role in ("control", "aside", "late"):
                painter.setPen(QPen(look.color("neutral"), 1.2))
                painter.setBrush(look.color("surface"))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 1, 1)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color(token_of(counted.who.role)))
                painter.drawRoundedRect(box, 1, 1)
            line(painter, row, number, Type.SECOND, "ink1", right=True, figures=True)

    def _row_at(self, y: float) -> int:
        at = int(y / self._high())
        return at if 0 <= at < len(self._counts) else -1

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at != self._at:
            self._at = at
            self.setToolTip(self._tip(at))
            self.update()

    def _tip(self, at: int) -> str:
        if at < 0:
            return ""
        counted = self._counts[at]
        return tr("{hits} of {all} answers of {name}. A click looks in it alone.",
                  hits=f"{counted.hits:,}", all=f"{counted.answers:,}", name=counted.who.name)  # fmt: skip

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at >= 0:
            self.chosen.emit(self._counts[at].who.name)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self._counts:
            self._at = min(max(self._at + step, 0), len(self._counts) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self.chosen.emit(self._counts[self._at].who.name)
        else:
            super().keyPressEvent(event)


class AnswersModel(QAbstractListModel):
    """Answers by their numbers; what is not read yet is asked for in windows, and stands as a grey block until then.

    `wanted` carries the numbers of a window.
    """

    wanted = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.numbers: array[int] = array("q")
        self._windows: dict[int, list[Row]] = {}
        self._asked: set[int] = set()
        self._rows: list[Row] | None = None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(0)
        self._due.timeout.connect(self._ask)
        self._missing: dict[int, None] = {}
        self.marks: Mapping[int, frozenset[Mark]] = {}

    def show_marks(self, marks: Mapping[int, frozenset[Mark]]) -> None:
        """Show other marks of answers."""
        self.marks = marks
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def show_numbers(self, numbers: array[int], first: Sequence[Row] = ()) -> None:
        """List other answers; `first` are the rows that are known already."""
        self.beginResetModel()
        self.numbers, self._rows = numbers, None
        self._windows, self._asked, self._missing = {}, set(), {}
        if first:
            self._windows[0] = list(first)
            if len(first) >= min(WINDOW, len(numbers)):
                self._asked.add(0)
        self.endResetModel()

    def extend(self, numbers: array[int]) -> None:
        """The same list, now known to its end."""
        old = len(self.numbers)
        if len(numbers) > old and self._rows is None:
            self.beginInsertRows(_ROOT, old, len(numbers) - 1)
            self.numbers = numbers
            self.endInsertRows()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """List prompts, which are all known."""
        self.beginResetModel()
        self.numbers, self._rows = array("q"), list(rows)
        self.endResetModel()

    def take(self, window: int, rows: Sequence[Row]) -> None:
        """A window that was asked for."""
        if window not in self._asked or self._rows is not None:
            return
        self._windows[window] = list(rows)
        while len(self._windows) > _KEPT:
            oldest = next(iter(self._windows))
            del self._windows[oldest]
            self._asked.discard(oldest)
        first = window * WINDOW
        last = min(first + WINDOW, len(self.numbers)) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first), self.index(last))

    def _ask(self) -> None:
        missing, self._missing = list(self._missing), {}
        for window in missing[-2:]:
            self._asked.add(window)
            self.wanted.emit(window, self.numbers[window * WINDOW : (window + 1) * WINDOW])

    def row(self, at: int) -> Row | None:
        """A row, or None while it is not read yet."""
        if self._rows is not None:
            return self._rows[at] if 0 <= at < len(self._rows) else None
        window, place = divmod(at, WINDOW)
        rows = self._windows.get(window)
        if rows is not None and place < len(rows):
            return rows[place]
        if window not in self._asked and window not in self._missing:
            self._missing[window] = None
            self._due.start()
        return None

    def place_of(self, number: int) -> int:
        """Where an answer stands in the list; -1 where it is not in it."""
        try:
            return self.numbers.index(number)
        except ValueError:
            return -1

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        if parent.isValid():
            return 0
        return len(self.numbers) if self._rows is None else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if role == ITEM:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row is None:
                return "…"
            marks = "".join(f", {tr(str(mark_))}" for mark_ in Mark if mark_ in self.marks.get(row.number, frozenset()))
            return f"{row.who.name}{marks}: {row.asked} {row.before}{row.hit}{row.after}"
        return None


class AnswerRow(RowPainter):
    """An answer in the list: whose, its number and marks, the prompt, and the words that were found."""

    def __init__(self, view: QWidget, model: AnswersModel) -> None:
        super().__init__(66, view)
        self._model = model

    @override
    def row_height(self) -> int:
        look = theme()
        return max(look.px(66), look.metrics(Type.STRONG).height() * 3 + look.px(14))

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        from workbench.app.desk.answers import Row

        look = theme()
        if not isinstance(item, Row):
            return
        left, wide = rect.left() + 12, rect.width() - 26
        high = (rect.height() - look.px(12)) / 3
        top = rect.top() + look.px(6)
        if item.number:
            size = look.px(11)
            paint_mark(painter, item.who.role, QRectF(left, top + high / 2 - size / 2, size, size))
            used = look.metrics(Type.SECOND).horizontalAdvance(f"{item.number:,}") + 8
            sign = look.px(13)
            for mark_, name_of_sign in _SIGNS.items():
                if mark_ in self._model.marks.get(item.number, frozenset()):
                    place = QRectF(left + wide - used - sign, top + high / 2 - sign / 2, sign, sign)
                    paint_icon(painter, name_of_sign, place, look.color("ink2"))
                    used += sign + 6
            name = QRectF(left + size + 7, top, wide - size - 7 - used, high)
            line(painter, name, item.who.name, Type.HEAD, "ink1")
            line(
                painter,
                QRectF(left, top, wide, high),
                f"{item.number:,}",
                Type.SECOND,
                "ink3",
                right=True,
                figures=True,
            )
            line(painter, QRectF(left, top + high, wide, high), item.asked, Type.SECOND, "ink2")
        else:
            line(painter, QRectF(left, top, wide, high), tr("Prompt"), Type.SECOND, "ink3")
            line(painter, QRectF(left, top + high, wide, high), item.asked, Type.BODY, "ink1")
        self._found(painter, QRectF(left, top + 2 * high, wide, high), item)

    @staticmethod
    def _found(painter: QPainter, room: QRectF, item: Row) -> None:
        look = theme()
        if not item.hit:
            line(painter, room, item.after, Type.SECOND, "ink3")
            return
        at = room.left() + line(painter, room, item.before, Type.SECOND, "ink2")
        at += 3 if item.before else 0
        metrics = look.metrics(Type.SECOND_STRONG)
        wide = min(metrics.horizontalAdvance(item.hit) + 4, max(0.0, room.right() - at))
        box = QRectF(at, room.top() + 1, wide, room.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("hit"))
        painter.drawRoundedRect(box, 2, 2)
        line(painter, box.adjusted(2, 0, 0, 0), item.hit, Type.SECOND_STRONG, "ink1")
        rest = QRectF(at + wide + 2, room.top(), room.right() - at - wide - 2, room.height())
        if rest.width() > 8:
            line(painter, rest, item.after, Type.SECOND, "ink2")
