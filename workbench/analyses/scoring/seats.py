"""Who is compared with whom, on which prompts: the masks that every likelihood ratio rests on.

A model answers some prompts at length, some in a word, some in another language than the suspect. What can't be
compared is left out by rules that are fixed, and a member of the protected side of which too little is left is
refused in words, not weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.partial_correlation import Cosines, Flags, Floats, Places, Score, kernels, score, usable
from workbench.core.errors import RefusedError
from workbench.core.selection import Similarities

LEAST_TOKENS = 20
"""An answer with fewer tokens is as good as none."""
LEAST_PROMPTS = 30
"""A protected member is compared on at least so many prompts."""
SAME_LANGUAGE = 0.5
"""Of the prompts that both answered, on at least such a share the languages must be the same."""
LEFT = 0.25
"""Of the prompts that both answered, at least such a share must be left."""
COVERAGE = 0.6
"""A control that answered a smaller share of the member's prompts is no control."""
LEAST_CONTROLS = 5

Counts = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seat:
    """One comparison, by places among the models of a bench."""

    suspect: int
    members: tuple[int, ...]
    controls: tuple[int, ...]

    def without(self, gone: Collection[int]) -> Seat:
        """The same with some controls left out."""
        return replace(self, controls=tuple(place for place in self.controls if place not in gone))


@dataclass(frozen=True, slots=True)
class Bench:
    """Some models on the prompts that the suspect answered at length, as far as they can be compared with it.

    `found` holds their similarities, present where an answer counts; `kernel` their mean cosines (views, models,
    models); `views` which views are in use; `shared` on how many prompts each two count, (models, models). Of each
    model, (models,): `answered` on how many of these prompts it has an answer at all, `same_language` on how many of
    them in the suspect's language.
    """

    found: Similarities
    kernel: Floats
    views: tuple[int, ...]
    shared: Counts
    answered: npt.NDArray[np.int64]
    same_language: npt.NDArray[np.int64]

    def at(self, name: str) -> int:
        """The place of a model; raises ValueError for an unknown one."""
        return self.found.models.index(name)

    def scores(self, seat: Seat, kernel: Floats | None = None) -> Score:
        """The score of a seat against each of its members, arrays (members,); under another kernel where one is
        given."""
        places = np.array([[seat.suspect, member, *seat.controls] for member in seat.members], dtype=np.intp)
        seen = self.kernel if kernel is None else kernel
        part = seen[:, places[:, :, None], places[:, None, :]].swapaxes(0, 1)
        return score(part, self.shared[seat.suspect, list(seat.members)].astype(float), self.views)


class _Part(Mapping[str, Cosines]):
    """The cosines of some models on some prompts, taken out of the whole when a view is asked for.

    Thus a case is in memory once and not once more for every suspect.
    """

    def __init__(self, whole: Mapping[str, Cosines], rows: Places, models: Places) -> None:
        self._whole, self._rows, self._models = whole, rows, models

    def __getitem__(self, view: str) -> Cosines:
        values = self._whole[view]
        if len(self._models) < values.shape[1]:
            return values[np.ix_(self._rows, self._models, self._models)]
        return values if len(self._rows) == len(values) else values[self._rows]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def long_answers(found: Similarities) -> Flags:
    """Which answers are long enough to count, (prompts, models)."""
    return found.present if found.tokens is None else found.present & (found.tokens >= LEAST_TOKENS)


def bench(found: Similarities, suspect: str, names: Collection[str], prompts: Places | None = None) -> Bench:
    """What comparisons of a suspect with some models need; the suspect is among the names.

    `prompts` are the rows that may be used, all of them where none are given.
    """
    models = tuple(name for name in found.models if name in names)
    places = np.array([found.models.index(name) for name in models], dtype=np.intp)
    own, long = models.index(suspect), long_answers(found)
    rows = np.flatnonzero(long[:, places[own]]) if prompts is None else prompts[long[prompts, places[own]]]
    whole = np.ix_(rows, places)
    answered, kept = found.present[whole], long[whole]
    same = np.ones_like(answered)
    if found.languages is not None:
        languages = found.languages[whole]
        theirs = languages[:, [own]]
        same = (languages == theirs) | (languages == 0) | (theirs == 0)
    kept = kept & same
    part = Similarities(
        models=models,
        prompts=tuple(found.prompts[row] for row in rows),
        present=kept,
        values=_Part(found.values, rows, places),
        key=found.key,
        tokens=None if found.tokens is None else found.tokens[whole],
        languages=None if found.languages is None else found.languages[whole],
    )
    flags = kept.astype(np.float32)
    return Bench(
        part, kernels(part), usable(part), flags.T @ flags, answered.sum(axis=0), (answered & same).sum(axis=0)
    )


def refuse_too_few_prompts(found: Similarities, suspect: str) -> None:
    """Refuse a suspect that has too few answers for any comparison; raises RefusedError."""
    prompts = int(long_answers(found)[:, found.models.index(suspect)].sum())
    if prompts < LEAST_PROMPTS:
        raise RefusedError(
            f"{suspect} has answers of {LEAST_TOKENS} tokens or more to {prompts} prompts; fewer than {LEAST_PROMPTS} "
            "prompts can't be compared."
        )


def why_no_member(own: Bench, suspect: int, place: int) -> str:
    """Why a model can't be weighed as a member of the protected side, in words; empty when it can."""
    common, left = int(own.answered[place]), int(own.shared[suspect, place])
    if own.same_language[place] < SAME_LANGUAGE * common:
        return (
            f"it answers {common - int(own.same_language[place])} of the {common} prompts that both answered in "
            "another language than the suspect"
        )
    if left < LEAST_PROMPTS:
        return f"fewer than {LEAST_PROMPTS} prompts were answered by both sides at length ({left})"
    if left < LEFT * common:
        return f"of {common} prompts that both answered, {left} have answers long enough on both sides"
    return ""


def filled(own: Bench, suspect: int, members: Sequence[int], controls: Sequence[int]) -> Seat:
    """The seat of those members and controls that can be compared with the suspect; it may be too empty."""
    shared = own.shared[suspect]
    kept = tuple(place for place in members if not why_no_member(own, suspect, place))
    least = COVERAGE * max((float(shared[place]) for place in kept), default=0.0)
    return Seat(suspect, kept, tuple(place for place in controls if shared[place] >= least))


def why_empty(own: Bench, seat: Seat, members: Sequence[int]) -> str:
    """Why nothing can be computed for a seat that was to have these members, in words; empty when it can."""
    if not seat.members:
        reasons = [f"{own.found.models[place]}: {why_no_member(own, seat.suspect, place)}" for place in members]
        return "; ".join(reasons[:3]) or "no member of it answered"
    if len(seat.controls) < LEAST_CONTROLS:
        return f"{len(seat.controls)} controls answered these prompts, and at least {LEAST_CONTROLS} are needed"
    return ""
