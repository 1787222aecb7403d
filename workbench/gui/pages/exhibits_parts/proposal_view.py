"""What the written rule picks: the rule, its passages, and the same rule put to every model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from workbench.core.text import one_line
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import SECOND, text
from workbench.gui.parts.panels import column
from workbench.gui.tables import TableView, table_of
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.exhibits.choosing import Proposal


class ProposalView(QFrame):
    """Shows a proposal; `taken` carries it when it shall be taken in, `closed` when not."""

    taken = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self._proposal: Proposal | None = None
        self.title = text(tr("What the written rule picks"), Type.OBJECT)
        self.rule = text("", Type.BODY, SECOND)
        self.take = Button(tr("Take in"), self._take, kind=Kind.PRIMARY, icon="bookmark")
        self.close_button = Button(tr("Close"), self.closed.emit)
        head = QFrame()
        head.setObjectName("header")
        line = QHBoxLayout(head)
        line.setContentsMargins(16, 11, 16, 11)
        line.setSpacing(8)
        line.addLayout(column(self.title, self.rule, spacing=4), 1)
        line.addWidget(self.close_button)
        line.addWidget(self.take)
        self.passages = TableView(tr("Passages that the rule picks"))
        self.counts = TableView(tr("The same rule put to every model"))
        self.counts.setMaximumHeight(theme().px(260))
        body = column(
            self.passages,
            text(tr("The same rule put to every model"), Type.HEAD),
            self.counts,
            spacing=10,
            margins=(16, 14, 16, 16),
        )
        body.setStretch(0, 1)
        whole = column(head, body, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def show_proposal(self, proposal: Proposal) -> None:
        """Show what the rule picks."""
        self._proposal = proposal
        self.rule.setText(proposal.rule)
        new = {one.subject for one in proposal.new}
        columns = (
            ("new", "text", tr("Exhibit")),
            ("side", "text", tr("Speaks")),
            ("passage", "text", tr("Passage")),
            ("models", "text", tr("Models")),
            ("controls", "text", tr("Controls that wrote it")),
        )
        rows = [
            (
                tr("new") if one.subject in new else tr("taken in before"),
                tr(str(one.side)),
                one_line(one.title, 200),
                ", ".join(answer.model for answer in one.answers[:2]),
                tr("{n} of {all}", n=one.controls, all=one.compared),
            )
            for one in proposal.choices
        ]
        self.passages.show_table(table_of(columns, rows))
        heads = (
            ("model", "text", tr("Model")),
            ("rare", "integer", tr("Prompts with a rare passage")),
            ("prompts", "integer", tr("Of")),
        )
        self.counts.show_table(table_of(heads, [(one.model, one.rare, one.prompts) for one in proposal.counts]))
        many = count(len(proposal.new), "Take in {n} new", "Take in {n} new")
        self.take.say(many if proposal.new else tr("Nothing is new"))
        self.take.setEnabled(bool(proposal.new))

    def _take(self) -> None:
        if self._proposal is not None and self._proposal.new:
            self.taken.emit(self._proposal)
