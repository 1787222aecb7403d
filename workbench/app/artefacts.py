"""Traces of saving in the answers of a case: found, settled, taken out before comparing, and named with findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.core.artefacts import (
    FOR_ALL,
    KEPT,
    NORMALISED,
    SAMPLE,
    Artefact,
    ArtefactKind,
    Settlement,
    find_artefacts,
    without_artefacts,
)
from workbench.core.errors import UsageError
from workbench.core.finding_page import FindingPage
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Finding, Json, Narrative, Role
from workbench.core.secrets.find import masked
from workbench.core.selection import Block, Question
from workbench.core.typed_json import read
from workbench.store import Case

VALUES = "artefacts"
"""Under this name a finding has the traces that were found, and what was settled about each."""

DONE_TO_ALL = "done_to_all"
"""Under this name a finding has, in words, what was done to the answers of all models before they were compared."""

_UNSETTLED = (
    "No rung of the ladder of claims is reached: {names} carry a trace of how their answers were saved{others}, which "
    "a comparison takes for a likeness. Settle it first: `workbench artefacts CASE` names it, and takes it out before "
    "comparing, or keeps it for a reason."
)


@dataclass(frozen=True, slots=True)
class FoundArtefact:
    """A trace, and what was decided about it: normalised, kept with a reason, or nothing yet."""

    artefact: Artefact
    how: str = ""
    reason: str = ""

    def as_json(self) -> Json:
        """The same as plain JSON."""
        one = self.artefact
        return {
            "corpus": one.corpus,
            "kind": str(one.kind),
            "detail": one.detail,
            "share": round(one.share, 4),
            "others": round(one.others, 4),
            "settled": self.how,
            "reason": self.reason,
        }

    def words(self) -> str:
        """What it is and what was decided, in words."""
        settled = {NORMALISED: "; taken out before comparing", KEPT: f"; kept: {self.reason}"}.get(self.how, "")
        return f"{self.artefact.words()}{settled}."


@dataclass(frozen=True, slots=True)
class _Stated:
    """A trace as a finding states it: what is read of it."""

    corpus: str
    kind: str
    settled: str


class Traces:
    """The traces in the corpora of a case that are not set aside; what was settled is taken out of its answers."""

    def __init__(self, case: Case) -> None:
        self._case = case
        compared = {corpus.name for corpus in case.corpora() if corpus.role.compared}
        # What is not compared decides nothing about the others.
        self._settled = [one for one in case.settlements() if one.corpus in compared]
        self._changes = without_artefacts(self._settled)
        self._found: list[FoundArtefact] | None = None

    @property
    def key(self) -> str:
        """What similarities depend on beside the answers; empty where nothing is taken out."""
        taken_out = [[s.corpus, str(s.kind), s.detail] for s in self._settled if s.how == NORMALISED]
        return sha256(canonical(taken_out)) if taken_out else ""

    def found(self) -> list[FoundArtefact]:
        """The traces that were settled, as the answers came, and those that the answers show as they are compared."""
        if self._found is None:
            samples = _samples(self._case)
            settled = [one for one in self._seen(samples) if one.how] if self._settled else []
            for_all = {(one.kind, one.detail) for one in self._settled if one.kind in FOR_ALL and one.how == NORMALISED}
            left = [
                one
                for one in self._seen(self._as_compared(samples))
                if not one.how and (one.artefact.kind, one.artefact.detail) not in for_all
            ]
            self._found = sorted([*settled, *left], key=lambda one: one.artefact.corpus)
        return self._found

    def _seen(self, samples: Mapping[str, Sequence[str]]) -> list[FoundArtefact]:
        return [self._with_decision(replace(one, detail=masked(one.detail))) for one in find_artefacts(samples)]

    def _as_compared(self, samples: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        changes = {name: self.change(name) for name in samples}
        return {n: list(map(f, texts)) if (f := changes[n]) is not None else texts for n, texts in samples.items()}

    def _with_decision(self, artefact: Artefact) -> FoundArtefact:
        decided = next((one for one in self._settled if one.covers(artefact)), None)
        return FoundArtefact(artefact, decided.how, decided.reason) if decided else FoundArtefact(artefact)

    def change(self, corpus: str) -> Callable[[str], str] | None:
        """What is done to each answer of a corpus before it is compared; None where nothing is."""
        steps = [step for name in (corpus, "*") if (step := self._changes.get(name)) is not None]
        if not steps:
            return None
        return steps[0] if len(steps) == 1 else lambda text: steps[1](steps[0](text))

    def blocks(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """The answers as they are compared."""
        return map(self._changed, blocks) if self._changes else blocks

    def _changed(self, block: Block) -> Block:
        answers: list[Mapping[str, tuple[str, ...]]] = []
        for held in block.answers:
            own = {name: self.change(name) for name in held}
            answers.append({n: tuple(map(f, t)) if (f := own[n]) is not None else t for n, t in held.items()})
        return replace(block, answers=tuple(answers))


def _samples(case: Case) -> dict[str, list[str]]:
    """Some answers of each corpus that is compared, those to the first prompts by their digests."""
    rows = [row for row in case.catalogue() if row.corpus.role.compared and row.prompts]
    wanted = {row.corpus.name: min(SAMPLE, row.prompts) for row in rows}
    found: dict[str, list[str]] = {name: [] for name in sorted(wanted)}
    for block in case.blocks(list(found)) if found else ():
        for held in block.answers:
            for name, texts in held.items():
                if len(found[name]) < SAMPLE and texts:
                    found[name].append(texts[0])
        wanted = {name: count for name, count in wanted.items() if len(found[name]) < count}
        if not wanted:
            break
    return found


def settle(case: Case, corpus: str, kind: str, how: str, reason: str) -> list[FoundArtefact]:
    """Decide about the traces of a kind in a corpus; raises UsageError where there is none, or no reason to keep it."""
    if how == KEPT and not reason.strip():
        raise UsageError("Keeping a trace needs a reason.", hint="It stands in the ledger and in findings.")
    if kind not in list(ArtefactKind):
        raise UsageError(f"There is no kind “{kind}”.", hint=f"The kinds are: {', '.join(ArtefactKind)}.")
    there = [one for one in Traces(case).found() if one.artefact.corpus == corpus and one.artefact.kind == kind]
    if not there:
        raise UsageError(f"No “{kind}” was found in {corpus}.", hint="`workbench artefacts CASE` lists what was found.")
    for one in there:
        case.settle_artefact(Settlement(corpus, one.artefact.kind, one.artefact.detail, how, reason.strip()))
    return [one for one in Traces(case).found() if one.artefact.corpus == corpus and one.artefact.kind == kind]


def named(finding: Finding, question: Question, traces: Sequence[FoundArtefact]) -> Finding:
    """The finding with the traces in its corpora; the unsettled ones are warnings."""
    asked = (question.suspect, *question.protected, *question.controls, *question.others, *question.pool)
    inside = {corpus.name for corpus in asked}
    here = [one for one in traces if one.artefact.corpus in inside]
    to_all = [one for one in traces if one.how == NORMALISED and one.artefact.kind in FOR_ALL]
    if to_all:
        done = list(dict.fromkeys(_done_to_all(one.artefact) for one in to_all))
        finding = replace(finding, values={**finding.values, DONE_TO_ALL: done})
    if not here:
        return finding
    protected = {corpus.name for corpus in question.protected}
    said = [_warning(one, question.suspect.name, protected, here) for one in here if not one.how]
    values = {**finding.values, VALUES: [one.as_json() for one in here]}
    return replace(finding, values=values, warnings=(*said, *finding.warnings))


def _done_to_all(one: Artefact) -> str:
    """What a trace that can't be put back in one corpus is the reason for, in words."""
    done = {
        ArtefactKind.JOINED: "its lines were joined",
        ArtefactKind.BROKEN: f"its lines were broken at {one.detail} characters",
        ArtefactKind.SMALL: "its letters were made small",
        ArtefactKind.CUT: f"it was cut to {one.detail} characters",
    }[one.kind]
    return f"Every answer of every model is compared after {done}, because those of {one.corpus} were saved so."


