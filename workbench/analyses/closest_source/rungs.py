"""Which rung of the ladder a Finding of `closest_source` reaches, and why, in words.

Findings up to version 2 called a first place rung 1 among however few controls, and asked for no number of drawings:
they say what they said.
"""

from __future__ import annotations

from workbench.analyses.closest_source.values import ClosestSourceValues
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, ENOUGH_DRAWINGS, UNUSUAL, Replicated
from workbench.core.model import Finding
from workbench.core.number_format import share
from workbench.core.text import counted
from workbench.core.typed_json import read

STABLE = 0.95
"""The share of the drawings of prompts in which the suspect has to come first for rung 2."""

_LENIENT = 2
"""The last version that let a first place among few controls reach a rung."""

_NONE = "No rung of the ladder of claims is reached. That does not show that the suspect is independent."


def unusual(values: ClosestSourceValues) -> bool:
    """Whether few models come so far ahead by chance."""
    return bool(values.p_model <= UNUSUAL + 1e-12)


def says_what_chance_gives(finding: Finding, values: ClosestSourceValues) -> bool:
    """Whether a first place is nothing unusual, and the Finding says so."""
    return values.rank == 1 and not unusual(values) and finding.version > _LENIENT


def rung(finding: Finding, values: ClosestSourceValues) -> int:
    """The rung: 2 at the most."""
    if values.rank > 1 or finding.version > _LENIENT:
        if not unusual(values):
            return 0
        return 2 if values.rank == 1 and not _why_not_2(finding, values) else 1
    return 1 if _why_not_2(finding, values) else 2


def reached(finding: Finding, values: ClosestSourceValues) -> str:
    """The rung that is reached, why, and the rule."""
    here = rung(finding, values)
    if here == 2:
        said = "This reaches rung 2 of the ladder of claims: closer to the protected model than every control is."
    elif here == 0:
        said = _NONE
    elif values.rank > 1:
        said = (
            "This reaches rung 1 of the ladder of claims: the suspect is closer to the protected model than most "
            "controls are, but not than every one."
        )
    else:
        why = ", and ".join(_why_not_2(finding, values))
        said = f"This reaches rung 1 of the ladder of claims: the suspect is ahead of every control, but {why}."
    if says_what_chance_gives(finding, values):
        among = counted(values.counted + 1, "model", "models")
        said += f" The suspect is ahead of every control, but among {among} one has to be first."
    return f"{said} {_rule(finding)}"


def _why_not_2(finding: Finding, values: ClosestSourceValues) -> list[str]:
    """What keeps a first place from rung 2."""
    why = []
    if values.counted < ENOUGH_CONTROLS:
        why.append(f"{values.counted} controls are too few for a p_model of {UNUSUAL:g}, whatever the texts say")
    drawings = read(Replicated, finding.parameters).replicates
    if finding.version > _LENIENT and drawings < ENOUGH_DRAWINGS:
        why.append(f"the prompts were drawn anew only {drawings} times")
    if values.share_of_replicates_first < STABLE:
        why.append(f"it came first in only {share(values.share_of_replicates_first)} of the drawings")
    return why


def _rule(finding: Finding) -> str:
    if finding.version > _LENIENT:
        return (
            f"(Rung 1 asks for a p_model of {UNUSUAL:g} at most, which {ENOUGH_CONTROLS} controls or more can give; "
            f"rung 2 also for rank 1, and in at least {100 * STABLE:g} % of at least {ENOUGH_DRAWINGS} drawings.)"
        )
    return (
        f"(Rung 2 asks for rank 1 among at least {ENOUGH_CONTROLS} controls, and in at least {100 * STABLE:g} % of "
        f"the drawings; rung 1 for rank 1, or a p_model of {UNUSUAL:g} at most.)"
    )
