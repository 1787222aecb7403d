"""Packs: the evidence handed over; and the check that nothing in a pack or a case was changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.core.errors import UsageError
from workbench.core.model import Change
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.packs_parts.export_form import ExportForm
from workbench.gui.pages.packs_parts.result import CheckedCard, Digest
from workbench.gui.parts.buttons import Button, button_for
from workbench.gui.parts.buttons import Kind as Loud
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import SECOND, THIRD, Sign, text
from workbench.gui.parts.panels import BETWEEN, PAGE, Facts, Note, Scroll, Side, column, empty, heading, holding, row
from workbench.gui.tables import TableView, table_of
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.packs import Checked, PackRow, Packs
    from workbench.app.keys import Key
    from workbench.app.requests import ExportReport, VerifyReport
    from workbench.app.session import Session

_PACKS = (
    ("number", "integer", mark("No.")),
    ("begun", "text", mark("Begun")),
    ("state", "text", mark("State")),
    ("kind", "text", mark("Kind")),
    ("sha256", "text", mark("SHA-256")),
)
_ZIP = "Evidence packs (*.zip);;All files (*)"
_SIDE, _TABLE, _HEAD, _ROW = 310, 220, 44, 28
_Seen = tuple["Packs", "list[Key]", str]


class PacksPage(Page):
    """Exports packs and rebuilds them; verifies packs and the case."""

    key = "packs"
    title = mark("Packs")
    help = mark(
        "A pack is one zip that anyone can open and check without this program. The form of an export says what goes "
        "in, which files are withheld for the secrets in them, and who signs. Rebuild writes an old pack again, byte "
        "for byte. Drop any pack here to verify it: the result names every file that was changed, added or removed. "
        "With a head from a pack or a letter, the check also shows whether the end of the ledger was cut."
    )
    watches = frozenset({Change.PACKS, Change.CORPORA, Change.FINDINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.seen: Packs | None = None
        self.checked: Checked | None = None
        self.export = self.bind("pack.export", self._begin_export, self.in_the_way)
        self.rebuild = self.verb("pack.rebuild", self._rebuild, self._can_rebuild)
        self.verify_case = self.bind("verify.case", self._verify_case, lambda: self.no_case() or self.busy())
        self.verify_file = self.bind("verify.file", self._verify_file, self.busy)
        self.verify_folder = self.bind("verify.folder", self._verify_folder, self.busy)
        self.face(self._full())

    # Building

    def _full(self) -> QWidget:
        widget = QWidget()
        whole = QHBoxLayout(widget)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._left(), 1)
        whole.addWidget(self._inspector())
        return widget

    def _left(self) -> QWidget:
        self.heading, self.beside = heading(tr("Packs"))
        self.table = TableView(tr("Packs"), widest=420)
        self.table.chosen.connect(lambda key: self._choose())
        self.result = CheckedCard()
        self.verdict = self.result.verdict
        self.head = QLineEdit()
        self.head.setAccessibleName(tr("Head that the ledger shall hold"))
        self.head.setPlaceholderText(tr("a ledger head from a pack or a letter, if you have one"))
        head = row(text(tr("Compare with a head"), Type.SECOND, THIRD, wrap=False), self.head)
        head.setStretchFactor(self.head, 1)
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(PAGE, 16, PAGE, 16)
        body.setSpacing(BETWEEN)
        body.addLayout(row(self.heading, self.beside, 1, button_for(self.export, kind=Loud.PRIMARY, icon="export")))
        body.addWidget(self.table)
        body.addWidget(self._drop())
        body.addLayout(head)
        body.addWidget(self.result)
        body.addStretch(1)
        return Scroll(inside)

    def _drop(self) -> QWidget:
        """Where a pack is dropped; the window takes it, wherever on the page it falls."""
        well = QFrame()
        well.setObjectName("well")
        strong = text(tr("Drop a pack here to verify it"), Type.HEAD, wrap=False)
        said = text(tr("A zip, an unpacked pack or a case’s folder. It is read, never changed."), Type.BODY, SECOND)
        words = row(Sign("import", "accent", 18), strong, said, spacing=10)
        words.setStretchFactor(said, 1)
        verbs = row(
            button_for(self.verify_case, icon="ok", show_keys=False),
            button_for(self.verify_file, show_keys=False),
            button_for(self.verify_folder, show_keys=False),
            1,
        )
        well.setLayout(column(words, verbs, spacing=10, margins=(16, 14, 16, 14)))
        return well

    def _inspector(self) -> QWidget:
        self.form = ExportForm()
        self.form.wanted.connect(self._write_new)
        self.form.closed.connect(self._close_form)
        self.form.hide()
        self.facts = QVBoxLayout()
        self.facts.setSpacing(9)
        self.facts_box = holding(self.facts)
        self.written = QVBoxLayout()
        self.written.setSpacing(9)
        inside = QWidget()
        inside.setLayout(column(self.form, self.written, self.facts_box, 1, spacing=12, margins=(16, 14, 16, 14)))
        self.side = Side(inside, _SIDE)
        return self.side

    def panes(self) -> Sequence[QWidget]:
        """The packs, the check, the inspector."""
        return (self.table, self.head, self.side)

    def toggle_inspector(self) -> bool:
        """Show or hide the facts, or the form."""
        self.side.setVisible(self.side.isHidden())
        return True

    def press_escape(self) -> bool:
        """Close the form."""
        if self.form.isHidden():
            return False
        self._close_form()
        return True

    # Reading

    def forget(self) -> None:
        """Drop the packs of the case that was open."""
        self.seen = None
        empty(self.written)
        self._close_form()
        if self.desk.workspace.session is None:
            self._show_table(())
            self.beside.setText(tr("No case is open. A pack can be verified all the same."))

    def refresh(self) -> None:
        """Read the packs that were exported, and what the next one holds."""
        self.desk.workspace.read(_fetch, self._show)

    def _show(self, read: _Seen) -> None:
        seen, keys, notice = read
        self.seen = seen
        made = count(len(seen.rows), "{n} pack", "{n} packs") if seen.rows else tr("no pack was exported yet")
        self.beside.setText(made)
        self._show_table(seen.rows)
        self.form.show_packs(seen, keys, notice)
        self._show_facts()
        self.enable()
        self.shown.emit()

    def _show_table(self, packs: Sequence[PackRow]) -> None:
        rows = [
            (
                p.number,
                moment(p.begun),
                tr("done") if p.sha256 else tr("not finished"),
                tr("lawyer copy") if p.copy else tr("whole"),
                p.sha256,
            )
            for p in packs
        ]
        self.table.show_table(table_of([(key, kind, tr(label)) for key, kind, label in _PACKS], rows))
        self.table.setVisible(bool(rows))
        self.table.setFixedHeight(theme().px(min(_TABLE, _HEAD + _ROW * max(1, len(rows)))))
        if rows and self.table.key() is None:
            self.table.selectRow(len(rows) - 1)

    def _chosen(self) -> PackRow | None:
        number = self.table.key()
        return next((p for p in self.seen.rows if p.number == number), None) if self.seen else None

    def _choose(self) -> None:
        empty(self.written)
        self._show_facts()

    def _show_facts(self) -> None:
        empty(self.facts)
        self.facts_box.setVisible(self.form.isHidden() and not self.written.count())
        pack = self._chosen()
        if pack is None:
            said = tr("A pack is one zip. Whoever gets it can read and check it with nothing installed.")
            self.facts.addWidget(text(said, Type.BODY, THIRD))
            return
        self.facts.addWidget(text(tr("Pack {n}", n=pack.number), Type.OBJECT))
        facts = Facts(80)
        facts.add(tr("Begun"), moment(pack.begun))
        facts.add(tr("Originals"), tr("left out: a lawyer copy") if pack.copy else tr("in it"))
        self.facts.addWidget(facts)
        if pack.sha256:
            self.facts.addWidget(Digest(tr("SHA-256 of the pack"), pack.sha256, self.desk.say))
        self.facts.addWidget(Digest(tr("Ledger head in it"), pack.head, self.desk.say))
        self.facts.addLayout(row(button_for(self.rebuild, show_keys=False), 1))
        self.enable()

    # Packs

    def _can_rebuild(self) -> bool:
        return self.desk.workspace.session is not None and not self.busy() and self._chosen() is not None

    def _begin_export(self) -> None:
        """Have everything examined first, so that the form knows which files are withheld."""
        seen = self.seen
        if seen is not None and seen.examined:
            self._open_form()
            return
        self.desk.workspace.do(
            tr("Looking for secrets before the export"),
            lambda session, progress: session.examine(progress),
            lambda report: self._read_and_open(),
        )

    def _read_and_open(self) -> None:
        def show(read: _Seen) -> None:
            self._show(read)
            self._open_form()

        self.desk.workspace.read(_fetch, show)

    def _open_form(self) -> None:
        empty(self.written)
        self.side.show()
        self.form.show()
        self.facts_box.hide()
        self.form.export.setFocus()

    def _close_form(self) -> None:
        self.form.hide()
        self._show_facts()

    def _write_new(self) -> None:
        last = max((p.number for p in self.seen.rows), default=0) if self.seen else 0
        if self.form.redacted.isChecked():
            self._write(last, last, tr("Writing a redacted copy"), copy=True)
        else:
            self._write(last + 1, None, tr("Exporting a pack"))

    def _rebuild(self) -> None:
        pack = self._chosen()
        if pack is not None:
            self._write(pack.number, pack.number, tr("Rebuilding pack {n}", n=pack.number))

    def _write(self, named: int, number: int | None, title: str, *, copy: bool = False) -> None:
        try:
            redactions = self.form.redactions.redactions() if copy else None
            marks = self.form.marks.marks() if number is None else None
        except UsageError as error:
            self.desk.trouble.tell(error)
            return
        opened = self.desk.workspace.opened
        name = f"{opened.folder.stem if opened else 'case'}_pack-{named:02}{'_redacted' if copy else ''}.zip"
        path = self.desk.ask.save(tr("Where the pack shall be written"), name, _ZIP)
        if path is None:
            return
        whole, included = self.form.whole.isChecked(), self.form.included() if number is None else {}
        signer = self.form.key_name() if copy or number is None else ""
        passphrase = self.form.passphrase.text()
        self.form.passphrase.clear()

        def work(session: Session, progress: Progress) -> ExportReport:
            from workbench.app.keys import Keys
            from workbench.app.sealing import signing

            signed = signing(Keys(lambda which: passphrase), [signer]) if signer else None
            if redactions is not None:
                return session.export_copy(path, redactions, number, progress, signing=signed)
            return session.export(
                path, number, progress, originals=whole, included=included, signing=signed, marks=marks
            )

        self.desk.workspace.do(title, work, lambda report: self._exported(report, copy=copy))

    def _exported(self, report: ExportReport, *, copy: bool) -> None:
        what = tr("A redacted copy of pack {n}", n=report.number) if copy else tr("Pack {n}", n=report.number)
        self.desk.say(tr("{what} is written to {path}.", what=what, path=report.path))
        self.form.hide()
        empty(self.written)
        self.written.addWidget(Note(tr("{what} is written.", what=what), str(report.path), kind="plain", icon="ok"))
        self.written.addWidget(Digest(tr("SHA-256 of this pack"), report.sha256, self.desk.say))
        said = tr("Give it by another way than the pack: on the phone, or in a letter.")
        self.written.addWidget(text(said, Type.SECOND, SECOND))
        show = Button(tr("Show the folder"), lambda: self.desk.ask.show_file(report.path.parent), icon="folder")
        self.written.addLayout(row(show, 1))
        self._show_facts()

    # Verify

    def _verify_case(self) -> None:
        head = self.head.text().strip() or None
        opened = self.desk.workspace.opened
        name = opened.folder.name if opened else tr("the case")
        self.result.say(tr("Verifying {what} …", what=name))

        def work(session: Session, progress: Progress) -> Checked:
            return _checked(name, None, session.verify(head, progress))

        job = self.desk.workspace.do(tr("Verifying the case"), work, self._verified, self._failed)
        if job is not None:
            job.cancelled.connect(self._stopped)

    def _verify_file(self) -> None:
        path = self.desk.ask.file(tr("The pack to be verified"), _ZIP)
        if path is not None:
            self.verify_path(path)

    def _verify_folder(self) -> None:
        path = self.desk.ask.folder(tr("The unpacked pack, or the case, to be verified"))
        if path is not None:
            self.verify_path(path)

    def verify_path(self, path: Path) -> None:
        """Check a pack or a case on disk."""
        head, conditions = self.head.text().strip() or None, self.desk.workspace.conditions

        def work(progress: Progress) -> Checked:
            from workbench.app.verify import verify_path

            return _checked(path.name, path, verify_path(path, head, conditions, progress))

        self.result.say(tr("Verifying {what} …", what=path.name))
        title = tr("Verifying {what}", what=one_line(path.name, 60))
        job = self.desk.workspace.do_apart(title, work, self._verified, self._failed)
        job.cancelled.connect(self._stopped)

    def _stopped(self) -> None:
        self.result.say(tr("It was stopped: nothing is known."))

    def _failed(self, error: BaseException) -> None:
        self.result.say(tr("It could not be verified."), bad=True)
        self.desk.trouble.tell(error)

    def _verified(self, seen: Checked) -> None:
        self.checked = seen
        self.result.show_checked(seen)
        self.desk.say(tr("Verified: whole.") if seen.ok else tr("Verified: NOT whole."))
        self.desk.go(self.key)


def _checked(name: str, path: Path | None, report: VerifyReport) -> Checked:
    from workbench.app.desk.packs import checked_of

    return checked_of(name, path, report)


def _fetch(session: Session) -> _Seen:
    from workbench.app.desk.packs import read_packs
    from workbench.app.keys import Keys

    keys = Keys(lambda which: "")
    return read_packs(session), keys.all(), keys.notice
