"""How a finding stands: whether the plan foresaw it, what it lies outside of, which rung it reaches."""

from __future__ import annotations

from workbench.core.finding_page import FindingPage, Says
from workbench.core.plan import NO_PLAN, status_of
from workbench.evidence.pack.contents import PackFinding
from workbench.evidence.report.sheets import Chip, Run, Words, caution, say


def key_of(item: PackFinding) -> str:
    """The key of the section that a finding has to itself."""
    return f"finding-{item.exhibit.number}"


def confirmatory(item: PackFinding) -> bool:
    """Whether the plan in force foresaw the run."""
    return status_of(item.options).confirmatory


def chips(item: PackFinding) -> tuple[Chip, ...]:
    """The chips at the head of a finding's page."""
    found = [Chip("Withdrawn", "outside")] if item.exhibit.withdrawn else []
    found += [Chip("Outside what was tested", "outside")] if item.page.caution else []
    found += [Chip("Nothing found", "nothing")] if item.page.says is Says.NOTHING else []
    return (*found, _asked(item), _rung(item))


def _asked(item: PackFinding) -> Chip:
    status = status_of(item.options)
    if status.confirmatory:
        return Chip("In the locked plan, known before" if status.known_before else "In the locked plan", "plan")
    if NO_PLAN in status.deviations:
        return Chip("Exploratory: no plan was locked", "later")
    return Chip("Exploratory: not as planned", "later")


def _rung(item: PackFinding) -> Chip:
    rung = item.exhibit.narrative.rung
    if item.exhibit.withdrawn or item.page.caution or not rung:
        return Chip("Adds no rung")
    return Chip(f"Reaches rung {rung}", "rung") if confirmatory(item) else Chip(f"Rung {rung}, exploratory only")


def rung_in_table(item: PackFinding) -> str:
    """The rung as a column has it: in brackets where it is exploratory."""
    rung = item.exhibit.narrative.rung
    if item.exhibit.withdrawn or item.page.caution or not rung:
        return "none"
    return str(rung) if confirmatory(item) else f"({rung})"


def sentence(item: PackFinding) -> Words:
    """The sentence of a finding with its caution before it."""
    return answer_of(item.page)


def answer_of(page: FindingPage) -> Words:
    """The sentence of a page, its caution set apart."""
    return say(caution(f"{page.caution} "), page.answer) if page.caution else say(page.sentence)


def brief(item: PackFinding) -> Words:
    """The answer in a few words, with the state that must be read with it."""
    said = item.page.brief
    if item.exhibit.withdrawn:
        return say(Run("Withdrawn: "), said)
    if item.page.caution and said.startswith(item.page.caution):
        return say(caution(f"{item.page.caution} "), said[len(item.page.caution) :].strip())
    return say(caution(f"{item.page.caution} ") if item.page.caution else "", said)
