"""Small widgets that several pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QAction, QFont, QFontDatabase, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

MARGIN = 20
GAP = 10


def label(text: str = "", *, wrap: bool = True) -> QLabel:
    """Text that is shown as it is, whatever it looks like, and can be selected."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def heading(text: str, *, larger: float = 1.5) -> QLabel:
    """A heading, larger than the text by a factor."""
    made = label(text)
    font = made.font()
    font.setPointSizeF(font.pointSizeF() * larger)
    font.setWeight(QFont.Weight.DemiBold)
    made.setFont(font)
    return made


def quiet(text: str = "") -> QLabel:
    """A smaller remark."""
    made = label(text)
    font = made.font()
    font.setPointSizeF(font.pointSizeF() * 0.92)
    made.setFont(font)
    return made


def fixed_font() -> QFont:
    """The font for hashes and code."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _plainly(signal: SignalInstance, act: Callable[[], object]) -> None:
    """Connect without the flag that clicks carry: a default argument would swallow it."""

    def pressed() -> None:
        act()

    signal.connect(pressed)


def button(text: str, act: Callable[[], object], *, tip: str = "", name: str = "") -> QPushButton:
    """A push button; `text` carries its mnemonic, `tip` says what it does."""
    made = QPushButton(text)
    _plainly(made.clicked, act)
    made.setAccessibleName(name or text.replace("&", "").rstrip("…"))
    made.setToolTip(tip)
    return made


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Widgets side by side from the left."""
    layout = QHBoxLayout()
    layout.setSpacing(GAP)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return layout


def is_there(widget: QWidget) -> bool:
    """Whether a widget still exists: what was asked for it may arrive after it was closed and deleted."""
    return isValid(widget)


def rule() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line


class EmptyState(QWidget):
    """What a page says while it has nothing to show: why, and what to do next, with buttons for it."""

    def __init__(self, title: str, text: str, buttons: Sequence[QPushButton] = ()) -> None:
        super().__init__()
        self.title = heading(title, larger=1.25)
        self.text = label(text)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addStretch(2)
        for widget in (self.title, self.text):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        line = QHBoxLayout()
        line.addStretch(1)
        for made in buttons:
            line.addWidget(made)
        line.addStretch(1)
        layout.addLayout(line)
        self.below = QVBoxLayout()
        layout.addLayout(self.below)
        layout.addStretch(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def say(self, title: str, text: str) -> None:
        """Say something else."""
        self.title.setText(title)
        self.text.setText(text)


def action(
    text: str, act: Callable[[], object], parent: QWidget, *, keys: QKeySequence | str = "", tip: str = ""
) -> QAction:
    """A menu action; `keys` is its shortcut."""
    made = QAction(text, parent)
    _plainly(made.triggered, act)
    if keys:
        made.setShortcut(QKeySequence(keys))
    made.setStatusTip(tip)
    return made
