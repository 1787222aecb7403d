"""The plan: what is to be run, said and locked before any result is shown, and what was run of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Change, Json, Table
from workbench.gui.dialogs.lock_plan import LockPlanDialog
from workbench.gui.error_dialog import words
from workbench.gui.look.theme import Type
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, Segmented, button_for
from workbench.gui.parts.buttons import Kind as Loud
from workbench.gui.parts.labels import BAD, SECOND, THIRD, ShortLabel, Sign, rule, text, two_tone
from workbench.gui.parts.panels import BETWEEN, PAGE, Empty, Note, Scroll, Side, column, empty, heading, holding, row
from workbench.gui.plan_form import PlanForm
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.plan_outcome import Comparison, Outcome
    from workbench.app.plan import PlanState
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
_DRAFT, _RUNS, _OLDER = "draft", "runs", "versions"
_PAUSE, _SIDE, _MOST = 250, 310, 12
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
    """Writes and locks the plan, says what it comes to, and shows what of it was run."""

    key = "plan"
    title = mark("Plan")
    help = mark(
        "A plan says before any result what is asked, of whom, with which analyses and settings. At the right stands "
        "what the draft comes to on this material. Locking it writes it into the ledger: its whole text is shown once, "
        "and you type your name. What is then run as it says is confirmatory; whatever else is run is exploratory, and "
        "says why. A locked plan is changed by a new version with a reason; the old one stays, and both are in packs."
    )
    watches = frozenset({Change.CORPORA, Change.PLAN, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._seen: _Seen | None = None
        self.outcome: Outcome | None = None
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._work_out)
        self.lock = self.bind("plan.lock", self._lock, self._no_lock)
        self.open_file = self.verb("plan.open", self._open, self._can)
        self.save_file = self.verb("plan.save", self._save, lambda: self._seen is not None)
        to_corpora = Button(tr("Go to Corpora"), lambda: desk.go("corpora"), kind=Loud.PRIMARY)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="plan"))
        said = tr("Import the answers of the models first.")
        self.empty = self.face(Empty(tr("Nothing to plan yet"), said, to_corpora, icon="plan"))
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        self.heading, _ = heading(tr("Plan"))
        self.beside = ShortLabel("", Type.BODY, SECOND)
        self.view = Segmented(
            tr("Parts of the plan"), [(_DRAFT, tr("Draft")), (_RUNS, tr("Runs")), (_OLDER, tr("Versions"))]
        )
        self.view.chosen.connect(self._turn_view)
        self.state = Note(icon="lock")
        self.error = Note(kind="bad", icon="wrong")
        self.error.setVisible(False)
        self.form = PlanForm(self.desk.ask)
        self.form.changed.connect(self._timer.start)
        self.planned, self.beyond = TableView(tr("Planned runs")), TableView(tr("Exploratory runs"))
        self.versions = TableView(tr("Versions of the plan"))
        self.nothing = text("", Type.BODY, THIRD)
        runs = column(
            text(tr("Planned runs"), Type.HEAD), self.planned, text(tr("Exploratory runs"), Type.HEAD), self.beyond
        )
        self.views = QStackedWidget()
        for view in (Scroll(self.form), holding(runs), self.versions):
            self.views.addWidget(view)
        head = row(
            self.heading,
            self.beside,
            self.view,
            button_for(self.open_file, show_keys=False),
            button_for(self.save_file, show_keys=False),
            button_for(self.lock, kind=Loud.PRIMARY, icon="lock"),
        )
        head.setStretch(1, 1)
        left = column(head, self.state, self.error, self.views, spacing=BETWEEN, margins=(PAGE, 16, PAGE, 12))
        left.setStretchFactor(self.views, 1)
        widget = QWidget()
        whole = QHBoxLayout(widget)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 1)
        whole.addWidget(self._inspector())
        return widget

    def _inspector(self) -> QWidget:
        self.comes = QVBoxLayout()
        self.comes.setSpacing(7)
        inside = QWidget()
        title = text(tr("What it comes to"), Type.OBJECT)
        inside.setLayout(column(title, self.comes, 1, spacing=10, margins=(16, 14, 16, 14)))
        self.side = Side(inside, _SIDE)
        return self.side

    def panes(self) -> Sequence[QWidget]:
        """The choice above, the parts of the plan, what it comes to."""
        return (self.view, self.views, self.side)

    def toggle_inspector(self) -> bool:
        """Show or hide what the draft comes to."""
        self.side.setVisible(self.side.isHidden())
        return True

    def _turn_view(self, key: str) -> None:
        self.views.setCurrentIndex((_DRAFT, _RUNS, _OLDER).index(key))

    def turn_to(self, key: str) -> None:
        """Show the draft, the runs or the versions."""
        self.view.choose(key)
        self._turn_view(key)

    # Reading

    def forget(self) -> None:
        """Drop the plan of the case that was open."""
        self._seen = self.outcome = None
        self.error.setVisible(False)
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the plan, what was run of it, and what a new version would start from."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: _Seen) -> None:
        self._show_draft(self._seen, seen)
        self._seen = seen
        version = len(seen.versions.rows)
        self.beside.setText(tr("version {n} is locked", n=version) if seen.locked else tr("a draft, not locked"))
        late = tr(" It was {late}. Case, report and pack say so.", late=seen.lateness) if seen.lateness else ""
        kind, icon = (
            ("warn", "warning") if seen.lateness else ("plain", "lock") if seen.locked else ("warn", "unlocked")
        )
        strong, _, rest = seen.said.partition(". " if seen.locked else ": ")
        self.state.say(f"{strong}." if seen.locked else f"{strong}:", rest + late, kind, icon)
        self.planned.show_table(seen.planned)
        self.beyond.show_table(seen.beside)
        self.versions.show_table(seen.versions)
        self.turn(self.full if seen.draft["corpora"] else self.empty)
        self.enable()
        self._work_out()
        self.shown.emit()

    def _work_out(self) -> None:
        """Have worked out what the draft comes to; an answer to an older draft is not shown."""
        self._timer.stop()
        if self._seen is None or not self._seen.draft["corpora"]:
            return
        self._asked += 1
        asked, draft = self._asked, self.form.draft()

        def show(outcome: Outcome) -> None:
            if asked == self._asked:
                self.outcome = outcome
                self._show_outcome(outcome)
                self.enable()

        self.desk.workspace.read(lambda session: _outcome(session, draft), show)

    def _show_outcome(self, outcome: Outcome) -> None:
        empty(self.comes)
        if outcome.wrong:
            self.comes.addWidget(
                Note(tr("It can’t be locked so."), f"{outcome.wrong} {outcome.hint}", kind="bad", icon="wrong")
            )
            return
        runs = count(outcome.runs, "{n} run is planned.", "{n} runs are planned.")
        said = tr("p-values are corrected for as many looks.")
        self.comes.addWidget(two_tone(runs, said))
        for one in outcome.comparisons:
            self.comes.addWidget(rule())
            self._show_comparison(one)

    def _show_comparison(self, one: Comparison) -> None:
        self.comes.addWidget(
            text(tr("{suspect} against {protected}", suspect=one.suspect, protected=one.protected), Type.HEAD)
        )
        if one.impossible:
            self.comes.addWidget(text(one.impossible, Type.SECOND, BAD))
            return
        out = len(one.left_out)
        said = count(one.controls, "{n} control", "{n} controls")
        self.comes.addWidget(text(said + (tr(", {n} left out:", n=out) if out else "."), Type.SECOND, SECOND))
        for name, why in one.left_out[:_MOST]:
            self.comes.addWidget(text(tr("{name}: {why}", name=name, why=why), Type.SECOND, THIRD))
        for run in one.runs:
            line = row(Sign("wrong" if run.refused else "tick", "bad" if run.refused else "accent", 13))
            words = column(text(run.title, Type.SECOND_STRONG), spacing=1)
            words.addWidget(text(run.refused or run.rests_on, Type.SECOND, BAD if run.refused else SECOND))
            line.addLayout(words, 1)
            self.comes.addLayout(line)

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

    def _no_lock(self) -> str:
        way = self.in_the_way()
        if way or self._seen is None or not self._seen.draft["corpora"]:
            return way or tr("There is nothing to plan yet.")
        if self.outcome is None or self._timer.isActive():
            return tr("What it comes to is being worked out.")
        return self.outcome.wrong

    def _lock(self) -> None:
        seen, outcome, opened = self._seen, self.outcome, self.desk.workspace.opened
        if seen is None or outcome is None or opened is None:
            return
        version = len(seen.versions.rows) + 1
        dialog = LockPlanDialog(outcome.text, opened.examiner, version, seen.findings, self)
        if not self.desk.ask.accepted(dialog):
            return
        draft, reason = self.form.draft(), dialog.collect()
        self.desk.workspace.do(
            tr("Locking the plan"), lambda session, progress: session.lock_plan(draft, reason), self._locked, self._fail
        )

    def _locked(self, locked: LockedPlan) -> None:
        self.error.setVisible(False)
        self.turn_to(_RUNS)
        self.desk.say(tr("Version {n} of the plan is locked.", n=locked.version))

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, WorkbenchError):
            self.desk.trouble.tell(error)
            return
        self.error.say(tr("It could not be done."), words(error).replace("\n\n", " "), "bad", "wrong")
        self.error.setVisible(True)
        self.desk.go(self.key)

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
        self.turn_to(_DRAFT)

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


def _outcome(session: Session, draft: Json) -> Outcome:
    from workbench.app.desk.plan_outcome import outcome_of

    return outcome_of(session, draft)


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
