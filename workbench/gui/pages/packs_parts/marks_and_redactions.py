"""Two parts of the form of an export: what stands on every page, and what a redacted copy leaves out."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from workbench.core.page_marks import PageMarks, page_marks_of
from workbench.core.redactions import Kind, Redactions, checked, rule_typed
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import SECOND, text
from workbench.gui.parts.panels import column, row
from workbench.gui.words import tr

_LINES = 96


def _line(name: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line


class MarksForm(QWidget):
    """A legend, and the prefix and first of the Bates numbers; empty fields mark nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.legend = _line(tr("Legend on every page"), tr("legend on every page, such as CONFIDENTIAL"))
        self.prefix = _line(tr("Prefix of Bates numbers"), tr("Bates prefix"))
        self.first = _line(tr("First Bates number"), tr("first, 1"))
        self.first.setMaximumWidth(theme().px(96))
        self.setLayout(column(self.legend, row(self.prefix, self.first), spacing=6))

    def marks(self) -> PageMarks:
        """What was typed; raises UsageError."""
        first = self.first.text().strip() or "1"
        number = int(first) if first.isdecimal() and len(first) < 10 else -1
        return page_marks_of(self.legend.text(), self.prefix.text().strip(), number)


class RedactionForm(QWidget):
    """The rules of a redacted copy, one a line, with the reason for them and who asked."""

    def __init__(self) -> None:
        super().__init__()
        said = tr(
            "A copy of the last pack. One thing to take out a line: {kinds}, then = and what it is. Secrets always go.",
            kinds=", ".join(Kind),
        )
        self.rules = QPlainTextEdit()
        self.rules.setAccessibleName(tr("What is taken out"))
        self.rules.setPlaceholderText("name=Ostervik\ncorpus=aurelia-2")
        self.rules.setFixedHeight(theme().px(_LINES))
        self.rules.setTabChangesFocus(True)
        self.reason = _line(tr("Why it is taken out"), tr("why; it stands in the copy’s log"))
        self.requested_by = _line(tr("Who asked for it"), tr("who asked for it; it stands on the cover"))
        self.setLayout(column(text(said, Type.SECOND, SECOND), self.rules, self.reason, self.requested_by, spacing=6))

    def redactions(self) -> Redactions:
        """What was typed; raises UsageError."""
        lines = (line.strip() for line in self.rules.toPlainText().splitlines())
        rules = tuple(rule_typed(line, self.reason.text()) for line in lines if line)
        return checked(Redactions(rules, self.requested_by.text()))
