"""The plan: what is to be run, said and locked before any result is shown, and what was run of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Change, Json, Table
from workbench.core.progress import Progress
from workbench.gui.error_dialog import words
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.plan_form import PlanForm
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.widgets import EmptyState, button, heading, label

if TYPE_CHECKING:
    from workbench.app.plan import PlanReport, PlanState
    from workbench.app.session import Session
    from workbench.core.plan import LockedPlan

_PLANNED = (
    ("analysis", "text", "Planned analysis"),
    ("suspect", "text", "Suspect"),
    ("protected", "text", "Protected"),
    ("controls", "integer", "Controls"),
    ("run", "text", "Run as"),
    ("withdrawn", "text", "Withdrawn"),
)
_BESIDE = (("number", "integer", "Finding"), ("analysis", "text", "Analysis"), ("why", "text", "Status"))
_VERSIONS = (
    ("version", "integer", "Version"),
    ("locked", "text", "Locked"),
    ("by", "text", "By"),
    ("when", "text", "When"),
    ("reason", "text", "Reason"),
    ("sha256", "text", "SHA-256"),
)
_FILES = "Plan (*.json)"
_OF_THE_CASE = ("corpora", "comparisons", "impossible")
"""What a plan says that the case knows better."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the page shows: the state in words, a draft to edit, and three tables."""

    said: str
    lateness: str
    locked: bool
    findings: int
    draft: Json
    families: list[str]
    analyses: list[tuple[str, Json]]
    planned: Table
    beside: Table
    versions: Table


