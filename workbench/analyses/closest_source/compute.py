"""The numbers of `closest_source`: from similarities to statistics, replicates and ranks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.analyses.scoring.comparable_material import Matched, comparable, match
from workbench.analyses.scoring.independent import groups, relatives
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, MIN_CONTROLS, MIN_PROMPTS
from workbench.analyses.scoring.robust_z_scores import (
    Floats,
    View,
    fused,
    replicated,
    sides,
    view_pair,
    why_unusable,
    without_each_control,
)
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.errors import RefusedError
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection, Similarities
from workbench.core.statistics.resampling import resampled


@dataclass(frozen=True, slots=True)
class ClosenessMaterial:
    """What a comparison computes from: the question as matched, the similarities, and the views that say something.

    `seats` names the suspect first and then the controls; `places` says where seats, and then protected
    members, stand among the models of the similarities.
    """

    question: Question
    found: Similarities
    matched: Matched
    views: tuple[View, ...]
    unused: tuple[tuple[str, str], ...]
    seats: tuple[str, ...]
    places: tuple[int, ...]
    groups: tuple[list[int], ...]
    """The controls by their places among all controls, relatives and near copies in one group."""


@dataclass(frozen=True, slots=True)
class ClosenessScores:
    """Statistics of the seats: `fused` (members, seats), `statistics` (seats,) its maximum over members.

    `own` and `protected` are (views, seats): both sides at the suspect's closest member. `replicates` is
    (replicates, seats); `without` is (controls, seats) with each control removed, its own place -inf.
    """

    fused: Floats
    statistics: Floats
    own: Floats
    protected: Floats
    replicates: Floats
    without: Floats


def gather(selection: Selection, coverage: float) -> ClosenessMaterial:
    """The material of a comparison; raises RefusedError, in words, where there is none."""
    question = selection.question
    if len(question.controls) < MIN_CONTROLS:
        raise RefusedError(
            f"Controls: {len(question.controls)}. A comparison needs at least {MIN_CONTROLS}, "
            f"and {ENOUGH_CONTROLS} to reach a p_model of 0.05."
        )
    found = selection.similarities()
    question = comparable(question, found)
    matched = match(question, found, coverage)
    seats = (question.suspect, *matched.controls)
    at = {name: place for place, name in enumerate(found.models)}
    places = tuple(at[c.name] for c in (*seats, *matched.members))
    views, unused = _usable(found, matched, places, len(seats))
    if not views:
        raise RefusedError("The models show no spread: " + "; ".join(f"{view}: {why}" for view, why in unused) + ".")
    return ClosenessMaterial(
        question=replace(question, protected=matched.members, controls=matched.controls),
        found=found,
        matched=matched,
        views=tuple(views),
        unused=tuple(unused),
        seats=tuple(c.name for c in seats),
        places=places,
        groups=tuple(groups(relatives(matched.controls, found, matched.rows), range(len(matched.controls)))),
    )


def _usable(
    found: Similarities, matched: Matched, places: tuple[int, ...], seats: int
) -> tuple[list[View], list[tuple[str, str]]]:
    views: list[View] = []
    unused: list[tuple[str, str]] = []
    even = np.ones(len(matched.rows))
    at = np.array(places, dtype=np.intp)
    for name in VIEWS:
        for view in view_pair(name, found.values[name], matched.rows, at, seats):
            reason = why_unusable(view, even, MIN_PROMPTS)
            if reason is None:
                views.append(view)
            else:
                unused.append((view.name, reason))
    return views, unused


def score(material: ClosenessMaterial, replicates: int, seed: int, progress: Progress) -> ClosenessScores:
    """All statistics of a comparison; `progress` is called at least once a batch of replicates."""
    even = np.ones(len(material.matched.rows))
    by_view = [sides(view, even) for view in material.views]
    together = fused(by_view)
    member = int(together[:, 0].argmax())
    progress(0.05, "each control in the suspect's seat")
    without = without_each_control(material.views)
    drawn = resampled(len(even), replicates, seed)
    again = replicated(material.views, drawn, part(progress, 0.2, 1.0))
    return ClosenessScores(
        fused=together,
        statistics=together.max(axis=0),
        own=np.stack([side.own[member] for side in by_view]),
        protected=np.stack([side.protected[member] for side in by_view]),
        replicates=again,
        without=without,
    )
