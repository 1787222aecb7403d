"""What the dialogs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.core.errors import UsageError
from workbench.core.model import Role
from workbench.gui.widgets import GAP, MARGIN, label

ROLE_WORDS = {
    Role.SUSPECT: "suspect",
    Role.PROTECTED: "protected",
    Role.CONTROL: "control",
    Role.BASE: "base of the suspect",
    Role.SIBLING: "sibling of the suspect",
    Role.ASIDE: "set aside",
    Role.TRAINING: "published training set",
    Role.SERVED: "served answers",
    Role.UNSERVED: "unserved siblings",
}


class FormDialog(QDialog):
    """A dialog that is accepted only when `collect` raises no UsageError; else the error is shown.

    It begins in its first field, and Tab comes to its buttons last.
    """

    def __init__(self, title: str, do: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        self.error = label()
        self.error.setObjectName("error")
        self.error.setVisible(False)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(do, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addLayout(self.body)
        layout.addWidget(self.error)
        layout.addWidget(self.buttons)
        self.go.setDefault(True)  # once it is in the dialog, or the first button of the body is what Return presses

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._begin_in_the_body()

    def _begin_in_the_body(self) -> None:
        """What the body holds was added after the buttons, and Qt goes through a dialog in the order of adding."""
        fields = [widget for widget in self._reached_by_tab() if not self.buttons.isAncestorOf(widget)]
        ends = [self.go, self.buttons.button(QDialogButtonBox.StandardButton.Cancel)]
        for before, after in pairwise([*fields[-1:], *ends]):
            QWidget.setTabOrder(before, after)
        first = next((widget for widget in fields if widget.isVisibleTo(self)), self.go)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _reached_by_tab(self) -> Iterator[QWidget]:
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                yield widget
            widget = widget.nextInFocusChain()

    def collect(self) -> object:
        """What was entered; raises UsageError in words when something does not fit."""
        raise NotImplementedError

    def _try(self) -> None:
        try:
            self.collect()
        except UsageError as error:
            self.error.setText(f"{error.message} {error.hint}".strip())
            self.error.setVisible(True)
            return
        self.accept()


def line(name: str, text: str = "", hint: str = "") -> QLineEdit:
    """A line to type into."""
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def role_combo(first: str, role: Role | None = None) -> QComboBox:
    """A choice of roles; its first entry, with no role behind it, says what leaving it means."""
    combo = QComboBox()
    combo.setAccessibleName("Role")
    combo.addItem(first, None)
    for known, words in ROLE_WORDS.items():
        combo.addItem(words, known.value)
    combo.setCurrentIndex(0 if role is None else combo.findData(role.value))
    return combo


def chosen_role(combo: QComboBox) -> Role | None:
    """The role that is chosen in a role combo."""
    return Role(combo.currentData()) if combo.currentData() else None


class WhyAside(QLineEdit):
    """The reason why a corpus is set aside: a line that is there while a combo has that role."""

    def __init__(self, role: QComboBox, form: QFormLayout) -> None:
        super().__init__()
        self._role = role
        self.setAccessibleName("Reason")
        self.setPlaceholderText("why it is set aside; it stands in the ledger")
        form.addRow("Reas&on", self)

        def follow() -> None:
            form.setRowVisible(self, chosen_role(role) is Role.ASIDE)

        role.currentIndexChanged.connect(follow)
        follow()

    def given(self) -> str:
        """The reason, empty for other roles; raises UsageError where one is needed and none is given."""
        if chosen_role(self._role) is not Role.ASIDE:
            return ""
        if not self.text().strip():
            raise UsageError("Setting a corpus aside needs a reason.")
        return self.text().strip()


def add_with_button(
    form: QFormLayout, title: str, editor: QLineEdit, text: str, act: Callable[[], None], name: str
) -> None:
    """Add a line with a button beside it that helps to fill it."""
    made = QPushButton(text)
    made.setAccessibleName(name)

    def pressed() -> None:
        act()

    made.clicked.connect(pressed)
    layout = QHBoxLayout()
    layout.addWidget(editor, 1)
    layout.addWidget(made)
    said = QLabel(title)
    said.setBuddy(editor)
    form.addRow(said, layout)
