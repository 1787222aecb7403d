"""The material of `power`: whose answers are planted, against whom they are scored, in which controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.matching import MIN_CONTROLS, MIN_PROMPTS, comparable, match, why_unmatched
from workbench.analyses.scoring.partial_correlation import VERSION
from workbench.core.errors import WorkbenchError
from workbench.core.selection import Question, Selection, Similarities
from workbench.core.statistics.calibration import Calibration
from workbench.core.text import one_line

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

OWN, KIN = "own", "kin"
_TOO_YOUNG = "released "
"""How the reason begins for which the date gate leaves a member of the family out."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Answers of `source` are planted and scored against `members`: `own` where the source is among them, so that
    the very answers that were planted are compared with; `kin` where it is kept out."""

    kind: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """The question as matched, the scenarios (the more realistic first), and the matched prompts."""

    question: Question
    scenarios: tuple[Scenario, ...]
    rows: Places
    answered: int


def calibration_of(selection: Selection) -> tuple[Calibration | None, str]:
    """The calibration that the case is weighed by, or none and why."""
    try:
        found = selection.calibration()
    except WorkbenchError as error:
        return None, one_line(str(error)).rstrip(".")
    if found.score_version != VERSION:
        return None, "the calibration belongs to another version of the score"
    return found, ""


def gather(selection: Selection, coverage: float) -> Material | str:
    """The material, or the reason in words why there is none."""
    question = selection.question
    least = MIN_CONTROLS + 1
    if len(question.controls) < least:
        return f"Controls: {len(question.controls)}. Planting answers in one needs at least {least}."
    found = selection.similarities()
    question, reason = comparable(question, found)
    if reason is not None:
        return reason
    matched = match(question, found, coverage)
    reason = why_unmatched(question, matched)
    if reason is not None:
        return reason
    if len(matched.controls) < least:
        return f"{len(matched.controls)} controls answered these prompts; planting answers in one needs {least}."
    kept = replace(
        question,
        protected=matched.members,
        controls=matched.controls,
        left_out=question.left_out + matched.left_out,
    )
    return Material(kept, _scenarios(kept, found, matched.rows), matched.rows, matched.suspect_prompts)


def _scenarios(question: Question, found: Similarities, rows: Places) -> tuple[Scenario, ...]:
    """With the source kept out of the protected side where the family has another member, and with it compared."""
    members = [c.name for c in question.protected]
    if len(members) > 1:
        source = max(members, key=lambda name: (_likeness(name, members, found, rows), name))
        rest = tuple(name for name in members if name != source)
        return Scenario(KIN, source, rest), Scenario(OWN, source, tuple(members))
    own = Scenario(OWN, members[0], tuple(members))
    young = [name for name, why in question.left_out if why.startswith(_TOO_YOUNG) and name in found.models]
    young = [name for name in young if found.present[rows, found.models.index(name)].sum() >= MIN_PROMPTS]
    if not young:
        return (own,)
    source = max(young, key=lambda name: (_likeness(name, members, found, rows), name))
    return Scenario(KIN, source, tuple(members)), own


def _likeness(name: str, members: Sequence[str], found: Similarities, rows: Places) -> float:
    """A model's mean similarity to the members of the family beside it."""
    place = found.models.index(name)
    others = [found.models.index(other) for other in members if other != name]
    means = [values[rows, place][:, others].mean(dtype=np.float64) for values in found.values.values()]
    return float(np.mean(means))
