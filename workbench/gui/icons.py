"""Our own icons, tinted in the colours of the palette so that they read on light and on dark."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench.core.resources import resource

_SIZE = 64


def icon(name: str, palette: QPalette) -> QIcon:
    """An icon of ours in the text colour of a palette, and in that of chosen rows."""
    drawing = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, role in (
        (QIcon.Mode.Normal, QPalette.ColorRole.Text),
        (QIcon.Mode.Selected, QPalette.ColorRole.HighlightedText),
    ):
        made.addPixmap(_drawn(drawing.replace("currentColor", palette.color(role).name())), mode)
    return made


def _drawn(drawing: str) -> QPixmap:
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode("utf-8"))).render(painter)
    painter.end()
    return pixmap
