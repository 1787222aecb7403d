"""Chance over prompts where much was asked: p of the confirmatory findings, adjusted for every look of the plan."""

from __future__ import annotations

from typing import NamedTuple

from workbench.core.plan import PROMPT_P, holm, status_of
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.report.plans import Planned, planned_of


class AdjustedLook(NamedTuple):
    """A confirmatory finding with its p over prompts, how many looks were counted, and the p adjusted for them."""

    finding: int
    suspect: str
    looks: int
    p: float
    adjusted: float


def adjusted_looks(contents: PackContents) -> list[AdjustedLook]:
    """Each look of each suspect once, withdrawn ones too; none where there is no plan."""
    planned = planned_of(contents)
    suspects = dict.fromkeys(run.suspect for run in planned.runs if run.status.confirmatory)
    return [look for suspect in suspects for look in _of_suspect(contents, planned, suspect)]


def _of_suspect(contents: PackContents, planned: Planned, suspect: str) -> list[AdjustedLook]:
    """The family is every look of the plan in force, and those of earlier versions that were run."""
    force = planned.in_force
    family = {look.digest for look in (force.looks() if force else ()) if look.suspect == suspect}
    family |= {run.status.look for run in planned.runs if run.status.confirmatory and run.suspect == suspect}
    waiting = set(family)
    found: list[tuple[int, float]] = []
    for item in contents.findings:
        status, p = status_of(item.options), item.exhibit.finding.number(PROMPT_P)
        if status.confirmatory and status.look in waiting:
            waiting.discard(status.look)
            if p is not None:
                found.append((item.exhibit.number, p))
    adjusted = holm([p for _, p in found], len(family))
    return [
        AdjustedLook(number, suspect, len(family), p, corrected)
        for (number, p), corrected in zip(found, adjusted, strict=True)
    ]
