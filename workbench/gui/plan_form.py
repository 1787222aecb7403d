"""A plan as a form: propositions, population, who is compared with whom, and with which analyses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from workbench.core.model import Json
from workbench.core.text import one_line
from workbench.gui.ask import Ask
from workbench.gui.look.theme import Type, set_type, theme
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.labels import SECOND, THIRD, text
from workbench.gui.parts.panels import BETWEEN, Card, column, holding, row
from workbench.gui.words import mark, tr

_NAME, _SUSPECT, _PROTECTED, _OUT = 0, 1, 2, 3
_LINES, _TREE, _LIST = 62, 250, 232
_VALUE = Qt.ItemDataRole.UserRole
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_POPULATION = (
    ("era", mark("Era"), mark("when the models of H2 came out")),
    ("size_class", mark("Size class"), mark("such as 7 to 70 B")),
    ("base", mark("Base"), mark("the weights that they started from")),
)


class PlanForm(QWidget):
    """Shows a draft and gives it back as it was edited; what it has no field for is kept as it came.

    `changed` after each edit.
    """

    changed = Signal()

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._draft: Json = {}
        self._filling = False
        self._excluded: dict[str, str] = {}
        self.setLayout(
            column(self._propositions(), self._population(), self._who(), self._what(), self._more(), spacing=BETWEEN)
        )

    # Building

    def _propositions(self) -> QWidget:
        card = Card(tr("What is weighed"), tr("two accounts of the same answers"))
        self.propositions = {key: QPlainTextEdit() for key in ("H1", "H2")}
        for key, editor in self.propositions.items():
            editor.setAccessibleName(key)
            editor.setTabChangesFocus(True)
            editor.setFixedHeight(theme().px(_LINES))
            set_type(editor, Type.QUOTE)
            editor.textChanged.connect(self._edited)
            label = text(key, Type.HEAD, wrap=False)
            label.setBuddy(editor)
            line = row(label, editor, spacing=12)
            line.setAlignment(label, Qt.AlignmentFlag.AlignTop)
            line.setStretchFactor(editor, 1)
            card.add(line)
        return card

    def _population(self) -> QWidget:
        card = Card(tr("Models of the kind of H2"), tr("of which the controls are a sample"))
        self.population: dict[str, QLineEdit] = {}
        fields = row(spacing=12)
        for key, title, hint in _POPULATION:
            self.population[key] = self._line(tr(title), tr(hint))
            fields.addWidget(self._labelled(tr(title), self.population[key]), 1)
        card.add(fields)
        return card

    def _who(self) -> QWidget:
        card = Card(tr("Who is compared"), tr("controls are all others that can be one"))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Families and corpora in the plan"))
        self.tree.setHeaderLabels([tr("Family or corpus"), tr("Suspect"), tr("Protected"), tr("Left out, because")])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setMinimumHeight(theme().px(_TREE))
        self.tree.itemChanged.connect(lambda item, place: self._edited())
        self.leave_out = Button(
            tr("Leave out…"), self._leave_out, tip=tr("Leave the chosen corpora out, with a reason")
        )
        self.take_back = Button(tr("Take back"), self._take_back, tip=tr("Take the chosen corpora back in"))
        card.add(self.tree)
        card.add(row(self.leave_out, self.take_back, 1))
        return card

    def _what(self) -> QWidget:
        card = Card(tr("What is run"), tr("in this order"))
        self.analyses = QListWidget()
        self.analyses.setAccessibleName(tr("Analyses of the plan"))
        self.analyses.setMinimumHeight(theme().px(_LIST))
        self.analyses.itemChanged.connect(lambda item: self._edited())
        card.add(self.analyses)
        settings = tr("Settings are the defaults, or those of the plan in force; a plan file can set others.")
        card.add(text(settings, Type.SECOND, THIRD))
        return card

    def _more(self) -> QWidget:
        card = Card(tr("Further"))
        self.seed, self.date = (
            self._line(tr("Seed")),
            self._line(tr("Despite the dates"), tr("reason, where dates shall not count")),
        )
        self.notes = self._line(tr("Notes"), tr("anything a reader should know"))
        card.add(
            row(
                self._labelled(tr("Seed"), self.seed),
                self._labelled(tr("Compare despite the dates"), self.date),
                spacing=12,
            )
        )
        card.add(self._labelled(tr("Notes"), self.notes))
        return card

    def _line(self, name: str, hint: str = "") -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.textChanged.connect(self._edited)
        return made

    @staticmethod
    def _labelled(name: str, field: QLineEdit) -> QWidget:
        label = text(name, Type.SECOND, SECOND)
        label.setBuddy(field)
        return holding(column(label, field, spacing=3))

    # Showing

    def show_draft(self, draft: Json, families: Sequence[str], titles: Sequence[tuple[str, Json]]) -> None:
        """Show a draft; `families` are those of the case, `titles` every analysis as it would be planned."""
        self._filling = True
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
            self._add(tr("family {name}", name=family), f"family:{family}", draft)
        for item in draft["corpora"]:
            self._add(item["corpus"], f"corpus:{item['corpus']}", draft)
        self.tree.resizeColumnToContents(_NAME)
        self._show_reasons()
        self._filling = False
        self.changed.emit()

    def _edited(self) -> None:
        if not self._filling:
            self.changed.emit()

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
        said = names[0] if len(names) == 1 else tr("{n} corpora", n=len(names))
        question = tr("{who} will be no control under this plan.", who=one_line(said))
        reason = self._ask.reason(tr("Leave out"), question, do=tr("Leave out"))
        if reason:
            self._excluded.update(dict.fromkeys(names, reason))
            self._show_reasons()
            self.changed.emit()

    def _take_back(self) -> None:
        for name in self._chosen():
            self._excluded.pop(name, None)
        self._show_reasons()
        self.changed.emit()

    def _show_reasons(self) -> None:
        filling, self._filling = self._filling, True
        for item in self._items():
            why = self._excluded.get(self._value(item).removeprefix("corpus:"), "")
            item.setText(_OUT, one_line(why, 200))
        self._filling = filling


def _ticked(item: QTreeWidgetItem, column: int) -> bool:
    return item.data(column, Qt.ItemDataRole.CheckStateRole) is not None and item.checkState(column) is _ON
