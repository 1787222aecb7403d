"""Dialogs by the keyboard alone: they begin in their first field, and end with the buttons that close them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QWidget

from workbench.gui.ask import Ask
from workbench.gui.dialogs.import_files import PanelDialog
from workbench.gui.dialogs.kit import KitDialog
from workbench.gui.dialogs.new_case import NewCaseDialog
from workbench.gui.dialogs.parts import FormDialog
from workbench.gui.dialogs.resume import ResumeDialog
from workbench.gui.dialogs.validate import ValidateDialog

MADE: dict[str, Callable[[Ask, QWidget], FormDialog]] = {
    "Title": lambda ask, window: NewCaseDialog(ask, "An Examiner", Path.cwd(), window),
    "Suspect": lambda ask, window: PanelDialog(Path("panel.json"), window),
    "Kinds": KitDialog,
    "Panel": ValidateDialog,
    "Role": lambda ask, window: ResumeDialog("a.json", window),
}


def _name(widget: QWidget | None) -> str:
    assert widget is not None
    named = widget.accessibleName()
    return named or (widget.text() if isinstance(widget, QAbstractButton) else type(widget).__name__)


def _order(dialog: QDialog) -> list[str]:
    """The names of what Tab comes to, from where the dialog begins until it is there again."""
    seen = [dialog.focusWidget()]
    while True:
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        if dialog.focusWidget() is seen[0]:
            return [_name(widget) for widget in seen]
        seen.append(dialog.focusWidget())
        assert len(seen) < 60


def _ends(dialog: FormDialog, first: str) -> None:
    dialog.show()
    order = _order(dialog)
    assert order[0] == first
    assert order[-2] == _name(dialog.go)
    assert "Cancel" in order[-1]
    assert len(set(order)) > 3
    assert dialog.go.isDefault()


@pytest.mark.parametrize("first", MADE)
def test_a_dialog_begins_in_its_first_field_and_ends_with_its_buttons(open_window, answers, first: str) -> None:
    window = open_window()
    _ends(MADE[first](answers, window), first)


def test_the_import_begins_with_the_role_and_return_imports(open_window, conditions, tmp_path, answers, spin) -> None:
    from tests.gui.test_importing import known
    from workbench.app.session import Session

    Session.create(tmp_path / "e", title="E", conditions=conditions).close()
    window = open_window(tmp_path / "e.case")
    pressed: list[int] = []

    def look(dialog) -> None:
        _ends(dialog, "Role")
        developer: QLineEdit = dialog.facts.lines["developer"]
        dialog.tabs.setCurrentIndex(1)
        developer.setFocus()
        QTest.keyClick(developer, Qt.Key.Key_Return)
        pressed.append(dialog.result())

    answers.given = [look]
    window.take_dropped([known(tmp_path / "a.json", "a")])
    spin(lambda: bool(pressed) and window.workspace.jobs.idle)
    assert pressed == [QDialog.DialogCode.Accepted]
    assert [c.name for c in window.workspace.session.corpora()] == ["a"]
