"""Every corpus with its part in a run; controls are left out with a reason, or named one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.core.selection import Question
from workbench.core.text import one_line
from workbench.gui.ask import Ask
from workbench.gui.widgets import button, row

_NAME, _PART, _WHY = 0, 1, 2


class ControlsList(QWidget):
    """A list of the corpora; `changed` when one was left out, taken back, ticked or unticked."""

    changed = Signal()

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._names: list[str] = []
        self._excluded: dict[str, str] = {}
        self._ticked: set[str] = set()
        self.by_name = QCheckBox("Only the tic&ked controls")
        self.by_name.setToolTip("Name the controls one by one, in place of all corpora that can be one")
        self.by_name.toggled.connect(self._choose_by_name)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Corpora and their part in this run")
        self.tree.setHeaderLabels(["Corpus", "Part in this run", "Why"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.itemChanged.connect(self._item_changed)
        self.tree.itemSelectionChanged.connect(self._enable)
        self.leave_out = button("&Leave out…", self._leave_out, tip="Leave the chosen controls out, with a reason")
        self.take_back = button("Take &back", self._take_back, tip="Take the chosen corpora back in")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row(self.by_name, self.leave_out, self.take_back))
        self._enable()

    def forget(self) -> None:
        """Drop every choice."""
        self._names, self._excluded, self._ticked = [], {}, set()
        self.by_name.setChecked(False)
        self.tree.clear()

    def forget_choices(self) -> None:
        """Take everything back in, and name no control."""
        self._excluded, self._ticked = {}, set()
        self.by_name.setChecked(False)
        self.changed.emit()

    def named(self) -> tuple[str, ...] | None:
        """The controls that are named; None for all that can be one."""
        return tuple(n for n in self._names if n in self._ticked) if self.by_name.isChecked() else None

    def excluded(self) -> dict[str, str]:
        """Corpora that are left out, with the reason."""
        return dict(self._excluded)

    def show_corpora(self, names: Sequence[str]) -> None:
        """Show the corpora of a case."""
        self._names = list(names)
        self._excluded = {n: why for n, why in self._excluded.items() if n in self._names}
        self._ticked &= set(names)
        self.tree.blockSignals(True)
        self.tree.clear()
        for name in names:
            item = QTreeWidgetItem([one_line(name, 120), "", ""])
            item.setData(_NAME, Qt.ItemDataRole.UserRole, name)
            self.tree.addTopLevelItem(item)
        self._tick()
        self.tree.blockSignals(False)
        self.tree.resizeColumnToContents(_NAME)

    def show_question(self, question: Question | None) -> None:
        """Show the part of each corpus in a question; none where there is no question."""
        parts = _parts(question) if question else {}
        self.tree.blockSignals(True)
        for item in self._items():
            part, why = parts.get(item.data(_NAME, Qt.ItemDataRole.UserRole), ("", ""))
            item.setText(_PART, part)
            item.setText(_WHY, why)
            item.setToolTip(_WHY, why)
        self.tree.blockSignals(False)
        self.tree.resizeColumnToContents(_PART)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _chosen(self) -> list[str]:
        return [item.data(_NAME, Qt.ItemDataRole.UserRole) for item in self.tree.selectedItems()]

    def _choose_by_name(self, on: bool) -> None:
        if on and not self._ticked:
            self._ticked = {
                item.data(_NAME, Qt.ItemDataRole.UserRole) for item in self._items() if item.text(_PART) == "control"
            }
        self.tree.blockSignals(True)
        self._tick()
        self.tree.blockSignals(False)
        self.changed.emit()

    def _tick(self) -> None:
        for item in self._items():
            if self.by_name.isChecked():
                ticked = item.data(_NAME, Qt.ItemDataRole.UserRole) in self._ticked
                item.setCheckState(_NAME, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            else:
                item.setData(_NAME, Qt.ItemDataRole.CheckStateRole, None)

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self.by_name.isChecked():
            return
        name = item.data(_NAME, Qt.ItemDataRole.UserRole)
        if item.checkState(_NAME) is Qt.CheckState.Checked:
            self._ticked.add(name)
        else:
            self._ticked.discard(name)
        self.changed.emit()

    def _leave_out(self) -> None:
        names = self._chosen()
        said = names[0] if len(names) == 1 else f"{len(names)} corpora"
        reason = self._ask.reason("Leave out", f"{said} will be left out of this run.", do="Leave out")
        if reason:
            self._excluded.update(dict.fromkeys(names, reason))
            self._enable()
            self.changed.emit()

    def _take_back(self) -> None:
        for name in self._chosen():
            self._excluded.pop(name, None)
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        chosen = self._chosen()
        self.leave_out.setEnabled(any(name not in self._excluded for name in chosen))
        self.take_back.setEnabled(any(name in self._excluded for name in chosen))


def _parts(question: Question) -> dict[str, tuple[str, str]]:
    parts = {item.corpus: ("left out", item.reason) for item in question.left_out}
    parts |= {c.name: (f"{c.role} of the suspect", "") for c in question.others if c.name not in parts}
    parts |= {c.name: ("control", "") for c in question.controls}
    parts |= {c.name: ("protected", "") for c in question.protected}
    return parts | {question.suspect.name: ("suspect", "")}
