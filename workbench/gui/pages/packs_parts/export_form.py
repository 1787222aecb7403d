"""The form of an export, in the inspector: what goes in, what is withheld and why, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from workbench.core.text import one_line
from workbench.gui.look.theme import Type
from workbench.gui.pages.packs_parts.marks_and_redactions import MarksForm, RedactionForm
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import SECOND, THIRD, rule, text
from workbench.gui.parts.panels import Facts, Note, column, empty, holding, row
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.app.desk.packs import Packs
    from workbench.app.keys import Key

_MEGA = 1_000_000


class ExportForm(QWidget):
    """Says what the next pack holds; `wanted` when it shall be written, `closed` when it shall not."""

    wanted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        close = Button("", self.closed.emit, icon="close", kind=Kind.QUIET, small=True, name=tr("Close the form"))
        head = row(text(tr("Export a pack"), Type.OBJECT, wrap=False), 1, close)
        self.facts = Facts(110)
        self.whole = QRadioButton(tr("With the original files"))
        self.copy = QRadioButton(tr("Without them: a lawyer copy"))
        self.redacted = QRadioButton(tr("A redacted copy of the last pack"))
        self.whole.setChecked(True)
        self.redacted.toggled.connect(self._settle)
        self.whole.toggled.connect(self._settle)
        self.marks = MarksForm()
        self.redactions = RedactionForm()
        self.held = QVBoxLayout()
        self.held.setSpacing(5)
        self.held_box = holding(self.held)
        self.reasons: dict[str, QLineEdit] = {}
        self.signer = QComboBox()
        self.signer.setAccessibleName(tr("Who signs"))
        self.signer.currentIndexChanged.connect(self._settle)
        self.passphrase = QLineEdit()
        self.passphrase.setAccessibleName(tr("Passphrase of the key"))
        self.passphrase.setPlaceholderText(tr("passphrase of the key"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.draft = Note("", "", kind="quiet", icon="info")
        self._kept: dict[str, str] = {}
        self.export = Button(tr("Export…"), self.wanted.emit, kind=Kind.PRIMARY, icon="export")
        self.setLayout(
            column(
                head,
                self.facts,
                self.whole,
                self.copy,
                self.redacted,
                self.redactions,
                self.marks,
                self.held_box,
                rule(),
                text(tr("Signed by"), Type.HEAD),
                self.signer,
                self.passphrase,
                self.draft,
                row(self.export, 1),
                spacing=8,
            )
        )

    def show_packs(self, seen: Packs, keys: Sequence[Key], notice: str) -> None:
        """Say what the next pack holds, as the case is now."""
        self.facts.clear()
        gone = tr(", {n} withdrawn", n=seen.withdrawn) if seen.withdrawn else ""
        self.facts.add(tr("Findings"), tr("all {n}{gone}", n=seen.findings, gone=gone))
        self.facts.add(tr("Answers"), f"{seen.answers:,}")
        size = tr("{n} files, {mb} MB", n=f"{seen.originals:,}", mb=f"{seen.bytes / _MEGA:,.1f}")
        self.facts.add(tr("Originals"), size)
        self.facts.add(tr("Always"), tr("report, plan, ledger, charts, tables, how to check it"))
        self.redacted.setEnabled(bool(seen.rows))
        self.redacted.setToolTip("" if seen.rows else tr("Export a whole pack first: a copy is one of a pack."))
        self._show_held(seen)
        self._show_keys(keys, notice)
        self._settle()

    def _show_held(self, seen: Packs) -> None:
        before = {digest: line.text() for digest, line in self.reasons.items()}
        empty(self.held)
        self.reasons = {}
        if not seen.held:
            return
        self.held.addWidget(text(count(len(seen.held), "{n} file is withheld", "{n} files are withheld"), Type.HEAD))
        said = tr("They hold what has the form of secrets. To include one all the same, say why.")
        self.held.addWidget(text(said, Type.SECOND, SECOND))
        for one in seen.held:
            name = one_line(one.name, 60)
            self.held.addWidget(text(f"{name}: {one_line(one.kinds, 80)}", Type.SECOND, THIRD))
            line = QLineEdit(before.get(one.sha256, ""))
            line.setPlaceholderText(tr("stays out"))
            line.setAccessibleName(tr("Why {name} is included", name=name))
            self.reasons[one.sha256] = line
            self.held.addWidget(line)

    def _show_keys(self, keys: Sequence[Key], notice: str) -> None:
        chosen = self.signer.currentData()
        self._kept = {key.name: key.kept for key in keys}
        self.signer.blockSignals(True)
        self.signer.clear()
        self.signer.addItem(tr("no one: it is a draft"), "")
        for key in keys:
            where = {"keyring": tr("in the keyring"), "file": tr("in a file")}.get(key.kept, tr("elsewhere"))
            self.signer.addItem(tr("{name}, {where}", name=one_line(key.name, 40), where=where), key.name)
        self.signer.setCurrentIndex(max(0, self.signer.findData(chosen)))
        self.signer.blockSignals(False)
        self.signer.setEnabled(bool(keys))
        self.signer.setToolTip(notice)

    def _settle(self) -> None:
        name = str(self.signer.currentData() or "")
        kept = self._kept.get(name, "")
        self.passphrase.setVisible(kept == "file")
        self.redactions.setVisible(self.redacted.isChecked())
        self.marks.setVisible(not self.redacted.isChecked())
        self.held_box.setVisible(self.whole.isChecked() and bool(self.reasons))
        if not name:
            none = tr("There is no key here; `workbench keys make` makes one.") if not self._kept else ""
            self.draft.say(tr("Not signed: each page says draft."), none, "quiet", "pen")
        elif kept:
            self.draft.say(
                tr("It will be signed."), tr("The key’s name and public part stand in the pack."), "plain", "pen"
            )
        else:
            said = tr("The pack names the key. Its holder adds the signature with `workbench sign`.")
            self.draft.say(tr("To be signed elsewhere."), said, "quiet", "pen")

    def included(self) -> dict[str, str]:
        """The withheld files that go in, by their SHA-256, each with its reason."""
        if not self.whole.isChecked():
            return {}
        given = {digest: line.text().strip() for digest, line in self.reasons.items()}
        return {digest: reason for digest, reason in given.items() if reason}

    def key_name(self) -> str:
        """The key that signs; empty for none."""
        return str(self.signer.currentData() or "")
