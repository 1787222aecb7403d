"""Sentences that stand in more than one place of the report."""

from __future__ import annotations

LADDER = (
    "No claim of origin is made: the question asks for none, the material does not allow one, or the first rung is not "
    "reached.",
    "The suspect differs from the controls: it is closer to the protected model than most of them, or ahead of all but "
    "with too few controls or too little certainty for rung 2.",
    "The suspect is closer to the protected model than every control is.",
    "The suspect is closer than its base, its siblings and its date explain.",
    "The suspect holds unpredictable content of the protected model.",
    "The suspect carries a secret signal of the protected model, or agrees with its logs.",
)

LATE = "Whoever wrote it could know those results. Read what it foresees with that in mind."
