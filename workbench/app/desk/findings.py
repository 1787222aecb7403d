"""The findings as the desk shows them: each read, with its status, and the ladder that they reach together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from workbench.app.catalogue import narrative_of, reading_of
from workbench.core.errors import UsageError
from workbench.core.model import Finding, Narrative
from workbench.core.plan import RunStatus, status_of
from workbench.core.reading import Reading

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.store import StoredFinding

RUNGS = (
    "The material can answer the question",
    "Differs from the controls",
    "Closer than every control",
    "Closer than base and date explain",
    "Unpredictable content",
    "Secret signal, or match in logs",
)
UNKNOWN = "This version of the program does not know this analysis. The words are as they were stored."
REWORDED = "This version of the program words this finding otherwise. The words are as they were stored."


class Reach(Enum):
    """How far a rung of the ladder is reached."""

    CONFIRMED = "confirmed"
    EXPLORED = "explored"
    NOT_REACHED = "not reached"
    NOT_ASKED = "not asked"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: what it claims, how far it is reached, and by which finding."""

    number: int
    words: str
    reach: Reach
    finding: int = 0
    exploratory: bool = False


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """A stored finding with everything that is said of it; `reading` is None where it is read by its words alone."""

    number: int
    finding: Finding
    narrative: Narrative
    reading: Reading | None
    status: RunStatus
    made: str
    withdrawn: str
    sha256: str
    ledger_line: int
    differs: str = ""

    @property
    def asks(self) -> str:
        """The juror's question."""
        return self.reading.asks if self.reading else self.finding.question

    @property
    def short(self) -> str:
        """The same for lists."""
        return self.reading.short if self.reading else self.finding.question

    @property
    def answer(self) -> str:
        """The answer in a handful of words."""
        return self.reading.answer if self.reading else self.narrative.headline

    @property
    def outside(self) -> bool:
        """Whether the case lies outside of what was validated."""
        return bool(self.reading and self.reading.outside)


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of a case, and the ladder."""

    findings: tuple[ReadFinding, ...]
    ladder: tuple[Rung, ...]


def read_findings(session: Session) -> Findings:
    """Read all findings and what they reach together."""
    found = tuple(_read(stored) for stored in session.findings())
    return Findings(found, ladder(found))


def _read(stored: StoredFinding) -> ReadFinding:
    return ReadFinding(
        number=stored.number,
        finding=stored.finding,
        narrative=stored.narrative,
        reading=reading_of(stored.finding, stored.narrative.headline),
        status=status_of(stored.options),
        made=stored.made,
        withdrawn=stored.withdrawn,
        sha256=stored.sha256,
        ledger_line=stored.ledger_line,
        differs=_difference(stored.finding, stored.narrative),
    )


def _difference(finding: Finding, narrative: Narrative) -> str:
    """Words are shown as they were stored; where this version words them otherwise, it is said."""
    try:
        again = narrative_of(finding)
    except UsageError:
        return UNKNOWN
    return "" if again == narrative else REWORDED


def ladder(findings: Sequence[ReadFinding]) -> tuple[Rung, ...]:
    """What the findings that stand reach together, from rung 0 up.

    A confirmatory finding counts before an exploratory one. A rung that was asked for and not reached says so.
    """
    standing = [f for f in findings if not f.withdrawn]
    judged = [f for f in standing if f.reading is not None and f.reading.fit is not None]
    rungs = [_ground(judged)]
    unfit = rungs[0].reach is Reach.UNFIT
    for number in range(1, len(RUNGS)):
        reached = [f for f in standing if f.narrative.rung >= number]
        if reached and not unfit:
            best = min(reached, key=lambda f: (not f.status.confirmatory, f.narrative.rung, f.number))
            sure = best.status.confirmatory
            reach = Reach.CONFIRMED if sure else Reach.EXPLORED
            rungs.append(Rung(number, RUNGS[number], reach, best.number, not sure))
            continue
        asked = [f for f in standing if f.reading is not None and f.reading.asks_for_rung == number]
        reach = Reach.NOT_REACHED if asked and not unfit else Reach.NOT_ASKED
        rungs.append(Rung(number, RUNGS[number], reach, asked[-1].number if asked else 0))
    return tuple(rungs)


def _ground(judged: Sequence[ReadFinding]) -> Rung:
    if not judged:
        return Rung(0, RUNGS[0], Reach.NOT_ASKED)
    last = judged[-1]
    fit = last.reading is not None and bool(last.reading.fit)
    sure = last.status.confirmatory
    reach = (Reach.CONFIRMED if sure else Reach.EXPLORED) if fit else Reach.UNFIT
    return Rung(0, RUNGS[0], reach, last.number, not sure)


def adds(finding: ReadFinding) -> str:
    """What a finding adds to the ladder, in a sentence."""
    if finding.withdrawn:
        return "It is withdrawn and adds nothing."
    if finding.narrative.rung:
        return f"This finding reaches rung {finding.narrative.rung}."
    if finding.reading is not None and finding.reading.fit is not None:
        return (
            "It is the ground that the ladder stands on." if finding.reading.fit else "The ladder can't stand on this."
        )
    if finding.outside:
        return "Adds no rung: it lies outside the envelope."
    return "Adds no rung."
