"""A picture on a page: painted from a plot, walked with arrows, zoomed with the wheel, shown as a table with T."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.plot import Mark, Plot, Shape
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import SECOND, THIRD, text
from workbench.gui.pictures.geometry import Placed, natural_height
from workbench.gui.pictures.painter import PlotPainter
from workbench.gui.tables import TableView
from workbench.gui.words import tr

_STEP = 1.25
_CLOSEST = 0.02
_RING = 12


class Tip(QFrame):
    """What a mark says when it is pointed at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.first = text("", Type.SECOND_STRONG)
        self.value = text("", Type.SECOND)
        self.more = text("", Type.SECOND, SECOND)
        self.hint = text("", Type.SECOND, THIRD)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(11, 7, 11, 7)
        layout.setSpacing(1)
        for label in (self.first, self.value, self.more, self.hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            layout.addWidget(label)
        self.hide()

    def show_lines(self, first: str, value: str, more: str, hint: str) -> None:
        """Show lines; empty ones take no room."""
        for label, said in ((self.first, first), (self.value, value), (self.more, more), (self.hint, hint)):
            label.setText(said)
            label.setVisible(bool(said))
        metrics = theme().metrics(Type.SECOND_STRONG)
        wide = max(
            metrics.horizontalAdvance(line) for said in (first, value, more, hint) for line in [*said.splitlines(), ""]
        )
        self.setFixedWidth(min(wide + 30, theme().px(330)))
        layout = self.layout()
        self.setFixedHeight(layout.heightForWidth(self.width()) if layout is not None else 60)


class Canvas(QWidget):
    """The painted side of a picture. `opened` carries the target of a mark."""

    opened = Signal(str)
    pointed = Signal(object)
    """The mark that is pointed at, or None."""

    def __init__(self) -> None:
        super().__init__()
        self.plot: Plot | None = None
        self.hint = tr("Enter opens it.")
        self.fixed_height = 0
        self._shown: QRectF | None = None
        self._cache = QPixmap()
        self._painter: PlotPainter | None = None
        self._at: int | None = None
        self._dragged: QPointF | None = None
        self.tip = Tip(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._settle)

    def show_plot(self, plot: Plot | None) -> None:
        """Show another plot."""
        self.plot, self._shown, self._at = plot, None, None
        self.tip.hide()
        self.setAccessibleName(plot.title if plot else "")
        self.setAccessibleDescription(plot.description if plot else "")
        self._settle()

    def _settle(self) -> None:
        """Take the height that the plot wants."""
        self.setFixedHeight(self.heightForWidth(max(self.width(), 320)))
        self._fresh()

    def _fresh(self) -> None:
        self._painter = None
        self._cache = QPixmap()
        self.update()

    @override
    def heightForWidth(self, width: int) -> int:
        if self.fixed_height or self.plot is None:
            return theme().px(self.fixed_height or 120)
        return natural_height(self.plot, width)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, self.heightForWidth(520))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme().px(60) if not self.fixed_height else theme().px(self.fixed_height))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fresh()

    def painted(self) -> PlotPainter | None:
        """The painter of what is shown."""
        if self._painter is None and self.plot is not None:
            self._painter = PlotPainter(self.plot, QRectF(self.rect()), shown=self._shown)
        return self._painter

    def marks(self) -> list[Placed]:
        """The marks that are shown, in their places."""
        painter = self.painted()
        return [placed for placed in painter.marks if painter.inside(placed)] if painter else []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painted()
        if painter is None:
            return
        if self._cache.isNull():
            ratio = self.devicePixelRatioF()
            self._cache = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            self._cache.setDevicePixelRatio(ratio)
            self._cache.fill(Qt.GlobalColor.transparent)
            onto = QPainter(self._cache)
            painter.paint(onto)
            onto.end()
        screen = QPainter(self)
        screen.drawPixmap(0, 0, self._cache)
        placed = self.pointed_at()
        if placed is not None:
            screen.setRenderHint(QPainter.RenderHint.Antialiasing)
            screen.setPen(QPen(theme().color("accent"), 2))
            radius = theme().px(_RING)
            screen.drawEllipse(placed.point, radius, radius)

    # Pointing

    def pointed_at(self) -> Placed | None:
        """The mark that is pointed at, in its place."""
        painter = self.painted()
        return painter.marks[self._at] if painter and self._at is not None and self._at < len(painter.marks) else None

    def point(self, at: int | None) -> None:
        """Point at a mark by its number, or at none."""
        if at == self._at:
            return
        self._at = at
        placed = self.pointed_at()
        if placed is None:
            self.tip.hide()
        else:
            mark = placed.mark
            hint = self.hint if mark.target else ""
            self.tip.show_lines(mark.name, mark.value, mark.more, hint)
            self._place_tip(placed)
            self.tip.show()
            self.setAccessibleDescription(" ".join(filter(None, (mark.name, mark.value, mark.more))))
        self.pointed.emit(placed.mark if placed else None)
        self.update()

    def point_at(self, name: str) -> None:
        """Point at the mark of a model."""
        painter = self.painted()
        if painter is not None:
            self.point(next((n for n, placed in enumerate(painter.marks) if placed.mark.name == name), None))

    def _place_tip(self, placed: Placed) -> None:
        """Below the mark or above it, never over another mark of its row."""
        size = self.tip.size()
        left = placed.point.x() + theme().px(16)
        if left + size.width() > self.width():
            left = placed.point.x() - size.width() - theme().px(16)
        left = min(max(left, 0.0), max(0.0, float(self.width() - size.width())))
        below = placed.point.y() + theme().px(16)
        above = placed.point.y() - size.height() - theme().px(16)
        fits_below = below + size.height() <= self.height()
        self.tip.move(QPoint(int(left), int(below if fits_below or above < 0 else above)))
        self.tip.raise_()

    def _nearest(self, where: QPointF) -> int | None:
        painter = self.painted()
        if painter is None:
            return None
        hit = [
            (abs(p.point.x() - where.x()) + abs(p.point.y() - where.y()), n)
            for n, p in enumerate(painter.marks)
            if painter.inside(p) and p.box.contains(where)
        ]
        return min(hit)[1] if hit else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and self._shown is not None:
            self._pan(event.position() - self._dragged)
            self._dragged = event.position()
            return
        self.point(self._nearest(event.position()))
        over = self.pointed_at()
        leads = over is not None and bool(over.mark.target)
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self.point(None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._nearest(event.position()) is None:
            self._dragged = event.position()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        at = self._nearest(event.position())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self.point(at)
            self.open_pointed()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._nearest(event.position()) is None:
            self.show_all()

    def open_pointed(self) -> None:
        """Follow the mark that is pointed at."""
        placed = self.pointed_at()
        if placed is not None and placed.mark.target:
            self.opened.emit(placed.mark.target)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at is not None:
            self.open_pointed()
        elif key is Qt.Key.Key_Escape and (self._at is not None or self._shown is not None):
            self.point(None)
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _walk(self, key: Qt.Key) -> None:
        """To the nearest mark in the direction of an arrow; from no mark to the first one."""
        painter = self.painted()
        if painter is None or not painter.marks:
            return
        here = self.pointed_at()
        if here is None:
            strong = [n for n, p in enumerate(painter.marks) if p.mark.shape is Shape.SUSPECT]
            self.point(strong[0] if strong else 0)
            return
        across = key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        sign = -1 if key in (Qt.Key.Key_Left, Qt.Key.Key_Up) else 1
        best: tuple[float, int] | None = None
        for n, placed in enumerate(painter.marks):
            dx, dy = placed.point.x() - here.point.x(), placed.point.y() - here.point.y()
            ahead, aside = (dx, dy) if across else (dy, dx)
            if n != self._at and ahead * sign > 0.01 and painter.inside(placed):
                cost = abs(ahead) + abs(aside) * 3
                if best is None or cost < best[0]:
                    best = (cost, n)
        if best is not None:
            self.point(best[1])

    # Zoom

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.plot is None:
            event.ignore()
            return
        self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP, event.position())

    def zoom(self, factor: float, where: QPointF) -> None:
        """Show less or more of the axis, with what is under a point in its place."""
        painter, plot = self.painted(), self.plot
        if painter is None or plot is None:
            return
        geometry, whole = painter.geometry, plot.axis
        wide = (geometry.high - geometry.low) / factor
        if wide >= whole.high - whole.low:
            self.show_all()
            return
        wide = max(wide, (whole.high - whole.low) * _CLOSEST)
        share = (where.x() - geometry.area.left()) / (geometry.area.width() or 1)
        low = geometry.value(where.x()) - share * wide
        low = min(max(low, whole.low), whole.high - wide)
        top, high = geometry.low2, geometry.high2 - geometry.low2
        if plot.second is not None:
            share2 = (geometry.area.bottom() - where.y()) / (geometry.area.height() or 1)
            middle = geometry.low2 + share2 * high
            high = max(high / factor, (plot.second.high - plot.second.low) * _CLOSEST)
            top = min(max(middle - share2 * high, plot.second.low), plot.second.high - high)
        self._shown = QRectF(low, top, wide, high)
        self._fresh()

    def _pan(self, by: QPointF) -> None:
        painter, plot, shown = self.painted(), self.plot, self._shown
        if painter is None or plot is None or shown is None:
            return
        area = painter.geometry.area
        low = shown.left() - by.x() / (area.width() or 1) * shown.width()
        low = min(max(low, plot.axis.low), plot.axis.high - shown.width())
        top = shown.top()
        if plot.second is not None:
            top += by.y() / (area.height() or 1) * shown.height()
            top = min(max(top, plot.second.low), plot.second.high - shown.height())
        self._shown = QRectF(low, top, shown.width(), shown.height())
        self._fresh()

    def show_all(self) -> None:
        """Show the whole axis again."""
        if self._shown is not None:
            self._shown = None
            self._fresh()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            return True
        return super().event(event)


