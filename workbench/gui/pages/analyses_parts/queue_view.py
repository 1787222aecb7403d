"""The queue of runs as a list: what runs, what waits, what was done; each can be stopped or moved in its place."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget
from typing_extensions import override

from workbench.gui.frame.foot import time_left
from workbench.gui.look.theme import Type
from workbench.gui.pages.analyses_parts.card import seconds_in_words
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import BAD, THIRD, LinkLabel, ShortLabel, Sign, text
from workbench.gui.parts.panels import column, empty, row
from workbench.gui.run_queue import Run, RunQueue, State
from workbench.gui.words import count, tr

_SIGNS = {
    State.WAITING: ("clock", "ink3"),
    State.RUNNING: ("run", "accent"),
    State.DONE: ("tick", "accent"),
    State.REFUSED: ("wrong", "bad"),
    State.STOPPED: ("close", "ink3"),
}
_DEAR = 60.0
"""Seconds of work that are not dropped without a question."""

_STEPS = 1000
_EVERY = 500


class RunRow(QFrame):
    """One run; Alt and the arrows move one that waits, Del stops it."""

    moved = Signal(int)
    stopped = Signal()

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self.setProperty("ring", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._step(event):
            event.accept()  # the keys belong to the list while it has the focus
            return True
        return super().event(event)

    @staticmethod
    def _step(event: QKeyEvent) -> int:
        if event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return 0
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._step(event):
            self.moved.emit(self._step(event))
        elif event.key() == Qt.Key.Key_Delete:
            self.stopped.emit()
        else:
            super().keyPressEvent(event)


class QueueView(QWidget):
    """The queue; `read` carries the number of a finding, `stop` a run that shall be stopped."""

    read = Signal(int)
    stop = Signal(object)

    def __init__(self, queue: RunQueue) -> None:
        super().__init__()
        self._queue = queue
        self.setAccessibleName(tr("Queue"))
        self.beside = text("", Type.BODY, THIRD, wrap=False)
        self.rows: list[RunRow] = []
        self._bars: list[tuple[Run, QProgressBar, ShortLabel]] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        head = row(text(tr("Queue"), Type.HEAD, wrap=False), self.beside, 1)
        self.setLayout(column(head, self._lines, spacing=6))
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._tick)
        queue.changed.connect(self.show_runs)
        self.show_runs()

    def show_runs(self) -> None:
        """Show the queue as it is now; what has the focus keeps it."""
        focused = next((row_.run for row_ in self.rows if row_.hasFocus()), None)
        empty(self._lines)
        self.rows, self._bars = [], []
        for run in self._in_order():
            made = self._row(run)
            self.rows.append(made)
            self._lines.addWidget(made)
            if run is focused:
                made.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(bool(self.rows))
        self._tick()
        if any(run.state is State.RUNNING for run in self._queue.runs):
            self._timer.start()
        else:
            self._timer.stop()

    def _in_order(self) -> list[Run]:
        """What is under way, what waits, and what was done, the latest first."""
        ended = [run for run in self._queue.runs if run.state not in (State.WAITING, State.RUNNING)]
        return [*self._queue.left, *reversed(ended)]

    def _row(self, run: Run) -> RunRow:
        made = RunRow(run)
        made.moved.connect(partial(self._queue.move, run))
        made.stopped.connect(partial(self.ask_to_stop, run))
        name, token = _SIGNS[run.state]
        title = ShortLabel(run.title, Type.BODY)
        said = ShortLabel(self._words(run), Type.SECOND, BAD if run.state is State.REFUSED else THIRD)
        made.setAccessibleName(f"{run.title}: {self._words(run)}")
        head = row(Sign(name, token, 13), title)
        head.setStretchFactor(title, 1)
        for button in self._buttons(run):
            head.addWidget(button)
        body = column(head, spacing=3, margins=(2, 6, 2, 6))
        if run.state is State.RUNNING:
            bar = QProgressBar()
            bar.setRange(0, _STEPS)
            bar.setTextVisible(False)
            bar.setAccessibleName(tr("Progress of {title}", title=run.title))
            body.addWidget(bar)
            self._bars.append((run, bar, said))
        body.addWidget(said)
        made.setLayout(body)
        return made

    def _buttons(self, run: Run) -> list[QWidget]:
        if run.state is State.DONE:
            read = LinkLabel(tr("Read"), partial(self.read.emit, run.finding))
            read.setAccessibleName(tr("Read finding {n}", n=run.finding))
            return [read]
        made: list[QWidget] = []
        if run.state is State.WAITING and sum(one.state is State.WAITING for one in self._queue.runs) > 1:
            for icon, step, name in (("up", -1, tr("Run it sooner")), ("down", 1, tr("Run it later"))):
                act = partial(self._queue.move, run, step)
                made.append(Button("", act, icon=icon, kind=Kind.QUIET, small=True, name=name))
        if run.state in (State.WAITING, State.RUNNING):
            name = tr("Stop {title}", title=run.title)
            made.append(
                Button("", partial(self.ask_to_stop, run), icon="close", kind=Kind.QUIET, small=True, name=name)
            )
        return made

    def ask_to_stop(self, run: Run) -> None:
        """Stop a run; the page asks first where much is lost."""
        self.stop.emit(run)

    def _words(self, run: Run) -> str:
        if run.state is State.RUNNING:
            job = run.job
            left = time_left(job.seconds_left()) if job is not None else ""
            note = job.note if job is not None else ""
            return tr("Stopping …") if job is not None and job.stopping else ", ".join(filter(None, (note, left)))
        if run.state is State.WAITING:
            known = self._queue.estimate(run.key)
            first = self._queue.left[0]
            before = tr("Waits for {title}", title=first.title) if first is not run else tr("Waits")
            after = tr(", then about {time}", time=seconds_in_words(known)) if known is not None else ""
            return f"{before}{after}"
        if run.state is State.DONE:
            return tr("{time}, finding {n}", time=seconds_in_words(run.seconds), n=run.finding)
        return run.said or tr("Stopped: nothing was stored.")

    def _tick(self) -> None:
        """Say how far the one under way is."""
        for run, bar, said in self._bars:
            if run.job is not None:
                bar.setValue(int(run.job.fraction * _STEPS))
                said.setText(self._words(run))
        left = self._queue.left
        seconds = self._queue.seconds_left()
        known = f", {time_left(seconds)}".removesuffix(tr(" left")) if seconds is not None and left else ""
        self.beside.setText(count(len(left), "{n} left", "{n} left") + known if left else tr("all done"))


def is_dear(run: Run) -> bool:
    """Whether stopping a run loses more than a minute of work."""
    if run.job is None or run.state is not State.RUNNING:
        return False
    left = run.job.seconds_left()
    fraction = run.job.fraction
    return left is not None and fraction < 1 and left * fraction / max(1e-6, 1 - fraction) > _DEAR
