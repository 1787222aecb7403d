"""The corpora: whose answers are in the case, in which role, and how they got there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.model import Change, Corpus, Table
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.gui.dialogs.correct import CorrectDialog, Correction
from workbench.gui.dialogs.import_files import ImportDialog, PanelDialog
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import EmptyState, heading, label

if TYPE_CHECKING:
    from workbench.app.catalogue import ImporterInfo
    from workbench.app.requests import ImportReport, ImportRequest
    from workbench.app.session import Session

_COLUMNS = (
    ("name", "text", "Corpus"),
    ("role", "text", "Role"),
    ("released", "text", "Released"),
    ("family", "text", "Family"),
    ("records", "integer", "Records"),
    ("accepted", "integer", "Accepted"),
    ("rejected", "integer", "Rejected"),
    ("duplicate", "integer", "Duplicate"),
    ("prompts", "integer", "Prompts"),
    ("unjoined", "integer", "No prompt"),
    ("base", "text", "Base"),
)


@dataclass(frozen=True, slots=True)
class _Corpora:
    """The table of the page, and each corpus by its name."""

    table: Table
    by_name: dict[str, Corpus]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a look at chosen files found: panels, files of answers, known formats, and a preview."""

    panels: list[Path]
    answers: list[Path]
    formats: list[ImporterInfo]
    preview: str
    guesses: dict[str, str] | None
    """A mapping that would probably read the first file; None where its format is recognised."""


