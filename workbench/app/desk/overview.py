"""A case at a glance: the question, how far it is, who could have learned from whom, and what it says so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.app.desk.coverage import Coverage
from workbench.app.desk.findings import Rung, ladder, read_findings
from workbench.app.desk.index import CaseIndex, read_index
from workbench.app.desk.timeline import timeline_of
from workbench.core.documents import Document
from workbench.core.instructions import Instructions
from workbench.core.model import Corpus, Role
from workbench.core.plot import Plot
from workbench.core.text import counted

if TYPE_CHECKING:
    from workbench.app.desk.findings import ReadFinding
    from workbench.app.plan import PlanState
    from workbench.app.session import Session

DONE, NEXT, TO_COME = "done", "next", "to come"
_WEIGHS = "weigh"


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the path: what it is, what was done there, whether it is next, and the page it leads to."""

    name: str
    said: str
    state: str
    place: str
    act: str
    """What a button says that leads there as the next step."""


@dataclass(frozen=True, slots=True)
class Side:
    """Who stands on one side of the question: role, and a name or a number."""

    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What the evidence weighs so far: a sentence, what it is not, and where it is doubted."""

    finding: int
    sentence: str
    disclaimer: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows."""

    question: str
    sides: tuple[Side, ...]
    stations: tuple[Station, ...]
    timeline: Plot | None
    coverage: Coverage
    rungs: tuple[Rung, ...]
    weight: Weight | None
    findings: int
    index: CaseIndex
    instructions: Instructions
    documents: tuple[Document, ...] = ()
    """What others wrote about the matter, by date, less what was retracted."""

    @property
    def next(self) -> Station | None:
        """The next station, or None where all are done."""
        return next((station for station in self.stations if station.state == NEXT), None)


def read_overview(session: Session) -> Overview:
    """Read all of it."""
    from workbench.app.desk.corpora import read_corpora

    index = read_index(session)
    seen = read_corpora(session)
    corpora = [row.corpus for row in seen.rows]
    read = [f for f in read_findings(session).findings if not f.withdrawn]
    rungs = ladder(read)
    written = session.documents.register().standing()
    late = frozenset(row.name for row in seen.rows if row.late)
    return Overview(
        question=question_of(corpora),
        sides=_sides(corpora),
        stations=_path(index, corpora, session.plan_state(), examined=bool(seen.examined), current=seen.current),
        timeline=timeline_of(corpora, late, session.facts.created, written),
        coverage=seen.coverage,
        rungs=rungs,
        weight=_weight(read),
        findings=len(read),
        index=index,
        instructions=session.instructions.stated(),
        documents=tuple(
            sorted(written, key=lambda one: (one.said.date or one.said.in_force_from or "9999", one.number))
        ),
    )


def question_of(corpora: Sequence[Corpus]) -> str:
    """The question of the case as a juror would ask it."""
    suspects = [c.name for c in corpora if c.role is Role.SUSPECT]
    sources = list(dict.fromkeys(c.facts.family or c.name for c in corpora if c.role is Role.PROTECTED))
    if not corpora:
        return "Whose answers is the case about?"
    if not suspects:
        return "Which model is the suspect?"
    if not sources:
        return f"Whose answers was {_listed(suspects)} trained on?"
    return f"{'Was' if len(suspects) == 1 else 'Were'} {_listed(suspects)} trained on answers of {_listed(sources)}?"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} and {len(names) - 1:,} others"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _sides(corpora: Sequence[Corpus]) -> tuple[Side, ...]:
    of = {role: [c for c in corpora if c.role is role] for role in Role}
    sides = [Side("suspect", c.name) for c in of[Role.SUSPECT][:3]]
    families: dict[str, int] = {}
    for corpus in of[Role.PROTECTED]:
        name = corpus.facts.family or corpus.name
        families[name] = families.get(name, 0) + 1
    sides += [Side("protected", f"{name}, {n} models" if n > 1 else name) for name, n in list(families.items())[:3]]
    sides += [Side("base", c.name) for c in of[Role.BASE][:2]]
    sides += [Side("sibling", c.name) for c in of[Role.SIBLING][:2]]
    controls = len(of[Role.CONTROL])
    return (*sides, *([Side("control", counted(controls, "control", "controls"))] if controls else []))


def _path(
    index: CaseIndex, corpora: Sequence[Corpus], plan: PlanState, *, examined: bool, current: bool
) -> tuple[Station, ...]:
    """The six stations; the first that is not done is next."""
    roles = {c.role for c in corpora}
    named = Role.SUSPECT in roles and Role.PROTECTED in roles
    made = sum(bool(planned.runs) for planned in plan.planned)
    locked, whole = plan.in_force, len(plan.planned)
    broken_off = len(index.unfinished)
    steps = (
        (
            "Collect",
            counted(len(index.models), "model", "models") if index.models else "no model yet",
            bool(index.models),
            "corpora",
            "Import answers",
        ),
        (
            "Import",
            _imported(index, named=named),
            bool(index.answers) and named and not broken_off,
            "overview/unfinished" if broken_off else "corpora",
            "Go on with an import" if broken_off else "Give the roles" if index.answers else "Import answers",
        ),
        (
            "Examine",
            "every answer looked at" if current else "examined before the last change" if examined else "not yet",
            current,
            "corpora",
            "Examine the answers",
        ),
        (
            "Plan",
            _locked(plan),
            locked is not None,
            "plan",
            "Draft a plan",
        ),
        (
            "Run",
            _run(made, whole, len(plan.exploratory)),
            bool(whole) and made == whole,
            "plan" if whole else "analyses",
            "Run what is planned" if whole else "Run an analysis",
        ),
        (
            "Report",
            counted(index.packs, "pack", "packs") + " made" if index.packs else "no pack yet",
            bool(index.packs),
            "packs",
            "Make a pack",
        ),
    )
    first = next((at for at, step in enumerate(steps) if not step[2]), len(steps))
    return tuple(
        Station(name, said, DONE if done else NEXT if at == first else TO_COME, place, act)
        for at, (name, said, done, place, act) in enumerate(steps)
    )


def _imported(index: CaseIndex, *, named: bool) -> str:
    if index.unfinished:
        return counted(len(index.unfinished), "import", "imports") + " broken off"
    if not index.answers:
        return "no answer yet"
    return counted(index.answers, "answer", "answers") + ("" if named else ", roles to give")


def _locked(plan: PlanState) -> str:
    locked = plan.in_force
    if locked is None:
        return "not locked yet"
    return "locked after results" if locked.findings_before else "locked before any result"


def _run(made: int, planned: int, exploratory: int) -> str:
    more = f", {exploratory} more" if exploratory else ""
    if planned:
        return f"{made} of {planned} planned{more}"
    return counted(exploratory, "exploratory run", "exploratory runs") if exploratory else "nothing run yet"


def _weight(findings: Sequence[ReadFinding]) -> Weight | None:
    """The newest weighing, a confirmatory one before an exploratory one."""
    weighed = [f for f in findings if f.finding.analysis == _WEIGHS and f.reading is not None]
    if not weighed:
        return None
    best = max(weighed, key=lambda f: (f.status.confirmatory, f.number))
    assert best.reading is not None
    return Weight(best.number, best.reading.sentence, best.reading.disclaimer, bool(best.reading.outside))
