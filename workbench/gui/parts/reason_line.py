"""A reason asked in place: what will be done, a line for the reason, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from workbench.gui.look.theme import Type
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import BAD, text
from workbench.gui.parts.panels import column, row
from workbench.gui.parts.wording import say_wording
from workbench.gui.words import tr


class ReasonLine(QWidget):
    """Hidden until a reason is asked for; nothing is done without one. Esc, or Cancel, lets go."""

    def __init__(self) -> None:
        super().__init__()
        self._act: Callable[[str], object] | None = None
        self.what = text("", Type.HEAD)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Reason"))
        self.reason.setPlaceholderText(tr("Why? It stands in the ledger."))
        self.reason.returnPressed.connect(self._give)
        self.reason.textChanged.connect(self._typed)
        self.wrong = text("", Type.SECOND, BAD)
        self.give = Button(tr("Do it"), self._give, kind=Kind.PRIMARY, small=True)
        self.cancel = Button(tr("Cancel"), self.close_now, small=True)
        line = row(self.reason, self.give, self.cancel)
        line.setStretch(0, 1)
        self.setLayout(column(self.what, line, self.wrong, spacing=6))
        self.hide()

    def ask(self, what: str, do: str, act: Callable[[str], object]) -> None:
        """Ask for a reason; `act` is called with it."""
        self._act = act
        self.what.setText(what)
        self.give.say(do)
        self.reason.clear()
        self._typed("")
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_now(self) -> None:
        """Ask no more."""
        self._act = None
        self.hide()

    def _typed(self, said: str) -> None:
        fine = say_wording(self.wrong, said)
        self.give.setEnabled(bool(said.strip()) and fine)

    def _give(self) -> None:
        act, said = self._act, self.reason.text().strip()
        if act is not None and self.give.isEnabled():
            self.close_now()
            act(said)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
        else:
            super().keyPressEvent(event)
