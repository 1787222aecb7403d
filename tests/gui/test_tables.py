"""Tables: how cells read, sorting, copying, and text that tries to be markup."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from workbench.gui.tables import TableModel, TableView, shown, table_of

COLUMNS = (("name", "text", "Name"), ("count", "integer", "Count"), ("value", "number", ""), ("flag", "flag", "Is"))
ROWS = [("beta", 1234, 0.123456, True), ("Alpha", None, -2.0, False), ("<b>gamma</b>", 7, None, None)]


@pytest.fixture
def view(app: QApplication) -> TableView:
    made = TableView("Test")
    made.show_table(table_of(COLUMNS, ROWS))
    return made


def _column(view: TableView, at: int) -> list[object]:
    return [view.rows.index(row, at).data() for row in range(view.rows.rowCount())]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "number", "–"),
        (True, "flag", "yes"),
        (1234567, "integer", "1,234,567"),
        (0.000012345, "number", "1.234e-05"),
        (2024, "text", "2024"),
        ("a\nb\u202e", "text", "a b⟦U+202E⟧"),
    ],
)
def test_cells_read_as_people_read(value: object, kind: str, text: str) -> None:
    assert shown(value, kind) == text


def test_the_model_keeps_the_rules_of_models(app: QApplication) -> None:
    model = TableModel(table_of(COLUMNS, ROWS))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(0)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.set_table(table_of(COLUMNS, ROWS[:1]))
    model.sort(-1)
    assert tester.model() is model


def test_sorting_puts_the_unknown_last_both_ways(view: TableView) -> None:
    view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert _column(view, 1) == ["7", "1,234", "–"]
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert _column(view, 1) == ["1,234", "7", "–"]


def test_sorting_of_text_ignores_case_and_can_be_undone(view: TableView) -> None:
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert _column(view, 0) == ["<b>gamma</b>", "Alpha", "beta"]
    view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert _column(view, 0) == ["beta", "Alpha", "<b>gamma</b>"]


def test_copying_gives_whole_values_under_headings(view: TableView) -> None:
    view.selectRow(0)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Name\tCount\tvalue\tIs\nbeta\t1234\t0.123456\tTrue"


def test_the_chosen_row_stays_chosen_when_the_table_is_read_again(view: TableView) -> None:
    chosen: list[object] = []
    view.choose("Alpha")
    view.chosen.connect(chosen.append)
    view.show_table(table_of(COLUMNS, [("new", 1, 1.0, True), *ROWS]))
    assert view.key() == "Alpha"
    view.choose("not there")
    assert view.key() == "Alpha"
    view.choose("beta")
    assert chosen[-1] == "beta"


def test_a_tool_tip_can_not_become_markup(view: TableView) -> None:
    tip = view.rows.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;" in tip


def test_numbers_stand_on_the_right(view: TableView) -> None:
    aligned = view.rows.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)
    assert aligned & Qt.AlignmentFlag.AlignRight
