"""The analyses: what can be asked of this material, what was answered, and what runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.model import Change
from workbench.gui.look.theme import Type
from workbench.gui.pages.analyses_parts.card import AnalysisView
from workbench.gui.pages.analyses_parts.queue_view import QueueView, is_dear
from workbench.gui.pages.analyses_parts.run_form import RunForm
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, Kind, Segmented, button_for
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import SECOND, THIRD, rule, text
from workbench.gui.parts.panels import (
    BETWEEN,
    PAGE,
    Columns,
    Empty,
    Note,
    Scroll,
    Side,
    column,
    empty,
    heading,
    holding,
    row,
)
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.analyses import Analyses, AnalysisCard
    from workbench.app.desk.forecast import Forecast
    from workbench.app.requests import RunRequest
    from workbench.app.session import Session
    from workbench.gui.run_queue import Run

_SIDE, _CARD = 310, 380
_ALL, _PLANNED, _MISSING = "all", "planned", "missing"
_IMPORT = (mark("Import it…"), "do:corpora.import")
_SUPPLIED = {
    "same_endpoint": _IMPORT,
    "training_set": _IMPORT,
    "exposure": _IMPORT,
    "canaries": ("", ""),
    "keyed_signal": ("", ""),
    "campaign": ("", ""),
    "combined": ("", ""),
}
"""Where what is missing can be supplied; the page Corpora for all others, nowhere in this window without words."""

_ROLES = (mark("Go to Corpora"), "corpora")


class AnalysesPage(Page):
    """Shows every analysis with its last answer, sets up runs, and shows the queue."""

    key = "analyses"
    title = mark("Analyses")
    help = mark(
        "Each card is a question that can be asked of this material, with its last answer. A dashed card can’t run "
        "yet and says what is missing. Arrows go from card to card, Enter reads the last finding, R sets up a run, "
        "Ctrl Enter starts it. The form says before the run what it will rest on and whether the plan foresees it. "
        "Runs wait in the queue; Alt and the arrows move them, Del stops them. Other work goes on meanwhile."
    )
    watches = frozenset({Change.CORPORA, Change.PLAN, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.seen: Analyses | None = None
        self.cards: list[AnalysisView] = []
        self._chosen = ""
        self._asked = 0
        self._wants_focus = self._settling = False
        self.run = self.bind("run.run", self._run, self._no_run)
        self.run_planned = self.bind("plan.run", self._run_planned, self._nothing_planned)
        desk.queue.made.connect(self._made)
        to_corpora = Button(tr("Go to Corpora"), partial(desk.go, "corpora"), kind=Kind.PRIMARY)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="scales"))
        said = tr("Import the answers of the models first: the suspect, the protected models and controls.")
        self.empty = self.face(Empty(tr("Nothing to ask yet"), said, to_corpora, icon="scales"))
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._left(), 1)
        layout.addWidget(self._inspector())
        return widget

    def _left(self) -> QWidget:
        self.heading, self.beside = heading(tr("Analyses"))
        self.which = Segmented(
            tr("Which analyses"), [(_ALL, tr("All")), (_PLANNED, tr("Planned")), (_MISSING, tr("Can’t run"))]
        )
        self.which.chosen.connect(lambda key: self._show_cards())
        planned = button_for(self.run_planned, kind=Kind.PRIMARY, icon="run")
        self.planned_button = planned
        self.read_plan = Button(tr("Read the plan"), partial(self.desk.go, "plan"))
        self.banner = Note("", "", self.read_plan, icon="lock")
        self.columns = Columns(_CARD)
        self.nothing = text(tr("None of them."), Type.BODY, THIRD)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(PAGE, 16, PAGE, 16)
        body.setSpacing(BETWEEN)
        body.addLayout(row(self.heading, self.beside, 1, planned, self.which))
        body.addWidget(self.banner)
        body.addWidget(self.columns)
        body.addWidget(self.nothing)
        body.addStretch(1)
        self.scroller = Scroll(inside)
        return self.scroller

    def _inspector(self) -> QWidget:
        self.form = RunForm(self.desk.ask, self.desk.actions.keys_of("run.run"))
        self.form.asked.connect(self._foresee)
        self.form.wanted.connect(self._run)
        self.form.closed.connect(self._close_form)
        self.form.read.connect(self._read_finding)
        self.form.setVisible(False)
        self.facts = QVBoxLayout()
        self.facts_box = holding(self.facts)
        self.queue = QueueView(self.desk.queue)
        self.queue.read.connect(self._read_finding)
        self.queue.stop.connect(self._stop)
        inside = QWidget()
        inside.setLayout(column(self.form, self.facts_box, rule(), self.queue, 1, spacing=12, margins=(16, 14, 16, 14)))
        self.side = Side(inside, _SIDE)
        return self.side

    # Reading

    def forget(self) -> None:
        """Drop what belongs to the case that was open."""
        self.seen, self._chosen = None, ""
        self.form.forget()
        self._close_form()
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read what can be run, and what was found."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: Analyses) -> None:
        self.seen = seen
        whole, done = len(seen.planned), len(seen.planned) - len(seen.open)
        self.beside.setText(
            tr("{n} of {all} planned have run", n=done, all=whole) if whole else tr("no plan is locked")
        )
        missing = sum(bool(card.missing) for card in seen.cards)
        planned = sum(bool(card.planned) for card in seen.cards)
        self.which.show_choices(
            [
                (_ALL, tr("All {n}", n=len(seen.cards))),
                (_PLANNED, tr("Planned {n}", n=planned)),
                (_MISSING, tr("Can’t run {n}", n=missing)),
            ]
        )
        self._show_plan(seen)
        if self._card(self._chosen) is None and seen.cards:
            self._chosen = seen.cards[0].info.key
        self._show_cards()
        if self.form.isVisibleTo(self):
            self._open_form(self.form.card.info.key if self.form.card else "")
        self.turn(self.full if seen.corpora else self.empty)
        self.enable()
        self.shown.emit()

    def _show_plan(self, seen: Analyses) -> None:
        plan = seen.plan
        self.planned_button.setVisible(bool(seen.open))
        if plan is None:
            self.banner.say(
                tr("No plan is locked."),
                tr("Whatever is run now is exploratory. Lock a plan first, before you see any result."),
                "warn",
                "unlocked",
            )
            self.read_plan.say(tr("Draft a plan"))
            return
        self.read_plan.say(tr("Read the plan"))
        late = plan.lateness() or tr("before any result")
        said = tr(
            "{who} locked version {n} on {when}, {late}.",
            who=plan.examiner,
            n=plan.version,
            when=moment(plan.locked),
            late=late,
        )
        rest = tr(" What differs from it is exploratory, and is shown too.")
        kind, sign = ("warn", "warning") if plan.lateness() else ("plain", "lock")
        self.banner.say(tr("The plan is locked."), said + rest, kind, sign)
        self.banner.setToolTip(plan.sha256)

    def _show_cards(self) -> None:
        seen = self.seen
        if seen is None:
            return
        focus = QApplication.focusWidget()
        focused = any(focus is not None and (focus is view or view.isAncestorOf(focus)) for view in self.cards)
        self._settling = True  # a card that goes hands its focus to the next one: that is no choice
        key = self.which.key()
        kept = [c for c in seen.cards if key == _ALL or bool(c.planned if key == _PLANNED else c.missing)]
        self.cards = [self._view(card) for card in kept]
        self.columns.show_widgets(self.cards)
        self.nothing.setVisible(not self.cards)
        self._settling = False
        if focused or self._wants_focus:
            self._wants_focus = False
            self._focus(self._chosen)
        self._show_facts(self._chosen)

    def _view(self, card: AnalysisCard) -> AnalysisView:
        took = self.desk.queue.took(card.last.number) if card.last else None
        view = AnalysisView(card, took, _SUPPLIED.get(card.info.key, _ROLES)[0])
        view.chosen.connect(self._choose)
        view.read.connect(self._read_finding)
        view.run.connect(self._open_form)
        view.supply.connect(self._supply)
        view.moved.connect(partial(self._step, card.info.key))
        return view

    def _card(self, key: str) -> AnalysisCard | None:
        return next((card for card in self.seen.cards if card.info.key == key), None) if self.seen else None

    # Getting about

    def item(self) -> str:
        """The key of the analysis that is chosen."""
        return self._chosen

    def show_item(self, item: str) -> None:
        """Choose an analysis by its key."""
        self._chosen = item
        self._focus(item)

    def begin(self) -> None:
        """The arrows walk through the cards at once."""
        self._wants_focus = not self.cards
        self._focus(self._chosen)

    def panes(self) -> Sequence[QWidget]:
        """The choice above, the cards, the inspector."""
        first: list[QWidget] = [self.cards[0]] if self.cards else []
        return (self.which, *first, self.side)

    def toggle_inspector(self) -> bool:
        """Show or hide form and queue."""
        self.side.setVisible(self.side.isHidden())
        return True

    def press_letter(self, letter: str) -> bool:
        """R sets up a run of the chosen analysis."""
        if letter != "R" or not self._chosen:
            return False
        self._open_form(self._chosen)
        return True

    def press_escape(self) -> bool:
        """Close the form."""
        if self.form.isHidden():
            return False
        self._close_form()
        return True

    def _focus(self, key: str) -> None:
        view = next((v for v in self.cards if v.card.info.key == key), self.cards[0] if self.cards else None)
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scroller.ensureWidgetVisible(view, 0, BETWEEN)

    def _step(self, key: str, step: int) -> None:
        keys = [view.card.info.key for view in self.cards]
        columns = self.columns.count_of_columns()
        at = keys.index(key) + (step if abs(step) == 1 else columns if step > 0 else -columns)
        if 0 <= at < len(keys):
            self._focus(keys[at])

    def _choose(self, key: str) -> None:
        if key == self._chosen or self._settling:
            return
        self._chosen = key
        self._show_facts(key)
        self.moved.emit(key)
        self.enable()

    def _read_finding(self, number: int) -> None:
        self.desk.go(f"findings/{number}")

    def _supply(self, key: str) -> None:
        self.desk.go(_SUPPLIED.get(key, _ROLES)[1])

    # The inspector

    def _show_facts(self, key: str) -> None:
        empty(self.facts)
        card = self._card(key)
        self.facts_box.setVisible(self.form.isHidden() and card is not None)
        if card is None:
            return
        self.facts.setSpacing(7)
        self.facts.addWidget(text(card.info.title, Type.OBJECT))
        self.facts.addWidget(text(card.info.question, Type.SECOND, SECOND))
        self.facts.addWidget(text(tr("What it can’t say"), Type.HEAD))
        for limit in card.info.limits:
            self.facts.addWidget(text(limit, Type.SECOND, SECOND))

    def _open_form(self, key: str) -> None:
        card, seen = self._card(key), self.seen
        if card is None or seen is None:
            return
        self._chosen = key
        self.side.setVisible(True)
        self.facts_box.setVisible(False)
        self.form.setVisible(True)
        self.form.show_card(card, seen.corpora, seen.seed, self.desk.queue.estimate(key))
        self.enable()

    def _close_form(self) -> None:
        self.form.setVisible(False)
        self._show_facts(self._chosen)
        self.enable()

    def _foresee(self, request: RunRequest) -> None:
        """Have the forecast worked out; an answer to an older question is not shown."""
        card = self.form.card
        if card is None:
            return
        self._asked += 1
        asked, key = self._asked, card.info.key

        def show(seen: Forecast | WorkbenchError) -> None:
            if asked != self._asked:
                return
            if isinstance(seen, WorkbenchError):
                self.form.refuse(seen)
            else:
                self.form.show_forecast(seen, can=self.desk.workspace.writable)
            self.enable()

        self.desk.workspace.read(lambda session: _forecast(session, key, request), show)

    # Running

    def _no_run(self) -> str:
        if self.no_case():
            return self.no_case()
        if not self.desk.workspace.writable:
            return tr("Open for reading alone.")
        if self.form.isHidden():
            return "" if self._chosen else tr("Choose an analysis first.")
        return tr("It can’t run so.") if self.form.refused else ""

    def _run(self) -> None:
        """Put the run into the queue; without a form, open it: what a run will be is said before."""
        card = self.form.card
        if self.form.isHidden() or card is None:
            self._open_form(self._chosen)
            return
        self.desk.queue.add(card.info.key, card.info.title, self.form.request())
        self.form.later()

    def _nothing_planned(self) -> str:
        if self.no_case():
            return self.no_case()
        if not self.desk.workspace.writable:
            return tr("Open for reading alone.")
        if self.seen is None or self.seen.plan is None:
            return tr("No plan is locked.")
        return "" if self.seen.open else tr("All that is planned has run.")

    def _run_planned(self) -> None:
        """Put everything of the plan that was not run into the queue, in its order."""
        seen = self.seen
        if seen is None:
            return
        titles = {card.info.key: card.info.title for card in seen.cards}
        waiting = [(run.key, run.request) for run in self.desk.queue.left]
        for one in seen.open:
            if (one.key, one.request) not in waiting:
                self.desk.queue.add(one.key, titles.get(one.key, one.key), one.request)

    def _made(self, run: Run) -> None:
        left = len(self.desk.queue.left)
        more = count(left, " {n} run is left.", " {n} runs are left.") if left else ""
        self.desk.say(tr("{title}: finding {n} is kept.{more}", title=run.title, n=run.finding, more=more))

    def _stop(self, run: Run) -> None:
        if is_dear(run):
            question = tr("More than a minute of work is lost. What other runs found stays.")
            until = run.job.finished if run.job is not None else None
            if not self.desk.ask.yes(tr("Stop the run"), question, do=tr("Stop"), leave=tr("Go on"), until=until):
                return
        self.desk.queue.stop(run)


def _fetch(session: Session) -> Analyses:
    from workbench.app.desk.analyses import read_analyses

    return read_analyses(session)


def _forecast(session: Session, key: str, request: RunRequest) -> Forecast | WorkbenchError:
    from workbench.app.desk.forecast import forecast

    try:
        return forecast(session, key, request)
    except WorkbenchError as refused:
        return refused