def _warning(one: FoundArtefact, suspect: str, protected: set[str], here: Sequence[FoundArtefact]) -> str:
    """An unsettled trace in words, with the comparisons that it feeds."""
    own, kind = one.artefact.corpus, one.artefact.kind
    alike = sorted({o.artefact.corpus for o in here if not o.how and o.artefact.kind == kind} - {own})
    feeds = f" It makes {own} look closer to {' and '.join(alike[:4])} in every comparison." if alike else ""
    return f"A trace of saving, not of the model, is not settled: {one.artefact.words()}.{feeds}"


def capped(narrative: Narrative, finding: Finding) -> Narrative:
    """The narrative, which begins with what was done to all answers, and reaches no rung where an unsettled trace sets
    suspect and protected side apart from others.

    They may both have it, or be without it where at least half of the controls have it.
    """
    if done := " ".join(finding.values.get(DONE_TO_ALL, ())):
        narrative = replace(narrative, headline=f"{done} {narrative.headline}")
    names = _set_apart(finding)
    if not names or not narrative.rung:
        return narrative
    suspects = {i.corpus for i in finding.inputs if i.role == Role.SUSPECT}
    others = "" if suspects & set(names) else ", and suspect and protected do not"
    said = _UNSETTLED.format(names=" and ".join(names), others=others)
    return replace(narrative, rung=0, headline=f"Not settled: {said}", sentences=(said,))


def changed_on_page(page: FindingPage, finding: Finding) -> FindingPage:
    """The page of a finding with what was done to all answers before they were compared."""
    done = tuple(finding.values.get(DONE_TO_ALL, ()))
    return replace(page, caution="On changed answers:", against=(*done, *page.against)) if done else page


def _set_apart(finding: Finding) -> list[str]:
    """The corpora that have a trace by which suspect and protected side differ together from others."""
    having: dict[str, set[str]] = {}
    for stated in finding.values.get(VALUES, ()):
        one = read(_Stated, stated)
        if not one.settled:
            having.setdefault(one.kind, set()).add(one.corpus)
    suspect, protected, controls = (
        {i.corpus for i in finding.inputs if i.role == role} for role in (Role.SUSPECT, Role.PROTECTED, Role.CONTROL)
    )
    found: set[str] = set()
    for have in having.values():
        if suspect & have and protected & have:
            found |= (suspect | protected) & have
        elif not (suspect | protected) & have and controls and 2 * len(controls & have) >= len(controls):
            found |= controls & have
    return sorted(found)
