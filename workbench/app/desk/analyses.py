"""The analyses as the desk shows them: question, last answer, what is missing, and the plan in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.app.catalogue import AnalysisInfo, analyses
from workbench.app.desk.findings import ReadFinding, read_findings
from workbench.app.desk.forecast import Lack, lacking
from workbench.app.requests import DEFAULT_SEED, RunRequest
from workbench.core.model import Corpus

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.core.plan import LockedPlan


@dataclass(frozen=True, slots=True)
class Planned:
    """One run that the plan in force says: the analysis, how it is asked for, in words, and the findings made of it."""

    key: str
    request: RunRequest
    words: str
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnalysisCard:
    """One analysis: what it asks, its findings that stand, the newest first, and what is missing for a run."""

    info: AnalysisInfo
    findings: tuple[ReadFinding, ...]
    missing: Lack | None
    planned: tuple[Planned, ...]

    @property
    def asks(self) -> str:
        """The juror's question."""
        return self.findings[0].asks if self.findings else self.info.question

    @property
    def last(self) -> ReadFinding | None:
        """The newest finding that stands."""
        return self.findings[0] if self.findings else None


@dataclass(frozen=True, slots=True)
class Analyses:
    """All analyses of this program on the case, and the plan in force."""

    cards: tuple[AnalysisCard, ...]
    corpora: tuple[Corpus, ...]
    plan: LockedPlan | None
    planned: tuple[Planned, ...]
    case_id: str
    seed: int

    @property
    def open(self) -> tuple[Planned, ...]:
        """What is planned and was not run."""
        return tuple(one for one in self.planned if not one.findings)


def read_analyses(session: Session) -> Analyses:
    """Read all of it."""
    known = analyses()
    state = session.plan_state()
    planned = tuple(
        Planned(p.look.analysis, p.request, p.look.words(), tuple(r.number for r in p.runs if not r.withdrawn))
        for p in state.planned
    )
    corpora = tuple(session.corpora())
    missing: Mapping[str, Lack] = lacking(session, [info.key for info in known]) if corpora else {}
    standing = [finding for finding in reversed(read_findings(session).findings) if not finding.withdrawn]
    cards = tuple(
        AnalysisCard(
            info,
            tuple(f for f in standing if f.finding.analysis == info.key),
            missing.get(info.key),
            tuple(p for p in planned if p.key == info.key),
        )
        for info in known
    )
    return Analyses(cards, corpora, state.in_force, planned, session.facts.id, DEFAULT_SEED)
