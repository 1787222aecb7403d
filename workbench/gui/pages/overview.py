"""The overview: the question, how far the case is, who could have learned from whom, and what it says so far."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.core.errors import WorkbenchError
from workbench.core.model import Change, Table
from workbench.core.progress import Progress
from workbench.core.text import counted, one_line
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.dialogs.resume import ResumeDialog
from workbench.gui.document_verbs import DocumentVerbs
from workbench.gui.error_dialog import words as said_of
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.overview_parts.documents import DocumentsCard
from workbench.gui.pages.overview_parts.instructions import InstructionsForm
from workbench.gui.parts.buttons import Button, Kind, Segmented, button_for
from workbench.gui.parts.chips import OUTSIDE, Chip, role_look
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import SECOND, THIRD, LinkLabel, rule, text
from workbench.gui.parts.panels import (
    BETWEEN,
    PAGE,
    Card,
    Disclosure,
    Empty,
    Facts,
    Flow,
    Note,
    Scroll,
    column,
    empty,
    holding,
    row,
)
from workbench.gui.pictures.heat_map import HeatMap, Legend
from workbench.gui.pictures.ladder import Ladder
from workbench.gui.pictures.path import PathOfCase
from workbench.gui.pictures.picture import Picture
from workbench.gui.settings import KnownCase
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workbench.app.desk.coverage import Cell
    from workbench.app.desk.overview import Overview, Weight
    from workbench.app.requests import ImportReport
    from workbench.app.session import Session
    from workbench.core.instructions import Instructions

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
_TIMELINE, _LIST = "timeline", "list"
_BELOW = 1060
_SIDE = 356


class OverviewPage(Page):
    """Shows the case at a glance; each part leads to its page."""

    key = "overview"
    title = mark("Overview")
    help = mark(
        "The path says how far the case is: the button at its end is the next step. Below, models stand at their "
        "release dates: what came after the suspect can't be its source. What came in shows every answer. At the "
        "right stands what the findings reach together. An import that was interrupted is named here until it is "
        "gone on with or discarded; one that another program is at is left to it."
    )
    watches = frozenset(Change)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.seen: Overview | None = None
        self._place = "corpora"
        self._verbs = DocumentVerbs(desk, self)
        self._cell: tuple[str, int] = ("", 0)
        self.resume = self.verb("import.resume", self._resume, self._can_mend)
        self.discard = self.verb("import.discard", self._discard, self._can_mend)
        self.bind("case.instructions", self._to_instructions, self.in_the_way)
        self.back_up = self.bind("case.backup", self._back_up, lambda: self.no_case() or self.busy())
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="compass"))
        self.overview = self.face(self._whole())

    # Building

    def _whole(self) -> QWidget:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(PAGE, 16, PAGE, 16)
        layout.setSpacing(BETWEEN)
        layout.addLayout(self._head())
        self.notice = Note(kind="warn", icon="info")
        layout.addWidget(self.notice)
        layout.addWidget(self._unfinished())
        layout.addWidget(self._path())
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.columns.setSpacing(BETWEEN)
        self.columns.addLayout(self._pictures(), 1)
        self.side = holding(self._right())
        self.columns.addWidget(self.side, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self.columns)
        layout.addWidget(self._matter())
        layout.addWidget(self._about())
        layout.addStretch(1)
        self.scroller = Scroll(inside)
        return self.scroller

    def _head(self) -> QBoxLayout:
        self.heading = text("", Type.LABEL, THIRD, wrap=False)
        self.question = text("", Type.QUESTION)
        self.sides = Flow(spacing=8)
        verify = Button(tr("Verify"), self._verify, icon="ok")
        back_up = button_for(self.back_up, icon="save", show_keys=False)
        top = row(self.heading, 1, verify, back_up)
        return column(top, self.question, self.sides, spacing=5)

    def _path(self) -> QWidget:
        self.path = PathOfCase()
        self.path.followed.connect(self._follow)
        self.next = Button("", self._go_on, kind=Kind.PRIMARY)
        card = Card()
        card.add(row(self.path, self.next, spacing=BETWEEN))
        return card

    def _pictures(self) -> QVBoxLayout:
        self.timeline = Picture()
        self.timeline.opened.connect(self.desk.go)
        self.view = Segmented(tr("How the dates are shown"), [(_TIMELINE, tr("Timeline")), (_LIST, tr("List"))])
        self.view.chosen.connect(self._turn_view)
        self.when = Card(tr("Who could have learned from whom"), tr("by date"), self.view)
        self.when.add(self.timeline)
        self.undated = text("", Type.SECOND, SECOND)
        self.when.add(self.undated)
        self.heat = HeatMap()
        self.heat.opened.connect(lambda model, prompt: self.desk.go(f"answers/prompt:{prompt}|{model}"))
        self.heat.row_chosen.connect(lambda name: self.desk.go(f"corpora/{name}"))
        self.heat.pointed.connect(self._pointed)
        self.legend = Legend()
        self.came = Card(tr("What came in"), "x", self.legend)
        self.came.add(self.heat)
        return column(self.when, self.came, spacing=BETWEEN)

    def _right(self) -> QVBoxLayout:
        self.ladder = Ladder()
        self.ladder.opened.connect(self._to_finding)
        self.to_findings = LinkLabel(tr("Findings"), partial(self.desk.go, "findings"))
        self.says = Card(tr("What it says so far"), "", self.to_findings)
        self.says.add(self.ladder)
        self.says.add(rule())
        self.weight = text("", Type.QUOTE)
        self.outside = Chip(tr("Outside the validated envelope"), OUTSIDE)
        self.weighed_in = LinkLabel("", self._to_weight)
        self.disclaimer = text("", Type.SECOND, SECOND)
        self.says.add(self.weight)
        self.says.add(row(self.outside, self.weighed_in, stretch=True))
        self.says.add(self.disclaimer)
        self.documents = DocumentsCard()
        self.documents.adding.followed.connect(self._verbs.choose)
        self.documents.dropped.connect(self._verbs.add)
        self.documents.opened.connect(lambda number: self.desk.go(f"documents/{number}"))
        return column(self.says, self.documents, 1, spacing=BETWEEN)

    def _matter(self) -> QWidget:
        self.instructions = InstructionsForm()
        self.instructions.stated.connect(self._state)
        self.matter = Disclosure(tr("Matter and instructions"), self.instructions)
        return self.matter

    def _about(self) -> QWidget:
        self.facts = Facts()
        self.about = Disclosure(tr("About this case"), self.facts)
        return self.about

    def _unfinished(self) -> QWidget:
        self.unfinished = Card(tr("Imports that have not ended"))
        self.open_imports = TableView(tr("Imports that have not ended"))
        self.open_imports.chosen.connect(lambda key: self.enable())
        self.open_imports.setMaximumHeight(120)
        self.unfinished.add(self.open_imports)
        self.unfinished.add(row(button_for(self.resume), button_for(self.discard), stretch=True))
        return self.unfinished

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the right column below where the window is narrow."""
        narrow = self.width() < theme().px(_BELOW)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self.columns.direction() is not wanted:
            self.columns.setDirection(wanted)
        self.side.setMaximumWidth(16_777_215 if narrow else theme().px(_SIDE))
        self.side.setMinimumWidth(0 if narrow else theme().px(_SIDE))

    # Reading

    def forget(self) -> None:
        """Show that no case is open, until one was read."""
        self.seen = None
        self.instructions.forget()
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the case."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: Overview) -> None:
        self.seen = seen
        opened = self.desk.workspace.opened
        self.heading.setText(one_line(opened.title, 120) if opened else "")
        self.question.setText(seen.question)
        empty(self.sides)
        for side in seen.sides:
            self.sides.addWidget(Chip(one_line(side.words, 60), role_look(side.role)))
        self._notice()
        self._show_path(seen)
        self._show_pictures(seen)
        self.ladder.show_rungs(seen.rungs)
        self.documents.show_documents(seen.documents)
        self.documents.adding.setVisible(self.desk.workspace.writable)
        self.instructions.show_instructions(seen.instructions, writable=self.desk.workspace.writable)
        self.matter.say_beside(self.instructions.summary())
        self._show_weight(seen.weight, seen.findings)
        self._show_unfinished(seen)
        self._show_facts(seen)
        self._arrange()
        self.turn(self.overview)
        self.enable()
        self.shown.emit()

    def known(self) -> KnownCase | None:
        """What the library keeps of the case; None while nothing of it was read."""
        opened, seen = self.desk.workspace.opened, self.seen
        if opened is None or seen is None:
            return None
        return KnownCase(
            opened.folder.absolute(),
            title=opened.title,
            question=seen.question,
            done=sum(station.state == "done" for station in seen.stations),
            said=seen.next.act if seen.next else tr("All stations done"),
            models=len(seen.index.models),
            answers=seen.index.answers,
            findings=len(seen.index.findings),
            packs=seen.index.packs,
            plan=seen.index.plan_version,
            seen=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _show_path(self, seen: Overview) -> None:
        self.path.show_stations(seen.stations)
        following = seen.next
        self._place = following.place if following else "packs"
        self.next.say(tr(following.act) if following else tr("Hand over the pack"))

    def _show_pictures(self, seen: Overview) -> None:
        plot, coverage = seen.timeline, seen.coverage
        self.timeline.setVisible(plot is not None)
        self.view.setVisible(plot is not None)
        if plot is not None:
            self.timeline.show_plot(plot)
        self.undated.setVisible(plot is None)
        self.undated.setText(
            tr("No model has a release date yet. State them on the page Corpora: what is younger can't be a source.")
            if coverage.rows
            else tr("Models stand here by their release dates once answers are in.")
        )
        self.came.setVisible(bool(coverage.rows))
        self.heat.show_coverage(coverage)
        self.legend.show_coverage(coverage)
        models = count(len(coverage.rows), "{n} model", "{n} models")
        self.came.beside.setText(tr("{models} × {n} prompts", models=models, n=f"{len(coverage.prompts):,}"))

    def _show_weight(self, weight: Weight | None, findings: int) -> None:
        self._weighed = weight.finding if weight else 0
        nothing = tr("Nothing was weighed yet.") if findings else tr("Nothing was asked yet.")
        self.weight.setText(weight.sentence if weight else nothing)
        self.outside.setVisible(bool(weight and weight.outside))
        self.weighed_in.setVisible(weight is not None)
        self.weighed_in.setText(tr("finding {n}", n=self._weighed))
        self.disclaimer.setText(weight.disclaimer if weight else "")
        self.disclaimer.setVisible(weight is not None)
        self.to_findings.setVisible(bool(findings))

    def _show_unfinished(self, seen: Overview) -> None:
        table = _unfinished_table(seen)
        self.open_imports.show_table(table)
        self.unfinished.setVisible(bool(table.rows))
        if table.rows and self.open_imports.key() is None:
            self.open_imports.selectRow(0)

    def _show_facts(self, seen: Overview) -> None:
        session, opened = self.desk.workspace.session, self.desk.workspace.opened
        if session is None or opened is None:
            return
        facts = session.facts
        self.facts.clear()
        for name, value in (
            (tr("Examiner"), facts.examiner),
            (tr("Made"), moment(facts.created)),
            (tr("Folder"), str(facts.folder)),
            (tr("Case id"), facts.id),
            (tr("Ledger lines"), f"{seen.index.lines:,}"),
            (tr("Ledger head"), seen.index.head),
        ):
            self.facts.add(name, value)
        self.about.say_beside(tr("made {when} by {who}", when=moment(facts.created), who=one_line(facts.examiner, 40)))

    def _turn_view(self, view: str) -> None:
        if self.timeline.as_table is not (view == _LIST):
            self.timeline.toggle_table()

    def _pointed(self, model: str, prompt: int, place: int) -> None:
        self._cell = (model, prompt)

        def show(cell: Cell) -> None:
            if self._cell == (model, prompt):
                self.heat.show_cell(cell)

        self.desk.workspace.read(partial(_cell, model=model, prompt=prompt, place=place), show)

    # Going on

    def _go_on(self) -> None:
        self._follow(self._place)

    def _follow(self, place: str) -> None:
        if place == "overview/unfinished":
            self.open_imports.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.desk.go(place)

    def _verify(self) -> None:
        self.desk.go("packs")
        self.desk.actions["verify.case"].trigger()

    def _to_finding(self, number: int) -> None:
        self.desk.go(f"findings/{number}")

    def _to_weight(self) -> None:
        self._to_finding(self._weighed)

    def begin(self) -> None:
        """The next step has the focus."""
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> Sequence[QWidget]:
        """The path, the pictures, the right column."""
        return (self.next, self.timeline.canvas, self.heat, self.to_findings, self.documents.adding)

    def _notice(self) -> None:
        opened = self.desk.workspace.opened
        said = [opened.notice] if opened and opened.notice else []
        if opened is not None and opened.read_only:
            said.insert(0, f"{tr('Open for reading alone.')} {opened.read_only}")
        self.notice.say("", " ".join(said), "warn", "info")
        self.notice.setVisible(bool(said))

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

    def _to_instructions(self) -> None:
        """Open the form of the instructions, and go to its first line."""
        self.desk.go(self.key)
        self.matter.set_open(True)
        first = self.instructions.lines["reference"]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        # The form has its height only once it was laid out.
        QTimer.singleShot(0, self, partial(self.scroller.ensureWidgetVisible, self.matter))

    def _state(self, given: Mapping[str, str], reason: str) -> None:
        before = asdict(self.seen.instructions) if self.seen else {}

        def work(session: Session, progress: Progress) -> Instructions:
            return session.instructions.state(given, reason)

        def kept(now: Instructions) -> None:
            self.instructions.kept(now)
            self.desk.say(tr("The instructions are kept."), partial(self._state_again, {n: before[n] for n in given}))

        self._do_instructions(tr("Keeping the instructions"), work, kept)

    def _state_again(self, before: Mapping[str, str]) -> None:
        """Take a statement back: what was stated before is stated again, in a line of its own."""

        def work(session: Session, progress: Progress) -> Instructions:
            return session.instructions.state(before, tr("Taken back by the examiner."))

        def kept(now: Instructions) -> None:
            self.instructions.kept(now)
            self.desk.say(tr("Taken back. The ledger has a line of it."))

        self._do_instructions(tr("Taking back"), work, kept)

    def _do_instructions(
        self,
        title: str,
        work: Callable[[Session, Progress], Instructions],
        kept: Callable[[Instructions], None],
    ) -> None:
        def refused(error: BaseException) -> None:
            if isinstance(error, WorkbenchError):
                self.instructions.say_wrong(said_of(error).replace("\n\n", " "))
            else:
                self.desk.trouble.tell(error)

        self.desk.workspace.do(title, work, kept, refused)

    def _back_up(self) -> None:
        path = self.desk.ask.save("Back up the case", "case-backup.db")
        if path is not None:

            def work(session: Session, progress: Progress) -> None:
                session.backup(path, progress)

            self.desk.workspace.do("Backing up", work, lambda done: self.desk.say(f"Backed up to {path}."))


def _fetch(session: Session) -> Overview:
    from workbench.app.desk.overview import read_overview

    return read_overview(session)


def _cell(session: Session, model: str, prompt: int, place: int) -> Cell:
    from workbench.app.desk.coverage import cell_of

    return cell_of(session, model, prompt, place)


def _unfinished_table(seen: Overview) -> Table:
    rows = [
        (o.id, o.name, o.importer, when(o.begun), _UNDER_WAY if o.under_way else "interrupted", o.records)
        for o in seen.index.unfinished
    ]
    return table_of(_OPEN, rows)
