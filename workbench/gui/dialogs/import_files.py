"""How files of answers, or a panel of many corpora, are to be taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import UsageError
from workbench.core.model import Facts
from workbench.gui.ask import Ask
from workbench.gui.dialogs.facts import FactsLines
from workbench.gui.dialogs.parts import FormDialog, add_with_button, chosen_role, line, role_combo
from workbench.gui.widgets import GAP, MARGIN, fixed_font, label, quiet

if TYPE_CHECKING:
    from workbench.app.catalogue import ImporterInfo
    from workbench.app.requests import ImportRequest

MAPPED = ("prompt", "prompt_key", "response", "model", "time", "sample")


class ImportDialog(FormDialog):
    """Asks for what the files do not say themselves; everything may be left as it is."""

    def __init__(
        self,
        paths: Sequence[Path],
        formats: Sequence[ImporterInfo],
        preview: str,
        guesses: Mapping[str, str] | None,
        ask: Ask,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Import answers", "Import", parent)
        self.setMinimumWidth(820)
        self._ask = ask
        self._mapped: set[str | None] = {info.key for info in formats if info.asked_only}
        if guesses is not None:
            self._mapped.add(None)  # nobody recognises the content, so it has to be mapped
        self.body.addWidget(label(_names(paths)))
        self.role = role_combo("as stored, or control")
        self.model = line("Model", hint="only where the records do not name it")
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        self.format.addItem("by content", None)
        self.format.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for info in formats:
            self.format.addItem(info.title, info.key)
        self.prompts = line("Prompts", hint="a question file, joined by id")
        reading, known = QFormLayout(), QFormLayout()
        reading.addRow("&Role", self.role)
        reading.addRow("&Model", self.model)
        reading.addRow("For&mat", self.format)
        add_with_button(reading, "&Prompts", self.prompts, "Bro&wse…", self._browse, "Browse for the prompts")
        self.facts = FactsLines(known)
        columns = QHBoxLayout()
        columns.setSpacing(2 * MARGIN)
        for form in (reading, known):
            form.setSpacing(GAP)  # else it takes over that of the columns
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addLayout(form)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.body.addLayout(columns)
        self.mapping = self._mapping_box(guesses or {})
        self.body.addWidget(self.mapping)
        if preview:
            self.body.addWidget(_preview_box(preview), 1)
        self.format.currentIndexChanged.connect(self._show_mapping)
        self._show_mapping()

    def collect(self) -> ImportRequest:
        """The request; raises UsageError for a date, a mapping or a prompts file that won't do."""
        from workbench.app.requests import ImportRequest

        prompts = Path(self.prompts.text()).expanduser() if self.prompts.text().strip() else None
        if prompts is not None and not prompts.is_file():
            raise UsageError(f"{prompts} is no file.")
        key = self.format.currentData()
        mapping = {name: editor.text().strip() for name, editor in self.map_lines.items() if editor.text().strip()}
        if key in self._mapped and not ("response" in mapping and {"prompt", "prompt_key"} & set(mapping)):
            raise UsageError("This format needs to be told where answer and prompt (or its id) stand.")
        return ImportRequest(
            role=chosen_role(self.role),
            model=self.model.text().strip() or None,
            facts=Facts(**self.facts.values()),
            format=key,
            prompts=prompts,
            mapping=mapping if key in self._mapped else {},
        )

    def _mapping_box(self, guesses: Mapping[str, str]) -> QGroupBox:
        box = QGroupBox("Where things stand in a record (dotted paths)")
        columns = QHBoxLayout(box)
        self.map_lines: dict[str, QLineEdit] = {}
        for names in (MAPPED[:3], MAPPED[3:]):
            form = QFormLayout()
            for name in names:
                hint = "response.choices.0.message.content" if name == "response" else ""
                self.map_lines[name] = line(f"Path of {name}", guesses.get(name, ""), hint)
                form.addRow(name.replace("_", " ").capitalize(), self.map_lines[name])
            columns.addLayout(form, 1)
        return box

    def _show_mapping(self) -> None:
        self.mapping.setVisible(self.format.currentData() in self._mapped)

    def _browse(self) -> None:
        found = self._ask.file("Prompts of these answers")
        if found is not None:
            self.prompts.setText(str(found))


@dataclass(frozen=True, slots=True)
class PanelRoles:
    """Which corpora of a panel get the roles suspect and protected; None leaves it for later."""

    suspect: str | None
    protected: str | None


class PanelDialog(FormDialog):
    """Asks which corpora of a panel are the suspect and the protected model."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__("Import a panel", "Import", parent)
        self.body.addWidget(
            label(f"{path.name} is a panel: many corpora, with what is documented of each. All are taken in.")
        )
        self.suspect = line("Suspect", hint="may be chosen later")
        self.protected = line("Protected", hint="a corpus or a family; may be chosen later")
        form = QFormLayout()
        form.addRow("&Suspect", self.suspect)
        form.addRow("&Protected", self.protected)
        self.body.addLayout(form)
        self.body.addWidget(
            quiet("Every corpus can also be put in another role for a single run, so nothing has to be decided now.")
        )

    def collect(self) -> PanelRoles:
        """The names that were given."""
        return PanelRoles(self.suspect.text().strip() or None, self.protected.text().strip() or None)


def _names(paths: Sequence[Path]) -> str:
    if len(paths) == 1:
        return paths[0].name
    more = f" and {len(paths) - 4} more" if len(paths) > 4 else ""
    return f"{len(paths)} files: " + ", ".join(path.name for path in paths[:4]) + more


def _preview_box(text: str) -> QWidget:
    shown = QPlainTextEdit(text)
    shown.setReadOnly(True)
    shown.setAccessibleName("Preview of the first file")
    shown.setFont(fixed_font())
    shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    shown.setMinimumHeight(110)
    shown.setTabChangesFocus(True)
    return shown
