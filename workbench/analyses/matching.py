"""Which prompts and which models a comparison can use, with a reason for everything that is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workbench.core.model import Corpus
from workbench.core.selection import Question, Similarities

if TYPE_CHECKING:
    from collections.abc import Mapping

Flags = npt.NDArray[np.bool_]

MIN_CONTROLS = 5
MIN_PROMPTS = 30


@dataclass(frozen=True, slots=True)
class Matched:
    """The models that stay, and the prompts that every one of them answered.

    `rows` are places in the similarities' prompts. `answered` counts, for each model of the question,
    those of the `asked` prompts that it answered; `asked` are the prompts that the suspect and every
    protected member that stays answered.
    """

    members: tuple[Corpus, ...]
    controls: tuple[Corpus, ...]
    left_out: tuple[tuple[str, str], ...]
    rows: npt.NDArray[np.int64]
    asked: int
    answered: Mapping[str, int]
    suspect_prompts: int


def match(question: Question, found: Similarities, coverage: float) -> Matched:
    """The match of a question; members and controls below the coverage are left out with the reason."""
    at = {name: place for place, name in enumerate(found.models)}
    suspect = found.present[:, at[question.suspect.name]]
    joint = {c.name: suspect & found.present[:, at[c.name]] for c in question.protected}
    best = max((int(flags.sum()) for flags in joint.values()), default=0)
    left_out: list[tuple[str, str]] = []
    members = _covering(question.protected, joint, best, coverage, "the suspect's prompts", left_out)
    asked = suspect.copy()
    for member in members:
        asked &= joint[member.name]
    total = int(asked.sum())
    shared = {c.name: asked & found.present[:, at[c.name]] for c in question.controls}
    controls = _covering(question.controls, shared, total, coverage, "the prompts of the comparison", left_out)
    everybody = asked.copy()
    for control in controls:
        everybody &= shared[control.name]
    answered = {question.suspect.name: total}
    answered |= {name: int((asked & flags).sum()) for name, flags in (*joint.items(), *shared.items())}
    return Matched(
        members=members,
        controls=controls,
        left_out=tuple(left_out),
        rows=np.flatnonzero(everybody),
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
    left_out: list[tuple[str, str]],
) -> tuple[Corpus, ...]:
    kept = []
    for corpus in corpora:
        count = int(flags[corpus.name].sum())
        if count and count >= coverage * total:
            kept.append(corpus)
        else:
            left_out.append((corpus.name, f"answered {count} of {total} of {what}, below the share of {coverage:g}"))
    return tuple(kept)


def why_unmatched(question: Question, matched: Matched) -> str | None:
    """Why a match can't carry a comparison, in words; None when it can."""
    if not matched.suspect_prompts:
        return f"{question.suspect.name} has no answers that could be compared."
    if not matched.members:
        return f"{question.suspect.name} and {question.protected_name} have no prompt in common."
    if len(matched.controls) < MIN_CONTROLS:
        return (
            f"There are {len(matched.controls)} controls that answered these prompts; a comparison needs at least "
            f"{MIN_CONTROLS}, and 19 to reach p_model 0.05."
        )
    if len(matched.rows) < MIN_PROMPTS:
        return (
            f"Only {len(matched.rows)} prompts were answered by the suspect, the protected side and every control; "
            f"a comparison needs at least {MIN_PROMPTS}. A higher min_coverage leaves out the controls that lack most."
        )
    return None
