"""The strip that shows what is under way: a bar, a note, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from workbench.core.text import one_line
from workbench.gui.jobs import Job
from workbench.gui.widgets import GAP, MARGIN, button, label

_STEPS = 1000


class Activity(QFrame):
    """Shows the oldest verb that is under way; hidden when there is none. `stop_pressed` when it is to be stopped."""

    stop_pressed = Signal()

    def __init__(self, verbs: Callable[[], list[Job]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verbs = verbs
        self._job: Job | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = label(wrap=False)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(240)
        self.bar.setAccessibleName("Progress")
        self.note = label(wrap=False)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.stop = button("Stop", self.stop_pressed.emit, tip="Stop this work (Esc)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 6, MARGIN, 6)
        layout.setSpacing(GAP)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.stop)
        self.setVisible(False)

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
        self.setVisible(job is not None)
        self._say()

    def _say(self) -> None:
        job = self._job
        if job is None:
            return
        waiting = len(self._verbs()) - 1
        self.title.setText(one_line(job.title, 60) + (f" ({waiting} more waiting)" if waiting > 0 else ""))
        self.note.setText("Stopping …" if job.stopping else one_line(job.note, 90))
        self.bar.setValue(int(job.fraction * _STEPS))
        self.stop.setEnabled(not job.stopping)
