"""The facts of a model, and of how its answers were had, as lines to type into."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.core.claimed_model import disagreement
from workbench.core.fact_basis import checked_pairs
from workbench.core.model import Facts
from workbench.core.text import one_line
from workbench.gui.dialogs.parts import line
from workbench.gui.widgets import GAP, MARGIN, label

_MODEL = (
    ("developer", "De&veloper", "who made it"),
    ("released", "Rele&ased", "YYYY or YYYY-MM"),
    ("base", "&Base", "the weights it started from"),
    ("family", "&Family", "where it can itself be a source"),
    ("claimed", "&Claimed to be", "the model that the answers are said to be of"),
    ("group", "&Group", "near relatives share one; commas between"),
    ("sources", "Co&mes from", "distilled:gpt-4; derived:llama-3,minor,document=3; relay:…"),
    ("basis", "Bas&is", "where these facts are from"),
    ("documents", "Doc&uments", "base=3; released=4: a fact and the document that bears it"),
)
_ANSWERS = (
    ("collector", "Collect&ed by", "who collected the answers"),
    ("collected", "&When", "2026-02-03, or the first and the last: 2026-02-03/2026-02-05"),
    ("settings", "Se&ttings", "temperature=0.7; top_p=1"),
    ("endpoints", "End&points", "where the answers were had from; semicolons between"),
    ("paired_by", "Pai&red by the ids of", "a set of ids; left empty: by the text of the prompt"),
)
_PARTED = {"group": ",", "sources": ";", "settings": ";", "endpoints": ";", "documents": ";"}
_TEXTS = ("developer", "base", "family", "claimed", "basis", "collector", "paired_by")
_BETWEEN = "\n---\n"


class FactsLines:
    """One line for each fact, filled from what is known; `model_form` and `answers_form` hold them.

    `name` is the corpus they belong to: where its records name another model than the claimed one, it is said.
    """

    def __init__(
        self, model_form: QFormLayout, answers_form: QFormLayout, known: Facts | None = None, name: str = ""
    ) -> None:
        self._known = known or Facts()
        self._name = name
        self.lines: dict[str, QLineEdit] = {}
        for form, fields in ((model_form, _MODEL), (answers_form, _ANSWERS)):
            for key, title, hint in fields:
                self.lines[key] = line(title.replace("&", ""), self._shown(key), hint)
                form.addRow(title, self.lines[key])
                if key == "claimed":
                    self._add_named(form)
        self._add_boxes(model_form)
        self.prompts = QPlainTextEdit(_BETWEEN.join(self._known.system_prompts))
        self.prompts.setAccessibleName("System prompts")
        self.prompts.setPlaceholderText("the system prompt that it answered under; several with a line --- between")
        self.prompts.setTabChangesFocus(True)
        self.prompts.setMaximumHeight(90)
        answers_form.addRow("S&ystem prompt", self.prompts)

    def _add_boxes(self, form: QFormLayout) -> None:
        self.teacherless = QCheckBox("Teac&herless: trained on human-written answers")
        self.teacherless.setChecked(self._known.teacherless)
        self.control_only = QCheckBox("A control onl&y, never a suspect")
        self.control_only.setChecked(self._known.control_only)
        form.addRow("", self.teacherless)
        form.addRow("", self.control_only)

    def _add_named(self, form: QFormLayout) -> None:
        """What the records say themselves, which no one may edit, and whether the claim agrees with it."""
        self.named: QLabel = label(one_line(", ".join(self._known.named), 90) or "no other model", wrap=False)
        self.named.setAccessibleName("Models that the records name")
        self.warning: QLabel = label()
        self.warning.setObjectName("notice")
        self.warning.setVisible(False)
        if self._name:
            form.addRow("Records name", self.named)
            form.addRow(self.warning)
            self.lines["claimed"].textChanged.connect(self._warn)
            self._warn()

    def _warn(self) -> None:
        claimed = self.lines["claimed"].text().strip() or None
        said = disagreement(self._name, dataclasses.replace(self._known, claimed=claimed))
        self.warning.setText(said)
        self.warning.setVisible(bool(said))

    def _shown(self, key: str) -> str:
        value = getattr(self._known, key)
        if key == "sources":
            from workbench.app.importing.stated_facts import source_words

            value = tuple(source_words(source) for source in value)
        return f"{_PARTED[key]} ".join(value) if isinstance(value, tuple) else value or ""

    def values(self) -> dict[str, Any]:
        """All facts that are stated; raises UsageError for a date, source, setting or time that is none."""
        from workbench.app.importing import stated_facts

        text = {key: editor.text().strip() for key, editor in self.lines.items()}
        lists = {key: [p.strip() for p in text[key].split(sign) if p.strip()] for key, sign in _PARTED.items()}
        return {
            **{key: text[key] or None for key in _TEXTS},
            "released": stated_facts.release_date(text["released"]),
            "collected": stated_facts.collected(text["collected"]),
            "group": stated_facts.texts(lists["group"]),
            "sources": stated_facts.sources(lists["sources"]),
            "settings": stated_facts.settings(lists["settings"]),
            "endpoints": stated_facts.endpoints(lists["endpoints"]),
            "documents": checked_pairs(lists["documents"]),
            "system_prompts": self._prompts(),
            "teacherless": self.teacherless.isChecked(),
            "control_only": self.control_only.isChecked(),
        }

    def _prompts(self) -> tuple[str, ...]:
        written = self.prompts.toPlainText()
        if written == _BETWEEN.join(self._known.system_prompts):
            return self._known.system_prompts  # as it was, even where it holds such a line itself
        return tuple(text.strip() for text in written.split(_BETWEEN) if text.strip())

    def changed(self) -> dict[str, Any]:
        """Only those facts that differ from what was known."""
        return {name: value for name, value in self.values().items() if value != getattr(self._known, name)}


def facts_tabs(known: Facts | None = None, name: str = "") -> tuple[QTabWidget, FactsLines]:
    """The facts on two tabs."""
    tabs = QTabWidget()
    tabs.setAccessibleName("What is known")
    model, answers = facts_form(), facts_form()
    for form, title in ((model, "The model"), (answers, "Its answers")):
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addStretch(1)
        tabs.addTab(page, title)
    return tabs, FactsLines(model, answers, known, name)


def facts_form() -> QFormLayout:
    """An empty form with the margins of a tab."""
    form = QFormLayout()
    form.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    form.setSpacing(GAP)
    return form
