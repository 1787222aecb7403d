"""One finding in the report: its question, headline, chart, sentences, limits, tables and settings."""

from __future__ import annotations

from workbench.core.hashing import canonical
from workbench.core.model import Finding, Table
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.pack.names import CHARTS, TABLES, finding_stem
from workbench.evidence.report import wording
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.document import (
    Block,
    Bullets,
    Grid,
    GridColumn,
    Heading,
    Notice,
    Pairs,
    Paragraph,
    Picture,
)
from workbench.evidence.report.plan import status_words
from workbench.evidence.report.value_format import known, shorter, shown, when

_ROWS = 80
_COLUMNS = 7


def finding_blocks(item: PackFinding, chart: Chart | None) -> list[Block]:
    """The blocks of one finding; `chart` is None where charts had to be left out."""
    exhibit = item.exhibit
    finding, narrative = exhibit.finding, exhibit.narrative
    number = exhibit.number
    mark = " (withdrawn)" if exhibit.withdrawn else ""
    blocks: list[Block] = [Heading(2, f"Finding {number}: {shorter(exhibit.title)}{mark}")]
    if exhibit.withdrawn:
        blocks.append(
            Notice("Withdrawn", f"The examiner no longer relies on this finding. Reason: {exhibit.withdrawn}")
        )
    blocks += [Paragraph(f"Question: {finding.question}", "question"), _headline(item)]
    blocks.append(Paragraph(shorter(status_words(item), 600), "small"))
    blocks += _chart_blocks(item, chart)
    blocks += [Paragraph(sentence) for sentence in narrative.sentences]
    if finding.warnings:
        blocks += [Heading(3, f"Warnings of finding {number}"), Bullets(finding.warnings)]
    if narrative.limits:
        blocks += [Heading(3, f"Limits of finding {number}"), Bullets(narrative.limits)]
    blocks += [Heading(3, f"What went into finding {number}"), *_inputs(finding), *_settings(item)]
    return [*blocks, *_tables(item)]


def _headline(item: PackFinding) -> Paragraph:
    headline = item.exhibit.narrative.headline
    return Paragraph(f"Withdrawn statement: {headline}") if item.exhibit.withdrawn else Paragraph(headline, "finding")


def _chart_blocks(item: PackFinding, chart: Chart | None) -> list[Block]:
    if chart is None:
        return [Paragraph(f"The chart in words: {item.exhibit.alternative_text}", "small")]
    stem = CHARTS + finding_stem(item.exhibit.number, item.exhibit.finding.analysis)
    caption = f"Finding {item.exhibit.number}: {shorter(item.exhibit.title)}. Its numbers: {stem}.csv"
    blocks: list[Block] = [Picture(chart.svg.decode(), caption, item.exhibit.alternative_text or item.exhibit.title)]
    return blocks


def _inputs(finding: Finding) -> list[Block]:
    rows = tuple(
        (shorter(i.corpus), shorter(i.role), f"{i.answers:,}", known(i.released), i.sha256) for i in finding.inputs
    )
    blocks: list[Block] = []
    if rows:
        columns = (
            GridColumn("Corpus", 7),
            GridColumn("Role", 3),
            GridColumn("Answers", 3, "number"),
            GridColumn("Released", 3),
            GridColumn("SHA-256 over its answers", 16, "mono"),
        )
        blocks.append(Grid("Corpora in this run", columns, rows))
    left = tuple((shorter(item.corpus), shorter(item.reason, 300)) for item in finding.left_out)
    if left:
        blocks.append(Grid("Corpora left out of this run", (GridColumn("Corpus", 2), GridColumn("Reason", 3)), left))
    return blocks


def _settings(item: PackFinding) -> list[Block]:
    exhibit, finding = item.exhibit, item.exhibit.finding
    rung = exhibit.narrative.rung
    rows = [
        ("Rung of the ladder", f"{rung}: {wording.LADDER[rung]}"),
        ("Status", shorter(status_words(item), 600)),
        ("Made", when(exhibit.made)),
        ("Analysis", f"{finding.analysis}, version {finding.version}"),
        ("Seed", finding.seed),
        *((f"Setting: {name}", shown(value)) for name, value in sorted(finding.parameters.items())),
        ("Line in the audit log", str(item.ledger_line)),
        ("SHA-256 of the finding", item.sha256),
    ]
    if item.options:
        rows.append(("Asked for", shorter(canonical(item.options).decode(), 400)))
    return [Pairs(tuple(rows), frozenset({"SHA-256 of the finding", "Asked for"}))]


def _tables(item: PackFinding) -> list[Block]:
    blocks: list[Block] = []
    for name, table in sorted(item.exhibit.finding.tables.items()):
        blocks.append(_table(item.exhibit.number, name, table))
    if blocks:
        blocks.append(
            Paragraph(
                "Numbers are shown to four significant digits, long tables in part. "
                f"{TABLES} holds every table in full.",
                "small",
            )
        )
    return blocks


def _table(number: int, name: str, table: Table) -> Grid:
    columns = tuple(
        GridColumn(
            shorter(c.label or c.name, 60), 2 if c.kind == "text" else 1, "text" if c.kind == "text" else "number"
        )
        for c in table.columns[:_COLUMNS]
    )
    rows = tuple(tuple(map(shown, row[:_COLUMNS])) for row in table.rows[:_ROWS])
    part = ""
    if len(table.rows) > _ROWS or len(table.columns) > _COLUMNS:
        part = f" (the first {len(rows)} of {len(table.rows)} rows, {len(columns)} of {len(table.columns)} columns)"
    return Grid(f"Table “{shorter(name, 60)}” of finding {number}{part}", columns, rows)
