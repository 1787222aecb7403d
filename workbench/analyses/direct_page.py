"""The page of a Finding of direct evidence: a trace that was looked for, and what else could explain it."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.finding_page import FindingPage, Part, Says
from workbench.core.model import Finding, Narrative

NOTHING_CLEARS_NO_ONE = "Nothing found does not clear the suspect."


def direct_page(
    finding: Finding,
    words: Narrative,
    *,
    answer: str,
    brief: str,
    short: str,
    found: bool,
    looked_for: str,
    not_said: str,
    highest: int,
    change: Sequence[str],
    innocent: Sequence[str] = (),
) -> FindingPage:
    """The page; `found` says whether a trace was, `innocent` are what else could explain it."""
    values = finding.values
    return FindingPage(
        part=Part.DIRECT,
        says=Says.FOR if found else Says.NOTHING,
        suspect=str(values.get("suspect", "")),
        protected=str(values.get("protected", "")),
        question=finding.question,
        short=short,
        brief=brief,
        answer=answer,
        not_said=not_said if found else f"{NOTHING_CLEARS_NO_ONE} {not_said}",
        steady=words.sentences[:3],
        against=(*finding.warnings, *innocent, *words.limits[:2]),
        change=tuple(change),
        not_found=() if found else ((looked_for, brief),),
        highest=highest,
    )


def innocent_readings(finding: Finding) -> list[str]:
    """The innocent explanations of a Finding, each with what its test showed."""
    table = finding.tables["explanations"]
    told = zip(table.column("explanation"), table.column("shows"), strict=True)
    return [f"{explanation}: {shows}." for explanation, shows in told]
