"""The box below the list: how the chosen exhibit stands, its comment and tags, and a reason where one is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from workbench.core.exhibits import DISCOVERABLE, CaseExhibit
from workbench.gui.look.theme import Type
from workbench.gui.parts.buttons import Button, button_for
from workbench.gui.parts.dates import moment
from workbench.gui.parts.labels import BAD, SECOND, THIRD, ShortLabel, Sign, text
from workbench.gui.parts.panels import column, holding, row
from workbench.gui.parts.reason_line import ReasonLine
from workbench.gui.parts.wording import CheckedText, say_wording
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.gui.frame.action_set import ActionSet


class ReviewBox(QFrame):
    """What an examiner says of an exhibit. `commented` and `tagged` carry what shall be kept.

    What is typed and not kept stays with its exhibit while the window is open.
    """

    commented = Signal(str, str)
    tagged = Signal(str, object)

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self._one: CaseExhibit | None = None
        self._drafts: dict[str, tuple[str, str]] = {}
        self.name = text("", Type.HEAD, wrap=False)
        self.who = ShortLabel("", Type.SECOND, SECOND)
        self.dispute = button_for(actions["exhibits.dispute"], said=tr("Dispute"), small=True)
        self.dispute.keys = actions.keys_of("exhibits.dispute")
        self.check = button_for(actions["exhibits.check"], said=tr("Checked"), small=True)
        self.check.keys = actions.keys_of("exhibits.check")
        head = row(self.name, self.who, self.dispute, self.check)
        head.setStretch(1, 1)
        self.reason = ReasonLine()
        self.comment = CheckedText(tr("Comment"), tr("Comment, which the report prints below the exhibit"))
        self.comment.rows(2)
        self.comment.said.connect(self._typed)
        self.tags = QLineEdit()
        self.tags.setAccessibleName(tr("Tags, with commas between them"))
        self.tags.setPlaceholderText(tr("tags, with commas between them"))
        self.tags.textChanged.connect(self._typed)
        self.tags.returnPressed.connect(self.keep_now)
        self.keep = Button(tr("Keep"), self.keep_now, small=True, name=tr("Keep comment and tags"))
        self.wrong = text("", Type.SECOND, BAD)
        tags = row(self.tags, self.keep)
        tags.setStretch(0, 1)
        said = text(tr(DISCOVERABLE), Type.SECOND, THIRD)
        foot = row(Sign("eye", "ink3", 14), said)
        foot.setStretch(1, 1)
        self.writing: QWidget = holding(column(self.comment, self.wrong, tags, foot, spacing=6))
        self.setLayout(column(head, self.reason, self.writing, spacing=8, margins=(14, 10, 14, 12)))

    def show_exhibit(self, one: CaseExhibit | None, *, writable: bool) -> None:
        """Show what is said of an exhibit."""
        before = self._one
        if before is not None and self._is_draft():
            self._drafts[before.name] = (self.comment.toPlainText(), self.tags.text())
        self.setVisible(one is not None)
        self._one = one
        if one is None:
            return
        if before is None or before.name != one.name:
            self.reason.close_now()
        self.name.setText(one.name)
        said = [f"{one.examiner}, {moment(one.added)}"]
        said += [f"{review.examiner}: {tr(str(review.state))}" for review in one.reviews]
        self.who.setText(" · ".join(said))
        self.who.setAccessibleName("; ".join(said))
        comment, tags = self._drafts.pop(one.name, (one.comment, ", ".join(one.tags)))
        if (comment, tags) != (self.comment.toPlainText(), self.tags.text()):
            self.comment.setPlainText(comment)
            self.tags.setText(tags)
        self.comment.setReadOnly(not writable)
        self.tags.setReadOnly(not writable)
        self._typed()

    def forget(self) -> None:
        """Drop what was typed for the exhibits of another case."""
        self._one = None
        self._drafts = {}
        self.comment.setPlainText("")
        self.tags.setText("")

    def _wanted(self) -> tuple[str, tuple[str, ...]]:
        tags = tuple(dict.fromkeys(filter(None, (tag.strip() for tag in self.tags.text().split(",")))))
        return self.comment.toPlainText().strip(), tags

    def _is_draft(self) -> bool:
        return self._one is not None and self._wanted() != (self._one.comment, self._one.tags)

    def _typed(self) -> None:
        fine = say_wording(self.wrong, f"{self.comment.toPlainText()}\n{self.tags.text()}")
        self.keep.setEnabled(self._is_draft() and fine and not self.comment.isReadOnly())

    def keep_now(self) -> None:
        """Keep what was typed: a line of the ledger for the comment, and one for the tags, where they changed."""
        one = self._one
        if one is None or not self.keep.isEnabled():
            return
        comment, tags = self._wanted()
        if tags != one.tags:
            self.tagged.emit(one.name, tags)
        if comment != one.comment:
            self.commented.emit(one.name, comment)
