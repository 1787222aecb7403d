"""What an interrupted import does not know any more: role and facts are stored only when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFormLayout, QWidget

from workbench.core.model import Facts, Role
from workbench.gui.dialogs.facts import facts_tabs
from workbench.gui.dialogs.parts import FormDialog, WhyAside, chosen_role, role_combo
from workbench.gui.widgets import label


@dataclass(frozen=True, slots=True)
class Known:
    """Role and facts of the corpus; None leaves the role to the store. `note` says why it is set aside."""

    role: Role | None
    facts: Facts
    note: str = ""


class ResumeDialog(FormDialog):
    """Asks for role and facts once more, then the import goes on from its last batch."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("Resume the import", "Resume", parent)
        self.body.addWidget(
            label(
                f"{name} is read again from the last batch that was stored. If it came with a panel, cancel, and "
                "import the panel again: it goes on by itself, with its documented facts."
            )
        )
        self.role = role_combo("as stored, or control")
        form = QFormLayout()
        form.addRow("&Role", self.role)
        self.why_aside = WhyAside(self.role, form)
        self.body.addLayout(form)
        tabs, self.facts = facts_tabs()
        self.body.addWidget(tabs)

    def collect(self) -> Known:
        """Role and facts; raises UsageError for a date that is none, and where a reason is lacking."""
        return Known(chosen_role(self.role), Facts(**self.facts.values()), self.why_aside.given())
