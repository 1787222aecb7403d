"""Which prompts and which models a comparison can use, with a reason for everything that is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.independent import near_copies
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, MIN_CONTROLS, MIN_PROMPTS
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Answered, Foreseen, Known
from workbench.core.model import Corpus, LeftOut, LeftOutKind, Role
from workbench.core.selection import Question, Similarities

if TYPE_CHECKING:
    from collections.abc import Mapping

Flags = npt.NDArray[np.bool_]

_NAMES = 5


@dataclass(frozen=True, slots=True)
class Matched:
    """The models that stay, and the prompts that every one of them answered.

    `rows` are places in the similarities' prompts. `answered` counts, for each model of the question,
    those of the `asked` prompts that it answered; `asked` are the prompts that the suspect and every
    protected member that stays answered.
    """

    members: tuple[Corpus, ...]
    controls: tuple[Corpus, ...]
    left_out: tuple[LeftOut, ...]
    rows: npt.NDArray[np.int64]
    asked: int
    answered: Mapping[str, int]
    suspect_prompts: int


def comparable(question: Question, found: Answered) -> Question:
    """The question less the protected members that have no similarities, as corpora that are set aside have none, and
    less the controls whose answers are nearly the suspect's own.

    Raises RefusedError where a suspect, a control, or a whole protected side has none.
    """
    refuse_chosen_prompts(question, found)
    if isinstance(found, Similarities):
        question = _without_copies(question, found)
    known = set(found.models)
    members = tuple(c for c in question.protected if c.name in known)
    needed = (question.suspect, *question.controls, *(() if members else question.protected))
    absent = [c for c in needed if c.name not in known]
    if absent:
        said = "; ".join(f"{c.name} is {_absent(c).reason}" for c in absent[:_NAMES])
        more = f"; and {len(absent) - _NAMES} more" if len(absent) > _NAMES else ""
        raise RefusedError(f"{said}{more}. Give such a corpus another role, or leave it out of the question.")
    dropped = tuple(_absent(c) for c in question.protected if c.name not in known)
    return replace(question, protected=members, left_out=question.left_out + dropped)


def _without_copies(question: Question, found: Similarities) -> Question:
    """A control in the suspect's own words is no other model: it would explain away what the suspect has from anyone.

    One in the words of the protected model stays, and is named: who copied whom is not for a rule to say.
    """
    suspect = question.suspect.name
    copies = near_copies(found, suspect, [c.name for c in question.controls])
    # Where most answer alike, the answers are what is alike, and no model is a copy.
    if not copies or 2 * len(copies) > len(question.controls):
        return question
    reason = f"its answers are nearly those of {suspect}, so it is no other model"
    out = tuple(LeftOut(name, LeftOutKind.OTHER, reason) for name in sorted(copies))
    kept = tuple(c for c in question.controls if c.name not in copies)
    return replace(question, controls=kept, left_out=question.left_out + out)


USUAL = 4
"""A prompt that one in so many of the other models answered is one that a suspect is asked for. Who takes the same
prompts from suspect and controls would else have to take them from half of the controls alone."""

LACKING = 0.25
"""A suspect or protected model that lacks a larger share of the prompts that most other models answered is not
compared without a reason.

