"""A plan as a form: propositions, population, who is compared with whom, and with which analyses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.core.model import Json
from workbench.core.text import one_line
from workbench.gui.ask import Ask
from workbench.gui.dialogs.parts import line
from workbench.gui.widgets import button, label, quiet, row

_NAME, _SUSPECT, _PROTECTED, _OUT = 0, 1, 2, 3
_LINES = 64
_VALUE = Qt.ItemDataRole.UserRole
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_POPULATION = (("era", "Era", "when the models of H2 came out"), ("size_class", "Size class", "such as 7 to 70 B"))


class PlanForm(QWidget):
    """Shows a draft and gives it back as it was edited; what it has no field for is kept as it came."""

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._draft: Json = {}
        self._excluded: dict[str, str] = {}
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self._words())
        parts.addWidget(self._who())
        parts.setSizes([480, 560])
        parts.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(parts)

    def _words(self) -> QWidget:
        widget = QWidget()
        form = QFormLayout(widget)
        form.setContentsMargins(0, 0, 12, 0)
        self.propositions = {key: QPlainTextEdit() for key in ("H1", "H2")}
        for key, editor in self.propositions.items():
            editor.setAccessibleName(key)
            editor.setTabChangesFocus(True)
            editor.setFixedHeight(_LINES)
            form.addRow(f"H{key[1]}", editor)
        self.population: dict[str, QLineEdit] = {}
        for key, title, hint in (*_POPULATION, ("base", "Base", "the weights that they started from")):
            self.population[key] = line(title.replace("", ""), hint=hint)
            form.addRow(title, self.population[key])
        self.analyses = QListWidget()
        self.analyses.setAccessibleName("Analyses of the plan")
        self.analyses.setMinimumHeight(80)
        form.addRow(label("Analyses", wrap=False), self.analyses)
        self.seed, self.date = line("Seed"), line("Despite the dates", hint="reason, where dates shall not count")
        self.notes = line("Notes", hint="anything a reader should know")
        form.addRow("Seed", self.seed)
        form.addRow("Despite the dates", self.date)
        form.addRow("Notes", self.notes)
        form.addRow("", quiet("Settings are the defaults, or those of the plan in force; a plan file can set others."))
        return widget

    def _who(self) -> QWidget:
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Families and corpora in the plan")
        self.tree.setHeaderLabels(["Family or corpus", "Suspect", "Protected", "Left out as a control, because"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.leave_out = button("Leave out…", self._leave_out, tip="Leave the chosen corpora out, with a reason")
        self.take_back = button("Take back", self._take_back, tip="Take the chosen corpora back in")
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(12, 0, 0, 0)
        layout.addWidget(quiet("Tick the suspects and the protected side. Controls are all others that can be one."))
        layout.addWidget(self.tree, 1)
        layout.addLayout(row(self.leave_out, self.take_back))
        return widget

    def show_draft(self, draft: Json, families: Sequence[str], titles: Sequence[tuple[str, Json]]) -> None:
        """Show a draft; `families` are those of the case, `titles` every analysis as it would be planned."""
        self._draft = draft
        self._excluded = dict(draft["controls"].get("excluded", {}))
        for key, editor in self.propositions.items():
            editor.setPlainText(draft["propositions"][key])
        for key, field in self.population.items():
            field.setText(draft["population"].get(key, "not stated"))
            field.setCursorPosition(0)
        self.seed.setText(str(draft["seed"]))
        self.date.setText(draft["despite_date"] or "")
        self.notes.setText(draft["notes"])
        self._show_analyses(draft["analyses"], titles)
        self.tree.clear()
        for family in families:
            self._add(f"family {family}", f"family:{family}", draft)
        for item in draft["corpora"]:
            self._add(item["corpus"], f"corpus:{item['corpus']}", draft)
        self.tree.resizeColumnToContents(_NAME)
        self._show_reasons()

    def _show_analyses(self, planned: Sequence[Json], titles: Sequence[tuple[str, Json]]) -> None:
        self.analyses.clear()
        known = {one["analysis"] for one in planned}
        rows = [(one, True) for one in planned]
        rows += [(one, False) for _, one in titles if one["analysis"] not in known]
        names = {one["analysis"]: title for title, one in titles}
        for one, on in rows:
            item = QListWidgetItem(names.get(one["analysis"], one["analysis"]))
            item.setData(_VALUE, one)
            item.setCheckState(_ON if on else _OFF)
            item.setToolTip(", ".join(f"{name} {value}" for name, value in one.get("parameters", {}).items()))
            self.analyses.addItem(item)

    def _add(self, name: str, value: str, draft: Json) -> None:
        item = QTreeWidgetItem([one_line(name, 120), "", "", ""])
        item.setData(_NAME, _VALUE, value)
        if value.startswith("corpus:"):
            item.setCheckState(_SUSPECT, _ON if value.removeprefix("corpus:") in draft["suspects"] else _OFF)
        item.setCheckState(_PROTECTED, _ON if value in draft["protected"] else _OFF)
        self.tree.addTopLevelItem(item)

    def draft(self) -> Json:
        """The plan as it is edited; whether it fits is checked when it is locked."""
        return self._draft | {
            "propositions": {key: editor.toPlainText().strip() for key, editor in self.propositions.items()},
            "population": {key: field.text().strip() for key, field in self.population.items()},
            "suspects": [self._value(i).removeprefix("corpus:") for i in self._items() if _ticked(i, _SUSPECT)],
            "protected": [self._value(i) for i in self._items() if _ticked(i, _PROTECTED)],
            "controls": self._draft["controls"] | {"excluded": dict(self._excluded)},
            "despite_date": self.date.text().strip() or None,
            "analyses": [i.data(_VALUE) for i in self._listed() if i.checkState() is _ON],
            "seed": self.seed.text().strip(),
            "notes": self.notes.text().strip(),
        }

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _listed(self) -> list[QListWidgetItem]:
        return [self.analyses.item(at) for at in range(self.analyses.count())]

    def _value(self, item: QTreeWidgetItem) -> str:
        return str(item.data(_NAME, _VALUE))

    def _chosen(self) -> list[str]:
        values = [self._value(item) for item in self.tree.selectedItems()]
        return [v.removeprefix("corpus:") for v in values if v.startswith("corpus:")]

    def _leave_out(self) -> None:
        names = self._chosen()
        if not names:
            return
        said = names[0] if len(names) == 1 else f"{len(names)} corpora"
        reason = self._ask.reason("Leave out", f"{one_line(said)} will be no control under this plan.", do="Leave out")
        if reason:
            self._excluded.update(dict.fromkeys(names, reason))
            self._show_reasons()

    def _take_back(self) -> None:
        for name in self._chosen():
            self._excluded.pop(name, None)
        self._show_reasons()

    def _show_reasons(self) -> None:
        for item in self._items():
            why = self._excluded.get(self._value(item).removeprefix("corpus:"), "")
            item.setText(_OUT, one_line(why, 200))


def _ticked(item: QTreeWidgetItem, column: int) -> bool:
    return item.data(column, Qt.ItemDataRole.CheckStateRole) is not None and item.checkState(column) is _ON
