"""The findings: what each says, its chart, its limits and its tables."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QTextBrowser, QWidget

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Change, Finding, Narrative, Table
from workbench.core.plan import NOT_PLANNED, RunStatus, status_of
from workbench.core.progress import Progress
from workbench.core.text import visible
from workbench.gui.error_dialog import words
from workbench.gui.figure_view import FigureView, png_of
from workbench.gui.pages.base import Desk, Page, body, button_for
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.widgets import EmptyState, button, heading

if TYPE_CHECKING:
    from workbench.app.session import Session

_COLUMNS = (
    ("number", "integer", "No."),
    ("plan", "text", "Under the plan"),
    ("question", "text", "Question"),
    ("analysis", "text", "Analysis"),
    ("made", "text", "Made"),
    ("status", "text", "Status"),
)
_SHORT = 160
"""A longer headline is a sentence to be read, and set as one."""

_TITLES = {"lrs": "LRs"}
_RUNGS = (
    "0: no claim of origin: the question asks for none, the material allows none, or the first rung is not reached",
    "1: the suspect differs from the controls: closer than most, or ahead of all but not surely enough for rung 2",
    "2: it is closer to the protected model than every control is",
    "3: closer than its base, its siblings and its date explain",
    "4: it holds unpredictable content of the protected model",
    "5: it carries a secret signal of the protected model, or matches its logs",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored finding as the page shows it."""

    number: int
    finding: Finding
    narrative: Narrative
    made: str
    withdrawn: str
    sha256: str
    ledger_line: int
    status: RunStatus = NOT_PLANNED
    differs: str = ""
    """What this version of the program would say otherwise, or nothing."""


class Stored(Protocol):
    """The part of a stored finding that is compared with what this version would say."""

    @property
    def finding(self) -> Finding:
        """The finding."""

    @property
    def narrative(self) -> Narrative:
        """Its words as they were stored."""