Of 324 models of the six panels of known truth none lacks more than 0.09.
"""


def refuse_chosen_prompts(question: Question, found: Answered) -> None:
    """Raise RefusedError for a suspect or a protected model that lacks many of the prompts that at least a quarter of
    the others answered.

    Whoever chooses which answers of either side are compared may choose the outcome.
    """
    if question.fewer_prompts:
        return
    lacking = lacks_prompts(question, found)
    if lacking is not None:
        name, answered, total = lacking
        raise RefusedError(
            f"{name} answered {answered:,} of the {total:,} prompts that at least a quarter of the other "
            "models answered: a comparison on chosen prompts may come out as one likes.",
            hint="Import its other answers; or say why it has so few, with --fewer-prompts REASON or in the plan.",
        )


def lacks_prompts(question: Question, found: Answered) -> tuple[str, int, int] | None:
    """The first of suspect and protected models that lacks many prompts, how many it answered, and of how many."""
    sides = [c.name for c in (question.suspect, *question.protected) if c.name in found.models]
    controls = [c.name for c in question.controls if c.name in found.models]
    for name in sides:
        at = [found.models.index(other) for other in (*sides[1:], *controls) if other != name]
        usual = USUAL * found.present[:, at].sum(axis=1) >= max(len(at), 1)
        answered, total = int(found.present[usual, found.models.index(name)].sum()), int(usual.sum())
        # Fewer than a comparison needs are refused for that.
        if MIN_PROMPTS <= answered < (1 - LACKING) * total:
            return name, answered, total
    return None


def _absent(corpus: Corpus) -> LeftOut:
    if corpus.role is Role.ASIDE:
        return LeftOut(corpus.name, LeftOutKind.SET_ASIDE, ": its answers are not compared")
    return LeftOut(corpus.name, LeftOutKind.OTHER, "without similarities to the other models")


def match(question: Question, found: Answered, coverage: float) -> Matched:
    """The match of a question; members and controls below the coverage are left out with the reason.

    Raises RefusedError where too little is left for a comparison.
    """
    matched = _matched(question, found, coverage)
    _refuse_unmatched(question, matched)
    return matched


def foreseen(known: Known, coverage: float) -> Foreseen:
    """What a comparison would use; raises RefusedError where too little is left, exactly as `match` does."""
    matched = match(comparable(known.question, known), known, coverage)
    return Foreseen(len(matched.rows), matched.suspect_prompts, len(matched.controls), matched.left_out)


def at_most(known: Known) -> Foreseen:
    """The most that a comparison can use which also looks at lengths and languages: prompts that both sides answered.

    Raises RefusedError where a model has no answers that are compared.
    """
    question = comparable(known.question, known)
    own = known.prompts_of(question.suspect.name)
    theirs = [own & known.prompts_of(corpus.name) for corpus in question.protected]
    most = max((int(flags.sum()) for flags in theirs), default=0)
    answering = [c for c in question.controls if bool((own & known.prompts_of(c.name)).any())]
    return Foreseen(most, int(own.sum()), len(answering), exact=False)


def _matched(question: Question, found: Answered, coverage: float) -> Matched:
    at = {name: place for place, name in enumerate(found.models)}
    suspect = found.present[:, at[question.suspect.name]]
    joint = {c.name: suspect & found.present[:, at[c.name]] for c in question.protected}
    best = max((int(flags.sum()) for flags in joint.values()), default=0)
    left_out: list[LeftOut] = []
    members = _covering(question.protected, joint, best, coverage, "the suspect's prompts", left_out)
    asked = suspect.copy()
    for member in members:
        asked &= joint[member.name]
    total = int(asked.sum())
    shared = {c.name: asked & found.present[:, at[c.name]] for c in question.controls}
    controls = _covering(question.controls, shared, total, coverage, "the prompts of the comparison", left_out)
    by_all = asked.copy()
    for control in controls:
        by_all &= shared[control.name]
    answered = {question.suspect.name: total}
    answered |= {name: int((asked & flags).sum()) for name, flags in (*joint.items(), *shared.items())}
    return Matched(
        members=members,
        controls=controls,
        left_out=tuple(left_out),
        rows=np.flatnonzero(by_all),
        asked=total,
        answered=answered,
        suspect_prompts=int(suspect.sum()),
    )


def _covering(
    corpora: Sequence[Corpus],
    flags: Mapping[str, Flags],
    total: int,
    coverage: float,
    what: str,
    left_out: list[LeftOut],
) -> tuple[Corpus, ...]:
    kept = []
    for corpus in corpora:
        count = int(flags[corpus.name].sum())
        if count and count >= coverage * total:
            kept.append(corpus)
        else:
            why = f"answered {count} of {total} of {what}, below the share of {coverage:g}"
            left_out.append(LeftOut(corpus.name, LeftOutKind.OTHER, why))
    return tuple(kept)


def _refuse_unmatched(question: Question, matched: Matched) -> None:
    if not matched.suspect_prompts:
        raise RefusedError(f"{question.suspect.name} has no answers that could be compared.")
    if not matched.members:
        raise RefusedError(f"{question.suspect.name} and {question.protected_name} have no prompt in common.")
    if len(matched.controls) < MIN_CONTROLS:
        raise RefusedError(
            f"There are {len(matched.controls)} controls that answered these prompts; a comparison needs at least "
            f"{MIN_CONTROLS}, and {ENOUGH_CONTROLS} to reach p_model 0.05."
        )
    if len(matched.rows) < MIN_PROMPTS:
        raise RefusedError(
            f"Only {len(matched.rows)} prompts were answered by the suspect, the protected side and every control; "
            f"a comparison needs at least {MIN_PROMPTS}. A higher min_coverage leaves out the controls that lack most."
        )
