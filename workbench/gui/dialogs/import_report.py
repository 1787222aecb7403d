"""What an import brought: records, and how many of them were taken, with the places of those that were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from workbench.gui.error_dialog import in_window
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import GAP, MARGIN, label

if TYPE_CHECKING:
    from workbench.app.requests import ImportReport

_COUNTS = (
    ("corpus", "text", "Corpus"),
    ("role", "text", "Role"),
    ("records", "integer", "Records"),
    ("accepted", "integer", "Accepted"),
    ("rejected", "integer", "Rejected"),
    ("duplicate", "integer", "Duplicate"),
    ("file", "text", "File"),
    ("format", "text", "Format"),
)
_REFUSED = (("file", "text", "File"), ("why", "text", "Why"))
_SAID = 8
"""More notices than these get a tab of their own."""

_REJECTED = (("file", "text", "File"), ("place", "text", "Place"), ("reason", "text", "Reason"))

_DUPLICATES = (("file", "text", "File"), ("place", "text", "Place"), ("twin", "text", "What it is"))


class ImportReportDialog(QDialog):
    """Shows the counts of an import, its rejected records and what is worth a second look."""

    def __init__(
        self,
        reports: list[ImportReport],
        refused: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
        *,
        named: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Imported")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        notices = [(r.name, _after_file(name)) for r in reports if not named for name in r.named_after_file()]
        notices += [(r.name, in_window(notice)) for r in reports for notice in (*r.notices, *r.unknown)]
        self.summary = label("\n".join(_summary(reports, refused, notices)))
        layout.addWidget(self.summary)
        tabs = QTabWidget()
        self.notices = QPlainTextEdit()
        self.notices.setReadOnly(True)
        self.notices.setTabChangesFocus(True)
        self.notices.setAccessibleName("Notices")
        self.counts = TableView("Counts")
        self.counts.show_table(
            table_of(
                _COUNTS,
                [
                    (c.name, c.role, c.records, c.accepted, c.rejected, c.duplicate, r.name, r.importer)
                    for r in reports
                    for c in r.corpora
                ],
            )
        )
        tabs.addTab(self.counts, "&Counts")
        rejected = [(r.name, place, reason) for r in reports for place, reason in r.listed()]
        if rejected:
            table = TableView("Rejected records")
            table.show_table(table_of(_REJECTED, rejected))
            tabs.addTab(table, f"&Rejected ({sum(c.rejected for r in reports if not r.known for c in r.corpora):,})")
        doubled = [(r.name, one.place, one.words()) for r in reports for one in r.duplicates]
        if doubled:
            table = TableView("Duplicates", widest=900)
            table.show_table(table_of(_DUPLICATES, doubled))
            tabs.addTab(table, f"&Duplicates ({_first(len(doubled), _sum(reports, 'duplicate'))})")
        if refused:
            table = TableView("Files that were not taken in")
            table.show_table(table_of(_REFUSED, [(name, in_window(why)) for name, why in refused]))
            tabs.addTab(table, f"Not &taken in ({len(refused)})")
        if len(notices) > _SAID:
            # Not a table: what is said of a file takes more than a line.
            self.notices.setPlainText("\n\n".join(f"{name}: {notice}" for name, notice in notices))
            tabs.addTab(self.notices, f"&Notices ({len(notices)})")
        layout.addWidget(tabs, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _sum(reports: Sequence[ImportReport], name: str) -> int:
    return sum(getattr(c, name) for r in reports if not r.known for c in r.corpora)


def _first(shown: int, count: int) -> str:
    return f"{count:,}" if shown == count else f"the first {shown:,} of {count:,}"


def _after_file(name: str) -> str:
    return (
        f"{name} has the name of its file, for its records name no model. To have it under the model's name, set it "
        "aside (Correct, on the page Corpora) and import the file again with the name under “Model”."
    )


def _summary(
    reports: list[ImportReport], refused: Sequence[tuple[str, str]], notices: Sequence[tuple[str, str]]
) -> list[str]:
    fresh = [c for r in reports if not r.known for c in r.corpora]
    known = [r.name for r in reports if r.known]
    files = len(reports) - len(known)
    said = [
        f"{sum(c.records for c in fresh):,} records in {files} file{'s' if files != 1 else ''}: "
        f"{sum(c.accepted for c in fresh):,} accepted, {sum(c.rejected for c in fresh):,} rejected, "
        f"{sum(c.duplicate for c in fresh):,} duplicate."
    ]
    resumed = [r.name for r in reports if r.resumed]
    if resumed:
        said.append(f"An interrupted import was taken up again: {', '.join(resumed[:8])}.")
    if refused:
        said.append(f"Not taken in: {', '.join(name for name, _ in refused[:8])}. The tab says why.")
    if known:
        said.append(f"Imported before, so only facts and roles newly given were changed: {', '.join(known[:8])}.")
    if len(notices) > _SAID:
        return [*said, f"There are {len(notices)} notices, on their own tab."]
    return said + [notice if len(reports) == 1 else f"{name}: {notice}" for name, notice in notices]
