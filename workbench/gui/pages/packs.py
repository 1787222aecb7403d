"""Packs: the evidence handed over; and the check that nothing in a pack or a case was changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QGroupBox, QLineEdit, QVBoxLayout, QWidget

from workbench.core.model import Change, Table
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.gui.dialogs.withheld import WithheldDialog
from workbench.gui.examination import Withheld, read_examination
from workbench.gui.pages.base import Desk, Page, button_for
from workbench.gui.tables import TableView, table_of, when
from workbench.gui.widgets import GAP, MARGIN, heading, label, quiet, row

if TYPE_CHECKING:
    from workbench.app.requests import ExportReport, VerifyReport
    from workbench.app.session import Session

_PACKS = (
    ("number", "integer", "No."),
    ("begun", "text", "Begun"),
    ("state", "text", "State"),
    ("sha256", "text", "SHA-256 of the pack"),
    ("head", "text", "Ledger head in it"),
)
_PROBLEMS = (("path", "text", "Where"), ("what", "text", "What"), ("detail", "text", "Detail"))
_ZIP = "Evidence packs (*.zip);;All files (*)"


class PacksPage(Page):
    """Exports packs and rebuilds them; verifies packs and the case."""

    key = "packs"
    title = "Packs"
    help = (
        "A pack is one zip that anyone can open and check without this program. Export examines what was not examined "
        "yet, names the files that are withheld for the secrets in them, and makes a new pack with its own number; "
        "Rebuild writes an old one again, byte for byte. Verify names every file of a pack that was changed, added or "
        "removed, and checks a case's originals, answers and ledger. With a head from a pack or a letter, it also "
        "shows whether the end of the ledger was cut."
    )
    watches = frozenset({Change.PACKS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.export = self.verb("pack.export", self._export, lambda: self.free)
        self.rebuild = self.verb("pack.rebuild", self._rebuild, self._can_rebuild)
        self._what = ""
        self.verify_case = self.verb("verify.case", self._verify_case, self._can_verify)
        self.verify_file = self.verb("verify.file", self._verify_file, self._idle)
        self.verify_folder = self.verb("verify.folder", self._verify_folder, self._idle)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(heading("Packs"))
        self._boxes = {self._packs(): self.table, self._verify(): self.problems}
        for box in self._boxes:
            layout.addWidget(box)
        layout.addStretch(1)
        self._page = layout
        self.face(body)

    def _packs(self) -> QGroupBox:
        box = QGroupBox("Evidence packs of this case")
        layout = QVBoxLayout(box)
        self.table = TableView("Packs", widest=520)
        self.table.chosen.connect(lambda key: self.enable())
        self.hint = quiet()
        self.originals = QCheckBox("With the &original files (without them it is a lawyer copy, and says so)")
        self.originals.setChecked(True)
        layout.addWidget(self.hint)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.originals)
        layout.addLayout(row(button_for(self.export), button_for(self.rebuild)))
        self.written = label()
        self.written.setAccessibleName("The pack that was written")
        self.written.setVisible(False)
        layout.addWidget(self.written)
        return box

    def _verify(self) -> QGroupBox:
        box = QGroupBox("Verify")
        layout = QVBoxLayout(box)
        self.head = QLineEdit()
        self.head.setAccessibleName("Head that the ledger shall hold")
        self.head.setPlaceholderText("for a case: a ledger head from a pack or a letter (optional)")
        self.verdict = label("Nothing was verified yet.")
        self.verdict.setAccessibleName("Verdict")
        self.problems = TableView("Problems")
        self.problems.setVisible(False)
        layout.addLayout(
            row(button_for(self.verify_case), button_for(self.verify_file), button_for(self.verify_folder))
        )
        layout.addWidget(self.head)
        layout.addWidget(self.verdict)
        layout.addWidget(self.problems, 1)
        return box

    def _share(self) -> None:
        """Give the height there is to the boxes whose table is shown."""
        for box, table in self._boxes.items():
            self._page.setStretchFactor(box, 0 if table.isHidden() else 100)

    def forget(self) -> None:
        """Drop the packs of the case that was open."""
        self.written.setVisible(False)
        if self.desk.workspace.session is None:
            self._show(table_of(_PACKS, []))

    def refresh(self) -> None:
        """Read the packs that were exported."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, table: Table) -> None:
        self.table.show_table(table)
        self.table.setVisible(bool(table.rows))
        open_ = self.desk.workspace.session is not None
        none = "No pack was exported yet." if open_ else "No case is open. A pack can be verified all the same."
        self.hint.setText("" if table.rows else none)
        self.hint.setVisible(not table.rows)
        self._share()
        if table.rows and self.table.key() is None:
            self.table.selectRow(len(table.rows) - 1)
        self.enable()
        self.shown.emit()

    # Packs

    def _can_rebuild(self) -> bool:
        return self.desk.workspace.session is not None and self._idle() and self.table.key() is not None

    def _export(self) -> None:
        """Have everything examined first, so that it is known which files are withheld before anything is written."""
        self.desk.workspace.do("Looking for secrets before the export", _examined, self._ask)

    def _ask(self, withheld: Sequence[Withheld]) -> None:
        included: dict[str, str] = {}
        if withheld and self.originals.isChecked():
            dialog = WithheldDialog(withheld, self)
            if not self.desk.ask.accepted(dialog):
                return
            included = dialog.collect()
        self._write(len(self.table.rows.table.rows) + 1, None, "Exporting a pack", included)

    def _rebuild(self) -> None:
        number = self.table.key()
        self._write(number, number, f"Rebuilding pack {number}", {})

    def _write(self, named: int, number: int | None, title: str, included: dict[str, str]) -> None:
        opened = self.desk.workspace.opened
        name = f"{opened.folder.stem if opened else 'case'}_pack-{named:02}.zip"
        path = self.desk.ask.save("Where the pack shall be written", name, _ZIP)
        if path is None:
            return
        whole = self.originals.isChecked()

        def work(session: Session, progress: Progress) -> ExportReport:
            return session.export(path, number, progress, originals=whole, included=included)

        self.desk.workspace.do(title, work, self._exported)

    def _exported(self, report: ExportReport) -> None:
        self.desk.say(f"Pack {report.number} is written to {report.path}.")
        self.written.setVisible(True)
        self.written.setText(
            f"Pack {report.number} is written to {report.path}.\nSHA-256 {report.sha256}\nLedger head {report.head}"
        )

    # Verify

    def _idle(self) -> bool:
        return not self.desk.workspace.busy

    def _can_verify(self) -> bool:
        return self._idle() and self.desk.workspace.session is not None

    def _verify_case(self) -> None:
        head = self.head.text().strip() or None
        opened = self.desk.workspace.opened
        self._started(opened.folder.name if opened else "the case")
        job = self.desk.workspace.do(
            "Verifying the case", lambda session, progress: session.verify(head, progress), self._verified, self._failed
        )
        if job is not None:
            job.cancelled.connect(self._stopped)

    def _verify_file(self) -> None:
        path = self.desk.ask.file("The pack to be verified", _ZIP)
        if path is not None:
            self.verify_path(path)

    def _verify_folder(self) -> None:
        path = self.desk.ask.folder("The unpacked pack, or the case, to be verified")
        if path is not None:
            self.verify_path(path)

    def verify_path(self, path: Path) -> None:
        """Check a pack or a case on disk."""
        head, conditions = self.head.text().strip() or None, self.desk.workspace.conditions

        def work(progress: Progress) -> VerifyReport:
            from workbench.app.verify import verify_path

            return verify_path(path, head, conditions, progress)

        self._started(path.name)
        job = self.desk.workspace.do_apart(f"Verifying {path.name}", work, self._verified, self._failed)
        job.cancelled.connect(self._stopped)

    def _started(self, what: str) -> None:
        self._what = what
        self.verdict.setText(f"Verifying {what} …")
        self.problems.setVisible(False)
        self._share()

    def _stopped(self) -> None:
        self.verdict.setText("It was stopped: nothing is known.")

    def _failed(self, error: BaseException) -> None:
        self.verdict.setText("It could not be verified.")
        self.desk.trouble.tell(error)

    def _verified(self, report: VerifyReport) -> None:
        what = "case" if report.kind == "case" else "pack"
        count = len(report.problems)
        said = f"{count} problem{'s' if count != 1 else ''} in this {what}:"
        whole = f"The {what} is whole: nothing was changed, added or removed."
        self.verdict.setText(f"{one_line(self._what, 80)}. {whole if report.ok else said}")
        self.problems.show_table(table_of(_PROBLEMS, [(p.path, p.what, p.detail) for p in report.problems]))
        self.problems.setVisible(not report.ok)
        self._share()
        self.desk.say("Verified: whole." if report.ok else "Verified: NOT whole.")
        self.desk.go(self.key)


def _examined(session: Session, progress: Progress) -> tuple[Withheld, ...]:
    session.examine(progress)
    return read_examination(session, session.corpora()).withheld


def _fetch(session: Session) -> Table:
    rows = [
        (e.number, when(e.begun), "done" if e.sha256 else "not finished", e.sha256, e.head) for e in session.exports()
    ]
    return table_of(_PACKS, rows)
