"""What a comparison comes to when every eligible corpus of the case is a control, beside what it comes to as asked.

Whoever chooses the controls chooses the answer. So a comparison is made twice where the examiner's word alone keeps a
corpus from being a control: by an exclusion, a list of names, a role, a source that no manifest documents, another
family than the one it came in with, another share of the prompts than the usual one, or one baseline of several. What
differs stands before the answer, and the lower rung counts.

It is made again in other ways, too: with the other suspects among the controls, with models that a document of the case
or a date keeps apart, and without a protected model that answers in the suspect's own words. What differs stands before
the answer as well. The rung stays, but for the last: suspects that learned from one source would else clear each other,
and a document can be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.core.model import Corpus, Finding, Json, Narrative, Role
from workbench.core.printed import listed, ratio
from workbench.core.text import counted
from workbench.core.typed_json import read

if TYPE_CHECKING:
    from workbench.core.finding_page import FindingPage
    from workbench.core.selection import Apart, Question, Selection

KEY = "all_eligible"
"""Where the values of a Finding hold it."""

OTHERWISE = "otherwise"
"""Where the values of a Finding hold what it comes to when it is asked in other ways: with the other suspects among the
controls, with models that a document or a date keeps apart, without a near copy."""

CAUTION = "Not with all controls:"
"""Opens the sentence of a page whose answer rests on which corpora the examiner keeps from being controls."""

NOT_AMONG_SUSPECTS = "Not among the suspects:"
"""Opens the sentence of a page whose answer is another with the other suspects among the controls."""

NEAR_COPY = "Not without a near copy:"
"""Opens the sentence of a page whose answer rests on a protected model that answers in the suspect's words."""

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
    baseline: str = ""
    """The only baseline that the comparison was asked with, of several."""

    @property
    def differs(self) -> bool:
        """Whether rank, rung, answer or likelihood ratio are others with all eligible controls.

        A comparison that is refused with them shows nothing: whoever brings about the refusal gains nothing by it.
        """
        return _differ(self.own, self.wide)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The comparison as asked, and as it comes to where `start` holds; `other` is None where that was `refused`.

    `caution` opens the sentence of a page where the two differ; `lowers` says whether the lower rung counts then.
    """

    start: str
    caution: str
    own: Standing
    other: Standing | None
    refused: str = ""
    lowers: bool = False


class Variation(NamedTuple):
    """Another way to ask a question: how its sentence starts, what opens a page where it differs, and whether the
    lower rung counts. `question` is None where nothing is left to ask."""

    start: str
    caution: str
    question: Question | None
    lowers: bool = False


def variations(question: Question, more: Sequence[Corpus], copied: Collection[str]) -> Iterator[Variation]:
    """The ways in which a question is asked again, with `more` eligible controls; `copied` are the protected models
    whose answers are nearly the suspect's own."""

    def widened(corpora: Sequence[Corpus]) -> Question:
        return question.widened([*more, *(c for c in corpora if c not in more)])

    if some := question.other_suspects:
        many = "other suspect" if len(some) == 1 else f"{len(some)} other suspects"
        yield Variation(f"With the {many} of the case among the controls,", NOT_AMONG_SUSPECTS, widened(some))
    if some := question.by_document:
        many = counted(len(some), "model", "models")
        yield Variation(
            f"With {many} among the controls that documents of the case keep apart,", CAUTION, widened(some)
        )
    if some := question.too_young:
        many = counted(len(some), "model", "models")
        yield Variation(
            f"With {many} among the controls that the examiner’s word makes younger members of "
            f"{question.protected_name},", CAUTION, widened(some),
        )  # fmt: skip
    if copied:
        rest = tuple(c for c in question.protected if c.name not in copied)
        are = "its" if len(copied) == 1 else "their"
        start = f"Without {listed(sorted(copied))}, for {are} answers are nearly the suspect’s own,"
        yield Variation(start, NEAR_COPY, replace(question, protected=rest) if rest else None, lowers=bool(rest))


def _differ(own: Standing, wide: Standing | None) -> bool:
    if wide is None:
        return True
    same = (own.rank, own.rung, own.answer) == (wide.rank, wide.rung, wide.answer)
    return not same or _weigh_otherwise(own, wide)


def _weigh_otherwise(own: Standing, wide: Standing) -> bool:
    """Whether the likelihood ratio is another by a factor of 2 or more."""
    return own.log10_lr is not None and wide.log10_lr is not None and abs(own.log10_lr - wide.log10_lr) >= FACTOR


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


def _otherwise(finding: Finding) -> list[Otherwise]:
    stored: Json = finding.values.get(OTHERWISE) or []
    return [read(Otherwise, one) for one in stored]


def told(narrative: Narrative, finding: Finding) -> Narrative:
    """The sentences of a Finding with what other controls come to; of all eligible ones the lower rung counts."""
    for found in reversed(_otherwise(finding)):
        narrative = _told_otherwise(narrative, found)
    return _told_of_eligible(narrative, _of(finding))


def _told_otherwise(narrative: Narrative, found: Otherwise) -> Narrative:
    said = _sentence(found.start, found.own, found.other, found.refused)
    if not _differ(found.own, found.other):
        return replace(narrative, sentences=(*narrative.sentences, said))
    lower = min(narrative.rung, found.other.rung) if found.lowers and found.other else narrative.rung
    return replace(narrative, rung=lower, headline=f"{said} {narrative.headline}")


def _told_of_eligible(narrative: Narrative, found: AllEligible | None) -> Narrative:
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
    """The page of a Finding with what other controls come to."""
    for found in reversed(_otherwise(finding)):
        said = _sentence(found.start, found.own, found.other, found.refused)
        if _differ(found.own, found.other):
            page = replace(page, caution=found.caution, against=(said, *page.against))
        else:
            page = replace(page, steady=(*page.steady, said))
    return _page_of_eligible(page, _of(finding))


def _page_of_eligible(page: FindingPage, found: AllEligible | None) -> FindingPage:
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
    return _sentence(_start(found), found.own, found.wide, found.refused)


def _sentence(start: str, own: Standing, wide: Standing | None, refused: str) -> str:
    if wide is None:
        return f"{start} there is no comparison: {refused}"
    if not _differ(own, wide):
        if own.log10_lr is None or wide.log10_lr is None:
            return f"{start} the answer is the same."
        now, then = ratio(wide.log10_lr), ratio(own.log10_lr)
        return (
            f"{start} the ratio is {f'{now} instead of {then}, within a factor of 2' if now != then else 'the same'}."
        )
    said = []
    if wide.rank is not None and wide.rank != own.rank:
        said.append(f"its rank is {wide.rank} of {wide.of} instead of {own.rank} of {own.of}")
    if _weigh_otherwise(own, wide) and wide.log10_lr is not None and own.log10_lr is not None:
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
    if found.baseline:
        said.append(f"with every baseline of the case, instead of {found.baseline} alone,")
    start = " and ".join(said)
    return start[:1].upper() + start[1:]


def _kept_apart(added: Sequence[Added]) -> str:
    each = "; ".join(f"{one.corpus} ({one.why})" for one in added)
    return f"Kept apart on the examiner’s word: {each}."
