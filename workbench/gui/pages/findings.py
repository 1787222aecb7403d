"""The findings: sentence, picture, doubt, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from workbench.core.model import Change
from workbench.core.progress import Progress
from workbench.core.reading import Kind, Reading, View
from workbench.gui.exhibit_verbs import ExhibitVerbs
from workbench.gui.look.icons import paint_icon
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.findings_parts.behind import Behind
from workbench.gui.pages.findings_parts.details import rung_of, sentence
from workbench.gui.pages.findings_parts.explained import ExplainedCard
from workbench.gui.parts.buttons import Button, Segmented, button_for
from workbench.gui.parts.buttons import Kind as Loud
from workbench.gui.parts.chips import CONFIRMATORY, EXPLORATORY, OUTSIDE, WRONG, Chip
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import SECOND, THIRD, Sign, rule, say_two_tone, text, two_tone
from workbench.gui.parts.lists import ItemsModel, RowList, RowPainter, line
from workbench.gui.parts.panels import BETWEEN, Card, Empty, Flow, Scroll, column, empty, holding, row
from workbench.gui.parts.term_card import TermCard
from workbench.gui.pictures.ladder import Ladder
from workbench.gui.pictures.picture import Picture
from workbench.gui.pictures.ranges import Ranges
from workbench.gui.tables import when
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.findings import Findings, ReadFinding
    from workbench.app.session import Session

_LIST, _RIGHT, _NARROW = 212, 340, 900
_ICONS = {Kind.MORE: "add", Kind.CONTROLS: "layers", Kind.SOURCE: "link"}
_WHICH = ("all", "confirmatory", "exploratory")


class _Painter(RowPainter):
    """A finding in the list: number, question, answer, status, rung."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(69, view)

    @override
    def row_height(self) -> int:
        look = theme()
        lines = sum(look.metrics(t).height() for t in (Type.SECOND, Type.STRONG, Type.LABEL))
        return max(look.px(69), lines + look.px(20))

    @override
    def paint_item(self, painter: QPainter, rect: QRectF, item: object, *, chosen: bool) -> None:
        from workbench.app.desk.findings import ReadFinding

        assert isinstance(item, ReadFinding)
        look = theme()
        left, right = rect.left() + 12, rect.right() - 12
        room = QRectF(left, rect.top() + look.px(8), look.px(20), look.metrics(Type.HEAD).height())
        line(painter, room, str(item.number), Type.HEAD, "accent_ink" if chosen else "ink3")
        left += look.px(13 if item.number < 10 else 20) + 8
        top = rect.top() + look.px(8)
        high = look.metrics(Type.SECOND).height()
        line(painter, QRectF(left, top, right - left, high), tr(item.short), Type.SECOND, "ink2")
        top += high + 1
        high = look.metrics(Type.STRONG).height()
        ink = "ink3" if item.withdrawn else "ink1"
        wide = line(painter, QRectF(left, top, right - left, high), item.answer, Type.STRONG, ink)
        if item.withdrawn:
            painter.drawLine(int(left), int(top + high / 2), int(left + wide), int(top + high / 2))
        top += high + 2
        high = look.metrics(Type.LABEL).height()
        size = look.px(12)
        sign = "lock" if item.status.confirmatory else "compass"
        paint_icon(painter, sign, QRectF(left, top + (high - size) / 2, size, size), look.color("ink3"))
        status = (
            tr("withdrawn") if item.withdrawn else tr("confirmatory" if item.status.confirmatory else "exploratory")
        )
        used = line(painter, QRectF(left + size + 5, top, right - left, high), status, Type.LABEL, "ink3") + size + 10
        said, token = rung_of(item)
        line(painter, QRectF(left + used, top, right - left - used, high), said, Type.LABEL, token, right=True)


