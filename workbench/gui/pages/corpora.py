"""The corpora: whose answers are in the case, in which role, and how they got there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from workbench.app.importing.files_read_alike import FileGroup, Imported, Looked, importing, look
from workbench.core.claimed_model import disagreement
from workbench.core.model import Change, Corpus, Table
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.gui.dialogs.correct import CorrectDialog, Correction
from workbench.gui.dialogs.import_files import ImportDialog, PanelDialog
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.error_dialog import in_window
from workbench.gui.examination import Examined, in_words, read_examination
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import EmptyState, heading, label

if TYPE_CHECKING:
    from workbench.app.examination.run import ExaminationReport
    from workbench.app.session import Session

    _Wanted = tuple[str, Callable[[Session, Progress], Imported], str]

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
    """The table of the page, each corpus by its name, what was examined, and claims that the records contradict."""

    table: Table
    by_name: dict[str, Corpus]
    examined: Examined
    warnings: list[str]


class CorporaPage(Page):
    """Lists the corpora; imports more; corrects what is known of one."""

    key = "corpora"
    title = "Corpora"
    help = (
        "A corpus is the answers of one model. Import files of answers, or a panel.json that names many. "
        "Files, folders and several at once can be chosen or dropped here; what no importer knows is read with a "
        "mapping, with a preview. For each file accepted, rejected and duplicate records add up to its records; a "
        "rejected record is kept with its place and its reason. Roles and facts are corrected in the open: each "
        "correction has a reason and stands in the ledger. Examine looks at every answer once: languages, refusals, "
        "cut and doubled answers, hidden characters, and secrets, which are masked wherever answers are shown. Its "
        "marks are for a reader: none of them decides or weighs anything."
    )
    watches = frozenset({Change.CORPORA})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._corpora: dict[str, Corpus] = {}
        self.import_ = self.verb(
            "&Import…", self._choose_files, lambda: self.free, keys="Ctrl+I", tip="Take in files of answers or a panel"
        )
        self.import_folder = self.verb(
            "Import a &folder…",
            self._choose_folder,
            lambda: self.free,
            keys="Ctrl+Shift+I",
            tip="Take in all files of a folder as one source",
        )
        self.examine = self.verb(
            "Exa&mine",
            self._examine,
            lambda: self.free and bool(self._corpora),
            keys="Ctrl+Shift+X",
            tip="Look at every answer once: languages, refusals, duplicates, secrets",
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
                [
                    button_for(self.import_, "&Import files or a panel…"),
                    button_for(self.import_folder, "Import a fol&der…"),
                ],
            )
        )
        self.full = self.face(self._list())

    def _list(self) -> QWidget:
        widget, layout = body()
        top = QHBoxLayout()
        top.addWidget(heading("Corpora"))
        top.addStretch(1)
        for verb in (self.import_, self.examine, self.correct, self.join):
            top.addWidget(button_for(verb))
        layout.addLayout(top)
        self.warning = label()
        self.warning.setObjectName("notice")
        self.warning.setAccessibleName("Claims that the records contradict")
        layout.addWidget(self.warning)
        self.table = TableView("Corpora")
        self.table.chosen.connect(self._show_details)
        self.table.doubleClicked.connect(lambda index: self.correct.trigger())
        self.details = label()
        self.details.setAccessibleName("What is known of the chosen corpus")
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(96)
        counts = QWidget()
        inner = QVBoxLayout(counts)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table, 1)
        inner.addWidget(self.details)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Counts and examination")
        self.tabs.addTab(counts, "Counts")
        self.tabs.addTab(self._examination(), "Examination")
        layout.addWidget(self.tabs, 1)
        return widget

    def _examination(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        self.examined = label()
        self.examined.setAccessibleName("What was examined")
        self.seen = TableView("What the examination saw")
        self.withheld = label()
        self.withheld.setAccessibleName("Withheld from packs")
        layout.addWidget(self.examined)
        layout.addWidget(self.seen, 1)
        layout.addWidget(self.withheld)
        return page

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
        more = [f"and {len(seen.warnings) - 3} more"] if len(seen.warnings) > 3 else []
        self.warning.setText("\n".join([*seen.warnings[:3], *more]))
        self.warning.setVisible(bool(seen.warnings))
        self._show_examined(seen.examined)
        self.turn(self.full if seen.table.rows else self.empty)
        if seen.table.rows and self.table.key() is None:
            self.table.selectRow(0)
        self._show_details(self.table.key())
        self.shown.emit()

    def _show_examined(self, seen: Examined) -> None:
        self.examined.setText(seen.said)
        self.seen.show_table(seen.table)
        held = [f"Withheld from packs: {w.name}: {w.kinds}" for w in seen.withheld]
        self.withheld.setText("\n".join([*held[:5], *([f"and {len(held) - 5} more"] if len(held) > 5 else [])]))
        self.withheld.setVisible(bool(held))

    def _examine(self) -> None:
        def done(report: ExaminationReport) -> None:
            self.desk.say(in_words(report))
            self.tabs.setCurrentIndex(1)

        self.desk.workspace.do("Examining", lambda session, progress: session.examine(progress), done)

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

    def _choose_folder(self) -> None:
        folder = self.desk.ask.folder("Import a folder: all files in it, as one source")
        if folder is not None:
            self.import_paths([folder])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Look at files and folders, ask how they are to be taken in, and take them in."""
        if paths and self.free:
            self.desk.say(f"Looking at {paths[0].name} …" if len(paths) == 1 else f"Looking at {len(paths)} files …")
            self.desk.workspace.read(lambda session: look(session, list(paths)), self._ask_how)

    def _ask_how(self, looked: Looked) -> None:
        """Ask all questions first, so that no report and no other box stands over or under one of them."""
        self.desk.say("")
        wanted = [self._ask_of_panel(panel, looked) for panel in looked.panels]
        wanted += [self._ask_of_answers(group, looked) for group in looked.groups]
        for title, work, at_stake in filter(None, wanted):
            self.desk.workspace.do(title, work, self._report, at_stake=at_stake)
        if looked.problems:
            said = "\n".join(in_window(problem) for problem in looked.problems[:8])
            self.desk.trouble.inform("Not all can be read", said)

    def _ask_of_panel(self, path: Path, looked: Looked) -> _Wanted | None:
        dialog = PanelDialog(path, self)
        if not self.desk.ask.accepted(dialog):
            return None
        roles = dialog.collect()

        def work(session: Session, progress: Progress) -> Imported:
            return Imported(session.import_panel(path, roles.suspect, roles.protected, progress), named=True)

        return f"Importing {path.name}", work, looked.words_of_losses([path])

    def _ask_of_answers(self, group: FileGroup, looked: Looked) -> _Wanted | None:
        dialog = ImportDialog(group, looked, self.desk, self)
        if not self.desk.ask.accepted(dialog):
            return None
        paths = group.paths
        title = f"Importing {paths[0].name}" if len(paths) == 1 else f"Importing {len(paths)} files"
        return title, importing(paths, dialog.collect()), looked.words_of_losses(paths)

    def _report(self, imported: Imported) -> None:
        accepted = sum(c.accepted for r in imported.reports for c in r.corpora if not r.known)
        self.desk.say(f"{accepted:,} answers taken in.")
        dialog = ImportReportDialog(imported.reports, imported.refused, self, named=imported.named)
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
                lambda report: self.desk.say(" ".join(report.words())),
            )


