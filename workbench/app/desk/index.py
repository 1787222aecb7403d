"""What is in a case, short: for the sidebar's counts, the foot, and finding things by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError
from workbench.core.model import LeftOutKind, Role
from workbench.core.plan import status_of

if TYPE_CHECKING:
    from workbench.app.session import Session


@dataclass(frozen=True, slots=True)
class Model:
    """A corpus as it is found by name; `late` says that it is of the protected maker, but too young to be a source."""

    name: str
    role: str
    answers: int
    maker: str = ""
    base: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it is found by its words."""

    number: int
    analysis: str
    question: str
    headline: str
    confirmatory: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A document that stands, as it is found by its title."""

    number: int
    kind: str
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that has not ended."""

    id: int
    name: str
    importer: str
    begun: str
    records: int
    under_way: bool


@dataclass(frozen=True, slots=True)
class CaseIndex:
    """What is in a case: models, findings, and how much of everything else."""

    models: tuple[Model, ...] = ()
    answers: int = 0
    findings: tuple[Found, ...] = ()
    exhibits: int = 0
    """Those that were not withdrawn."""
    packs: int = 0
    lines: int = 0
    head: str = ""
    broken: int = 0
    """The first line of the ledger that does not follow from the one before it; 0 where all do."""
    plan_version: int = 0
    unfinished: tuple[Unfinished, ...] = ()
    documents: tuple[Written, ...] = ()


def read_index(session: Session) -> CaseIndex:
    """Count and name what is in a case."""
    from workbench.store.ledger import NO_HASH

    counts = session.catalogue()
    late = late_models(session)
    models = tuple(
        Model(
            c.corpus.name,
            str(c.corpus.role),
            c.accepted,
            c.corpus.facts.developer or "",
            c.corpus.facts.base or "",
            c.corpus.name in late,
        )
        for c in counts
    )
    lines, head, broken = 0, NO_HASH, 0
    for line in session.ledger():
        if not broken and not line.follows(head):
            broken = line.sequence
        lines, head = lines + 1, line.hash
    findings = tuple(
        Found(
            f.number,
            f.finding.analysis,
            f.finding.question,
            f.narrative.headline,
            status_of(f.options).confirmatory,
            bool(f.withdrawn),
        )
        for f in session.findings()
    )
    plan = session.plan_state().in_force
    unfinished = tuple(
        Unfinished(o.id, o.source.name, o.importer, o.begun, o.records, o.under_way) for o in session.open_imports()
    )
    return CaseIndex(
        models=models,
        answers=sum(c.accepted for c in counts),
        findings=findings,
        exhibits=len(session.exhibits.register().standing()),
        packs=len(session.exports()),
        lines=lines,
        head=head,
        broken=broken,
        plan_version=plan.version if plan else 0,
        unfinished=unfinished,
        documents=tuple(
            Written(one.number, str(one.said.kind), one.said.title, one.said.author)
            for one in session.documents.register().standing()
        ),
    )


def late_models(session: Session) -> frozenset[str]:
    """The protected models that the date gate leaves out; nothing where the question can't be asked yet."""
    from workbench.app.requests import RunRequest

    protected = {c.name for c in session.corpora() if c.role is Role.PROTECTED}
    try:
        question = session.question(RunRequest())
    except WorkbenchError:
        return frozenset()
    return frozenset(o.corpus for o in question.left_out if o.corpus in protected and o.kind is LeftOutKind.YOUNGER)
