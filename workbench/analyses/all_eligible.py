"""What a comparison comes to when every eligible corpus of the case is a control, beside what it comes to as asked.

Whoever chooses the controls chooses the answer. So a comparison is made twice where the examiner's word alone keeps a
corpus from being a control: by an exclusion, a list of names, a role, a source that no manifest documents, another
family than the one it came in with, another share of the prompts than the usual one, or one baseline of several. What
differs stands before the answer, and the lower rung counts.

A suspect that the examiner brought in as one is no control of another suspect either. With these among the controls
the comparison is made once more, and what differs stands before the answer, too. The rung stays: suspects that
learned from one source would else clear each other.
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

SUSPECTS = "with_other_suspects"
"""Where the values of a Finding hold what it comes to with the other suspects among the controls."""

CAUTION = "Not with all controls:"
"""Opens the sentence of a page whose answer rests on which corpora the examiner keeps from being controls."""

NOT_AMONG_SUSPECTS = "Not among the suspects:"
"""Opens the sentence of a page whose answer is another with the other suspects among the controls."""

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
class AmongSuspects:
    """The comparison as asked and with the other `suspects` among the controls, too; `among` is None where that was
    `refused`, in words."""

    suspects: tuple[str, ...]
    own: Standing
    among: Standing | None
    refused: str = ""


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


def _among(finding: Finding) -> AmongSuspects | None:
    stored: Json = finding.values.get(SUSPECTS)
    return None if stored is None else read(AmongSuspects, stored)


def told(narrative: Narrative, finding: Finding) -> Narrative:
    """The sentences of a Finding with what other controls come to; of all eligible ones the lower rung counts."""
    return _told_of_eligible(_told_of_suspects(narrative, _among(finding)), _of(finding))


def _told_of_suspects(narrative: Narrative, found: AmongSuspects | None) -> Narrative:
    if found is None:
        return narrative
    said = among_suspects(found)
    if not _differ(found.own, found.among):
        return replace(narrative, sentences=(*narrative.sentences, said))
    return replace(
        narrative,
        headline=f"{said} {narrative.headline}",
        sentences=(*narrative.sentences, f"Other suspects, compared as controls: {listed(found.suspects)}."),
    )


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
    among = _among(finding)
    if among is not None:
        said = among_suspects(among)
        if _differ(among.own, among.among):
            page = replace(page, caution=NOT_AMONG_SUSPECTS, against=(said, *page.against))
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


def among_suspects(found: AmongSuspects) -> str:
    """What the other suspects come to as controls, in one sentence."""
    many = "other suspect" if len(found.suspects) == 1 else f"{len(found.suspects)} other suspects"
    return _sentence(f"With the {many} of the case among the controls,", found.own, found.among, found.refused)


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
