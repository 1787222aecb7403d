"""What lies behind a finding, in disclosures: numbers and tables, limits, how it was computed, all of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.core.model import Table
from workbench.core.reading import Stated
from workbench.gui.look.theme import Type, theme
from workbench.gui.pages.findings_parts.details import details_table, inputs_table, paragraphs
from workbench.gui.parts.buttons import Segmented
from workbench.gui.parts.labels import THIRD, text, two_tone
from workbench.gui.parts.panels import Disclosure, Scroll, column, empty, holding, row
from workbench.gui.tables import TableView
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.desk.findings import ReadFinding


class Behind(QVBoxLayout):
    """The disclosures of the finding that is shown; which of them are open stays from finding to finding."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(0)
        self._unfolded: dict[str, bool] = {}

    def show_finding(self, shown: ReadFinding) -> None:
        """Show what lies behind a finding."""
        empty(self)
        tables = dict(shown.finding.tables)
        numbers = shown.reading.numbers if shown.reading else ()
        first = f"{numbers[0].value}, " if numbers else ""
        parts = [
            (
                "numbers",
                tr("Numbers"),
                self._numbers(numbers, tables),
                first + count(len(tables), "{n} table", "{n} tables"),
            ),
            (
                "limits",
                tr("Limits"),
                paragraphs(shown.narrative.limits),
                tr("{n}, quote them with the finding", n=len(shown.narrative.limits)),
            ),
            (
                "computed",
                tr("How it was computed"),
                self._computed(shown),
                shown.reading.computed if shown.reading else "",
            ),
            (
                "whole",
                tr("The whole finding in words"),
                paragraphs((shown.narrative.headline, *shown.narrative.sentences, *shown.finding.warnings)),
                "",
            ),
        ]
        for key, title, inside, beside in parts:
            disclosure = Disclosure(title, inside, beside)
            disclosure.set_open(self._unfolded.get(key, False))
            disclosure.toggled.connect(lambda open_, key=key: self._unfolded.__setitem__(key, open_))
            self.addWidget(disclosure)

    def _numbers(self, numbers: Sequence[Stated], tables: dict[str, Table]) -> QWidget:
        inside = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        for at, one in enumerate(numbers):
            cell = column(text(one.name, Type.SECOND, THIRD), spacing=0)
            remark = f" ({one.remark})" if one.remark else ""
            cell.addWidget(two_tone(one.value, remark.strip()))
            grid.addLayout(cell, at // 3, at % 3, Qt.AlignmentFlag.AlignTop)
        choose = Segmented(
            tr("Tables"), [(name, name.replace("_", " ").capitalize()) for name in tables] or [("none", "")]
        )
        view = TableView(tr("Table of this finding"))
        view.setMinimumHeight(theme().px(230))

        def show(name: str) -> None:
            if name in tables:
                view.show_table(tables[name])

        choose.chosen.connect(show)
        show(choose.key())
        scroller = Scroll(holding(row(choose, 1)))
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        scroller.setFixedHeight(choose.sizeHint().height() + 14)
        inside.setLayout(column(grid, scroller, view, spacing=10, margins=(21, 2, 0, 12)))
        return inside

    def _computed(self, shown: ReadFinding) -> QWidget:
        inside = QWidget()
        details, inputs = TableView(tr("How it was computed")), TableView(tr("What went in"))
        details.show_table(details_table(shown))
        inputs.show_table(inputs_table(shown.finding))
        for view in (details, inputs):
            view.setMinimumHeight(theme().px(190))
        left_out = [f"{item.corpus}: {item.reason}" for item in shown.finding.left_out]
        parts: list[QWidget] = [details, text(tr("What went in"), Type.HEAD), inputs]
        if left_out:
            parts += [text(tr("Left out of the comparison"), Type.HEAD), paragraphs(tuple(left_out))]
        inside.setLayout(column(*parts, spacing=8, margins=(21, 2, 0, 12)))
        return inside
