"""A question of a pack: the two accounts, the answer, and the findings that it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.finding_page import FindingPage, Part
from workbench.core.plan import NOTHING_LOCKED
from workbench.core.printed import listed
from workbench.core.propositions import h1, h2
from workbench.core.text import counted
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.report.plans import planned_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its words, H1 and H2, the page that answers it, and the findings on it that stand.

    `page` is that of the opinion; where none was formed, that of the finding that says most.
    """

    suspect: str
    protected: str
    words: str
    h1: str
    h2: str
    page: FindingPage
    opinion: PackFinding | None
    findings: tuple[PackFinding, ...]

    @property
    def basis(self) -> tuple[PackFinding, ...]:
        """The findings that the answer rests on; where no opinion was formed, the one whose page answers."""
        if self.opinion is None:
            return tuple(item for item in self.findings if item.page is self.page)
        return tuple(item for item in self.findings if item.exhibit.number in self.page.basis)

    def of(self, part: Part) -> PackFinding | None:
        """The finding of one kind that counts: the last that the opinion took, else the last."""
        some = [item for item in self.findings if item.page.part is part]
        return some[-1] if some else None


_FIRST = (Part.WEIGHT, Part.CLOSENESS, Part.DIRECT, Part.CONTRAST, Part.SEARCH, Part.OTHER, Part.POWER, Part.MATERIAL)


def asked(contents: PackContents) -> tuple[Asked, ...]:
    """Every question of a pack with a finding that stands, in the order in which they were first asked."""
    opinions = {item.question: item for item in contents.opinions()}
    found = []
    for question in dict.fromkeys(item.question for item in contents.standing()):
        items = contents.on(question)
        opinion = opinions.get(question)
        first = min(items, key=lambda item: _FIRST.index(item.page.part))
        page = opinion.page if opinion else first.page
        suspect, protected = question
        words = page.question if opinion else first.exhibit.finding.question
        found.append(Asked(suspect, protected, words, *accounts(contents, suspect, protected), page, opinion, items))
    return tuple(found)


def accounts(contents: PackContents, suspect: str, protected: str) -> tuple[str, str]:
    """H1 and H2: in the words of the plan in force, or as this program words them."""
    plan = planned_of(contents).in_force
    if plan is None:
        return h1([suspect] if suspect else [], [protected] if protected else []), h2([suspect], {})
    said = plan.plan["propositions"]
    return str(said["H1"]), str(said["H2"])


def plan_in_brief(contents: PackContents) -> str:
    """Whether the plan came before the results, in a sentence or two."""
    planned = planned_of(contents)
    plan = planned.in_force
    if plan is None:
        return NOTHING_LOCKED
    said = f"A plan was {plan.lateness() or 'locked before any result was known'}."
    missing = planned.not_run()
    return f"{said} Planned and not run: {'; '.join(look.words() for look in missing[:3])}." if missing else said


def number_of_questions(contents: PackContents) -> str:
    """How many questions were asked in the case, and that all are reported."""
    count = len(contents.reported())
    withdrawn = sum(bool(item.exhibit.withdrawn) for item in contents.reported())
    if count == 1:
        return "One question was asked in this case, and it is reported."
    said = f"{counted(count, 'question was', 'questions were')} asked in this case, and all are reported"
    return f"{said}, {withdrawn} as withdrawn." if withdrawn else f"{said}."


def numbers(items: tuple[PackFinding, ...]) -> str:
    """The numbers of some findings as a sentence has them."""
    return listed([str(item.exhibit.number) for item in items], 30)
