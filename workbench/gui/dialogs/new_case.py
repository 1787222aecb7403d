"""What a new case needs: its title, its folder and the examiner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QWidget

from workbench.core.errors import UsageError
from workbench.gui.ask import Ask
from workbench.gui.dialogs.parts import FormDialog, add_with_button, line
from workbench.gui.widgets import label, quiet

_UNSAFE = set('<>:"/\\|?*')


@dataclass(frozen=True, slots=True)
class NewCase:
    """Where a case shall be made, and what it is called."""

    folder: Path
    title: str
    examiner: str


class NewCaseDialog(FormDialog):
    """Asks for title, place and examiner; the folder's name follows the title until it is edited."""

    def __init__(self, ask: Ask, examiner: str, place: Path, parent: QWidget | None = None) -> None:
        super().__init__("New case", "Make the case", parent)
        self._ask = ask
        self.case_title = line("Title", hint="What the matter is called")
        self.place = line("Place", str(place))
        self.name = line("Name of the folder", hint="case-2026-014")
        self.examiner = line("Examiner", examiner)
        self._where = quiet()
        form = QFormLayout()
        form.addRow("&Title", self.case_title)
        form.addRow("&Examiner", self.examiner)
        form.addRow("&Name of the folder", self.name)
        add_with_button(form, "In the &folder", self.place, "&Browse…", self._browse, "Browse for the place")
        form.addRow("", self._where)
        self.body.addWidget(label("A case is a folder. It holds the files as received, the database and the ledger."))
        self.body.addLayout(form)
        self.case_title.textEdited.connect(self._follow)
        for editor in (self.case_title, self.name, self.place):
            editor.textChanged.connect(self._say_where)
        self._say_where()

    def collect(self) -> NewCase:
        """The case to be made; raises UsageError while something is missing."""
        name = self.name.text().strip().removesuffix(".case")
        if not name or name.startswith(".") or _UNSAFE & set(name):
            raise UsageError('The folder needs a plain name, without / \\ : * ? " < > |.')
        place = Path(self.place.text()).expanduser()
        if not place.is_dir():
            raise UsageError(f"{place} is no folder.")
        if (place / f"{name}.case").exists():
            raise UsageError(f"{name}.case is there already.", hint="Choose another name, or open it.")
        return NewCase(place / f"{name}.case", self.case_title.text().strip() or name, self.examiner.text().strip())

    def _follow(self, title: str) -> None:
        if not self.name.isModified():
            plain = "".join(c if c.isalnum() else "-" for c in title.lower())
            self.name.setText("-".join(part for part in plain.split("-") if part)[:60])

    def _browse(self) -> None:
        folder = self._ask.folder("Where the case shall be")
        if folder is not None:
            self.place.setText(str(folder))

    def _say_where(self) -> None:
        name = self.name.text().strip().removesuffix(".case")
        self._where.setText(f"Will be made: {Path(self.place.text()) / (name + '.case')}" if name else "")
