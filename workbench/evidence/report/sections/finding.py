"""A finding on one page: its sentence, its picture, and what is to be known beside them. A null has the same page."""

from __future__ import annotations

from workbench.core.finding_page import FindingPage
from workbench.core.plan import NO_PLAN, status_of
from workbench.core.printed import second
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.pack.names import CHARTS, finding_stem
from workbench.evidence.report.charts import Chart
from workbench.evidence.report.sections.standing import chips, key_of, sentence
from workbench.evidence.report.sheets import (
    Block,
    Chips,
    Column,
    Columns,
    Foot,
    Heading,
    Notice,
    Para,
    Picture,
    Section,
    Table,
    Vector,
    bold,
    say,
)

_HEADS = ("How steady is it?", "What speaks against it?", "What would change it?")
_MOST_ROWS = 12


def finding_section(item: PackFinding, number: str, chart: Chart | None, exhibits: str) -> Section:
    """The page of a finding; `chart` is None where charts had to be left out, `exhibits` names those that show it."""
    page, exhibit = item.page, item.exhibit
    blocks: list[Block] = [Chips(chips(item)), Para(say(page.question), style="lead", unnumbered=True)]
    blocks.append(Para(sentence(item), style="finding"))
    if page.not_said:
        blocks.append(Para(say(page.not_said), style="under", unnumbered=True))
    if exhibit.withdrawn:
        said = f"The examiner no longer relies on this finding. Reason: {exhibit.withdrawn}"
        blocks.append(Notice(say(bold("Withdrawn. "), said)))
    reasons = [reason for reason in status_of(item.options).deviations if reason != NO_PLAN]
    if reasons:
        blocks.append(Para(say(bold("Exploratory, since: "), f"{'; '.join(reasons)}."), style="small", unnumbered=True))
    blocks += _pictures(item, chart)
    if any((page.steady, page.against, page.change)):
        blocks.append(_three(page))
    blocks.append(_foot(item, exhibits))
    return Section(
        key=key_of(item),
        number=number,
        title=f"Finding {exhibit.number}",
        blocks=tuple(blocks),
        listed=f"Finding {exhibit.number}: {page.short}{' (withdrawn)' if exhibit.withdrawn else ''}",
    )


def _pictures(item: PackFinding, chart: Chart | None) -> list[Block]:
    page = item.page
    seen = say(bold("What is seen. "), page.seen) if page.seen else ()
    blocks: list[Block] = []
    if page.picture is not None:
        blocks.append(Picture(page.picture, seen))
    elif chart is not None:
        drawn = Vector(chart.svg.decode(), item.exhibit.title, item.exhibit.alternative_text)
        blocks.append(Picture(drawn, seen or say(bold("What is seen. "), item.exhibit.alternative_text)))
    else:
        blocks.append(Para(say(bold("The chart in words. "), item.exhibit.alternative_text), style="small"))
    if page.table is not None:
        columns = tuple(
            Column(label, kind="number" if at else "text", share=0 if at else 1)
            for at, label in enumerate(page.table.columns)
        )
        shown = page.table.rows[:_MOST_ROWS]
        blocks.append(Table(columns, tuple(tuple(map(say, row)) for row in shown)))
        if len(page.table.rows) > len(shown):
            more = f"{len(page.table.rows) - len(shown):,} more rows stand in {_where(item)}."
            blocks.append(Para(say(more), style="small", unnumbered=True))
    if page.second is not None:
        blocks += [Heading(page.second_title)] if page.second_title else []
        blocks.append(Picture(page.second))
    return blocks


def _three(page: FindingPage) -> Columns:
    items = tuple(tuple(Para(say(words)) for words in column) for column in (page.steady, page.against, page.change))
    return Columns(_HEADS, items)


def _where(item: PackFinding) -> str:
    return f"{CHARTS}{finding_stem(item.exhibit.number, item.exhibit.finding.analysis)}.csv".removeprefix("data/")


def _foot(item: PackFinding, exhibits: str) -> Foot:
    run = f"Run {item.exhibit.number}, log line {item.ledger_line}, {second(item.exhibit.made)} UTC"
    return Foot((exhibits or "No exhibit", _where(item), run))