class CorporaPage(Page):
    """Lists the corpora; imports more; corrects what is known of one."""

    key = "corpora"
    title = "Corpora"
    help = (
        "A corpus is the answers of one model. Import files of answers, or a panel.json that names many. "
        "For each file accepted, rejected and duplicate records add up to its records; a rejected record is kept "
        "with its place and its reason. Roles and facts are corrected in the open: each correction has a reason and "
        "stands in the ledger."
    )
    watches = frozenset({Change.CORPORA})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._corpora: dict[str, Corpus] = {}
        self.import_ = self.verb(
            "&Import…", self._choose_files, lambda: self.free, keys="Ctrl+I", tip="Take in files of answers or a panel"
        )
        self.correct = self.verb(
            "C&orrect…",
            self._correct,
            lambda: self.free and bool(self._corpora) and self.table.key() is not None,
            keys="Ctrl+E",
            tip="Mend role or facts of the chosen corpus, with a reason",
        )
        self.join = self.verb(
            "&Join prompts…",
            self._join,
            lambda: self.free and self._unjoined(),
            tip="Join a question file that came later, by its ids",
        )
        self.none = self.face(EmptyState("No case is open", "Make or open a case first (page Case)."))
        self.empty = self.face(
            EmptyState(
                "No answers yet",
                "Import the answers of the suspect, of the protected model, and of at least 19 other models "
                "to the same prompts: these are the controls. Drop the files here, or choose them.",
                [button_for(self.import_, "&Import files or a panel…")],
            )
        )
        self.full = self.face(self._list())

    def _list(self) -> QWidget:
        widget, layout = body()
        top = QHBoxLayout()
        top.addWidget(heading("Corpora"))
        top.addStretch(1)
        for verb in (self.import_, self.correct, self.join):
            top.addWidget(button_for(verb))
        layout.addLayout(top)
        self.table = TableView("Corpora")
        self.table.chosen.connect(self._show_details)
        self.table.doubleClicked.connect(lambda index: self.correct.trigger())
        self.details = label()
        self.details.setAccessibleName("What is known of the chosen corpus")
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(96)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.details)
        return widget

    def forget(self) -> None:
        """Drop the corpora of the case that was open."""
        self._corpora = {}
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the corpora with their counts."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: _Corpora) -> None:
        self._corpora = seen.by_name
        self.table.show_table(seen.table)
        self.turn(self.full if seen.table.rows else self.empty)
        if seen.table.rows and self.table.key() is None:
            self.table.selectRow(0)
        self._show_details(self.table.key())
        self.shown.emit()

    def _show_details(self, name: str | None) -> None:
        corpus = self._corpora.get(name or "")
        self.details.setText(_details(corpus) if corpus else "")
        self.enable()

    def _unjoined(self) -> bool:
        at = self.table.currentIndex()
        return at.isValid() and bool(self.table.rows.row_at(at.row())[-2])

    # Import

    def _choose_files(self) -> None:
        self.import_paths(self.desk.ask.files("Import answers or a panel"))

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Look at files, ask how they are to be taken in, and take them in."""
        if paths and self.free:
            self.desk.workspace.read(lambda session: _look(session, list(paths)), self._ask_how)

    def _ask_how(self, looked: _Looked) -> None:
        for panel in looked.panels:
            self._import_panel(panel)
        if looked.answers:
            self._import_answers(looked)

    def _import_panel(self, path: Path) -> None:
        dialog = PanelDialog(path, self)
        if self.desk.ask.accepted(dialog):
            roles = dialog.collect()
            self.desk.workspace.do(
                f"Importing {path.name}",
                lambda session, progress: session.import_panel(path, roles.suspect, roles.protected, progress),
                self._report,
            )

    def _import_answers(self, looked: _Looked) -> None:
        dialog = ImportDialog(looked.answers, looked.formats, looked.preview, looked.guesses, self.desk.ask, self)
        if self.desk.ask.accepted(dialog):
            request = dialog.collect()
            paths = looked.answers
            title = f"Importing {paths[0].name}" if len(paths) == 1 else f"Importing {len(paths)} files"
            self.desk.workspace.do(title, _importing(paths, request), self._report)

    def _report(self, reports: list[ImportReport]) -> None:
        accepted = sum(c.accepted for r in reports for c in r.corpora if not r.known)
        self.desk.say(f"{accepted:,} answers taken in.")
        dialog = ImportReportDialog(reports, self)
        dialog.open()

    # Corrections

    def _correct(self) -> None:
        corpus = self._corpora.get(self.table.key() or "")
        if corpus is None:
            return
        dialog = CorrectDialog(corpus, self)
        if self.desk.ask.accepted(dialog):
            self.desk.workspace.do(f"Correcting {corpus.name}", _correcting(corpus.name, dialog.collect()))

    def _join(self) -> None:
        name, path = self.table.key(), self.desk.ask.file("Prompts of these answers")
        if path is not None:
            self.desk.workspace.do(
                "Joining prompts",
                lambda session, progress: session.join_prompts(path, name, progress),
                lambda joined: self.desk.say(f"{joined:,} answers found their prompt."),
            )


def _importing(paths: Sequence[Path], request: ImportRequest) -> Callable[[Session, Progress], list[ImportReport]]:
    def work(session: Session, progress: Progress) -> list[ImportReport]:
        share = 1 / len(paths)
        return [
            session.import_file(path, request, part(progress, at * share, (at + 1) * share))
            for at, path in enumerate(paths)
        ]

    return work


def _correcting(name: str, wanted: Correction) -> Callable[[Session, Progress], Corpus]:
    return lambda session, progress: session.set_corpus(
        name, role=wanted.role, facts=wanted.facts, note=wanted.note, reason=wanted.reason
    )


def _look(session: Session, paths: list[Path]) -> _Looked:
    import json

    from workbench.app.catalogue import importers
    from workbench.app.session import preview_file

    panels = [path for path in paths if session.is_panel(path)]
    answers = [path for path in paths if path not in panels]
    if not answers:
        return _Looked(panels, [], [], "", None)
    seen = preview_file(answers[0])
    preview = "\n".join(
        [seen.kind, *(one_line(json.dumps(record, ensure_ascii=False), 300) for record in seen.records[:3])]
    )
    return _Looked(panels, answers, importers(), preview, None if seen.importer else dict(seen.guesses))


def _fetch(session: Session) -> _Corpora:
    counts = session.catalogue()
    rows = [
        (
            c.corpus.name,
            str(c.corpus.role),
            c.corpus.facts.released,
            c.corpus.facts.family,
            c.records,
            c.accepted,
            c.rejected,
            c.duplicate,
            c.prompts,
            c.unjoined,
            c.corpus.facts.base,
        )
        for c in counts
    ]
    return _Corpora(table_of(_COLUMNS, rows), {c.corpus.name: c.corpus for c in counts})


def _details(corpus: Corpus) -> str:
    facts = corpus.facts
    sources = ", ".join(f"{s.corpus} ({s.relation}{', minor' if s.minor else ''})" for s in facts.sources)
    teacher = "trained on human-written answers" if facts.teacherless else ""
    pairs = (
        ("Made by", facts.developer),
        ("Comes from", sources or teacher),
        ("Near relatives", ", ".join(facts.group)),
        ("Says who", facts.basis),
        ("Note", corpus.note),
        ("Digest of its answers", corpus.sha256),
    )
    said = [f"{name}: {one_line(value, 300)}" for name, value in pairs if value]
    return "\n".join([one_line(corpus.name), *said])
