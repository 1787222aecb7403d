"""All findings together, one page a question: one answer, every other explanation, and what would change it."""

from __future__ import annotations

from workbench.core.evidence_kinds import Kind, beside_answers, kind_of
from workbench.core.finding_page import Bearing, Explanation, Part
from workbench.core.printed import listed
from workbench.evidence.report.question import Asked, numbers
from workbench.evidence.report.sections.standing import answer_of
from workbench.evidence.report.sheets import Block, Column, Para, Run, Section, Style, Table, Words, bold, say

_SIGNS = {
    Bearing.NO: "sign full", Bearing.LESS: "sign half", Bearing.PARTLY: "sign half", Bearing.MAY: "sign open",
    Bearing.OPEN: "sign open",
}  # fmt: skip
_SAME = frozenset({Part.CLOSENESS, Part.WEIGHT, Part.SEARCH, Part.CONTRAST, Part.DIRECT})


def together_sections(questions: tuple[Asked, ...], number: str) -> list[Section]:
    """The page of each question."""
    return [_page(one, number, at, len(questions)) for at, one in enumerate(questions)]


def _page(one: Asked, number: str, at: int, of: int) -> Section:
    opinion = one.opinion
    blocks: list[Block] = [_not_multiplied(one)]
    note = say("The sentence of section 1, word for word.")
    blocks.append(Para(answer_of(one.page), note, "answer"))
    if opinion is None:
        blocks.append(Para(say(bold("No opinion was formed. "), "The sentence is that of the finding that says most.")))
    head = "What else could explain it. "
    said = "The accused side may name other explanations. Each that came to mind is listed, the untested too."
    blocks.append(Para(say(bold(head), said), say("The order is that of testing, not of importance.")))
    rows = tuple(map(_row, one.page.explanations))
    if rows:
        columns = (Column("Explanation", 4), Column("What was done", 6), Column("Result", 6), Column("So it", 3.4))
        blocks.append(Table(columns, rows))
    if one.page.change:
        change = f"{'; '.join(one.page.change)}."
        note = say("Towards H1 or towards H2: each could go either way.")
        blocks.append(Para(say(bold("What would change this opinion most: "), change), note))
    several = of > 1
    title = "All findings together, and other explanations"
    listed_ = f"All findings together: {one.suspect} and {one.protected}" if several else title
    key = "together" if not at else f"together-{at + 1}"
    return Section(key, number, f"{title} ({at + 1} of {of})" if several else title, tuple(blocks), listed_)


def _not_multiplied(one: Asked) -> Para:
    seen = tuple(item for item in one.findings if item.page.part in _SAME)
    same = tuple(item for item in seen if kind_of(item.exhibit.finding.analysis) is Kind.ANSWERS)
    beside = beside_answers((item.exhibit.number, item.exhibit.finding.analysis) for item in seen)
    basis = one.basis
    rest = f" The answer rests on finding {listed([str(item.exhibit.number) for item in basis], 6)}." if basis else ""
    note = say("A second, separate collection of answers could be weighed with this one.")
    if len(seen) < 2:
        return Para(say(bold("There is one finding to go by."), rest), note)
    views = f"Findings {numbers(same)} look at the same prompts and the same answers. They are views of one thing."
    said = " ".join([*([views] if len(same) > 1 else []), *beside])
    return Para(say(bold("The findings are not multiplied. "), said, rest), note)


def _row(row: Explanation) -> tuple[Words, ...]:
    style = Style.BOLD if row.so is Bearing.OPEN else Style.PLAIN
    but = f", {row.but}" if row.but else ""
    return (
        say(bold(row.name)),
        say(row.done),
        say(row.result),
        say(Run(str(row.so), style, mark=_SIGNS[row.so]), but),
    )
