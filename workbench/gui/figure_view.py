"""A chart as it stands in the pack, fitted to the width there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from workbench.app.session import Session

_LARGEST = 1.25
_MARGIN = 8


def png_of(session: Session, number: int) -> bytes:
    """The chart of a finding as PNG; the drawing library is loaded here, far from the window's thread."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        out = Path(folder) / "chart.png"
        session.write_figure(number, out)
        return out.read_bytes()


class FigureView(QScrollArea):
    """Shows a chart on white, whatever the palette: it is evidence, and looks as it is printed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = QPixmap()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._label.setWordWrap(True)
        self._label.setMargin(_MARGIN)
        self.setWidget(self._label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Chart")

    @property
    def has_chart(self) -> bool:
        """Whether a chart is shown."""
        return not self._chart.isNull()

    def say(self, text: str) -> None:
        """Show words in place of a chart."""
        self._chart = QPixmap()
        self._label.setPixmap(self._chart)
        self._label.setStyleSheet("")
        self._label.setText(text)

    def show_png(self, data: bytes, description: str) -> None:
        """Show a chart; `description` is for a reader who can't see it."""
        chart = QPixmap()
        chart.loadFromData(data)
        self._chart = chart
        self._label.setStyleSheet("background: white")
        self._label.setAccessibleDescription(description)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(720, 480)

    def _fit(self) -> None:
        """Scale the chart to the width, but not far beyond its own size, where it would blur.

        Room for the scroll bar is kept free, seen or not: it would come after the fitting and cut the chart.
        """
        if self._chart.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2 * _MARGIN
        width = min(room * ratio, self._chart.width() * _LARGEST)
        fitted = self._chart.scaledToWidth(max(50, int(width)), Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(ratio)
        self._label.setPixmap(fitted)
