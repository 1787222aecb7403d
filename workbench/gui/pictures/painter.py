"""Paints a plot in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from workbench.core.plot import Band, Dash, Fill, Ink, Line, Mark, Plot, Row, Shape, Side, Upright, Words
from workbench.gui.look.marks import paint_mark
from workbench.gui.look.theme import Type, theme
from workbench.gui.pictures.geometry import GROUNDS, Geometry, Placed, label_box, size_of

_TOKENS = {
    Ink.SUSPECT: "suspect",
    Ink.PROTECTED: "protected",
    Ink.CONTROL: "neutral",
    Ink.KIN: "kin",
    Ink.STRONG: "ink1",
    Ink.SECOND: "ink2",
    Ink.QUIET: "ink3",
    Ink.HAIR: "hair",
    Ink.ACCENT: "accent",
    Ink.WARN: "warn",
}
_BY_SHAPE = {
    Shape.SUSPECT: Ink.SUSPECT,
    Shape.PROTECTED: Ink.PROTECTED,
    Shape.LATE: Ink.PROTECTED,
    Shape.BASE: Ink.KIN,
    Shape.SIBLING: Ink.KIN,
    Shape.CONTROL: Ink.CONTROL,
}
_ROLES = {Shape.SUSPECT, Shape.PROTECTED, Shape.LATE, Shape.CONTROL, Shape.BASE, Shape.SIBLING, Shape.ASIDE}
_PATTERNS = {Dash.DASHED: [4.0, 3.0], Dash.DOTTED: [1.5, 2.5]}
_HATCH = 7


def ink(value: Ink) -> QColor:
    """The colour of an ink in the theme."""
    return theme().color(_TOKENS[value])


def ink_of(mark: Mark) -> Ink:
    """The ink of a mark: its own, or that of its role."""
    return mark.ink or _BY_SHAPE.get(mark.shape, Ink.SECOND)


class PlotPainter:
    """Paints one plot into one rectangle; what it painted can be asked for afterwards."""

    def __init__(self, plot: Plot, rect: QRectF, *, bare: bool = False, shown: QRectF | None = None) -> None:
        self.plot, self.bare = plot, bare
        self.geometry = Geometry(plot, rect, bare=bare, shown=shown)
        self.marks = self.geometry.marks()
        self._taken: list[QRectF] = []

    def paint(self, painter: QPainter) -> None:
        """Paint all of it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._rows(painter)
        for band in self.plot.bands:
            self._band(painter, band)
        self._ticks(painter)
        painter.setClipRect(self.geometry.area.adjusted(-8, -12, 8, 8))
        for line in self.plot.lines:
            self._line(painter, line)
        for placed in self.marks:
            if self.inside(placed):
                self._mark(painter, placed)
        painter.setClipping(False)
        self._heads(painter)
        for words in self.plot.words:
            self._words(painter, words)
        if not self.bare:
            self._labels(painter)
        self._axes(painter)
        painter.restore()

    def inside(self, placed: Placed) -> bool:
        """Whether a mark lies in what is shown."""
        return self.geometry.area.adjusted(-9, -9, 9, 9).contains(placed.point)

    # Ground

    def _rows(self, painter: QPainter) -> None:
        for at, row in enumerate(self.plot.rows):
            box = self.geometry.row_box(at)
            ground = GROUNDS.get(row.fill)
            if ground is not None:
                whole = box.adjusted(0, 0.5, 0, -0.5)
                whole.setLeft(self.geometry.rect.left())
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme().color(ground))
                painter.drawRoundedRect(whole, 2, 2)
            if row.name:
                self._name(painter, row, box)

    def _name(self, painter: QPainter, row: Row, box: QRectF) -> None:
        look = theme()
        type_ = Type.GROUP if row.strong else Type.LEAST
        room = QRectF(self.geometry.rect.left(), box.top(), box.left() - self.geometry.rect.left() - 8, box.height())
        if row.shape is not Shape.NONE:
            size = look.px(11)
            paint_mark(painter, row.shape, QRectF(room.left(), room.center().y() - size / 2, size, size))
            room.setLeft(room.left() + size + 6)
        painter.setFont(look.font(type_))
        painter.setPen(look.color("ink1"))
        said = look.metrics(type_).elidedText(row.name, Qt.TextElideMode.ElideMiddle, int(room.width()))
        side = Qt.AlignmentFlag.AlignLeft if row.shape is not Shape.NONE else Qt.AlignmentFlag.AlignRight
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), said)

    def _band(self, painter: QPainter, band: Band) -> None:
        look = theme()
        box = self.geometry.band_box(band.low, band.high, band.first, band.last)
        if box.width() <= 0:
            return
        ground = GROUNDS.get(band.fill)
        painter.setPen(Qt.PenStyle.NoPen)
        if ground is not None:
            whole = QRectF(box)
            if band.words:
                whole.setTop(self.geometry.band_top)
            painter.setBrush(look.color(ground))
            painter.drawRect(whole)
        if band.fill is Fill.HATCHED:
            self._hatch(painter, box)
        if band.words:
            room = QRectF(box.left(), self.geometry.band_top, box.width(), box.top() - self.geometry.band_top)
            painter.setFont(look.font(Type.LEAST))
            painter.setPen(look.color("ink2"))
            said = look.metrics(Type.LEAST).elidedText(band.words, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, said)

    @staticmethod
    def _hatch(painter: QPainter, box: QRectF) -> None:
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(theme().color("strong"), 1))
        reach = box.width() + box.height()
        step = _HATCH
        at = step - (box.left() + box.top()) % step
        lines = []
        while at < reach:
            lines.append(QLineF(box.left() + at, box.top(), box.left() + at - box.height(), box.bottom()))
            at += step
        painter.drawLines(lines)
        painter.restore()

    def _ticks(self, painter: QPainter) -> None:
        area = self.geometry.area
        painter.setPen(QPen(theme().color("hair"), 1))
        for tick in self.plot.axis.ticks:
            x = self.geometry.x(tick.at)
            if tick.line and area.left() - 1 <= x <= area.right() + 1:
                painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        if self.plot.second is not None:
            for tick in self.plot.second.ticks:
                y = self.geometry.y(tick.at)
                if tick.line and area.top() - 1 <= y <= area.bottom() + 1:
                    painter.drawLine(QLineF(area.left(), y, area.right(), y))

    # What it is about

    def _line(self, painter: QPainter, line: Line) -> None:
        pen = QPen(ink(line.ink), line.weight)
        if line.dash in _PATTERNS:
            pen.setDashPattern([part / max(line.weight, 1.0) for part in _PATTERNS[line.dash]])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if isinstance(line, Upright):
            x = self.geometry.x(line.points[0][0])
            top = self.geometry.area.top()
            painter.drawLine(QLineF(x, top, x, self.geometry.area.bottom()))
            return
        points = [QPointF(self.geometry.x(x), self.geometry.y(y)) for x, y in line.points]
        painter.drawPolyline(QPolygonF(points))

    def _mark(self, painter: QPainter, placed: Placed) -> None:
        mark, point = placed.mark, placed.point
        color = ink(ink_of(mark))
        if mark.faded:
            color = QColor(color)
            color.setAlpha(110)
        size = size_of(mark)
        if self.bare:
            size *= 0.8
        if mark.low is not None and mark.high is not None and mark.shape is not Shape.BAR:
            pen = QPen(color, 2.4 if mark.strong else 1.3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QLineF(self.geometry.x(mark.low), point.y(), self.geometry.x(mark.high), point.y()))
        box = QRectF(point.x() - size / 2, point.y() - size / 2, size, size)
        if mark.shape in _ROLES:
            self._role(painter, mark, box, color)
        elif mark.shape is Shape.TICK:
            painter.setPen(QPen(color, 2.4 if mark.strong else 1.6))
            painter.drawLine(QLineF(point.x(), box.top(), point.x(), box.bottom()))
        elif mark.shape is Shape.BAR:
            start = self.geometry.x(mark.low if mark.low is not None else 0.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            left, right = sorted((start, point.x()))
            painter.drawRect(QRectF(left, point.y() - size / 2, max(right - left, 1.0), size))
        elif mark.shape in (Shape.CELL, Shape.HOLLOW_CELL):
            self._cell(painter, mark, box)
        elif mark.shape is Shape.RING:
            painter.setPen(QPen(color, 2))
            painter.setBrush(theme().color("surface"))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))

    @staticmethod
    def _role(painter: QPainter, mark: Mark, box: QRectF, color: QColor) -> None:
        if mark.shape in (Shape.CONTROL, Shape.BASE, Shape.SIBLING, Shape.ASIDE, Shape.LATE):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("surface"))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        paint_mark(painter, mark.shape, box, color)

    @staticmethod
    def _cell(painter: QPainter, mark: Mark, box: QRectF) -> None:
        look = theme()
        inner = box.adjusted(1, 1, -1, -1)
        if mark.shape is Shape.CELL:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("heat3") if mark.ink is None else ink(mark.ink))
        else:
            pen = QPen(ink(ink_of(mark)), 1.2)
            pen.setDashPattern([1.8, 1.4])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, 2, 2)

    # Words

    def _heads(self, painter: QPainter) -> None:
        look = theme()
        metrics = look.metrics(Type.GROUP)
        warnings = self.geometry.warning_lines()
        top = self.geometry.rect.top()
        for at, said in enumerate(warnings):
            painter.setFont(look.font(Type.GROUP if at == 0 else Type.LEAST))
            painter.setPen(look.color("warn"))
            room = QRectF(
                self.geometry.rect.left(),
                top + at * (metrics.height() + 3),
                self.geometry.rect.width(),
                metrics.height(),
            )
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft), said)
        top += len(warnings) * (metrics.height() + 3)
        painter.setFont(look.font(Type.GROUP))
        for place, said, side in self.plot.heads:
            x, long = self.geometry.x(place), metrics.horizontalAdvance(said)
            left = x - long - 12 if side is Side.LEFT else x - long / 2 if side is Side.MIDDLE else x + 12
            left = min(max(left, self.geometry.rect.left()), self.geometry.rect.right() - long)
            painter.setPen(look.color("ink1"))
            painter.drawText(QRectF(left, top, long + 2, metrics.height()), 0, said)
        for line in self.plot.lines:
            if isinstance(line, Upright) and line.words:
                at_x, across = self.geometry.x(line.points[0][0]), float(metrics.horizontalAdvance(line.words))
                left = min(max(at_x - across / 2, self.geometry.rect.left()), self.geometry.rect.right() - across)
                painter.setPen(ink(line.ink))
                painter.drawText(QRectF(left, top, across + 2, metrics.height()), 0, line.words)

    def _words(self, painter: QPainter, words: Words) -> None:
        look = theme()
        type_ = Type.GROUP if words.strong else Type.LEAST
        metrics = look.metrics(type_)
        second = look.metrics(Type.LEAST)
        wide = float(max(metrics.horizontalAdvance(words.words), second.horizontalAdvance(words.second)))
        high = float(metrics.height() + (second.height() if words.second else 0))
        edge_x, edge_y = (10.0, 5.0) if words.boxed else (6.0, 1.5) if words.pill else (0.0, 0.0)
        size_x, size_y = wide + 2 * edge_x, high + 2 * edge_y
        x, y = self.geometry.x(words.x), self.geometry.y(words.y)
        left = {Side.LEFT: x - size_x, Side.RIGHT: x}.get(words.side, x - size_x / 2)
        top = {Side.ABOVE: y - size_y, Side.BELOW: y}.get(words.side, y - size_y / 2)
        left = min(max(left, self.geometry.rect.left()), self.geometry.rect.right() - size_x)
        box = QRectF(left, top, size_x, size_y)
        if words.boxed or words.pill:
            bordered = words.pill or words.ink is Ink.SUSPECT
            painter.setPen(QPen(ink(words.ink) if bordered else look.color("surface"), 1))
            painter.setBrush(look.color("surface"))
            radius = size_y / 2 if words.pill else 6.0
            painter.drawRoundedRect(box, radius, radius)
        self._taken.append(box)
        painter.setFont(look.font(type_))
        painter.setPen(ink(Ink.STRONG if words.pill else words.ink))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        painter.drawText(box.adjusted(edge_x, edge_y, 0, 0), flags, words.words)
        if words.second:
            painter.setFont(look.font(Type.LEAST))
            painter.setPen(look.color("ink2"))
            painter.drawText(box.adjusted(edge_x, edge_y + metrics.height(), 0, 0), flags, words.second)

    def _labels(self, painter: QPainter) -> None:
        """Labels of marks, the strong ones first; one that would cover another is left out: the tip has it."""
        look = theme()
        taken = [*self._taken, *(placed.box.adjusted(2, 2, -2, -2) for placed in self.marks if self.inside(placed))]
        labelled = [placed for placed in self.marks if placed.mark.label and self.inside(placed)]
        for placed in sorted(labelled, key=lambda p: not p.mark.strong):
            mark = placed.mark
            type_ = Type.GROUP if mark.strong else Type.LEAST
            metrics = look.metrics(type_)
            wide, high = metrics.horizontalAdvance(mark.label), metrics.height()
            own = placed.box
            for side in dict.fromkeys((mark.label_side, Side.RIGHT, Side.LEFT, Side.ABOVE, Side.BELOW)):
                box = label_box(placed, wide, high, side)
                if not self.geometry.rect.adjusted(-1, -1, 1, 1).contains(box):
                    continue
                if any(box.intersects(other) for other in taken if other != own.adjusted(2, 2, -2, -2)):
                    continue
                taken.append(box)
                role = mark.strong and mark.shape in (Shape.SUSPECT, Shape.PROTECTED, Shape.LATE)
                painter.setPen(ink(ink_of(mark)) if role else look.color("ink1" if mark.strong else "ink2"))
                painter.setFont(look.font(type_))
                painter.drawText(box.adjusted(0, 0, 4, 0), 0, mark.label)
                break

    def _axes(self, painter: QPainter) -> None:
        look = theme()
        area, axis = self.geometry.area, self.plot.axis
        metrics = look.metrics(Type.LEAST)
        if axis.ticks or axis.label:
            painter.setPen(QPen(look.color("strong"), 1))
            painter.drawLine(QLineF(area.left(), area.bottom(), area.right(), area.bottom()))
        painter.setFont(look.font(Type.LEAST))
        painter.setPen(look.color("ink2"))
        end = -1e9
        y = area.bottom() + 4
        for tick in axis.ticks:
            x = self.geometry.x(tick.at)
            if not area.left() - 1 <= x <= area.right() + 1:
                continue
            wide = metrics.horizontalAdvance(tick.words)
            left = min(max(x - wide / 2, self.geometry.rect.left()), self.geometry.rect.right() - wide)
            if left > end + 5:
                painter.drawText(QRectF(left, y, wide + 2, metrics.height()), 0, tick.words)
                end = left + wide
        if axis.label:
            said = metrics.elidedText(axis.label, Qt.TextElideMode.ElideRight, int(self.geometry.rect.width()))
            wide = metrics.horizontalAdvance(said)
            left = min(area.center().x() - wide / 2, self.geometry.rect.right() - wide)
            left = max(left, self.geometry.rect.left())
            below = y + (metrics.height() + 3 if axis.ticks else 0)
            painter.drawText(QRectF(left, below, wide + 2, metrics.height()), 0, said)
        if self.plot.second is not None:
            self._second(painter)

    def _second(self, painter: QPainter) -> None:
        second = self.plot.second
        assert second is not None
        metrics = theme().metrics(Type.LEAST)
        area = self.geometry.area
        for tick in second.ticks:
            y = self.geometry.y(tick.at)
            if area.top() - 1 <= y <= area.bottom() + 1:
                wide = metrics.horizontalAdvance(tick.words)
                room = QRectF(area.left() - wide - 6, y - metrics.height() / 2, wide + 2, metrics.height())
                painter.drawText(room, 0, tick.words)
        if second.label:
            painter.save()
            painter.translate(self.geometry.rect.left(), area.center().y())
            painter.rotate(-90)
            wide = metrics.horizontalAdvance(second.label)
            painter.drawText(QRectF(-wide / 2, 0, wide + 2, metrics.height()), 0, second.label)
            painter.restore()
