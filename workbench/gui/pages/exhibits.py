"""The exhibits: a numbered list in the order of the report, the chosen one with its marks, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QSplitter, QStackedWidget, QWidget

from workbench.core.exhibits import CaseExhibit, Choice, State
from workbench.core.model import Change
from workbench.gui.exhibit_verbs import ExhibitVerbs
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.exhibits_parts.exhibit_view import ExhibitView
from workbench.gui.pages.exhibits_parts.proposal_view import ProposalView
from workbench.gui.pages.exhibits_parts.review_box import ReviewBox
from workbench.gui.pages.exhibits_parts.rows import ExhibitRow, ExhibitsList, ExhibitsModel, in_words
from workbench.gui.parts.buttons import Button, Kind, Segmented, button_for
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.labels import SECOND, THIRD, ShortLabel, Sign, rule, text
from workbench.gui.parts.panels import Empty, column, row
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.exhibits import ExhibitList, ShownExhibit
    from workbench.app.exhibits.choosing import Proposal
    from workbench.app.session import Session

_LIST = 430
_ALL, _TO_CHECK, _DISPUTED = "all", "to check", "disputed"


class ExhibitsPage(Page):
    """Numbers what is shown of the case, orders it, and says how it was reviewed."""

    key = "exhibits"
    title = mark("Exhibits")
    help = mark(
        "An exhibit shows answers, a passage that they share, a chart or a table. Mark words on the page Answers and "
        "press Ctrl E, or let the written rule propose. The list is in the order of the report: drag a row, or press "
        "Ctrl Shift ↑ and ↓. K says that an exhibit is checked, D disputes it. What is withdrawn stays in the list, "
        "struck. A second examiner sees no review of others until each exhibit has their own. Each act is a line of "
        "the ledger, and Ctrl Z takes the last one back with another line."
    )
    watches = frozenset({Change.EXHIBITS, Change.CORPORA, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.seen: ExhibitList | None = None
        self._shown = ""
        self._drawn: Choice | None = None
        self._wanted = ""
        self.verbs = ExhibitVerbs(desk)
        self.proposing = self.bind("exhibits.propose", self._propose, self.in_the_way)
        self.earlier = self.bind("exhibits.earlier", partial(self._step, -1), partial(self._no_step, -1))
        self.later = self.bind("exhibits.later", partial(self._step, 1), partial(self._no_step, 1))
        self.checking = self.bind("exhibits.check", self._check, self._no_review)
        self.disputing = self.bind("exhibits.dispute", self._dispute, self._no_review)
        self.withdrawing = self.bind("exhibits.withdraw", self._withdraw, self._no_withdrawal)
        self.restoring = self.bind("exhibits.restore", self._restore, self._no_restoring)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="bookmark"))
        said = tr("Mark a passage, a chart or a table with Ctrl E. It gets a number and comes here.")
        to_answers = Button(tr("Go to Answers"), partial(desk.go, "answers"))
        first = button_for(self.proposing, kind=Kind.PRIMARY, icon="scales")
        self.empty = self.face(Empty(tr("No exhibits yet"), said, to_answers, first, icon="bookmark"))
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        self.view = ExhibitView()
        self.view.led.connect(self.desk.go)
        self.view.noted.connect(lambda said: self.verbs.note(self._shown, said, self.view.line.clear))
        self.view.struck.connect(lambda number, struck: self.verbs.strike_note(number, struck=struck))
        self.proposal = ProposalView()
        self.proposal.taken.connect(self._take)
        self.proposal.closed.connect(self._close_proposal)
        self.right = QStackedWidget()
        self.right.addWidget(self.view)
        self.right.addWidget(self.proposal)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self._left())
        parts.addWidget(self.right)
        parts.setSizes([theme().px(_LIST), 900])
        parts.setStretchFactor(0, 0)
        parts.setStretchFactor(1, 1)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        return parts

    def _left(self) -> QWidget:
        pane = QFrame()
        pane.setObjectName("pane")
        pane.setMinimumWidth(theme().px(330))
        self.list = ExhibitsList()
        self.beside = ShortLabel("", Type.SECOND, SECOND)
        self.more = Button("", icon="more", name=tr("More to do with exhibits"))
        menu = QMenu(self.more)
        menu.addActions([self.proposing, self.earlier, self.later, self.withdrawing, self.restoring])
        self.more.clicked.connect(lambda: menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.which = Segmented(tr("Which exhibits"), [(_ALL, tr("All")), (_TO_CHECK, ""), (_DISPUTED, "")])
        self.which.chosen.connect(lambda key: self._filter())
        self.words = FilterField(tr("Filter the exhibits"), tr("Tag, number, words"))
        self.words.typed.connect(lambda said: self._filter())
        self.words.left.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        title = row(text(tr("Exhibits"), Type.PANE, wrap=False), self.beside, self.more)
        title.setStretch(1, 1)
        tools = row(self.which, self.words)
        tools.setStretch(1, 1)
        head = QWidget()
        head.setLayout(column(title, tools, spacing=10, margins=(14, 12, 13, 11)))
        self.rows = ExhibitsModel(lambda one: in_words(one, self._state_of(one)))
        self.rows.moved.connect(self._dropped)
        self.list.show_model(self.rows, ExhibitRow(self.list, self._state_of))
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(lambda at: self.view.reader.focus_column(0))
        self.nothing = text(tr("No exhibit is like this."), Type.BODY, THIRD)
        self.nothing.setContentsMargins(14, 12, 14, 12)
        self.second = text("", Type.SECOND, SECOND)
        second = row(Sign("eye", "ink2", 14), self.second)
        second.setStretch(1, 1)
        second.setContentsMargins(14, 8, 14, 8)
        self.second_line = QWidget()
        self.second_line.setLayout(second)
        self.box = ReviewBox(self.desk.actions)
        self.box.commented.connect(self.verbs.comment)
        self.box.tagged.connect(self.verbs.tag)
        whole = column(head, rule(), self.nothing, self.list, rule(), self.second_line, self.box, spacing=0)
        whole.setStretchFactor(self.list, 1)
        pane.setLayout(whole)
        return pane

    # Reading

    def forget(self) -> None:
        """Drop the exhibits of the case that was open."""
        self.seen, self._shown, self._drawn, self._wanted = None, "", None, ""
        self.rows.show([])
        self.box.forget()
        self.right.setCurrentWidget(self.view)
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read the list."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: ExhibitList) -> None:
        self.seen = seen
        gone = len(seen.exhibits) - seen.standing
        struck = count(gone, ", {n} withdrawn", ", {n} withdrawn") if gone else ""
        self.beside.setText(tr("{n}, in the order of the report{struck}", n=f"{seen.standing:,}", struck=struck))
        states = [self._state_of(one) for one in seen.exhibits if one.withdrawal is None]
        self.which.show_choices(
            [
                (_ALL, tr("All {n}", n=f"{len(seen.exhibits):,}")),
                (_TO_CHECK, tr("To check {n}", n=f"{states.count(State.TO_CHECK):,}")),
                (_DISPUTED, tr("Disputed {n}", n=f"{states.count(State.DISPUTED):,}")),
            ]
        )
        self.second.setText(_reviewers(seen))
        self.second_line.setVisible(bool(self.second.text()))
        proposing = self.right.currentWidget() is self.proposal
        self.turn(self.full if seen.exhibits or proposing else self.empty)
        self._filter()
        self.enable()
        self.shown.emit()

    def _state_of(self, one: CaseExhibit) -> State:
        """How an exhibit stands for the one who looks."""
        return self.seen.states.get(one.name, State.TO_CHECK) if self.seen else State.TO_CHECK

    def _filter(self) -> None:
        """List what the segment and the words of the filter leave; what was chosen stays chosen where it can."""
        if self.seen is None:
            return
        key, typed = self.which.key(), self.words.text().casefold().split()
        wanted = [
            one
            for one in self.seen.exhibits
            if (key == _ALL or (one.withdrawal is None and str(self._state_of(one)) == key))
            and all(word in _searched(one) for word in typed)
        ]
        chosen = self._wanted or self._shown
        names = [one.name for one in wanted]
        # Positions of rows are kept where only their contents changed, so that the list does not jump.
        if names == [one.name for one in self.rows.items]:
            self.rows.replace(wanted)
        else:
            self.rows.show(wanted)
        self._wanted = ""
        self.nothing.setVisible(not wanted)
        self.list.setVisible(bool(wanted))
        self.list.choose(names.index(chosen) if chosen in names else 0)
        self._chosen(self.list.currentIndex().row())

    def item(self) -> str:
        """The number of the exhibit that is shown."""
        return self._shown

    def show_item(self, item: str) -> None:
        """Show an exhibit by its number, now or when it has been read."""
        self._wanted = item
        if self.seen is not None and any(one.name == item for one in self.seen.exhibits):
            self.which.choose(_ALL)
            self.words.clear()
            self._close_proposal()
            self._filter()

    def begin(self) -> None:
        """Arrows walk through the list at once."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def filter_field(self) -> FilterField:
        """The field above the list."""
        return self.words

    def panes(self) -> Sequence[QWidget]:
        """List, comment, what is shown."""
        first = self.view.reader.columns[0].text if self.view.reader.columns else self.view.stack
        return (self.list, self.box.comment, first, self.view.line)

    def press_escape(self) -> bool:
        """Close what the rule proposes, or let go of a reason."""
        if self.right.currentWidget() is self.proposal:
            self._close_proposal()
            return True
        if self.box.reason.isVisible():
            self.box.reason.close_now()
            return True
        return False

    # One exhibit

    def _current(self) -> CaseExhibit | None:
        at = self.list.currentIndex().row()
        return self.rows.items[at] if 0 <= at < len(self.rows.items) else None

    def _chosen(self, at: int) -> None:
        one = self.rows.items[at] if 0 <= at < len(self.rows.items) else None
        self.box.show_exhibit(one, writable=self.desk.workspace.writable)
        self.view.setVisible(one is not None)
        if one is None or self.seen is None:
            self._shown, self._drawn = "", None
            self.enable()
            return
        self._show_said(one)
        if one.name != self._shown:
            self._shown = one.name
            self.moved.emit(one.name)
        if one.choice != self._drawn:
            self._drawn = one.choice
            self.desk.workspace.read(lambda session: _contents(session, one), self._show_contents)
        self.enable()

    def _show_said(self, one: CaseExhibit) -> None:
        from workbench.app.desk.exhibits import notes_on

        assert self.seen is not None
        notes = notes_on(self.seen, one.name)
        self.view.show_exhibit(one, self._state_of(one), notes, writable=self.desk.workspace.writable)

    def _show_contents(self, shown: ShownExhibit) -> None:
        if shown.name == self._shown and self.seen is not None:
            self.view.show_contents(shown, self.seen.marks)

    # Verbs

    def _none_chosen(self) -> str:
        here = self.isVisible() and self._current() is not None
        return self.in_the_way() or ("" if here else tr("Choose an exhibit first."))

    def _no_review(self) -> str:
        one = self._current()
        gone = tr("It is withdrawn.") if one is not None and one.withdrawal else ""
        return self._none_chosen() or gone

    def _no_withdrawal(self) -> str:
        one = self._current()
        gone = tr("It is withdrawn already.") if one is not None and one.withdrawal else ""
        return self._none_chosen() or gone

    def _no_restoring(self) -> str:
        one = self._current()
        stands = tr("It is not withdrawn.") if one is not None and one.withdrawal is None else ""
        return self._none_chosen() or stands

    def _no_step(self, step: int) -> str:
        at = self.list.currentIndex().row() + step
        end = tr("It is the first one.") if step < 0 else tr("It is the last one.")
        return self._none_chosen() or ("" if 0 <= at < len(self.rows.items) else end)

    def _check(self) -> None:
        self.verbs.review(self._shown, State.CHECKED)

    def _dispute(self) -> None:
        name = self._shown
        what = tr("Dispute {name}: what is wrong with it?", name=name)
        self.box.reason.ask(what, tr("Dispute"), lambda why: self.verbs.review(name, State.DISPUTED, why))

    def _withdraw(self) -> None:
        name = self._shown
        what = tr("Withdraw {name}: it stays in the list, struck, with your reason.", name=name)
        self.box.reason.ask(what, tr("Withdraw"), lambda why: self.verbs.withdraw(name, why))

    def _restore(self) -> None:
        self.verbs.restore(self._shown)

    def _step(self, step: int) -> None:
        """Put the chosen exhibit one place up or down."""
        at = self.list.currentIndex().row()
        self.rows.moveRows(self.list.rootIndex(), at, 1, self.list.rootIndex(), at + step + (step > 0))

    def _dropped(self, row_: int, before: int) -> None:
        """The ledger says where a row stands now, among all exhibits and not only those that are listed."""
        at = before - (before > row_)
        one = self.rows.items[at]
        following = self.rows.items[at + 1 :][:1]
        self.list.choose(at)
        self.verbs.move(one.name, following[0].name if following else self._after(at), self.refresh)

    def _after(self, at: int) -> str:
        """What stands behind the row before, where the last row of a filtered list was moved."""
        assert self.seen is not None
        names = [one.name for one in self.seen.exhibits if one.name != self.rows.items[at].name]
        last = names.index(self.rows.items[at - 1].name) if at else -1
        return names[last + 1] if last + 1 < len(names) else ""

    # The rule

    def _propose(self) -> None:
        self.verbs.propose(self._show_proposal)

    def _show_proposal(self, proposal: Proposal) -> None:
        self.proposal.show_proposal(proposal)
        self.right.setCurrentWidget(self.proposal)
        self.turn(self.full)
        self.proposal.take.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, proposal: Proposal) -> None:
        self._close_proposal()
        self.verbs.take(proposal)

    def _close_proposal(self) -> None:
        self.right.setCurrentWidget(self.view)
        if self.seen is not None and not self.seen.exhibits:
            self.turn(self.empty)


def _searched(one: CaseExhibit) -> str:
    """What the filter looks in."""
    choice = one.choice
    models = [answer.model for answer in choice.answers]
    return " ".join((one.name, choice.title, choice.origin, choice.passage, one.comment, *one.tags, *models)).casefold()


def _reviewers(seen: ExhibitList) -> str:
    """How far the second look is: to the second examiner how much is left, to others who reviewed."""
    if seen.blind:
        many = tr("{n} of {all}", n=seen.own, all=seen.standing)
        return tr(
            "{who}: {many}, blind. What others say is shown when each has your review.", who=seen.examiner, many=many
        )
    if not seen.reviewed:
        return ""
    said = [tr("{who}: {n} of {all}", who=who, n=number, all=seen.standing) for who, number in seen.reviewed.items()]
    return tr("Reviewed by {who}", who="; ".join(said))


def _fetch(session: Session) -> ExhibitList:
    from workbench.app.desk.exhibits import read_exhibits

    return read_exhibits(session)


def _contents(session: Session, one: CaseExhibit) -> ShownExhibit:
    from workbench.app.desk.exhibits import show_exhibit

    return show_exhibit(session, one)
