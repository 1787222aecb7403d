"""Our own icons, drawn in any colour of the theme and at any size."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench.core.resources import resource
from workbench.gui.look.theme import theme

_KEPT = 512


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=_KEPT)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing = _drawing(name).replace("currentColor", color)
    QSvgRenderer(QByteArray(drawing.encode("utf-8"))).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_icon(painter: QPainter, name: str, rect: QRect | QRectF, color: QColor) -> None:
    """Paint an icon in the middle of a rectangle, as large as its shorter side."""
    size = int(min(rect.width(), rect.height()))
    device = painter.device()
    pixmap = _pixmap(name, color.name(), size, device.devicePixelRatioF() if device else 1.0)
    middle = QRectF(rect).center()
    painter.drawPixmap(QPointF(middle.x() - size / 2, middle.y() - size / 2), pixmap)


def icon(name: str, token: str = "ink2", size: int = 16) -> QIcon:
    """An icon for Qt's own widgets, in one colour of the theme."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(_pixmap(name, theme().color(token).name(), theme().px(size), ratio))
        made.addPixmap(_pixmap(name, theme().color("control").name(), theme().px(size), ratio), QIcon.Mode.Disabled)
    return made


def logo() -> QIcon:
    """The icon of the program."""
    return QIcon(str(resource("icons/workbench.svg")))
