"""The questions that interrupt: files, folders, a reason, yes or no. One object, so that tests can answer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)


class Ask:
    """Asks the person in front of the screen; every answer may be “never mind” (None, empty or False)."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folder = str(Path.home())

    def start_in(self, folder: Path) -> None:
        """Begin the next question for a file in this folder."""
        self._folder = str(folder)

    def files(self, title: str, filters: str = "") -> list[Path]:
        """Some files that exist."""
        names, _ = QFileDialog.getOpenFileNames(self._parent, title, self._folder, filters)
        return [self._seen(name) for name in names]

    def file(self, title: str, filters: str = "") -> Path | None:
        """One file that exists."""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, self._folder, filters)
        return self._seen(name) if name else None

    def folder(self, title: str) -> Path | None:
        """One folder that exists."""
        name = QFileDialog.getExistingDirectory(self._parent, title, self._folder)
        return self._seen(name) if name else None

    def save(self, title: str, name: str, filters: str = "") -> Path | None:
        """Where a new file shall be; an existing one only after a question."""
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(Path(self._folder) / name), filters)
        return self._seen(chosen) if chosen else None

    def yes(
        self, title: str, question: str, *, do: str, leave: str = "Cancel", until: SignalInstance | None = None
    ) -> bool:
        """Whether to go on, on buttons that say what they do; leaving is the default, also once `until` is emitted."""
        box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=self._parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        go = box.addButton(do, QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(leave, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        if until is not None:
            until.connect(box.reject)
        box.exec()
        chosen = box.clickedButton() is go
        box.deleteLater()
        return chosen

    def accepted(self, dialog: QDialog) -> bool:
        """Whether a dialog was filled in and accepted; its lines can still be read, and then it goes."""
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted

    def reason(self, title: str, question: str, *, do: str) -> str:
        """A reason in words, which goes into the ledger; empty for never mind."""
        dialog = ReasonDialog(title, question, do, self._parent)
        return dialog.reason.text().strip() if self.accepted(dialog) else ""

    def show_file(self, path: Path) -> None:
        """Show a file in the program that this system has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _seen(self, name: str) -> Path:
        path = Path(name)
        self._folder = str(path.parent)
        return path


class ReasonDialog(QDialog):
    """A question with one line for the reason; it can't be accepted without one."""

    def __init__(self, title: str, question: str, do: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        said = QLabel(question)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason")
        self.reason.setPlaceholderText("Why (this is written into the ledger)")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(do, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.go.setEnabled(False)
        self.reason.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(said)
        layout.addWidget(self.reason)
        layout.addWidget(buttons)
