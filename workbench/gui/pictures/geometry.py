"""Where the parts of a plot lie in a rectangle of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workbench.core.plot import Fill, Mark, Plot, Shape, Side, Upright, piles
from workbench.gui.look.theme import Type, theme

ROW = 17.5
_AXIS, _LABEL, _HEADS, _BANDS = 20, 18, 20, 21
_GAP = 8
_SIZES = {Shape.SUSPECT: 13.0, Shape.TICK: 15.0, Shape.CELL: 13.0, Shape.HOLLOW_CELL: 13.0, Shape.BAR: 9.0}
_SIZE = 9.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark and where it is painted; `box` is what is hit by the mouse."""

    mark: Mark
    point: QPointF
    box: QRectF


def size_of(mark: Mark) -> float:
    """How large the mark is on the screen."""
    size = _SIZES.get(mark.shape, _SIZE)
    return theme().px(size + 1.5 if mark.strong and mark.shape not in (Shape.BAR, Shape.TICK) else size)


class Geometry:
    """Maps places of a plot to places of the screen; `bare` is a small picture without names and numbers."""

    def __init__(self, plot: Plot, rect: QRectF, *, bare: bool = False, shown: QRectF | None = None) -> None:
        self.plot, self.rect, self.bare = plot, rect, bare
        look = theme()
        axis = plot.axis
        self.low, self.high = axis.low, axis.high
        second = plot.second
        self.low2, self.high2 = (second.low, second.high) if second else (0.0, 1.0)
        if shown is not None:
            self.low, self.high = shown.left(), shown.right()
            if second is not None:
                self.low2, self.high2 = shown.top(), shown.bottom()
        left = right = top = foot = 0.0
        metrics = look.metrics(Type.LEAST)
        left = self.names_width(rect.width())
        if second is not None and second.ticks:
            words = [metrics.horizontalAdvance(tick.words) for tick in second.ticks]
            left = max([0, *words]) + _GAP + (metrics.height() + 4 if second.label else 0)
        line = metrics.height() + 3
        headed = plot.heads or any(isinstance(each, Upright) and each.words for each in plot.lines)
        top += line + 2 if headed else 0
        top += line * len(self.warning_lines())
        self.band_top = rect.top() + top
        if any(band.words for band in plot.bands):
            top += max(look.px(_BANDS), line + 3)
        foot = (max(look.px(_AXIS), line + 4) if axis.ticks else 0) + (line + 2 if axis.label else 0)
        right = 0 if bare else look.px(10)
        self.top, self.foot_height = top, foot
        self.area = rect.adjusted(left, top, -right, -foot)
        self._tops: list[tuple[float, float]] = list(plot.placed())
        self._unit = self.area.height() / plot.height if plot.height else 0.0

    def warning_lines(self) -> list[str]:
        """What must be seen before any number, one line each."""
        return self.plot.warning.splitlines() if self.plot.warning else []

    def names_width(self, whole: float) -> float:
        """The room that the names of the rows take."""
        rows = [row for row in self.plot.rows if row.name]
        if not rows:
            return 0.0
        look = theme()
        strong, plain = look.metrics(Type.GROUP), look.metrics(Type.LEAST)
        wide = max((strong if row.strong else plain).horizontalAdvance(row.name) for row in rows)
        sign = look.px(18) if any(row.shape is not Shape.NONE for row in rows) else 0
        return min(wide + sign + 2.0 * _GAP, whole * 0.34)

    def x(self, value: float) -> float:
        """Across, from a value of the axis; far values stay just outside."""
        span = (self.high - self.low) or 1.0
        share = (value - self.low) / span
        return self.area.left() + min(max(share, -0.5), 1.5) * self.area.width()

    def value(self, x: float) -> float:
        """The value of the axis at a place of the screen."""
        return self.low + (x - self.area.left()) / (self.area.width() or 1.0) * (self.high - self.low)

    def y(self, value: float) -> float:
        """Down, from a row or a value of the second axis."""
        if self.plot.second is not None:
            span = (self.high2 - self.low2) or 1.0
            return self.area.bottom() - (value - self.low2) / span * self.area.height()
        if not self._tops:
            return self.area.center().y()
        at = min(max(int(value + 0.5), 0), len(self._tops) - 1)
        top, foot = self._tops[at]
        return self.area.top() + ((top + foot) / 2 + (value - at) * (foot - top)) * self._unit

    def row_box(self, first: int, last: int | None = None) -> QRectF:
        """The box of one row or of several, over the whole width of the plot."""
        last = first if last is None else last
        top, foot = self._tops[first][0], self._tops[last][1]
        return QRectF(
            self.area.left(), self.area.top() + top * self._unit, self.area.width(), (foot - top) * self._unit
        )

    def band_box(self, low: float, high: float, first: int | None, last: int | None) -> QRectF:
        """The box of a band."""
        left, right = self.x(low), self.x(high)
        left, right = max(left, self.area.left()), min(right, self.area.right())
        box = QRectF(left, self.area.top(), max(0.0, right - left), self.area.height())
        if first is not None:
            rows = self.row_box(first, last)
            box.setTop(rows.top())
            box.setBottom(rows.bottom())
        return box

    def marks(self) -> list[Placed]:
        """All marks in their places; piled ones give way upwards."""
        levels = self._levels()
        placed = []
        for at, mark in enumerate(self.plot.marks):
            size = size_of(mark)
            if at in levels:
                foot = self.row_box(int(mark.y)).bottom() if self._tops else self.area.bottom()
                point = QPointF(self.x(mark.x), foot - size * 0.62 - levels[at] * self._step(mark, size))
            else:
                point = QPointF(self.x(mark.x), self.y(mark.y))
            half = max(size / 2 + 2, 7.0)
            box = QRectF(point.x() - half, point.y() - half, 2 * half, 2 * half)
            if mark.low is not None and mark.high is not None and not self.bare:
                ends = sorted((self.x(mark.low), self.x(mark.high)))
                box = box.united(QRectF(ends[0], point.y() - half, ends[1] - ends[0], 2 * half))
            placed.append(Placed(mark, point, box))
        return placed

    def _step(self, mark: Mark, size: float) -> float:
        """How far a level lies above the one below: less where a pile is higher than its row."""
        if not self._tops:
            return size
        room = self.row_box(int(mark.y)).height() - size * 1.2
        highest = self._highest.get(int(mark.y), 0)
        return min(size * 0.92, room / highest) if highest else size

    def _levels(self) -> dict[int, int]:
        self._highest: dict[int, int] = {}
        levels: dict[int, int] = {}
        rows: dict[int, list[int]] = {}
        for at, mark in enumerate(self.plot.marks):
            if mark.piled:
                rows.setdefault(int(mark.y), []).append(at)
        for row, marks in rows.items():
            wide = size_of(self.plot.marks[marks[0]]) * 0.95
            found = piles([self.x(self.plot.marks[at].x) for at in marks], wide)
            levels.update(zip(marks, found, strict=True))
            self._highest[row] = max(found, default=0)
        return levels


def natural_height(plot: Plot, width: float) -> int:
    """How high a plot wants to be."""
    geometry = Geometry(plot, QRectF(0, 0, width, 1000))
    edges = geometry.top + geometry.foot_height
    metrics = theme().metrics(Type.LEAST)
    if plot.second is not None or not plot.rows:
        return round(edges + theme().px(280))
    row = max(theme().px(ROW), metrics.height() + 2)
    return round(edges + plot.height * row + 2)


def label_box(placed: Placed, wide: float, high: float, side: Side) -> QRectF:
    """Where the label of a mark stands on a side of it."""
    gap = size_of(placed.mark) / 2 + 4
    point = placed.point
    if side is Side.LEFT:
        return QRectF(point.x() - gap - wide, point.y() - high / 2, wide, high)
    if side is Side.ABOVE:
        return QRectF(point.x() - wide / 2, point.y() - gap - high + 2, wide, high)
    if side is Side.BELOW:
        return QRectF(point.x() - wide / 2, point.y() + gap - 2, wide, high)
    return QRectF(point.x() + gap, point.y() - high / 2, wide, high)


GROUNDS = {Fill.PLAIN: "sunken", Fill.SUSPECT: "suspect_tint", Fill.TINT: "sel"}
