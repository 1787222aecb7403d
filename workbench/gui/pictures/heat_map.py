"""The heat map: one cell for each model and prompt. Half a cell looks cut, a cross declined, a hole is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from workbench.gui.look.marks import paint_mark
from workbench.gui.look.theme import Type, theme
from workbench.gui.pictures.picture import Tip
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.desk.coverage import Cell, Coverage, CoverRow

COVERAGE, LENGTH, ALIKE = "coverage", "length", "alike"
_MISSING, _ANSWERED, _BLANK, _CUT, _DECLINED = range(5)
_NAMES, _AXIS, _GAP = 104, 22, 3
_LEAST_CELL, _MOST_CELL, _HIGHEST = 3, 12, 14


@dataclass(frozen=True, slots=True)
class _Lane:
    """One row of the picture: a model, and where it begins."""

    row: CoverRow
    top: float


class HeatMap(QWidget):
    """Models from top to bottom, prompts from left to right; cells are walked with arrows.

    `pointed` carries model and prompt of the cell under the pointer, `opened` those of the one that was opened.
    """

    pointed = Signal(str, int, int)
    opened = Signal(str, int)
    row_chosen = Signal(str)

    def __init__(self, *, names: bool = False) -> None:
        super().__init__()
        self._coverage: Coverage | None = None
        self._view = COVERAGE
        self._each_name = names
        self._lanes: list[_Lane] = []
        self._cell, self._high, self._block = 6.0, 6.0, 1
        self._cache = QPixmap()
        self._at: tuple[int, int] | None = None
        self._chosen: frozenset[str] = frozenset()
        self.tip = Tip(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", True)
        self.setAccessibleName(tr("Coverage: models by prompts"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._fresh)

    def show_coverage(self, coverage: Coverage) -> None:
        """Show another one."""
        self._coverage, self._at = coverage, None
        self.tip.hide()
        said = count(
            len(coverage.rows), "{n} model by {p} prompts", "{n} models by {p} prompts", p=len(coverage.prompts)
        )
        self.setAccessibleDescription(
            tr("{size}: {cut} look cut, {declined} declined, {missing} missing", size=said, cut=coverage.cut,
               declined=coverage.declined, missing=coverage.missing)
        )  # fmt: skip
        self._fresh()

    def show_view(self, view: str) -> None:
        """Show coverage, lengths or near copies."""
        self._view = view
        self._fresh()

    def mark_rows(self, names: Sequence[str]) -> None:
        """Mark the rows of some models."""
        self._chosen = frozenset(names)
        self.update()

    def _fresh(self) -> None:
        self._cache = QPixmap()
        self._lay()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, theme().px(190))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, theme().px(110))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fresh()

    # Places

    def _left(self) -> int:
        return theme().px(_NAMES + (40 if self._each_name else 0))

    def _lay(self) -> None:
        """Give every model its place; gaps between groups; so many prompts a cell that all fit."""
        self._lanes = []
        coverage = self._coverage
        if coverage is None or not coverage.rows or not coverage.prompts:
            return
        wide = max(self.width() - self._left() - 4, 20)
        self._block = max(1, -(-len(coverage.prompts) * _LEAST_CELL // wide))
        across = -(-len(coverage.prompts) // self._block)
        self._cell = min(wide / across, float(_MOST_CELL))
        groups = sum(1 for one, two in zip(coverage.rows, coverage.rows[1:], strict=False) if one.group != two.group)
        room = self.height() - theme().px(_AXIS) - groups * _GAP
        self._high = max(1.0, min(float(_HIGHEST), room / len(coverage.rows)))
        top = 0.0
        group = coverage.rows[0].group
        for row in coverage.rows:
            if row.group != group:
                top += _GAP
                group = row.group
            self._lanes.append(_Lane(row, top))
            top += self._high

    def _across(self) -> int:
        coverage = self._coverage
        return -(-len(coverage.prompts) // self._block) if coverage else 0

    def _codes(self, row: CoverRow) -> bytes:
        codes = {COVERAGE: row.states, LENGTH: row.sizes, ALIKE: row.alike}[self._view]
        if self._block == 1:
            return codes
        return bytes(max(codes[at : at + self._block]) for at in range(0, len(codes), self._block))

    def _box(self, lane: int, column: int) -> QRectF:
        left = self._left() + column * self._cell
        return QRectF(left, self._lanes[lane].top, self._cell, self._high)

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lanes:
            return
        if self._cache.isNull():
            ratio = self.devicePixelRatioF()
            self._cache = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._cache.setDevicePixelRatio(ratio)
            self._cache.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._cache)
            self._paint_all(painter)
            painter.end()
        screen = QPainter(self)
        screen.drawPixmap(0, 0, self._cache)
        look = theme()
        for lane in self._lanes:
            if lane.row.name in self._chosen:
                screen.fillRect(QRectF(self._left() - 6, lane.top, 3, max(2.0, self._high)), look.color("accent"))
        if self._at is not None:
            screen.setPen(QPen(look.color("ink1"), 2))
            screen.drawRect(self._box(*self._at).adjusted(-1, -1, 1, 1))

    def _paint_all(self, painter: QPainter) -> None:
        look = theme()
        gap = 1.0 if self._cell >= 4 and self._high >= 4 else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        heat = [look.color(f"heat{at}") for at in range(6)]
        for at, lane in enumerate(self._lanes):
            for column, code in enumerate(self._codes(lane.row)):
                box = self._box(at, column).adjusted(0, 0, -gap, -gap)
                if self._view == COVERAGE:
                    self._state(painter, box, code)
                elif code:
                    level = min(5, code - 1) if self._view == LENGTH else min(5, (code - 1) * 2 + 1)
                    painter.fillRect(box, heat[max(level, 0 if self._view == ALIKE else 1)])
                else:
                    self._hole(painter, box)
        self._names(painter)
        self._axis(painter)

    def _state(self, painter: QPainter, box: QRectF, code: int) -> None:
        look = theme()
        if code == _MISSING:
            self._hole(painter, box)
            return
        painter.fillRect(box, look.color("heat2"))
        if code == _CUT:
            lower = QRectF(box.left(), box.center().y(), box.width(), box.height() / 2)
            painter.fillRect(box, look.color("hit"))
            painter.fillRect(lower, look.color("warn"))
        elif code == _DECLINED:
            painter.fillRect(box, look.color("surface"))
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("bad"), 1.4))
            inner = box.adjusted(0.8, 0.8, -0.8, -0.8)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
            painter.setPen(Qt.PenStyle.NoPen)
        elif code == _BLANK:
            painter.fillRect(box, look.color("heat0"))

    @staticmethod
    def _hole(painter: QPainter, box: QRectF) -> None:
        if box.height() < 4:
            return
        pen = QPen(theme().color("strong"), 1)
        pen.setDashPattern([1.5, 1.5])
        painter.setPen(pen)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(Qt.PenStyle.NoPen)

    def _names(self, painter: QPainter) -> None:
        """Names at the left: each model where there is room for it, else its group with how many are in it."""
        look = theme()
        metrics = look.metrics(Type.LEAST)
        size = look.px(11)
        painter.setFont(look.font(Type.LEAST))
        last = -float(metrics.height())
        each = self._each_name and self._high >= metrics.height() - 2
        for first, number, said, role in self._groups(each=each):
            top = self._lanes[first].top
            foot = self._lanes[first + number - 1].top + self._high
            middle = max((top + foot) / 2, last + metrics.height() * 0.95, metrics.height() / 2)
            last = middle
            paint_mark(painter, role, QRectF(2, middle - size / 2, size, size))
            room = QRectF(size + 8, middle - metrics.height() / 2, self._left() - size - 16, metrics.height())
            painter.setPen(look.color("ink1"))
            short = metrics.elidedText(said, Qt.TextElideMode.ElideMiddle, int(room.width()))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), short)
            painter.setPen(Qt.PenStyle.NoPen)

    def _groups(self, *, each: bool) -> list[tuple[int, int, str, str]]:
        groups: list[tuple[int, int, str, str]] = []
        for at, lane in enumerate(self._lanes):
            row = lane.row
            if groups and not each and self._lanes[groups[-1][0]].row.group == row.group:
                first, number, _, role = groups[-1]
                groups[-1] = (first, number + 1, "", role)
            else:
                groups.append((at, 1, row.name, row.role if row.role != "late" else "protected"))
        return [(first, n, said if n == 1 else self._group_words(first, n), role) for first, n, said, role in groups]

    def _group_words(self, first: int, number: int) -> str:
        kind, _, family = self._lanes[first].row.group.partition(":")
        if kind == "protected":
            return tr("{n} of {family}", n=number, family=family)
        return count(number, f"{{n}} {kind}", f"{{n}} {kind}s")

    def _axis(self, painter: QPainter) -> None:
        look = theme()
        coverage = self._coverage
        assert coverage is not None
        metrics = look.metrics(Type.LEAST)
        painter.setFont(look.font(Type.LEAST))
        painter.setPen(look.color("ink2"))
        top = self._lanes[-1].top + self._high + 3
        total = len(coverage.prompts)
        step = next(s for s in (1, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10**6) if total / s <= 8)
        for at in dict.fromkeys([1, *range(step, total + 1, step)]):
            x = self._left() + (at - 1) // self._block * self._cell + self._cell / 2
            wide = metrics.horizontalAdvance(f"{at:,}")
            left = min(x - wide / 2, self.width() - wide)
            painter.drawText(QRectF(left, top, wide + 2, metrics.height()), 0, f"{at:,}")
        if self._block > 1:
            said = tr("{n} prompts a cell", n=self._block)
            painter.drawText(QRectF(2, top, self._left(), metrics.height()), 0, said)

    # Pointing

    def _cell_at(self, where: QPoint) -> tuple[int, int] | None:
        column = int((where.x() - self._left()) / self._cell) if self._cell else -1
        if not 0 <= column < self._across() or where.x() < self._left():
            return None
        for at, lane in enumerate(self._lanes):
            if lane.top <= where.y() < lane.top + self._high:
                return at, column
        return None

    def _point(self, at: tuple[int, int] | None) -> None:
        if at == self._at:
            return
        self._at = at
        self.tip.hide()
        self.update()
        if at is not None and self._coverage is not None:
            lane, column = at
            place = column * self._block
            name = self._lanes[lane].row.name
            self.setAccessibleDescription(tr("{model}, prompt {n}", model=name, n=place + 1))
            self.pointed.emit(name, self._coverage.prompts[place], place + 1)

    def show_cell(self, cell: Cell) -> None:
        """Say in the tip what the cell that is pointed at holds."""
        if self._at is None or self._coverage is None or self._lanes[self._at[0]].row.name != cell.model:
            return
        said = {
            _MISSING: tr("no answer"),
            _CUT: tr("looks cut"),
            _DECLINED: tr("declined"),
            _BLANK: tr("empty"),
        }.get(cell.code, tr("answered"))
        characters = count(cell.characters, "{n} character", "{n} characters")
        more = tr("{characters}, {said}.", characters=characters, said=said) if cell.number else f"{said}."
        hint = tr("Enter opens it.") if cell.number else ""
        asked = f"“{cell.asked[:110]}{'…' if len(cell.asked) > 110 else ''}”" if cell.asked else ""
        self.tip.show_lines(tr("{model}, prompt {n}", model=cell.model, n=cell.place), asked, more, hint)
        box = self._box(*self._at)
        left = min(box.right() + 8, self.width() - self.tip.width())
        below = box.bottom() + 6
        top = below if below + self.tip.height() <= self.height() else box.top() - self.tip.height() - 6
        self.tip.move(int(max(0, left)), int(max(0, top)))
        self.tip.show()
        self.tip.raise_()
        self.setAccessibleDescription(f"{cell.model}, {cell.asked}, {more}")

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._cell_at(event.position().toPoint()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._cell_at(event.position().toPoint())
        if at is not None:
            self._at = at
            self._open()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._point(None)

    def _open(self) -> None:
        if self._at is not None and self._coverage is not None:
            name = self._lanes[self._at[0]].row.name
            self.row_chosen.emit(name)
            self.opened.emit(name, self._coverage.prompts[self._at[1] * self._block])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        key = Qt.Key(event.key())
        if key in steps and self._lanes:
            lane, column = self._at or (0, -1 if key is Qt.Key.Key_Right else 0)
            down, right = steps[key]
            self._point(
                (min(max(lane + down, 0), len(self._lanes) - 1), min(max(column + right, 0), self._across() - 1))
            )
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        elif key is Qt.Key.Key_Escape and self._at is not None:
            self._point(None)
        else:
            super().keyPressEvent(event)


class Legend(QWidget):
    """What the cells of the heat map mean, with how many there are."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[int, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_coverage(self, coverage: Coverage) -> None:
        """Count what is in a heat map."""
        self._items = [
            (_ANSWERED, tr("answered")),
            (_CUT, tr("looks cut {n}", n=f"{coverage.cut:,}")),
            (_DECLINED, tr("declined {n}", n=f"{coverage.declined:,}")),
            (_MISSING, tr("missing {n}", n=f"{coverage.missing:,}")),
        ]
        self.setAccessibleName(", ".join(said for _, said in self._items))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        metrics = theme().metrics(Type.SECOND)
        wide = sum(metrics.horizontalAdvance(said) + theme().px(34) for _, said in self._items)
        return QSize(wide, max(theme().px(18), metrics.height()))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        metrics = look.metrics(Type.SECOND)
        size = look.px(10)
        at = 0.0
        for code, said in self._items:
            box = QRectF(at + 2, (self.height() - size) / 2, size + 1, size)
            paint_code(painter, box, code)
            painter.setFont(look.font(Type.SECOND))
            painter.setPen(look.color("ink2"))
            room = QRectF(at + size + 9, 0, metrics.horizontalAdvance(said) + 2, self.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), said)
            at += size + 9 + metrics.horizontalAdvance(said) + look.px(15)


def paint_code(painter: QPainter, box: QRectF, code: int) -> None:
    """Paint one cell by its code, for legends and tables."""
    look = theme()
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    if code == _CUT:
        painter.fillRect(box, look.color("hit"))
        painter.fillRect(QRectF(box.left(), box.center().y(), box.width(), box.height() / 2), look.color("warn"))
    elif code == _DECLINED:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("bad"), 1.5))
        inner = box.adjusted(1, 1, -1, -1)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif code == _MISSING:
        pen = QPen(look.color("ink3"), 1)
        pen.setDashPattern([2, 1.6])
        painter.setPen(pen)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        painter.fillRect(box, look.color("heat2"))
    painter.restore()
