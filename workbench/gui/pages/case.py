"""The case: what it is, how much is in it, and what was left unfinished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QGroupBox, QLabel, QVBoxLayout, QWidget

from workbench.core.model import Change, Role, Table
from workbench.core.progress import Progress
from workbench.core.text import counted, one_line
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.dialogs.parts import ROLE_WORDS
from workbench.gui.dialogs.resume import ResumeDialog
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.widgets import GAP, EmptyState, button, fixed_font, heading, label, quiet, row

if TYPE_CHECKING:
    from workbench.app.requests import ImportReport
    from workbench.app.session import Session

_FACTS = (
    "Examiner",
    "Made",
    "Case id",
    "Folder",
    "Corpora",
    "Roles",
    "Answers",
    "Plan",
    "Findings",
    "Packs",
    "Ledger lines",
    "Ledger head",
)
_STEPS = {
    "corpora": "Next: &import answers",
    "run": "Next: r&un an analysis",
    "packs": "Next: e&xport or verify a pack",
}
_OPEN = (
    ("id", "integer", "No."),
    ("name", "text", "File"),
    ("importer", "text", "Format"),
    ("begun", "text", "Begun"),
    ("state", "text", "State"),
    ("records", "integer", "Records taken"),
)
_STATE = 4
_UNDER_WAY = "under way in another program"


@dataclass(frozen=True, slots=True)
class _Overview:
    """What the page shows of a case."""

    title: str
    facts: tuple[str, ...]
    next: str
    unfinished: Table


class CasePage(Page):
    """Shows the case; without one, how to make or open one."""

    key = "case"
    title = "Case"
    help = (
        "A case is a folder that holds the files as they were received, the database and the ledger. "
        "Make a new one or open one; then import the answers of the suspect, of the protected model and of other "
        "models on the page Corpora. An import that was interrupted is listed here: resume it, or discard it. "
        "One that another program is at is listed too, and is left to it."
    )
    watches = frozenset(Change)

    recent_chosen = Signal(str)

    def __init__(
        self, desk: Desk, new: Callable[[], object], open_: Callable[[], object], sample: Callable[[], object]
    ) -> None:
        super().__init__(desk)
        self._next = "corpora"
        self.resume = self.verb(
            "&Resume", self._resume, self._can_mend, tip="Go on from the last batch that was stored"
        )
        self.discard = self.verb("&Discard…", self._discard, self._can_mend, tip="Drop what was taken in so far")
        self.back_up = self.verb(
            "&Back up the case…",
            self._back_up,
            lambda: self._open() and not desk.workspace.busy,
            tip="Write the whole case into one file",
        )
        self.none = self.face(self._welcome(new, open_, sample))
        self.overview = self.face(self._overview())

    def _welcome(self, new: Callable[[], object], open_: Callable[[], object], sample: Callable[[], object]) -> QWidget:
        self.recent = QVBoxLayout()
        buttons = (
            button("&New case…", new, tip="Make a case"),
            button("&Open a case…", open_, tip="Open a case that is there"),
            button("Try the &sample case…", sample, tip="Make a case of invented answers and run the main job on it"),
        )
        state = EmptyState(
            "No case is open",
            "A case keeps the answers, everything that was done with them, and why. Make a new one, open one, "
            "or drop a case's folder here.",
            buttons,
        )
        state.below.addLayout(self.recent)
        return state

    def _overview(self) -> QWidget:
        widget, layout = body()
        self.heading = heading("")
        layout.addWidget(self.heading)
        self.notice = label()
        self.notice.setObjectName("notice")
        layout.addWidget(self.notice)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        self.values: dict[str, QLabel] = {}
        for name in _FACTS:
            self.values[name] = label()
            self.values[name].setAccessibleName(name)
            form.addRow(quiet(name), self.values[name])
        self.values["Ledger head"].setFont(fixed_font())
        layout.addLayout(form)
        self.next = button("", self._go_on, tip="Show the page where the work goes on")
        self.next.setDefault(True)
        layout.addSpacing(GAP)
        layout.addLayout(row(self.next, button_for(self.back_up)))
        layout.addWidget(self._unfinished())
        layout.addStretch(1)
        return widget

    def _unfinished(self) -> QGroupBox:
        self.unfinished = QGroupBox("Imports that have not ended")
        self.open_imports = TableView("Imports that have not ended")
        self.open_imports.chosen.connect(lambda key: self.enable())
        self.open_imports.setMaximumHeight(150)
        layout = QVBoxLayout(self.unfinished)
        layout.addWidget(self.open_imports)
        layout.addLayout(row(button_for(self.resume), button_for(self.discard)))
        return self.unfinished

    def show_recent(self, folders: list[Path]) -> None:
        """Offer the cases that were opened lately."""
        while (item := self.recent.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        for folder in folders[:6]:
            made = button(
                one_line(f"{folder.stem}  –  {folder.parent}", 90).replace("&", "&&"),
                self._opener(folder),
                name=f"Open {folder}",
            )
            made.setFlat(True)
            self.recent.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)

    def _opener(self, folder: Path) -> Callable[[], None]:
        return lambda: self.recent_chosen.emit(str(folder))

    def forget(self) -> None:
        """Show that no case is open, until one was read."""
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read facts, counts and open imports."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: _Overview) -> None:
        self.heading.setText(seen.title)
        for name, value in zip(_FACTS, seen.facts, strict=True):
            self.values[name].setText(value)
        self._notice()
        self._next, words = seen.next, _STEPS[seen.next]
        self.next.setText(words)
        self.next.setAccessibleName(words.replace("&", ""))
        self.open_imports.show_table(seen.unfinished)
        self.unfinished.setVisible(bool(seen.unfinished.rows))
        if seen.unfinished.rows and self.open_imports.key() is None:
            self.open_imports.selectRow(0)
        self.turn(self.overview)
        self.enable()
        self.shown.emit()

    def _go_on(self) -> None:
        self.desk.go(self._next)

    def _notice(self) -> None:
        opened = self.desk.workspace.opened
        said = [opened.notice] if opened and opened.notice else []
        if opened is not None and opened.read_only:
            said.insert(0, f"Open for reading alone. {opened.read_only}")
        self.notice.setText(" ".join(said))
        self.notice.setVisible(bool(said))

    def _open(self) -> bool:
        return self.desk.workspace.session is not None

    def _can_mend(self) -> bool:
        if not self.free or self.open_imports.key() is None:
            return False
        return bool(self._chosen_import()[_STATE] != _UNDER_WAY)

    def _chosen_import(self) -> tuple[Any, ...]:
        return self.open_imports.rows.row_at(self.open_imports.currentIndex().row())

    def _resume(self) -> None:
        number = self.open_imports.key()
        _, name, *_, records = self._chosen_import()
        dialog = ResumeDialog(one_line(name, 80), self)
        if self.desk.ask.accepted(dialog):
            known, left = dialog.collect(), counted(records, "record", "records")
            self.desk.workspace.do(
                "Resuming the import",
                lambda session, progress: session.import_as_begun(
                    number, known.role, known.facts, known.note, progress
                ),
                self._resumed,
                at_stake=f"What the interrupted import had left is dropped too ({left}).",
            )

    def _resumed(self, report: ImportReport) -> None:
        self.desk.say(f"{one_line(report.name, 60)} is taken in.")
        ImportReportDialog([report], parent=self).open()

    def _discard(self) -> None:
        number = self.open_imports.key()
        question = "What was taken in of this file so far is dropped. The file itself stays in the case."
        if self.desk.ask.yes("Discard the import", question, do="Discard"):
            self.desk.workspace.do("Discarding", lambda session, progress: session.discard_import(number, progress))

    def _back_up(self) -> None:
        path = self.desk.ask.save("Back up the case", "case-backup.db")
        if path is not None:

            def work(session: Session, progress: Progress) -> None:
                session.backup(path, progress)

            self.desk.workspace.do("Backing up", work, lambda done: self.desk.say(f"Backed up to {path}."))


def _fetch(session: Session) -> _Overview:
    facts, counts = session.facts, session.catalogue()
    lines, head = 0, ""
    for line in session.ledger():
        lines, head = lines + 1, line.hash
    unfinished = [
        (o.id, o.source.name, o.importer, when(o.begun), _UNDER_WAY if o.under_way else "interrupted", o.records)
        for o in session.open_imports()
    ]
    findings = [f for f in session.findings() if not f.withdrawn]
    values = (
        facts.examiner,
        when(facts.created),
        facts.id,
        str(facts.folder),
        f"{len(counts):,}",
        _roles([c.corpus.role for c in counts]),
        f"{sum(c.accepted for c in counts):,}",
        session.plan_state().words(),
        f"{len(findings):,}",
        f"{len(session.exports()):,}",
        f"{lines:,}",
        head,
    )
    following = _next_step(bool(counts), bool(findings), bool(session.exports()))
    return _Overview(facts.title, values, following, table_of(_OPEN, unfinished))


def _next_step(answers: bool, findings: bool, packs: bool) -> str:
    """The page where the work goes on."""
    if not answers:
        return "corpora"
    return "packs" if packs or findings else "run"


def _roles(roles: list[Role]) -> str:
    return ", ".join(f"{roles.count(role)} {ROLE_WORDS[role]}" for role in Role if role in roles) or "none"