class Picture(QStackedWidget):
    """A plot and the same as a table; `opened` carries the target of a mark that was followed."""

    opened = Signal(str)
    pointed = Signal(object)

    def __init__(self, save: Callable[[], object] | None = None) -> None:
        super().__init__()
        self._save = save
        self.canvas = Canvas()
        self.canvas.opened.connect(self.opened)
        self.canvas.pointed.connect(self.pointed)
        self.table = TableView(tr("The picture as a table"))
        self.addWidget(self.canvas)
        self.addWidget(self.table)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def plot(self) -> Plot | None:
        """What is shown."""
        return self.canvas.plot

    def show_plot(self, plot: Plot | None) -> None:
        """Show a plot."""
        self.canvas.show_plot(plot)
        self.table.show_table(plot.table if plot else self.table.rows.table)
        self.setFixedHeight(self.canvas.height())

    @property
    def as_table(self) -> bool:
        """Whether the table is shown."""
        return self.currentWidget() is self.table

    def toggle_table(self) -> None:
        """Show the table in place of the picture, or the picture again."""
        to_table = not self.as_table
        self.setCurrentWidget(self.table if to_table else self.canvas)
        (self.table if to_table else self.canvas).setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self) -> Mark | None:
        """The mark that is pointed at."""
        placed = self.canvas.pointed_at()
        return placed.mark if placed else None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if (key is Qt.Key.Key_T and plain) or (key is Qt.Key.Key_Escape and self.as_table):
            self.toggle_table()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(tr("As a picture") if self.as_table else tr("As a table (T)"), self.toggle_table)
        if self._save is not None:
            menu.addAction(tr("Save as…"), self._save)
        menu.addAction(tr("Show all"), self.canvas.show_all)
        menu.popup(event.globalPos())

    @override
    def sizeHint(self) -> QSize:
        return self.canvas.sizeHint()


class Sketch(QWidget):
    """A small picture without names and numbers, for cards and lists; the words beside it say what it shows."""

    def __init__(self, plot: Plot | None = None, size: QSize | None = None) -> None:
        super().__init__()
        self._plot = plot
        self._size = size or QSize(180, 66)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(plot.description if plot else "")

    def show_plot(self, plot: Plot | None) -> None:
        """Show another one."""
        self._plot = plot
        self.setAccessibleName(plot.description if plot else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(self._size.width()), theme().px(self._size.height()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._plot is not None:
            painter = QPainter(self)
            paint_sketch(painter, self._plot, self.rect())


def paint_sketch(painter: QPainter, plot: Plot, rect: QRect) -> None:
    """Paint a small picture into a box, for delegates."""
    PlotPainter(plot, QRectF(rect).adjusted(6, 3, -6, -3), bare=True).paint(painter)
