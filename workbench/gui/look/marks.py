"""The marks of the roles: the only place that knows their shapes. Role is shape, word and colour together."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from workbench.gui.look.theme import theme

SUSPECT, PROTECTED, CONTROL, BASE, SIBLING, ASIDE = "suspect", "protected", "control", "base", "sibling", "aside"
LATE = "late"
"""Of the protected maker, but too late to be a source."""

_TOKENS = {
    SUSPECT: "suspect",
    PROTECTED: "protected",
    LATE: "protected",
    CONTROL: "neutral",
    BASE: "kin",
    SIBLING: "kin",
    ASIDE: "ink3",
}


def token_of(role: str) -> str:
    """The token of a role's colour; what is no role is neutral."""
    return _TOKENS.get(role, "neutral")


def paint_mark(painter: QPainter, role: str, rect: QRect | QRectF, color: QColor | None = None) -> None:
    """Paint the mark of a role in the middle of a rectangle, in its own colour unless another is given."""
    side = min(rect.width(), rect.height())
    middle = QRectF(rect).center()
    ink = color or theme().color(token_of(role))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(ink))
    if role == SUSPECT:
        painter.drawPolygon(_diamond(middle, side * 0.48))
    elif role == PROTECTED:
        half = side * 0.36
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))
    elif role == LATE:
        half = side * 0.36
        pen = QPen(ink, max(1.3, side * 0.13))
        pen.setDashPattern([1.7, 1.3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))
    elif role in (BASE, SIBLING):
        _triangle(painter, middle, side, ink)
    else:
        painter.setPen(QPen(ink, max(1.4, side * 0.125)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = side * 0.37
        painter.drawEllipse(middle, radius, radius)
        if role == ASIDE:
            reach = radius * 0.7
            painter.drawLine(middle + QPointF(-reach, reach), middle + QPointF(reach, -reach))
    painter.restore()


def _diamond(middle: QPointF, reach: float) -> QPolygonF:
    return QPolygonF([middle + QPointF(dx * reach, dy * reach) for dx, dy in ((0, -1), (1, 0), (0, 1), (-1, 0))])


def _triangle(painter: QPainter, middle: QPointF, side: float, ink: QColor) -> None:
    pen = QPen(ink, max(1.4, side * 0.125))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    reach = side * 0.40
    corners = ((0.0, -0.95), (0.95, 0.75), (-0.95, 0.75))
    painter.drawPolygon(QPolygonF([middle + QPointF(x * reach, y * reach) for x, y in corners]))