class PlanPage(Page):
    """Writes and locks the plan, runs it, and shows what of it was run."""

    key = "plan"
    title = "Plan"
    help = (
        "A plan says before any result what is asked, of whom, with which analyses and settings. Locking it writes it "
        "into the ledger. What is then run as it says is confirmatory; whatever else is run is exploratory, and says "
        "why. A locked plan is changed by a new version with a reason; the old one stays, and both are in packs."
    )
    watches = frozenset({Change.CORPORA, Change.PLAN, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._seen: _Seen | None = None
        self.lock = self.verb("plan.lock", self._lock, self._can)
        self.run_planned = self.verb(
            "plan.run", self._run, lambda: self._can() and self._seen is not None and self._seen.locked
        )
        self.open_file = self.verb("plan.open", self._open, self._can)
        self.save_file = self.verb("plan.save", self._save, lambda: self._seen is not None)
        to_corpora = button("Go to Corpora", lambda: desk.go("corpora"), tip="Show the page Corpora")
        self.none = self.face(EmptyState("No case is open", "Make or open a case first (page Case)."))
        self.empty = self.face(
            EmptyState("Nothing to plan yet", "Import the answers of the models first.", [to_corpora])
        )
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        widget, layout = body()
        top = QHBoxLayout()
        top.addWidget(heading("Plan"))
        top.addStretch(1)
        for verb in (self.open_file, self.save_file, self.lock, self.run_planned):
            top.addWidget(button_for(verb))
        layout.addLayout(top)
        self.state = label()
        self.state.setAccessibleName("The plan in force")
        self.notice = label()
        self.notice.setObjectName("notice")
        self.error = label()
        self.error.setObjectName("error")
        self.error.setAccessibleName("Why this can't be locked")
        for line in (self.state, self.notice, self.error):
            layout.addWidget(line)
        self.error.setVisible(False)
        self.form = PlanForm(self.desk.ask)
        self.planned, self.beside = TableView("Planned runs"), TableView("Exploratory runs")
        self.versions = TableView("Versions of the plan")
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the plan")
        self.tabs.addTab(self.form, "Write")
        self.tabs.addTab(self.planned, "Planned runs")
        self.tabs.addTab(self.beside, "Exploratory runs")
        self.tabs.addTab(self.versions, "Versions")
        layout.addWidget(self.tabs, 1)
        return widget

    def forget(self) -> None:
        """Drop the plan of the case that was open."""
        self._seen = None
        self.error.setVisible(False)
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the plan, what was run of it, and what a new version would start from."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: _Seen) -> None:
        self._show_draft(self._seen, seen)
        self._seen = seen
        self.state.setText(seen.said)
        self.notice.setText(f"This plan was {seen.lateness}. Case, report and pack say so." if seen.lateness else "")
        self.notice.setVisible(bool(seen.lateness))
        self.planned.show_table(seen.planned)
        self.beside.show_table(seen.beside)
        self.versions.show_table(seen.versions)
        self.turn(self.full if seen.draft["corpora"] else self.empty)
        self.enable()
        self.shown.emit()

    def _show_draft(self, before: _Seen | None, seen: _Seen) -> None:
        """Show what a new version starts from; what was edited since is kept while the plan in force is the same."""
        if before is not None and before.versions == seen.versions:
            if before.draft == seen.draft:
                return
            edits = {n: v for n, v in self.form.draft().items() if n != "corpora" and v != before.draft.get(n)}
            self.form.show_draft(seen.draft | edits, seen.families, seen.analyses)
        else:
            self.form.show_draft(seen.draft, seen.families, seen.analyses)

    def _can(self) -> bool:
        return self.free and self._seen is not None and bool(self._seen.draft["corpora"])

    # Verbs

    def _lock(self) -> None:
        seen, draft = self._seen, self.form.draft()
        if seen is None:
            return
        late = f" {seen.findings} findings have been made already, and the plan will say so." if seen.findings else ""
        counts = [f"{name}: {len(draft[name])}" for name in ("suspects", "protected", "analyses")]
        question = (
            f"{', '.join(counts).capitalize()}. "
            f"A locked plan stays in the ledger for good; it is changed by a new version alone, with a reason.{late}"
        )
        reason = ""
        if seen.locked:
            reason = self.desk.ask.reason("Lock a new version of the plan", question, do="Lock")
        if reason or (not seen.locked and self.desk.ask.yes("Lock the plan", question, do="Lock")):
            self.desk.workspace.do(
                "Locking the plan", lambda session, progress: session.lock_plan(draft, reason), self._locked, self._fail
            )

    def _locked(self, locked: LockedPlan) -> None:
        self.error.setVisible(False)
        self.tabs.setCurrentWidget(self.planned)
        self.desk.say(f"Version {locked.version} of the plan is locked.")

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, WorkbenchError):
            self.desk.trouble.tell(error)
            return
        self.error.setText(words(error).replace("\n\n", " "))
        self.error.setVisible(True)
        self.desk.go(self.key)

    def _run(self) -> None:
        def work(session: Session, progress: Progress) -> PlanReport:
            return session.run_plan(progress)

        def done(report: PlanReport) -> None:
            self.tabs.setCurrentWidget(self.planned)
            self.desk.say(
                f"Made now: {len(report.made)}. Made earlier: {report.earlier}. Not run: {len(report.refused)}."
            )
            said = [f"{look.words()}: {why}" for look, why in report.refused]
            self.error.setText("\n".join(["Planned but not run:", *said]))
            self.error.setVisible(bool(said))

        self.desk.workspace.do("Running the plan", work, done, self._fail)

    def _open(self) -> None:
        path, seen = self.desk.ask.file("Open a plan", _FILES), self._seen
        if path is None or seen is None:
            return
        from workbench.app.plan import read_file

        try:
            self.form.show_draft(_whole(seen.draft, read_file(path)), seen.families, seen.analyses)
        except WorkbenchError as error:
            self._fail(error)
            return
        except (LookupError, TypeError, AttributeError):
            self.form.show_draft(seen.draft, seen.families, seen.analyses)
            self._fail(UsageError(f"{path.name} is no plan.", hint="Save one as a file to see what it looks like."))
            return
        self.error.setVisible(False)
        self.tabs.setCurrentWidget(self.form)

    def _save(self) -> None:
        path = self.desk.ask.save("Save the plan as a file", "plan.json", _FILES)
        if path is None:
            return
        from workbench.app.plan import write_file

        draft = self.form.draft()
        self.desk.workspace.do(
            "Saving the plan",
            lambda session, progress: write_file(path, draft, replace=True),
            lambda nothing: self.desk.say(f"Saved as {path}."),
            self._fail,
        )


def _whole(draft: Json, given: Json) -> Json:
    """A plan file with what it leaves out taken from the draft; its list of corpora is that of the case."""
    return draft | {name: value for name, value in given.items() if name not in _OF_THE_CASE}


def _fetch(session: Session) -> _Seen:
    from workbench.app.plan import offered

    now = session.plan_state()
    force = now.in_force
    corpora = session.corpora()
    return _Seen(
        said=now.words(),
        lateness=force.lateness() if force else "",
        locked=force is not None,
        findings=len(session.runs()),
        draft=session.plan_to_edit(),
        families=list(dict.fromkeys(c.facts.family for c in corpora if c.facts.family)),
        analyses=offered(),
        planned=_planned(now),
        beside=table_of(_BESIDE, [(r.number, r.analysis, r.status.words()) for r in now.exploratory]),
        versions=table_of(
            _VERSIONS,
            [
                (v.version, when(v.locked), v.examiner, v.lateness() or "before any finding", v.reason, v.sha256)
                for v in now.versions
            ],
        ),
    )


def _planned(now: PlanState) -> Table:
    rows = [
        (
            p.look.analysis,
            p.look.suspect,
            p.look.protected,
            sum(own.role == "control" for own in p.look.parts.values()),
            ", ".join(f"finding {r.number}" for r in p.runs) or "not run",
            "; ".join(r.withdrawn for r in p.runs if r.withdrawn),
        )
        for p in now.planned
    ]
    return table_of(_PLANNED, rows)
