"""What a check came to, as three lines: whole, changed, added; and a digest that can be read aloud."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.core.text import one_line
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.labels import SECOND, THIRD, Sign, set_tone, text
from workbench.gui.parts.panels import Card, column, row
from workbench.gui.tables import TableView, table_of
from workbench.gui.words import count, mark, tr

if TYPE_CHECKING:
    from workbench.app.desk.packs import Checked
    from workbench.app.requests import VerifyProblem

_COLUMNS = (("path", "text", mark("Where")), ("what", "text", mark("What")), ("detail", "text", mark("Detail")))
_TABLE, _HEAD, _ROW = 190, 44, 26
_KINDS = {"case": mark("case"), "pack": mark("pack"), "redacted copy": mark("redacted copy")}


class Digest(QWidget):
    """A digest in large groups, with a button that puts it on the clipboard."""

    def __init__(self, name: str, digest: str, say: Callable[[str], None]) -> None:
        super().__init__()
        from workbench.app.desk.packs import in_groups

        shown = text(in_groups(digest), Type.CODE, name=name)
        copy = Button(tr("Copy"), partial(self._copy, name, digest, say), icon="copy", small=True)
        copy.setAccessibleName(tr("Copy: {name}", name=name))
        self.setLayout(column(row(text(name, Type.HEAD, wrap=False), 1, copy), shown, spacing=4))

    @staticmethod
    def _copy(name: str, digest: str, say: Callable[[str], None]) -> None:
        QGuiApplication.clipboard().setText(digest)
        say(tr("{name} is on the clipboard.", name=name))


class _Group(QWidget):
    """One of the three lines, with the problems that belong to it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.sign = Sign("", "accent", 16)
        self.title = text(name, Type.STRONG, wrap=False)
        self.said = text("", Type.BODY, SECOND, wrap=False)
        self.table = TableView(name)
        self.setLayout(column(row(self.sign, self.title, self.said, 1), self.table, spacing=6))

    def show_problems(self, problems: tuple[VerifyProblem, ...], none: str) -> None:
        """Show what is wrong, or that nothing is."""
        self.sign.show_sign("wrong" if problems else "ok", "bad" if problems else "accent")
        self.said.setText(count(len(problems), "{n} place", "{n} places") if problems else none)
        rows = [(p.path, p.what, p.detail) for p in problems]
        self.table.show_table(table_of([(key, kind, tr(label)) for key, kind, label in _COLUMNS], rows))
        self.table.setFixedHeight(theme().px(min(_TABLE, _HEAD + _ROW * max(1, len(rows)))))
        self.table.setVisible(bool(problems))


class CheckedCard(Card):
    """The result of a check, with the name of what was checked."""

    def __init__(self) -> None:
        super().__init__()
        self.verdict = text(tr("Nothing was verified yet."), Type.OBJECT, name=tr("Verdict"))
        self.sign = Sign("ok", "ink3", 20)
        head = row(self.sign, self.verdict, spacing=10)
        head.setStretchFactor(self.verdict, 1)
        self.add(head)
        self.whole = _Group(tr("Whole"))
        self.changed, self.added = _Group(tr("Changed or gone")), _Group(tr("Added"))
        self.groups = (self.whole, self.changed, self.added)
        for group in self.groups:
            self.add(group)
            group.hide()
        self.whole.table.hide()
        self.seal = text("", Type.SECOND, THIRD)
        self.add(self.seal)
        self.seal.hide()

    def say(self, said: str, *, bad: bool = False) -> None:
        """Say a sentence in place of a result."""
        self.verdict.setText(said)
        set_tone(self.verdict, "bad" if bad else "")
        self.sign.show_sign("wrong" if bad else "clock", "bad" if bad else "ink3")
        for group in (*self.groups, self.seal):
            group.hide()

    def show_checked(self, seen: Checked) -> None:
        """Show the three groups."""
        kind = tr(_KINDS[seen.kind])
        places = len(seen.changed) + len(seen.added) + seen.more
        said = (
            tr("The {kind} is whole: nothing was changed, added or removed.", kind=kind)
            if seen.ok
            else count(places, "{n} problem in this {kind}.", "{n} problems in this {kind}.", kind=kind)
        )
        self.verdict.setText(f"{one_line(seen.name, 80)}. {said}")
        set_tone(self.verdict, "" if seen.ok else "bad")
        self.sign.show_sign("ok" if seen.ok else "wrong", "accent" if seen.ok else "bad")
        self.whole.sign.show_sign("ok", "accent")
        files = (
            count(seen.whole, "nothing is wrong with {n} file", "nothing is wrong with {n} files") if seen.whole else ""
        )
        self.whole.said.setText(files or (tr("originals, answers and ledger") if seen.ok else tr("the rest")))
        self.whole.setVisible(seen.ok or seen.whole != 0)
        self.changed.show_problems(seen.changed, tr("nothing"))
        self.added.show_problems(seen.added, tr("nothing"))
        self.changed.show()
        self.added.show()
        beside = (*seen.seal, *seen.notes)
        self.seal.setText(" ".join(beside))
        self.seal.setVisible(bool(beside))
