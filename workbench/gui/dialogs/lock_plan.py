"""Locking a plan: its whole text is shown once, and the examiner types the name that it is locked under."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import SECOND, WARN, text
from workbench.gui.parts.panels import column, row
from workbench.gui.words import tr

_WIDE, _HIGH = 720, 560


class LockPlanDialog(QDialog):
    """Shows what is locked; a new version also needs a reason. `late` says how many findings came before."""

    def __init__(self, whole: str, examiner: str, version: int, late: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Lock version {n} of the plan", n=version))
        self.resize(theme().px(_WIDE), theme().px(_HIGH))
        self._examiner, self._first = examiner, version == 1
        said = tr("This is locked. It stays in the ledger for good; only a new version with a reason can change it.")
        self.whole = QPlainTextEdit(whole.replace("\n", "\n\n"))
        self.whole.setReadOnly(True)
        self.whole.setAccessibleName(tr("The whole plan"))
        set_type(self.whole, Type.QUOTE)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Why there is a new version"))
        self.reason.setPlaceholderText(tr("why the plan changes"))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Your name, to confirm"))
        self.name.setPlaceholderText(examiner)
        self.lock = Button(tr("Lock"), self.accept, kind=Kind.PRIMARY, icon="lock")
        leave = Button(tr("Cancel"), self.reject)
        parts: list[QWidget] = [text(said, Type.BODY, SECOND)]
        if late:
            after = tr("{n} findings were made already. The plan, the report and the pack will say so.", n=late)
            parts.append(text(after, Type.BODY, WARN))
        parts.append(self.whole)
        if not self._first:
            parts += [text(tr("Reason"), Type.SECOND, SECOND), self.reason]
        parts += [text(tr("Type your name, {name}, to lock it.", name=examiner), Type.SECOND, SECOND), self.name]
        layout = column(*parts, spacing=8, margins=(18, 16, 18, 16))
        layout.setStretchFactor(self.whole, 1)
        layout.addLayout(row(1, leave, self.lock))
        self.setLayout(layout)
        self.name.textChanged.connect(self._settle)
        self.reason.textChanged.connect(self._settle)
        self._settle()

    def _settle(self) -> None:
        named = self.name.text().strip().casefold() == self._examiner.strip().casefold()
        self.lock.setEnabled(named and (self._first or bool(self.reason.text().strip())))

    def collect(self) -> str:
        """The reason of a new version; empty for the first."""
        return "" if self._first else self.reason.text().strip()