class FindingsPage(Page):
    """Lists the findings, withdrawn ones too; shows the chosen one."""

    key = "findings"
    title = mark("Findings")
    help = mark(
        "A finding is what an analysis found, with its parameters, its inputs and its limits; it is never changed. "
        "A finding that should not stand is withdrawn with a reason: it stays in the list and in packs, marked. "
        "Point at a mark of a picture with mouse or arrows, Enter opens its answers, T shows the picture as a table."
    )
    watches = frozenset({Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: tuple[ReadFinding, ...] = ()
        self._wanted = ""
        self.verbs = ExhibitVerbs(desk)
        self.copy = self.bind("finding.copy", self._copy, self._none_chosen)
        self.save = self.bind("finding.save", self._save, lambda: self._none_chosen() or self.busy())
        self.withdraw = self.bind("finding.withdraw", self._withdraw, self._no_withdrawal)
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="chart"))
        to_run = Button(tr("Go to Analyses"), lambda: desk.go("analyses"), kind=Loud.PRIMARY)
        said = tr("Run an analysis: its finding is kept here, whatever it says.")
        self.empty = self.face(Empty(tr("No findings yet"), said, to_run, icon="chart"))
        self.full = self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        widget = QWidget()
        layout = QHBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list_pane())
        layout.addWidget(self._reader(), 1)
        return widget

    def _list_pane(self) -> QWidget:
        pane = QFrame()
        pane.setObjectName("pane")
        pane.setFixedWidth(theme().px(_LIST))
        self._pane = pane
        theme().changed.connect(self._resize_pane)
        self.beside = text("", Type.SECOND, THIRD, wrap=False)
        self.which = Segmented(tr("Which findings"), [(key, tr(key)) for key in _WHICH])
        self.which.chosen.connect(lambda key: self._filter())
        self.list = RowList(tr("Findings"))
        self.rows: ItemsModel[ReadFinding] = ItemsModel(
            lambda f: f"{f.number}. {f.short} {f.answer}. {f.status.short()}"
        )
        self.list.show_model(self.rows, _Painter(self.list))
        self.list.chosen.connect(lambda at: self._show_finding())
        head = column(
            row(text(tr("Findings"), Type.PANE, wrap=False), self.beside, 1),
            self.which,
            spacing=9,
            margins=(12, 14, 12, 9),
        )
        foot = text(tr("Everything that was run is here. Nothing is left out of the pack."), Type.SECOND, THIRD)
        foot.setContentsMargins(12, 9, 12, 9)
        top = QWidget()
        top.setLayout(head)
        whole = column(top, rule(), self.list, rule(), foot, spacing=0)
        whole.setStretchFactor(self.list, 1)
        pane.setLayout(whole)
        return pane

    def _resize_pane(self) -> None:
        self._pane.setFixedWidth(theme().px(_LIST))

    def _reader(self) -> QWidget:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(24, 16, 24, 18)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        self.sentence = text("", Type.SENTENCE, name=tr("The finding's sentence"))
        self.sentence.setTextFormat(Qt.TextFormat.RichText)
        self.reason = text("", Type.BODY, "bad")
        self.disclaimer = text("", Type.BODY, SECOND)
        layout.addWidget(self.reason)
        layout.addWidget(self.sentence)
        layout.addLayout(row(Sign("info", "ink3", 15), self.disclaimer, spacing=8))
        self.differs = text("", Type.SECOND, THIRD)
        layout.addWidget(self.differs)
        self.columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.columns.setSpacing(BETWEEN)
        self.columns.addLayout(self._middle(), 1)
        self.side = self._side()
        self.columns.addWidget(self.side)
        layout.addSpacing(4)
        layout.addLayout(self.columns)
        layout.addStretch(1)
        self.reader = Scroll(inside)
        self.reader.viewport().installEventFilter(self)
        return self.reader

    def _head(self) -> QHBoxLayout:
        self.number = text("", Type.BODY, SECOND, wrap=False)
        self.chips = Flow(6)
        self.status, self.out, self.gone = Chip("", CONFIRMATORY), Chip("", OUTSIDE), Chip("", WRONG)
        for chip in (self.status, self.out, self.gone):
            self.chips.addWidget(chip)
        self.made = text("", Type.BODY, SECOND, wrap=False)
        self.made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = Button("", icon="more", name=tr("More to do with this finding"))
        self.terms = Button("", self._show_terms, icon="help", name=tr("What the words on this page mean (G)"))
        menu = QMenu(self.more)
        menu.addActions([self.save, self.withdraw])
        self.tables_menu = QMenu(tr("Make an exhibit of a table"), menu)
        self.tables_menu.aboutToShow.connect(self._list_tables)
        menu.addMenu(self.tables_menu)
        self.more.clicked.connect(lambda: menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        copy = button_for(self.copy, icon="copy", show_keys=False)
        exhibit = button_for(self.desk.actions["exhibit.make"], icon="bookmark", kind=Loud.PRIMARY)
        made = row(self.number, self.status, self.out, self.gone, self.made, self.terms, self.more, copy, exhibit)
        made.setStretchFactor(self.made, 1)
        return made

    def _middle(self) -> QVBoxLayout:
        self.views = Segmented(tr("Views of this finding"), [("one", tr("Picture"))])
        self.views.chosen.connect(self._show_view)
        self.picture = Picture(self.save.trigger)
        self.picture.opened.connect(self._open)
        self.main = Card("", "", self.views)
        self.main.body.insertLayout(0, self.main.head)
        self.main.add(self.picture)
        self.check_picture = Picture()
        self.check_picture.opened.connect(self._open)
        self.check = Card("x", "")
        self.check.add(self.check_picture)
        self.explained = ExplainedCard()
        self.details = Behind()
        return column(self.main, self.explained, self.check, self.details, 1, spacing=BETWEEN)

    def _side(self) -> QWidget:
        self.ladder = Ladder()
        self.ladder.opened.connect(lambda number: self.desk.go(f"findings/{number}"))
        self.adds = two_tone("", "")
        self.adds_sign = Sign("ok", "accent", 15)
        claims = Card(tr("What may be claimed"))
        claims.add(self.ladder)
        claims.add(rule())
        line_ = row(self.adds_sign, self.adds)
        line_.setStretchFactor(self.adds, 1)
        claims.add(line_)
        self.ranges = Ranges()
        self.tried = Card(tr("Tried on such material?"), "x")
        self.tried.beside.setProperty("tone", THIRD)
        self.tried.add(self.ranges)
        self.rest = text("", Type.SECOND, THIRD)
        self.tried.add(self.rest)
        self.sure = Card(tr("How sure is it?"))
        self.sure_rows = QVBoxLayout()
        self.sure.add(self.sure_rows)
        self.would = Card(tr("What would change it"))
        self.would_rows = QVBoxLayout()
        self.would_rows.setSpacing(6)
        self.would.add(self.would_rows)
        side = holding(column(claims, self.tried, self.sure, self.would, 1, spacing=BETWEEN))
        side.setFixedWidth(theme().px(_RIGHT))
        theme().changed.connect(self._settle_width)
        return side

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.reader.viewport() and event.type() is QEvent.Type.Resize:
            self._settle_width()
        return False

    def _settle_width(self) -> None:
        """Where the room is narrow, the right column goes below."""
        narrow = self.reader.viewport().width() < theme().px(_NARROW)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self.columns.direction() is not wanted:
            self.columns.setDirection(wanted)
        if narrow:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16_777_215)
        else:
            self.side.setFixedWidth(theme().px(_RIGHT))

    # Reading

    def forget(self) -> None:
        """Drop the findings of the case that was open."""
        self._all, self._wanted = (), ""
        self.rows.show([])
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Read all findings."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, seen: Findings) -> None:
        chosen = self._wanted or self.item()
        self._all = seen.findings
        self.ladder.show_rungs(seen.ladder)
        confirmatory = sum(f.status.confirmatory for f in self._all)
        withdrawn = sum(bool(f.withdrawn) for f in self._all)
        self.beside.setText(count(withdrawn, "{n} withdrawn", "{n} withdrawn") if withdrawn else tr("none withdrawn"))
        self.which.show_choices(
            [
                ("all", tr("All {n}", n=len(self._all))),
                ("confirmatory", f"{confirmatory}", "lock"),
                ("exploratory", f"{len(self._all) - confirmatory}", "compass"),
            ]
        )
        self.which.segment("confirmatory").setAccessibleName(tr("{n} confirmatory", n=confirmatory))
        self.which.segment("exploratory").setAccessibleName(tr("{n} exploratory", n=len(self._all) - confirmatory))
        self.turn(self.full if self._all else self.empty)
        self._filter(chosen or (str(self._all[-1].number) if self._all else ""))
        self._wanted = ""
        self.shown.emit()

    def _filter(self, chosen: str = "") -> None:
        chosen = chosen or self.item()
        key = self.which.key()
        kept = [f for f in self._all if key == "all" or f.status.confirmatory == (key == "confirmatory")]
        self.rows.show(kept)
        numbers = [str(f.number) for f in kept]
        self.list.choose(numbers.index(chosen) if chosen in numbers else len(kept) - 1)
        self._show_finding()

    def item(self) -> str:
        """The number of the finding that is shown."""
        shown = self._chosen()
        return str(shown.number) if shown else ""

    def show_item(self, item: str) -> None:
        """Show a finding by its number, now or when it has been read."""
        self._wanted = item
        numbers = [str(f.number) for f in self._all]
        if item in numbers:
            self._wanted = ""
            if item not in [str(f.number) for f in self.rows.items]:
                self.which.choose("all")
            self._filter(item)

    def begin(self) -> None:
        """Arrows walk through the list at once."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> Sequence[QWidget]:
        """List, picture, disclosures."""
        return (self.list, self.picture.canvas, self.side)

    def _chosen(self) -> ReadFinding | None:
        at = self.list.currentIndex().row()
        return self.rows.items[at] if 0 <= at < len(self.rows.items) else None

    # One finding

    def _show_finding(self) -> None:
        shown = self._chosen()
        self.enable()
        if shown is None:
            return
        self.number.setText(tr("Finding {n}", n=shown.number))
        sure = shown.status.confirmatory
        self.status.show_chip(
            tr("Confirmatory") if sure else tr("Exploratory"),
            CONFIRMATORY if sure else EXPLORATORY,
            shown.status.words(),
        )
        reading = shown.reading
        outside = reading.outside.rstrip(".") if reading else ""
        self.out.show_chip(outside, OUTSIDE)
        self.out.setVisible(bool(outside))
        self.gone.show_chip(tr("Withdrawn"), WRONG)
        self.gone.setVisible(bool(shown.withdrawn))
        plan = tr("plan {n}, ", n=shown.status.version) if shown.status.version else ""
        self.made.setText(f"{plan}{tr('made {when}', when=moment(shown.made))}")
        self.made.setToolTip(when(shown.made))
        self.reason.setText(tr("Withdrawn: {why}", why=shown.withdrawn) if shown.withdrawn else "")
        self.reason.setVisible(bool(shown.withdrawn))
        self.sentence.setText(sentence(shown))
        self.sentence.setAccessibleDescription(shown.narrative.headline)
        self.disclaimer.setText(reading.disclaimer if reading else "")
        self.differs.setText(shown.differs)
        self.differs.setVisible(bool(shown.differs))
        self._show_views(reading)
        self.explained.show_explanations(reading.explanations if reading else ())
        self._show_check(reading)
        self._show_side(shown)
        self.details.show_finding(shown)
        self.moved.emit(str(shown.number))

    def _show_views(self, reading: Reading | None) -> None:
        self.main.setVisible(reading is not None)
        if reading is None:
            return
        self.views.show_choices([(view.key, tr(view.name)) for view in reading.views])
        self.views.setVisible(len(reading.views) > 1)
        self._show_view(self.views.key())

    def _show_view(self, key: str) -> None:
        shown = self._chosen()
        if shown is None or shown.reading is None:
            return
        view = next((v for v in shown.reading.views if v.key == key), shown.reading.views[0])
        self.main.title.setText(view.title)
        self.main.beside.setText(view.beside)
        set_type(self.main.beside, Type.SECOND)
        self.picture.show_plot(view.plot)

    def _show_check(self, reading: Reading | None) -> None:
        check: View | None = reading.check if reading else None
        self.check.setVisible(check is not None)
        if check is not None:
            self.check.title.setText(check.title)
            self.check.beside.setText(check.beside)
            self.check_picture.show_plot(check.plot)

    def _show_side(self, shown: ReadFinding) -> None:
        from workbench.app.desk.findings import adds

        said = adds(shown)
        strong, _, plain = said.partition(":")
        self.adds.setText("")
        words = (f"{strong}:", plain.strip()) if plain else (said, "")
        say_two_tone(self.adds, *words)
        reached = bool(shown.narrative.rung) and not shown.withdrawn
        self.adds_sign.show_sign(
            "ok" if reached else "warning" if shown.outside else "info", "accent" if reached else "warn"
        )
        reading = shown.reading
        tried = reading.tried if reading else ()
        self.tried.setVisible(bool(tried))
        left = self.ranges.show_ranges(tried)
        outside = sum(one.outside for one in tried)
        self.tried.beside.setText(tr("{n} of {all} outside", n=outside, all=len(tried)))
        more = tr("{n} more inside. ", n=left) if left else ""
        self.rest.setText(more + tr("Bands: what the calibration saw."))
        self._show_sure(reading)
        self._show_would(reading)

    def _show_sure(self, reading: Reading | None) -> None:
        empty(self.sure_rows)
        sure = reading.sure if reading else ()
        self.sure.setVisible(bool(sure))
        for at, one in enumerate(sure):
            if at:
                self.sure_rows.addWidget(rule())
            what = text(one.what, Type.SECOND, SECOND)
            figure = row(text(one.figure, Type.OBJECT, wrap=False), what)
            figure.setStretchFactor(what, 1)
            self.sure_rows.addLayout(figure)
            self.sure_rows.addWidget(text(one.note, Type.SECOND, SECOND))

    def _show_would(self, reading: Reading | None) -> None:
        empty(self.would_rows)
        would = reading.would if reading else ()
        self.would.setVisible(bool(would))
        for one in would:
            said = two_tone(one.what, one.rest)
            set_type(said, Type.SECOND)
            line_ = row(Sign(_ICONS[one.kind], "ink2", 14), said, spacing=10)
            line_.setStretchFactor(said, 1)
            self.would_rows.addLayout(line_)

    def press_letter(self, letter: str) -> bool:
        """G explains the words that are on the page."""
        if letter != "G" or self._chosen() is None:
            return False
        self._show_terms()
        return True

    def _show_terms(self) -> None:
        said = " ".join(label.text() for label in self.reader.findChildren(QLabel) if label.isVisible())
        self.card = TermCard(said, self.desk.go, self)
        self.card.show_below(self.terms)

    # Verbs

    def _open(self, target: str) -> None:
        self.desk.go(f"answers/{target}")

    def _none_chosen(self) -> str:
        return self.no_case() or ("" if self._chosen() else tr("Choose a finding first."))

    def make_exhibit(self) -> None:
        """Make an exhibit of the finding's chart."""
        self.verbs.make_of_finding(int(self.item()))

    def no_exhibit(self) -> str:
        """In the way of it: words, or nothing."""
        shown = self._chosen()
        gone = tr("It is withdrawn.") if shown and shown.withdrawn else ""
        return self.in_the_way() or self._none_chosen() or gone

    def _list_tables(self) -> None:
        """Offer the tables of the finding that is shown."""
        self.tables_menu.clear()
        shown = self._chosen()
        for name in sorted(shown.finding.tables) if shown is not None else ():
            said = name.replace("_", " ").capitalize().replace("&", "&&")
            action = self.tables_menu.addAction(said, partial(self.verbs.make_of_finding, int(self.item()), name))
            action.setEnabled(not self.no_exhibit())

    def _no_withdrawal(self) -> str:
        shown = self._chosen()
        gone = tr("It is withdrawn already.") if shown and shown.withdrawn else ""
        return self.in_the_way() or self._none_chosen() or gone

    def _copy(self) -> None:
        shown = self._chosen()
        if shown is not None:
            QGuiApplication.clipboard().setText(shown.narrative.headline)
            self.desk.say(tr("The sentence is on the clipboard, with its numbers."))

    def _withdraw(self) -> None:
        number = self.item()
        question = tr("Finding {n} will be marked as withdrawn. It is not erased, and packs still list it.", n=number)
        reason = self.desk.ask.reason(tr("Withdraw a finding"), question, do=tr("Withdraw"))
        if reason:
            self.desk.workspace.do(
                tr("Withdrawing finding {n}", n=number),
                lambda session, progress: session.withdraw(int(number), reason),
            )

    def _save(self) -> None:
        number = int(self.item())
        kinds = "SVG (*.svg);;PNG (*.png)"
        path = self.desk.ask.save(tr("Save the chart"), f"finding-{number}.svg", kinds)
        if path is not None:

            def work(session: Session, progress: Progress) -> None:
                session.write_figure(number, path)

            self.desk.workspace.do(
                tr("Saving the chart"), work, lambda done: self.desk.say(tr("Saved as {path}.", path=path))
            )


def _fetch(session: Session) -> Findings:
    from workbench.app.desk.findings import read_findings

    return read_findings(session)
