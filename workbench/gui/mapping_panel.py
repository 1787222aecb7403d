"""Where things stand in a record: a choice of the paths that were found for each thing that an answer has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.app.importing.files_read_alike import FieldSeen
from workbench.core.errors import UsageError
from workbench.gui.tables import plain_tip
from workbench.gui.widgets import GAP, MARGIN, label, quiet

THINGS = {
    "prompt": "Pro&mpt",
    "prompt_key": "Prompt &id",
    "response": "&Answer",
    "model": "M&odel",
    "time": "&Time",
    "sample": "Sampl&e",
    "records": "Re&cords",
    "where": "Only w&here",
}
"""Where the records are is asked only of a file that holds them all in one object."""

HOW = "Choose a path, or type one: keys and list indexes with dots between them."


class MappingPanel(QGroupBox):
    """A mapping to choose or to type; `changed` after every change of it.

    `said` stands below it, and `doubts` of guesses as long as they are left as they are.
    """

    changed = Signal()

    def __init__(
        self,
        fields: Sequence[FieldSeen],
        guesses: Mapping[str, str],
        said: str = "",
        doubts: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Where things stand in a record", parent)
        self._guesses = dict(guesses)
        self._doubts = dict(doubts or {})
        self.choices: dict[str, QComboBox] = {}
        columns = QHBoxLayout()
        columns.setSpacing(2 * MARGIN)
        names = [name for name in THINGS if name != "records" or name in guesses]
        for some in (names[: len(names) // 2], names[len(names) // 2 :]):
            form = QFormLayout()
            form.setSpacing(GAP)
            for name in some:
                self.choices[name] = _choice(name, fields, guesses.get(name, ""))
                self.choices[name].currentTextChanged.connect(self._tell)
                form.addRow(THINGS[name], self.choices[name])
            columns.addLayout(form, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(columns)
        layout.addWidget(quiet(said or HOW))
        self.unsure = label()
        self.unsure.setAccessibleName("What is not sure of the mapping")
        layout.addWidget(self.unsure)
        self._tell_doubts()

    def mapping(self) -> dict[str, str]:
        """What is chosen, without what is left empty."""
        chosen = {name: choice.currentText().strip() for name, choice in self.choices.items()}
        return {name: path for name, path in chosen.items() if path}

    def checked(self) -> dict[str, str]:
        """The mapping; raises UsageError where it does not say enough."""
        mapping = self.mapping()
        if not ("response" in mapping and {"prompt", "prompt_key"} & set(mapping)):
            raise UsageError("The mapping has to say where the answer stands, and the prompt or its id.")
        return mapping

    def _tell(self) -> None:
        self._tell_doubts()
        self.changed.emit()

    def _tell_doubts(self) -> None:
        chosen = self.mapping()
        left = {name: why for name, why in self._doubts.items() if chosen.get(name) == self._guesses.get(name)}
        words = [f"Not sure of {THINGS[name].replace('&', '')} ({chosen[name]}): {why}." for name, why in left.items()]
        self.unsure.setText("\n".join(words))
        self.unsure.setVisible(bool(words))


def _choice(name: str, fields: Sequence[FieldSeen], guess: str) -> QComboBox:
    combo = QComboBox()
    combo.setEditable(True)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    combo.setAccessibleName(f"Path of {name.replace('_', ' ')}")
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(22)
    combo.setMaxVisibleItems(20)
    combo.addItem("")
    for field in fields:
        combo.addItem(f"{field.path}={field.example}" if name == "where" else field.path)
        tip = plain_tip(f"{field.kind}: {field.example}")
        combo.setItemData(combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentText(guess)
    return combo
