"""What is said of a document that is taken in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QWidget

from workbench.core.documents import Description, Kind, checked_description
from workbench.core.text import one_line
from workbench.gui.dialogs.facts import facts_form
from workbench.gui.dialogs.parts import FormDialog, line
from workbench.gui.widgets import label
from workbench.gui.words import tr


class DocumentDialog(FormDialog):
    """Kind, title, author and dates of one file; unknown dates stay empty."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("Add a document"), tr("Add"), parent)
        self.body.addWidget(label(one_line(path.name, 100)))
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Kind"))
        for kind in Kind:
            self.kind.addItem(tr(str(kind).capitalize()), kind.value)
        self.entry = line(tr("Title"), one_line(path.stem, 100), tr("what it is called in lists"))
        self.author = line(tr("Author"), "", tr("who wrote it or stands behind it"))
        self.date = line(tr("Date"), "", tr("2026, 2026-02 or 2026-02-12; empty: unknown"))
        self.begin = line(tr("In force from"), "", tr("of terms: the first day on which they held"))
        self.end = line(tr("In force until"), "", tr("the last day; empty: still, or unknown"))
        self.about = line(tr("About"), "", tr("models that it is about; commas between"))
        form = facts_form()
        form.addRow(tr("&Kind"), self.kind)
        form.addRow(tr("&Title"), self.entry)
        form.addRow(tr("&Author"), self.author)
        form.addRow(tr("&Date"), self.date)
        form.addRow(tr("In force &from"), self.begin)
        form.addRow(tr("In force &until"), self.end)
        form.addRow(tr("A&bout"), self.about)
        self.body.addLayout(form)

    def collect(self) -> Description:
        """What was entered; raises UsageError for a date that is none and for a blank title."""
        return checked_description(
            Description(
                kind=Kind(self.kind.currentData()),
                title=self.entry.text().strip(),
                author=self.author.text().strip(),
                date=self.date.text(),
                in_force_from=self.begin.text(),
                in_force_until=self.end.text(),
                about=tuple(name.strip() for name in self.about.text().split(",") if name.strip()),
            )
        )
