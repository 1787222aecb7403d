"""The report as it will be printed: its pages as images, set by the compiler that sets it for the pack."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.core.model import Change
from workbench.core.progress import Progress
from workbench.gui.jobs import Job, Lane
from workbench.gui.look.theme import Type
from workbench.gui.pages.base import Desk, Page
from workbench.gui.parts.buttons import Button, button_for
from workbench.gui.parts.buttons import Kind as Loud
from workbench.gui.parts.labels import THIRD, text
from workbench.gui.parts.panels import BETWEEN, PAGE, Empty, Scroll, column, empty, heading, row
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.session import Session

_DOTS = 92.0
"""Dots an inch on a plain screen: a page of A4 is some 760 dots wide."""


class ReportPage(Page):
    """Shows every page of the report that the next pack would have; it is set again when it is asked for."""

    key = "report"
    title = mark("Report")
    help = mark(
        "These are the pages of the report, as the pack that you would export now has them. They are white in both "
        "themes, since that is how they are printed. An opinion that is missing is formed at the export and is not on "
        "these pages yet. Page Up and Page Down turn the pages."
    )
    watches = frozenset({Change.CORPORA, Change.FINDINGS, Change.PLAN, Change.PACKS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pages: list[QLabel] = []
        self._job: Job | None = None
        self.none = self.face(Empty(tr("No case is open"), tr("Make or open a case first."), icon="document"))
        to_run = Button(tr("Go to Analyses"), partial(desk.go, "analyses"), kind=Loud.PRIMARY)
        said = tr("The report is made of findings: run an analysis first.")
        self.empty = self.face(Empty(tr("Nothing to report yet"), said, to_run, icon="document"))
        self.setting = self.face(
            Empty(tr("The report is being set"), tr("It takes some seconds. Other work goes on."), icon="clock")
        )
        self.full = self.face(self._full())

    def _full(self) -> QWidget:
        self.heading, self.beside = heading(tr("Report"))
        self.at = text("", Type.BODY, THIRD, wrap=False, name=tr("Which page is shown"))
        before = Button("", partial(self.turn_page, -1), icon="up", name=tr("Page before"))
        after = Button("", partial(self.turn_page, 1), icon="down", name=tr("Page after"))
        export = button_for(self.desk.actions["pack.export"], kind=Loud.PRIMARY, icon="export")
        head = row(self.heading, self.beside, 1, self.at, before, after, export)
        self.sheets = QVBoxLayout()
        self.sheets.setSpacing(BETWEEN)
        self.sheets.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside = QWidget()
        inside.setLayout(self.sheets)
        self.scroller = Scroll(inside)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scroller.setAccessibleName(tr("Pages of the report"))
        self.scroller.verticalScrollBar().valueChanged.connect(self._say_page)
        widget = QWidget()
        layout = column(head, self.scroller, spacing=BETWEEN, margins=(PAGE, 16, PAGE, 0))
        layout.setStretchFactor(self.scroller, 1)
        widget.setLayout(layout)
        return widget

    def forget(self) -> None:
        """Drop the pages of the case that was open."""
        if self._job is not None:
            self._job.cancel()
        self._job = None
        self._show([])
        if self.desk.workspace.session is None:
            self.turn(self.none)

    def refresh(self) -> None:
        """Have the report set; that takes a few seconds, in which other work goes on."""
        workspace = self.desk.workspace
        session = workspace.session
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if session is None:
            return
        self.beside.setText(tr("being set …"))
        if not self.pages:
            self.turn(self.setting)
        job = workspace.jobs.start(partial(_pages, session, _DOTS * self.devicePixelRatioF()), lane=Lane.BESIDE)
        job.succeeded.connect(partial(self._set, job))
        job.failed.connect(self.desk.trouble.tell)
        job.finished.connect(partial(self._over, job))
        self._job = job

    def _set(self, job: Job, pages: Sequence[QImage]) -> None:
        """Show pages that were set, unless others were asked for since."""
        if self._job is job:
            self._show(pages)

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None

    def _show(self, pages: Sequence[QImage]) -> None:
        place = self.scroller.verticalScrollBar().value()
        empty(self.sheets)
        self.pages = []
        for number, page in enumerate(pages, start=1):
            sheet = QLabel()
            ratio = self.devicePixelRatioF()
            shown = QPixmap.fromImage(page)
            shown.setDevicePixelRatio(ratio)
            sheet.setPixmap(shown)
            sheet.setFixedSize(QSize(round(page.width() / ratio), round(page.height() / ratio)))
            sheet.setAccessibleName(tr("Page {n} of {all}", n=number, all=len(pages)))
            self.pages.append(sheet)
            self.sheets.addWidget(sheet)
        self.beside.setText(
            count(len(pages), "{n} page, as it would be printed", "{n} pages, as they would be printed")
        )
        self.turn(self.full if pages else self.empty)
        self.scroller.verticalScrollBar().setValue(place)
        self._say_page()
        self.shown.emit()

    def _current(self) -> int:
        """The page in the middle of what is seen, from 0."""
        middle = self.scroller.verticalScrollBar().value() + self.scroller.viewport().height() // 2
        return max((at for at, sheet in enumerate(self.pages) if sheet.y() <= middle), default=0)

    def _say_page(self) -> None:
        self.at.setText(tr("{n} of {all}", n=self._current() + 1, all=len(self.pages)) if self.pages else "")

    def turn_page(self, step: int) -> None:
        """Show the page before or after."""
        if self.pages:
            to = min(max(self._current() + step, 0), len(self.pages) - 1)
            self.scroller.verticalScrollBar().setValue(self.pages[to].y())
            self._say_page()

    def panes(self) -> Sequence[QWidget]:
        """The pages."""
        return (self.scroller,)

    def begin(self) -> None:
        """Page Up and Page Down work at once."""
        self.scroller.setFocus(Qt.FocusReason.OtherFocusReason)


def _pages(session: Session, dots: float, progress: Progress) -> list[QImage]:
    """The pages, decoded here and not in the thread of the window."""
    if not session.runs():
        return []
    return [QImage.fromData(page) for page in session.report_pages(dots, progress)]
