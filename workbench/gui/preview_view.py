"""A live preview of files as they would be read, and a dry run that counts what an import would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.model import Table
from workbench.core.progress import Progress, part
from workbench.gui.error_dialog import in_window, words
from workbench.gui.jobs import Job, Lane
from workbench.gui.tables import TableView, table_of
from workbench.gui.widgets import button, is_there, label, row
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.app.importing.dry_run import DryRun, FirstRecord
    from workbench.app.requests import ImportRequest

_PAUSE = 250
_STEPS = 1000
_COLUMNS = (
    ("place", "integer", "Record"),
    ("prompt", "text", "Prompt"),
    ("prompt_key", "text", "Prompt id"),
    ("answer", "text", "Answer"),
    ("model", "text", "Model"),
    ("time", "text", "Time"),
    ("sample", "text", "Sample"),
    ("rejected", "text", "Would be rejected"),
)
_MODEL = 4
_ALWAYS = ("place", "prompt", "answer")
"""Columns that are shown also where nothing stands in them."""


class TrialView(QWidget):
    """Shows the first records of the first file, and counts all files when asked to; nothing is kept."""

    def __init__(self, workspace: Workspace, paths: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._paths = list(paths)
        self._request: ImportRequest | None = None
        self._asked = 0
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._ask)
        self.said = label("Reading the first records …")
        self.said.setAccessibleName("What the preview shows")
        self.table = TableView("First records as they would be read", widest=260)
        self.table.setMinimumHeight(120)
        self.run = button("Dr&y run", self.start, tip="Read all of it and count, without keeping anything")
        self.stop = button("&Stop", self.cancel, tip="Stop the dry run")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the dry run")
        self.counts = label()
        self.counts.setAccessibleName("What the dry run counted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.said)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(self.run, self.bar, self.stop))
        layout.addWidget(self.counts)
        self._enable()

    def follow(self, request: ImportRequest | None) -> None:
        """Show the records as this request would read them, after a short pause; None where it does not fit."""
        self._request = request
        self.cancel()
        self.counts.setText("")
        self._timer.start()
        self._enable()

    @property
    def waiting(self) -> bool:
        """Whether a preview is due, or a dry run under way."""
        return self._timer.isActive() or self._job is not None

    # The first records

    def _ask(self) -> None:
        request, path = self._request, self._paths[0]
        self._asked += 1
        asked = self._asked
        if request is None:
            return

        def show(seen: Table | WorkbenchError) -> None:
            if is_there(self) and asked == self._asked:
                self._show(seen)

        self._workspace.read(lambda session: _first(path, request), show)

    def _show(self, seen: Table | WorkbenchError) -> None:
        if isinstance(seen, WorkbenchError):
            self.said.setText(words(seen).replace("\n\n", " "))
            self._put(table_of(_COLUMNS, []))
            return
        of = f" of {self._paths[0].name}" if len(self._paths) > 1 else ""
        rejected = sum(bool(row[-1]) for row in seen.rows)
        bad = f"; {rejected} would be rejected" if rejected else ""
        self.said.setText(f"The first {len(seen.rows)} records{of} as they would be read{bad}.{self._unnamed(seen)}")
        self._put(seen)

    def _unnamed(self, seen: Table) -> str:
        """What to say where the corpus would take its name from the file."""
        taken = [row for row in seen.rows if not row[-1]]
        if self._request is None or self._request.model or not taken or any(row[_MODEL] for row in taken):
            return ""
        return f" They name no model: without a name under “Model” the corpus is called {self._paths[0].stem}."

    def _put(self, seen: Table) -> None:
        self.table.show_table(seen)
        for at, (name, _, _) in enumerate(_COLUMNS):
            self.table.setColumnHidden(at, name not in _ALWAYS and not any(cells[at] for cells in seen.rows))

    # The dry run

    def start(self) -> None:
        """Read everything in a job and count; nothing is kept."""
        request, session, paths = self._request, self._workspace.session, self._paths
        if request is None or session is None or self._job is not None:
            return

        def work(progress: Progress) -> list[DryRun]:
            share = 1 / len(paths)
            return [
                session.dry_run(path, request, part(progress, at * share, (at + 1) * share))
                for at, path in enumerate(paths)
            ]

        self.counts.setText("Counting …")
        self._job = self._workspace.jobs.start(work, lane=Lane.BESIDE)
        self._job.progressed.connect(self._progressed)
        self._job.succeeded.connect(self._counted)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._cancelled)
        self._job.finished.connect(self._finished)
        self._enable()

    def cancel(self) -> None:
        """Stop the dry run, if one is under way."""
        if self._job is not None:
            self._job.cancel()

    def _progressed(self, fraction: float, note: str) -> None:
        self.bar.setValue(int(fraction * _STEPS))

    def _counted(self, runs: list[DryRun]) -> None:
        self.counts.setText(_in_words(dict(zip(self._paths, runs, strict=True))))

    def _failed(self, error: BaseException) -> None:
        self.counts.setText(words(error).replace("\n\n", " "))

    def _cancelled(self) -> None:
        self.counts.setText("The dry run was stopped.")

    def _finished(self) -> None:
        self._job = None
        self.bar.setValue(0)
        self._enable()

    def _enable(self) -> None:
        under_way = self._job is not None
        self.run.setEnabled(self._request is not None and not under_way)
        self.stop.setVisible(under_way)
        self.bar.setVisible(under_way)


def _first(path: Path, request: ImportRequest) -> Table | WorkbenchError:
    from workbench.app.importing.dry_run import first_records

    try:
        return table_of(_COLUMNS, [_cells(record) for record in first_records(path, request)])
    except WorkbenchError as error:
        return error


def _cells(record: FirstRecord) -> tuple[object, ...]:
    answer = None if record.reason else record.text
    said = (record.prompt, record.prompt_key, answer, record.model, record.time, record.sample)
    return (record.place, *said, record.reason)


def _in_words(counted: Mapping[Path, DryRun]) -> str:
    runs = counted.values()

    def total(what: str) -> str:
        return f"{sum(run.total(what) for run in runs):,}"

    def of(path: Path) -> str:
        return f"{path.name}: " if len(runs) > 1 else ""

    said = [
        f"{total('records')} records: {total('accepted')} accepted, {total('rejected')} rejected, "
        f"{total('duplicate')} duplicate. Nothing was kept."
    ]
    names = list(dict.fromkeys(corpus.name for run in runs for corpus in run.corpora))
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    said.append(f"Corpora: {', '.join(names[:8])}{more}.")
    said += [f"{of(path)}{place}: {reason}" for path, run in counted.items() for place, reason in run.listed()][:3]
    said += [f"{of(path)}{in_window(notice)}" for path, run in counted.items() for notice in run.notices][:6]
    return "\n".join(said)
