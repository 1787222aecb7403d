"""A correction of what is known of a corpus, in the open: with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QFormLayout, QWidget

from workbench.core.errors import UsageError
from workbench.core.model import Corpus, Role
from workbench.gui.dialogs.facts import facts_tabs
from workbench.gui.dialogs.parts import ROLE_WORDS, FormDialog, chosen_role, line, role_combo
from workbench.gui.widgets import label


@dataclass(frozen=True, slots=True)
class Correction:
    """What shall be different; None leaves a thing as it is."""

    role: Role | None
    facts: dict[str, Any]
    note: str | None
    reason: str


class CorrectDialog(FormDialog):
    """Shows role, facts and note of a corpus as they are; what is changed is the correction."""

    def __init__(self, corpus: Corpus, parent: QWidget | None = None) -> None:
        super().__init__(f"Correct {corpus.name}", "Correct", parent)
        self.setMinimumWidth(640)
        self._corpus = corpus
        self.role = role_combo("", corpus.role)
        self.role.removeItem(0)
        self.note = line("Note", corpus.note, "anything worth knowing")
        self.reason = line("Reason", hint="why this is corrected")
        above, below = QFormLayout(), QFormLayout()
        above.addRow("&Role", self.role)
        below.addRow("&Note", self.note)
        below.addRow("Rea&son", self.reason)
        tabs, self.facts = facts_tabs(corpus.facts, corpus.name)
        self.body.addWidget(
            label("The correction is written into the ledger with its reason; what was said before stays there.")
        )
        self.body.addLayout(above)
        self.body.addWidget(tabs, 1)
        self.body.addLayout(below)

    def collect(self) -> Correction:
        """The correction; raises UsageError when nothing is changed or the reason is missing."""
        role = chosen_role(self.role)
        note = self.note.text().strip()
        found = Correction(
            role if role is not self._corpus.role else None,
            self.facts.changed(),
            note if note != self._corpus.note else None,
            self.reason.text().strip(),
        )
        if found.role is None and not found.facts and found.note is None:
            raise UsageError(f"Nothing is changed: {self._corpus.name} is {ROLE_WORDS[self._corpus.role]} as before.")
        if not found.reason:
            raise UsageError("A correction needs a reason.")
        return found