def _correcting(name: str, wanted: Correction) -> Callable[[Session, Progress], Corpus]:
    return lambda session, progress: session.set_corpus(
        name, role=wanted.role, facts=wanted.facts, note=wanted.note, reason=wanted.reason
    )


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
    corpora = [c.corpus for c in counts]
    warnings = [said for c in corpora if (said := disagreement(c.name, c.facts))]
    return _Corpora(
        table_of(_COLUMNS, rows), {c.name: c for c in corpora}, read_examination(session, corpora), warnings
    )


def _details(corpus: Corpus) -> str:
    facts = corpus.facts
    sources = ", ".join(f"{s.corpus} ({s.relation}{', minor' if s.minor else ''})" for s in facts.sources)
    teacher = "trained on human-written answers" if facts.teacherless else ""
    pairs = (
        ("Made by", f"{facts.developer or 'unknown'}; released {facts.released or 'at an unknown time'}"),
        ("Base", facts.base or "unknown"),
        ("Claimed to be", facts.claimed),
        ("Records name", ", ".join(facts.named)),
        ("Comes from", sources or teacher),
        ("Near relatives", ", ".join(facts.group)),
        ("Says who", facts.basis),
        ("Collected", " by ".join(filter(None, [facts.collected or "at an unknown time", facts.collector]))),
        ("Settings", "; ".join(facts.settings) or "unknown"),
        ("System prompts", " | ".join(facts.system_prompts) or "unknown"),
        ("Endpoints", "; ".join(facts.endpoints) or "unknown"),
        ("Note", corpus.note),
        ("Digest of its answers", corpus.sha256),
    )
    said = [f"{name}: {one_line(value, 300)}" for name, value in pairs if value]
    return "\n".join([one_line(corpus.name), *said])