class FindingsPage(Page):
    """Lists the findings, withdrawn ones too; shows the chosen one."""

    key = "findings"
    title = "Findings"
    help = (
        "A finding is what an analysis found, with its parameters, its inputs and its limits; it is never changed. "
        "A finding that should not stand is withdrawn with a reason: it stays in the list and in packs, marked. "
        "Read the limits before the numbers."
    )
    watches = frozenset({Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._findings: dict[int, Shown] = {}
        self._charts: dict[int, bytes] = {}
        self._drawing: set[int] = set()
        self._wanted: int | None = None
        self.withdraw = self.verb(
            "&Withdraw…", self._withdraw, self._can_withdraw, tip="Mark the chosen finding as withdrawn, with a reason"
        )
        self.save = self.verb(
            "&Save the chart…",
            self._save,
            lambda: self.figure.has_chart,
            keys="Ctrl+S",
            tip="Write the chart as SVG, PNG or PDF",
        )
        self.figure = FigureView()
        self.none = self.face(EmptyState("No case is open", "Make or open a case first (page Case)."))
        to_run = button("Go to &Run", lambda: desk.go("run"), tip="Show the page Run")
        self.empty = self.face(EmptyState("No findings yet", "Run an analysis: its finding is kept here.", [to_run]))
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        widget, layout = body()
        top = QHBoxLayout()
        top.addWidget(heading("Findings"))
        top.addStretch(1)
        top.addWidget(button_for(self.save))
        top.addWidget(button_for(self.withdraw))
        layout.addLayout(top)
        self.list = TableView("Findings", widest=560)
        self.list.rows.faded = lambda row: row[-1] != ""
        self.list.chosen.connect(self._show_finding)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("The finding in sentences")
        self.text.setTabChangesFocus(True)
        told = QSplitter(Qt.Orientation.Horizontal)
        told.addWidget(self.text)
        told.addWidget(self.figure)
        told.setSizes([420, 620])
        told.setChildrenCollapsible(False)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the finding")
        self.tabs.addTab(told, "Finding")
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.list)
        parts.addWidget(self.tabs)
        parts.setSizes([130, 560])
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        layout.addWidget(parts, 1)
        return widget

    def forget(self) -> None:
        """Drop the findings of the case that was open."""
        self._findings, self._charts, self._drawing = {}, {}, set()
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def choose(self, number: int) -> None:
        """Show this finding, now or when it has been read."""
        self._wanted = number
        if number in self._findings:
            self.list.choose(number)

    def refresh(self) -> None:
        """Read all findings."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, findings: list[Shown]) -> None:
        self._findings = {shown.number: shown for shown in findings}
        rows = [
            (
                s.number,
                s.status.short(),
                s.finding.question,
                s.finding.analysis,
                when(s.made),
                f"withdrawn: {s.withdrawn}" if s.withdrawn else "",
            )
            for s in findings
        ]
        self.list.show_table(table_of(_COLUMNS, rows))
        self.turn(self.full if rows else self.empty)
        wanted = self._wanted if self._wanted in self._findings else self.list.key()
        if rows:
            self.list.choose(wanted if wanted is not None else rows[-1][0])
        self._wanted = None
        self._show_finding(self.list.key())
        self.shown.emit()

    def _show_finding(self, number: int | None) -> None:
        shown = self._findings.get(number or 0)
        while self.tabs.count() > 1:
            if (old := self.tabs.widget(1)) is not None:
                old.deleteLater()
            self.tabs.removeTab(1)
        if shown is not None:
            self.text.setHtml(in_html(shown))
            self._show_tables(shown)
            self._show_chart(shown)
        self.enable()

    def _show_tables(self, shown: Shown) -> None:
        tables = dict(shown.finding.tables) | {"inputs": _inputs(shown.finding), "details": _details(shown)}
        for name, table in tables.items():
            view = TableView(name.replace("_", " "))
            view.show_table(table)
            self.tabs.addTab(view, _title(name).replace("&", "&&"))

    def _show_chart(self, shown: Shown) -> None:
        number = shown.number
        if number in self._charts:
            self.figure.show_png(self._charts[number], shown.narrative.headline)
            return
        waiting = "The chart is drawn when the work that is under way is done." if self.desk.workspace.busy else ""
        self.figure.say(waiting or "The chart is being drawn …")
        if number not in self._drawing:
            self._drawing.add(number)
            self.desk.workspace.read_in_turn(
                lambda session: png_of(session, number), self._drawn(shown), self._undrawn(number)
            )

    def _drawn(self, shown: Shown) -> Callable[[bytes], None]:
        def take(png: bytes) -> None:
            self._drawing.discard(shown.number)
            self._charts[shown.number] = png
            if self.list.key() == shown.number:
                self.figure.show_png(png, shown.narrative.headline)
                self.enable()

        return take

    def _undrawn(self, number: int) -> Callable[[BaseException], None]:
        def tell(error: BaseException) -> None:
            self._drawing.discard(number)
            if self.list.key() == number:
                self.figure.say(f"The chart can't be drawn. {words(error)}")
            if not isinstance(error, WorkbenchError):
                self.desk.trouble.tell(error)

        return tell

    def _can_withdraw(self) -> bool:
        shown = self._findings.get(self.list.key() or 0)
        return self.free and shown is not None and not shown.withdrawn

    def _withdraw(self) -> None:
        number = self.list.key()
        question = f"Finding {number} will be marked as withdrawn. It is not erased, and packs still list it."
        reason = self.desk.ask.reason("Withdraw a finding", question, do="Withdraw")
        if reason:
            self.desk.workspace.do(
                f"Withdrawing finding {number}", lambda session, progress: session.withdraw(number, reason)
            )

    def _save(self) -> None:
        number = self.list.key()
        kinds = "SVG drawing (*.svg);;PNG image (*.png);;PDF document (*.pdf)"
        path = self.desk.ask.save("Save the chart", f"finding-{number}.svg", kinds)
        if path is not None:

            def work(session: Session, progress: Progress) -> None:
                session.write_figure(number, path)

            self.desk.workspace.do("Saving the chart", work, lambda done: self.desk.say(f"Saved as {path}."))


def _title(name: str) -> str:
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def _fetch(session: Session) -> list[Shown]:
    return [
        Shown(
            *(f.number, f.finding, f.narrative, f.made, f.withdrawn, f.sha256, f.ledger_line),
            status=status_of(f.options),
            differs=_difference(f),
        )
        for f in session.findings()
    ]


def _difference(stored: Stored) -> str:
    """Words are shown as they were stored; where this version words them otherwise, it is said."""
    from workbench.app.catalogue import narrative_of

    try:
        again = narrative_of(stored.finding)
    except UsageError:
        return "This version of the program does not know this analysis. The words are as they were stored."
    same = again == stored.narrative
    return (
        "" if same else "This version of the program words this finding otherwise. The words are as they were stored."
    )


def in_html(shown: Shown) -> str:
    """A finding in sentences as markup; every text is escaped, hidden characters are made visible."""
    said = shown.narrative
    size = "h3" if len(said.headline) <= _SHORT else "h4"
    parts = [f"<{size}>{_safe(said.headline)}</{size}>"]
    if shown.withdrawn:
        parts.insert(0, f"<p><b>Withdrawn:</b> {_safe(shown.withdrawn)}</p>")
    parts.append(f"<p>Status: {_safe(shown.status.words())}</p>")
    if shown.differs:
        parts.append(f"<p><i>{_safe(shown.differs)}</i></p>")
    parts += [f"<p>{_safe(sentence)}</p>" for sentence in said.sentences]
    parts += _items("Warnings", shown.finding.warnings)
    parts += _items("Limits", said.limits)
    left_out = [f"{item.corpus}: {item.reason}" for item in shown.finding.left_out]
    parts += _items("Left out of the comparison", left_out)
    return "".join(parts)


def _items(title: str, texts: list[str] | tuple[str, ...]) -> list[str]:
    if not texts:
        return []
    items = "".join(f"<li>{_safe(text)}</li>" for text in texts)
    return [f"<h4>{title}</h4><ul>{items}</ul>"]


def _safe(text: str) -> str:
    return html.escape(visible(text))


def _inputs(finding: Finding) -> Table:
    columns = (
        ("corpus", "text", "Corpus"),
        ("role", "text", "Role in this run"),
        ("answers", "integer", "Answers"),
        ("released", "text", "Released"),
        ("sha256", "text", "Digest of its answers"),
    )
    return table_of(columns, [(i.corpus, i.role, i.answers, i.released, i.sha256) for i in finding.inputs])


def _details(shown: Shown) -> Table:
    finding = shown.finding
    rows = [("analysis", f"{finding.analysis}, version {finding.version}"), ("made", shown.made)]
    if 0 <= shown.narrative.rung < len(_RUNGS):
        rows.append(("rung of the ladder", _RUNGS[shown.narrative.rung]))
    rows += [("status", shown.status.words()), ("seed", finding.seed)]
    rows += [(f"parameter {name}", str(value)) for name, value in finding.parameters.items()]
    rows += [(f"software {name}", value) for name, value in finding.software.items()]
    rows += [(f"resource {name}", value) for name, value in finding.resources.items()]
    rows += [("finding SHA-256", shown.sha256), ("ledger line", str(shown.ledger_line))]
    return table_of((("what", "text", "What"), ("value", "text", "Value")), rows)
