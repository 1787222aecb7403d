"""The ledger: every verb in its line, chained by hashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QWidget

from workbench.core.model import Change, Json, Table
from workbench.core.text import visible
from workbench.gui.pages.base import Desk, Page, body
from workbench.gui.parts.long_text import show_long
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import EmptyState, button, fixed_font, heading, label, row
from workbench.gui.words import mark, tr

if TYPE_CHECKING:
    from workbench.app.session import Session

_COLUMNS = (
    ("sequence", "integer", mark("Line")),
    ("time", "text", mark("Time (UTC)")),
    ("examiner", "text", mark("Examiner")),
    ("action", "text", mark("Action")),
    ("object", "text", mark("Object")),
    ("reason", "text", mark("Reason")),
    ("hash", "text", mark("Hash")),
)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The lines as a table, each whole by its number, and the hash of the last one."""

    table: Table
    whole: dict[int, str]
    head: str


class LedgerPage(Page):
    """Lists the lines of the ledger, the newest first; shows the chosen one whole."""

    key = "ledger"
    title = mark("Ledger")
    help = mark(
        "Every verb that changes the case writes one line, which holds the hash of the line before it. "
        "A chain alone can't show that its end was cut: note the head, or give it to the other side; "
        "`Verify` compares the ledger with it."
    )
    watches = frozenset({Change.LEDGER})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._whole: dict[int, str] = {}
        self.none = self.face(EmptyState(tr("No case is open"), tr("Make or open a case first.")))
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        widget, layout = body()
        layout.addWidget(heading(tr("Ledger")))
        self.head = label(wrap=False)
        self.head.setFont(fixed_font())
        self.head.setAccessibleName(tr("Head of the ledger"))
        copy = button(tr("Copy the head"), self._copy, tip=tr("Put the hash of the last line on the clipboard"))
        layout.addLayout(row(label(tr("Head"), wrap=False), self.head, copy))
        self.table = TableView(tr("Lines of the ledger"), widest=520)
        self.table.chosen.connect(self._show_line)
        self.line = QPlainTextEdit()
        self.line.setReadOnly(True)
        self.line.setFont(fixed_font())
        self.line.setAccessibleName(tr("The chosen line, whole"))
        self.line.setTabChangesFocus(True)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(self.line)
        parts.setSizes([420, 200])
        parts.setChildrenCollapsible(False)
        layout.addWidget(parts, 1)
        return widget

    def forget(self) -> None:
        """Drop the ledger of the case that was open."""
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read all lines."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, ledger: _Ledger) -> None:
        self._whole = ledger.whole
        self.head.setText(ledger.head)
        self.table.show_table(ledger.table)
        if ledger.table.rows and self.table.key() is None:
            self.table.selectRow(0)
        self._show_line(self.table.key())
        self.turn(self.full)
        self.shown.emit()

    def _show_line(self, number: int | None) -> None:
        show_long(self.line, self._whole.get(number or 0, ""))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.head.text())
        self.desk.say(tr("The head is on the clipboard."))


def _fetch(session: Session) -> _Ledger:
    import json

    lines = list(session.ledger())
    rows = [
        (n.sequence, n.time, n.examiner, n.action, _words(n.object, n.options), n.reason, n.hash)
        for n in reversed(lines)
    ]
    whole = {n.sequence: visible(json.dumps(n.as_json(), indent=2, ensure_ascii=False)) for n in lines}
    columns = [(name, kind, tr(title)) for name, kind, title in _COLUMNS]
    return _Ledger(table_of(columns, rows), whole, lines[-1].hash if lines else "")


def _words(object_: Json, options: Json) -> str:
    """What a line is about, short: its object, and the name of the file where one came in."""
    said = [f"{name} {value}" for name, value in object_.items()] if isinstance(object_, dict) else [str(object_)]
    source = options.get("source") if isinstance(options, dict) else None
    if isinstance(source, dict) and "name" in source:
        said.append(str(source["name"]))
    return ", ".join(said)
