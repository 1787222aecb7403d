"""The foot of the window: what runs, with its time left and a way to stop it; the ledger; who examines."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from workbench.core.text import one_line
from workbench.gui.jobs import Job
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import SECOND, LinkLabel, Sign, text
from workbench.gui.words import count, tr

_STEPS = 1000
_HEIGHT = 28


class Foot(QFrame):
    """One line below every page; `stop_pressed` when the work that is shown is to be stopped."""

    stop_pressed = Signal()

    def __init__(self, verbs: Callable[[], list[Job]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._verbs = verbs
        self._job: Job | None = None
        self.title = text("", Type.SECOND, SECOND, wrap=False, name=tr("What is under way"))
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme().px(150))
        self.bar.setAccessibleName(tr("Progress"))
        self.note = text("", Type.SECOND, SECOND, wrap=False)
        self.stop = LinkLabel(tr("Stop"), self.stop_pressed.emit)
        self.stop.setAccessibleName(tr("Stop what is under way"))
        self._dot = Sign("run", "accent", 12)
        self._whole = Sign("", "accent", 14)
        self.ledger = text("", Type.SECOND, SECOND, wrap=False, name=tr("State of the ledger"))
        self.head = text("", Type.CODE_SMALL, SECOND, wrap=False, name=tr("Head of the ledger"))
        self.saved = text("", Type.SECOND, SECOND, wrap=False)
        self._pen = Sign("pen", "ink3", 13)
        self.whose = text("", Type.SECOND, SECOND, wrap=False, name=tr("Who examines"))
        self._build()
        self.follow()

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 3, 12, 3)
        layout.setSpacing(8)
        for widget in (self._dot, self.title, self.bar, self.note, self.stop):
            layout.addWidget(widget)
        layout.addWidget(self._whole)
        layout.addWidget(self.ledger)
        layout.addSpacing(6)
        layout.addWidget(self.head)
        layout.addStretch(1)
        layout.addWidget(self.saved)
        layout.addSpacing(10)
        layout.addWidget(self._pen)
        layout.addWidget(self.whose)
        self.setMinimumHeight(theme().px(_HEIGHT))

    def show_case(self, examiner: str, saved: str) -> None:
        """Say who examines, and whether all is saved."""
        self.whose.setText(one_line(examiner, 40))
        self._pen.setVisible(bool(examiner))
        self.saved.setText(saved)

    def show_ledger(self, lines: int, head: str, *, broken: bool = False) -> None:
        """Say how many lines the ledger has and what its last hash is; no lines for no case."""
        self.ledger.setVisible(bool(lines))
        self._whole.setVisible(bool(lines))
        self._whole.show_sign("wrong" if broken else "ok", "bad" if broken else "accent")
        whole = count(lines, "Ledger whole, {n} line", "Ledger whole, {n} lines")
        self.ledger.setText(tr("Ledger broken: see the page Ledger") if broken else whole)
        short = " ".join(head[at : at + 4] for at in range(0, 12, 4))
        self.head.setText(tr("head {head}…", head=short) if head else "")
        self._settle()

    def cancel(self) -> None:
        """Ask the work that is shown to stop."""
        if self._job is not None:
            self._job.cancel()
            self._say()

    def follow(self) -> None:
        """Show the verb that is under way now."""
        verbs = self._verbs()
        job = verbs[0] if verbs else None
        if job is not self._job:
            self._job = job
            if job is not None:
                job.progressed.connect(self._say)
        self._settle()
        self._say()

    def _settle(self) -> None:
        running = self._job is not None
        for widget in (self._dot, self.title, self.bar, self.note, self.stop):
            widget.setVisible(running)
        self.head.setVisible(not running and bool(self.head.text()))

    def _say(self) -> None:
        job = self._job
        if job is None:
            return
        waiting = len(self._verbs()) - 1
        more = tr(" ({n} more waiting)", n=waiting) if waiting > 0 else ""
        percent = f", {job.fraction:.0%}".replace("%", " %") if job.fraction else ""
        self.title.setText(one_line(job.title, 48) + percent + more)
        left = time_left(job.seconds_left())
        said = tr("Stopping …") if job.stopping else left or one_line(job.note, 60)
        self.note.setText(said)
        self.note.setToolTip(job.note)
        self.bar.setValue(int(job.fraction * _STEPS))
        self.stop.setEnabled(not job.stopping)


def time_left(seconds: float | None) -> str:
    """How long it will take, as people say it; nothing where it is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return tr("about {n} s left", n=max(1, round(seconds)))
    if seconds < 3600:
        return tr("about {n} min left", n=round(seconds / 60))
    return tr("about {n} h left", n=round(seconds / 3600, 1))
