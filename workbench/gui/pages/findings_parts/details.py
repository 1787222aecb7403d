"""What lies behind a finding: its sentence as markup, paragraphs, inputs and how it was computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.core.model import Finding, Table
from workbench.core.text import visible
from workbench.gui.look.theme import Type, theme
from workbench.gui.parts.labels import text
from workbench.gui.parts.panels import column
from workbench.gui.tables import table_of, when
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.desk.findings import ReadFinding


def sentence(shown: ReadFinding) -> str:
    """The sentence as markup: what is outside of what was validated comes first, in amber; withdrawn is struck."""
    from html import escape

    reading = shown.reading
    said = escape(visible(reading.sentence if reading else shown.narrative.headline))
    if shown.withdrawn:
        said = f"<s>{said}</s>"
    if reading and reading.outside:
        said = f'<span style="color: {theme().tokens.warn}">{escape(reading.outside)}</span> {said}'
    return f"<div>{said}</div>"


def paragraphs(texts: Sequence[str]) -> QWidget:
    """Paragraphs one below the other."""
    inside = QWidget()
    inside.setLayout(column(*(text(visible(each), Type.BODY) for each in texts), spacing=7, margins=(21, 2, 0, 12)))
    return inside


def inputs_table(finding: Finding) -> Table:
    """What went in, as a table."""
    columns = (
        ("corpus", "text", tr("Corpus")),
        ("role", "text", tr("Role in this run")),
        ("answers", "integer", tr("Answers")),
        ("released", "text", tr("Released")),
        ("sha256", "text", tr("Digest of its answers")),
    )
    return table_of(columns, [(i.corpus, i.role, i.answers, i.released, i.sha256) for i in finding.inputs])


def details_table(shown: ReadFinding) -> Table:
    """How a finding was computed, as a table."""
    finding = shown.finding
    rows = [
        (tr("analysis"), f"{finding.analysis}, {tr('version {n}', n=finding.version)}"),
        (tr("made"), when(shown.made)),
    ]
    rows += [(tr("status"), shown.status.words()), (tr("seed"), finding.seed)]
    rows += [(tr("parameter {name}", name=name), str(value)) for name, value in finding.parameters.items()]
    rows += [(tr("software {name}", name=name), value) for name, value in finding.software.items()]
    rows += [(tr("resource {name}", name=name), value) for name, value in finding.resources.items()]
    rows += [(tr("SHA-256 of the finding"), shown.sha256), (tr("ledger line"), str(shown.ledger_line))]
    return table_of((("what", "text", tr("What")), ("value", "text", tr("Value"))), rows)


def rung_of(item: ReadFinding) -> tuple[str, str]:
    """What a finding is for the ladder, in a word, with its ink."""
    if item.outside:
        return tr("outside"), "warn"
    if item.narrative.rung:
        return tr("rung {n}", n=item.narrative.rung), "ink3"
    asked = item.reading is not None and (item.reading.asks_for_rung or item.finding.analysis == "did")
    return (tr("no rung") if asked else ""), "ink3"
