"""What is said first of a Finding that a rule of the comparison forbids, and the examiner allowed with a reason.

A comparison on few of the prompts, or against the dates, may come out as one likes. So the reason stands before the
answer, and the reader judges it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.core.model import Finding, Json, Narrative
from workbench.core.typed_json import plain, read

if TYPE_CHECKING:
    from workbench.core.finding_page import FindingPage
    from workbench.core.selection import Selection

KEY = "allowed"
"""Where the values of a Finding hold it."""

FEW, DATES = "On chosen prompts:", "Against the dates:"
"""What opens the sentence of a page."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A rule that was set aside: what opens a page, and the fact with the examiner's reason."""

    caution: str
    said: str


def allowed(selection: Selection) -> dict[str, Json]:
    """The value that holds the rules that were set aside; none where none was."""
    from workbench.analyses.scoring.comparable_material import lacks_prompts

    question = selection.question
    found = []
    if question.fewer_prompts:
        lacking = lacks_prompts(question, selection.similarities())
        if lacking is not None:
            name, answered, total = lacking
            usual = f"{total:,} prompts that a quarter of the other models or more answered"
            fact = f"{name} is compared on {answered:,} of the {usual}"
            found.append(Allowed(FEW, f"{fact}. The examiner’s reason: {_ended(question.fewer_prompts)}"))
    if question.despite_date:
        fact = "The dates say that the protected model can’t be the source. It is compared all the same"
        found.append(Allowed(DATES, f"{fact}. The examiner’s reason: {_ended(question.despite_date)}"))
    return {KEY: [plain(one) for one in found]} if found else {}


def _ended(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _of(finding: Finding) -> list[Allowed]:
    return [read(Allowed, one) for one in finding.values.get(KEY) or ()]


def told(narrative: Narrative, finding: Finding) -> Narrative:
    """The sentences of a Finding, with what the examiner allowed before them."""
    said = " ".join(one.said for one in _of(finding))
    return replace(narrative, headline=f"{said} {narrative.headline}") if said else narrative


def told_on_page(page: FindingPage, finding: Finding) -> FindingPage:
    """The page of a Finding, with what the examiner allowed before its answer."""
    found = _of(finding)
    if not found:
        return page
    return replace(page, caution=found[0].caution, against=(*(one.said for one in found), *page.against))
