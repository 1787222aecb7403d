"""Files that stay out of a pack for the secrets in them; one goes in all the same with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QWidget

from workbench.core.text import one_line
from workbench.gui.dialogs.parts import FormDialog, line
from workbench.gui.examination import Withheld
from workbench.gui.widgets import label, quiet


class WithheldDialog(FormDialog):
    """Lists the withheld originals, each with a line for the reason why it is included; empty leaves it out."""

    def __init__(self, withheld: Sequence[Withheld], parent: QWidget | None = None) -> None:
        super().__init__("Withheld originals", "Go on", parent)
        self.setMinimumWidth(680)
        self.body.addWidget(
            label(
                "These files hold what has the form of secrets (keys, tokens, cookies). In answers, prompts and "
                "reports they are masked; the files themselves stay out of the pack, which names them and says why."
            )
        )
        self.body.addWidget(
            quiet("To include one all the same, say why: the reason stands in the ledger and in the pack.")
        )
        self.reasons: dict[str, QLineEdit] = {}
        form = QFormLayout()
        for file in withheld:
            name = one_line(file.name, 60)
            self.reasons[file.sha256] = line(f"Why {name} is included", hint="stays out")
            form.addRow(label(f"{name}\n{one_line(file.kinds, 80)}"), self.reasons[file.sha256])
        inside = QWidget()
        inside.setLayout(form)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setMinimumHeight(min(320, 90 + 50 * len(withheld)))
        self.body.addWidget(area, 1)

    def collect(self) -> dict[str, str]:
        """The files that are included, by their SHA-256, each with its reason."""
        given = {digest: editor.text().strip() for digest, editor in self.reasons.items()}
        return {digest: reason for digest, reason in given.items() if reason}
