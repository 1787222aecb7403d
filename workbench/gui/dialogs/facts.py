"""The facts of a model as lines to type into."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFormLayout, QLineEdit

from workbench.core.model import Facts
from workbench.core.panel import checked_date
from workbench.gui.dialogs.parts import line

_LINES = (
    ("developer", "&Developer", "who made it"),
    ("released", "Re&leased", "YYYY or YYYY-MM"),
    ("base", "&Base", "the weights it started from"),
    ("family", "&Family", "where it can itself be a source"),
    ("basis", "B&asis", "where these facts are from"),
)


class FactsLines:
    """One line for each fact, filled from what is known."""

    def __init__(self, form: QFormLayout, known: Facts | None = None) -> None:
        self._known = known or Facts()
        self.lines: dict[str, QLineEdit] = {}
        for name, title, hint in _LINES:
            value = getattr(self._known, name)
            self.lines[name] = line(title.replace("&", ""), value or "", hint)
            form.addRow(title, self.lines[name])
        self.group = line("Group", ", ".join(self._known.group), "near relatives share one; commas between")
        form.addRow("&Group", self.group)

    def values(self) -> dict[str, Any]:
        """All facts that are stated; raises UsageError for a date that is none."""
        stated: dict[str, Any] = {name: editor.text().strip() or None for name, editor in self.lines.items()}
        if stated["released"] is not None:
            checked_date(stated["released"])
        stated["group"] = tuple(part.strip() for part in self.group.text().split(",") if part.strip())
        return stated

    def changed(self) -> dict[str, Any]:
        """Only those facts that differ from what was known."""
        return {name: value for name, value in self.values().items() if value != getattr(self._known, name)}
