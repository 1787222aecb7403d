"""The corpora as the desk shows them: counts, lengths, languages, flags, fitness, coverage, and the story of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.app.desk.coverage import CorpusShape, Coverage, coverage_of, shape_of
from workbench.app.desk.index import late_models
from workbench.core.claimed_model import disagreement
from workbench.core.model import Corpus, Json, Role
from workbench.core.pairing import IdCounts
from workbench.core.typed_json import read

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.store import CorpusCounts

_FLAGS = (
    ("looks_cut", "cut"),
    ("truncated", "cut"),
    ("refused", "declined"),
    ("copies", "duplicate"),
    ("near_duplicates", "near duplicate"),
    ("hidden", "hidden"),
    ("mojibake", "garbled"),
    ("empty", "empty"),
    ("secret", "secret"),
)


@dataclass(frozen=True, slots=True)
class CorpusRow:
    """One corpus in the table."""

    corpus: Corpus
    records: int
    accepted: int
    rejected: int
    duplicate: int
    prompts: int
    unjoined: int
    late: bool
    cover: float
    """The share of the prompts of the case that it answered."""
    shape: CorpusShape
    flags: Mapping[str, int]
    languages: tuple[tuple[str, int], ...]
    pairing: IdCounts | None
    """What is counted of its ids, where they pair its answers."""
    fit: str
    """The verdict of the last fitness finding; empty where there is none."""
    examined: bool

    @property
    def name(self) -> str:
        """The name of the corpus."""
        return self.corpus.name


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger about a corpus: when, what, and why."""

    time: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file that stays out of packs, since things of the form of secrets were found in it."""

    sha256: str
    name: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Corpora:
    """All that the page shows."""

    rows: tuple[CorpusRow, ...]
    coverage: Coverage
    claims: tuple[str, ...]
    """What records contradict of what was stated."""
    kin: Mapping[str, str]
    """Controls that share their base with a suspect, each with that base."""
    examined: str
    """When all was examined last; empty for never."""
    current: bool
    held: tuple[Held, ...]
    plan_locked: bool


def read_corpora(session: Session) -> Corpora:
    """Read and count everything."""
    counts = session.catalogue()
    corpora = [c.corpus for c in counts]
    state = session.examination()
    last = state.last
    shapes = [shape_of(session, corpus, last.id if last else 0) for corpus in corpora]
    late = late_models(session)
    seen: Json = last.counts["corpora"] if last else {}
    fit = _fitness(session)
    coverage = coverage_of(corpora, shapes, late)
    whole = len(coverage.prompts) or 1
    paired = {one.name: one for counts_of in session.pairing() for one in counts_of.corpora}
    rows = tuple(
        replace(
            _row(counted, shape, whole, seen.get(counted.corpus.name), fit.get(counted.corpus.name, ""), late),
            pairing=paired.get(counted.corpus.name),
        )
        for counted, shape in zip(counts, shapes, strict=True)
    )
    return Corpora(
        rows=rows,
        coverage=coverage,
        claims=tuple(said for c in corpora if (said := disagreement(c.name, c.facts))),
        kin=_kin(corpora),
        examined=last.ended if last else "",
        current=state.current,
        held=tuple(
            Held(digest, name, ", ".join(f"{kind} ({n})" for kind, n in kinds.items()))
            for digest, name, kinds in state.withheld
        ),
        plan_locked=session.plan_state().in_force is not None,
    )


def _row(
    counted: CorpusCounts, shape: CorpusShape, whole: int, seen: Json, fit: str, late: frozenset[str]
) -> CorpusRow:
    corpus = counted.corpus
    examined = seen is not None and seen["sha256"] == corpus.sha256
    return CorpusRow(
        corpus=corpus,
        records=counted.records,
        accepted=counted.accepted,
        rejected=counted.rejected,
        duplicate=counted.duplicate,
        prompts=counted.prompts,
        unjoined=counted.unjoined,
        late=corpus.name in late,
        cover=len(shape.codes) / whole,
        shape=shape,
        flags=_flags(seen) if seen is not None else {},
        languages=shape.languages,
        pairing=None,
        fit=fit,
        examined=examined,
    )


def _flags(seen: Json) -> dict[str, int]:
    flags: dict[str, int] = {}
    for key, name in _FLAGS:
        number = seen.get(key, 0)
        if number:
            flags[name] = flags.get(name, 0) + number
    return flags


def _fitness(session: Session) -> dict[str, str]:
    """The verdicts of the last fitness finding that stands."""
    judged = [f for f in session.findings() if f.finding.analysis == "fitness" and not f.withdrawn]
    if not judged:
        return {}
    from workbench.analyses.fitness.values import FitnessValues

    return {one.model: one.verdict for one in read(FitnessValues, judged[-1].finding.values).judged}


def _kin(corpora: list[Corpus]) -> dict[str, str]:
    bases = {c.facts.base for c in corpora if c.role is Role.SUSPECT and c.facts.base}
    return {c.name: c.facts.base or "" for c in corpora if c.role is Role.CONTROL and c.facts.base in bases}


def story_of(session: Session, name: str) -> tuple[Event, ...]:
    """What happened to a corpus, the latest first."""
    events = []
    for line in session.ledger():
        said = _told(line.action, line.object, line.options, name)
        if said:
            events.append(Event(line.time, said, line.reason))
    return tuple(reversed(events))


def _told(action: str, about: Json, options: Json, name: str) -> str:
    if isinstance(about, dict) and about.get("corpus") == name:
        changed = options.get("changed", []) if isinstance(options, dict) else []
        after = options.get("corpus", {}) if isinstance(options, dict) else {}
        if changed == ["role"]:
            return str(after.get("role", ""))
        return f"{action}: {', '.join(map(str, changed))}" if changed else action
    if isinstance(options, dict) and isinstance(options.get("corpora"), list):
        for item in options["corpora"]:
            if isinstance(item, dict) and item.get("corpus", {}).get("name") == name:
                source = options.get("source", {})
                file = source.get("name", "") if isinstance(source, dict) else ""
                return f"imported, {file}" if file else "imported"
    return ""
