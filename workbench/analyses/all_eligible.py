"""What a comparison comes to when every eligible corpus of the case is a control, beside what it comes to as asked.

Whoever chooses the controls chooses the answer. So a comparison is made twice where the examiner's word alone keeps a
corpus from being a control: by an exclusion, a list of names, a role, a source that no manifest documents, another
family than the one it came in with, or another share of the prompts than the usual one. What differs stands before the
answer, and the lower rung counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.core.model import Finding, Json, Narrative, Role
from workbench.core.printed import listed, ratio
from workbench.core.text import counted
from workbench.core.typed_json import read

if TYPE_CHECKING:
    from workbench.core.finding_page import FindingPage
    from workbench.core.selection import Apart, Selection

KEY = "all_eligible"
"""Where the values of a Finding hold it."""

CAUTION = "Not with all controls:"
"""Opens the sentence of a page whose answer rests on which corpora the examiner keeps from being controls."""

FACTOR = 0.301
"""The difference of log10 LRs (a factor of 2) from which on they differ."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a suspect stands in a Finding: its rung, its rank among so many models, its log10 LR, as far as stated.

    `answer` is the family that a search names.
    """

    rung: int
    rank: int | None = None
    of: int | None = None
    log10_lr: float | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A corpus that was added to the controls, and why it had not been one."""

    corpus: str
    why: str


@dataclass(frozen=True, slots=True)
class AllEligible:
    """The comparison as asked and with all eligible controls; `wide` is None where that was `refused`, in words."""

    added: tuple[Added, ...]
    own: Standing
    wide: Standing | None
    refused: str = ""
    coverage: tuple[float, float] | None = None
    """The least share of the prompts that a control answered, as asked and as usual, where these differ."""

    @property
    def differs(self) -> bool:
        """Whether rank, rung, answer or likelihood ratio are others with all eligible controls.

        A comparison that is refused with them shows nothing: whoever brings about the refusal gains nothing by it.
        """
        own, wide = self.own, self.wide
        if wide is None:
            return True
        same = (own.rank, own.rung, own.answer) == (wide.rank, wide.rung, wide.answer)
        return not same or self.weighs_otherwise

    @property
    def weighs_otherwise(self) -> bool:
        """Whether the likelihood ratio is another by a factor of 2 or more."""
        own, wide = self.own.log10_lr, self.wide.log10_lr if self.wide else None
        return own is not None and wide is not None and abs(own - wide) >= FACTOR


def standing(finding: Finding, rung: int) -> Standing:
    """Where the suspect stands in a Finding."""
    values = finding.values
    lr = values.get("log10_lr")
    rank = values.get("rank")
    of = values.get("n_models", values.get("n_seats"))
    return Standing(
        rung,
        rank=rank,
        of=values["n_controls"] + 1 if of is None and rank is not None else of,
        log10_lr=None if lr is None else float(lr),
        answer=values.get("answer"),
    )


def eligible(selection: Selection) -> tuple[Apart, ...]:
    """The corpora that a question keeps apart on the examiner's word, less the relatives that their texts bear out."""
    question = selection.question
    claimed = [one.corpus for one in question.apart if one.corpus.role in (Role.BASE, Role.SIBLING)]
    if not claimed:
        return question.apart
    from workbench.analyses.scoring.relatives import borne_out

    kin = borne_out(selection.similarities(), question, claimed)
    return tuple(one for one in question.apart if one.corpus.name not in kin)


def _of(finding: Finding) -> AllEligible | None:
    stored: Json = finding.values.get(KEY)
    return None if stored is None else read(AllEligible, stored)


def told(narrative: Narrative, finding: Finding) -> Narrative:
    """The sentences of a Finding with what all eligible controls come to; the lower rung counts."""
    found = _of(finding)
    if found is None:
        return narrative
    said = sentence(found)
    if not found.differs:
        return replace(narrative, sentences=(*narrative.sentences, said))
    return replace(
        narrative,
        rung=min(narrative.rung, found.wide.rung if found.wide else 0),
        headline=f"{said} {narrative.headline}",
        sentences=(*narrative.sentences, *([_kept_apart(found.added)] if found.added else [])),
    )


def told_on_page(page: FindingPage, finding: Finding) -> FindingPage:
    """The page of a Finding with what all eligible controls come to."""
    found = _of(finding)
    if found is None:
        return page
    said = sentence(found)
    if not found.differs:
        return replace(page, steady=(*page.steady, said))
    return replace(
        page,
        caution=CAUTION,
        against=(said, *page.against),
        limits=(
            ("The choice of the controls decides.", said, "a document for what is said of the models kept apart."),
            *page.limits,
        ),
    )


def sentence(found: AllEligible) -> str:
    """What all eligible controls come to, in one sentence."""
    start = _start(found)
    if found.wide is None:
        return f"{start} there is no comparison: {found.refused}"
    own, wide = found.own, found.wide
    if not found.differs:
        if own.log10_lr is None or wide.log10_lr is None:
            return f"{start} the answer is the same."
        now, then = ratio(wide.log10_lr), ratio(own.log10_lr)
        return (
            f"{start} the ratio is {f'{now} instead of {then}, within a factor of 2' if now != then else 'the same'}."
        )
    said = []
    if wide.rank is not None and wide.rank != own.rank:
        said.append(f"its rank is {wide.rank} of {wide.of} instead of {own.rank} of {own.of}")
    if found.weighs_otherwise and wide.log10_lr is not None and own.log10_lr is not None:
        said.append(f"the ratio is {ratio(wide.log10_lr)} instead of {ratio(own.log10_lr)}")
    if wide.answer != own.answer:
        said.append(f"the answer is {wide.answer or 'none'} instead of {own.answer or 'none'}")
    if wide.rung != own.rung:
        said.append(f"rung {wide.rung} is reached instead of rung {own.rung}")
    return f"{start} {listed(said)}."


def _start(found: AllEligible) -> str:
    """What is different with all eligible controls."""
    said = []
    if found.added:
        many = counted(len(found.added), "further control", "further controls")
        said.append(f"with {many}, kept apart on the examiner’s word alone,")
    if found.coverage:
        own, usual = found.coverage
        said.append(f"with controls that answered {usual:g} of the prompts or more, instead of {own:g},")
    start = " and ".join(said)
    return start[:1].upper() + start[1:]


def _kept_apart(added: Sequence[Added]) -> str:
    each = "; ".join(f"{one.corpus} ({one.why})" for one in added)
    return f"Kept apart on the examiner’s word: {each}."
