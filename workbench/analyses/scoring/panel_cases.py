"""Cases of known truth from a panel: the panel whole, and many random smaller panels out of it.

A case may have 7 controls or 60. What a score is worth depends on that, so a calibration is fitted on panels of
many sizes: models drawn without replacement from the panel, prompts too. Documented sources that were not drawn are
unknown to such a panel, as they would be to an investigator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.partial_correlation import Floats, Score, kernels, level_of, score
from workbench.core.model import Facts
from workbench.core.panel import Pair, Panel
from workbench.core.progress import Progress
from workbench.core.selection import Similarities
from workbench.core.statistics.fitted_calibration import COLUMNS

SUBPANELS = 120
SIZES = (12, 16, 20, 28, 40)
PROMPTS = (100, 150, 300, 1_000_000)
_BATCH = 20
_SLAB = 16
LEAST_CONTROLS = 5
LEAST_PROMPTS = 30
COVERAGE = 0.8
"""A control that answered a smaller share of the suspect's prompts is no control."""


@dataclass(frozen=True, slots=True)
class TruthPanel:
    """One panel: its name and digest, what is documented of each model, and the similarities of all of them."""

    name: str
    sha256: str
    facts: Mapping[str, Facts]
    found: Similarities
    corpora: tuple[str, ...] = ()
    """The digests of the models' answers, sorted, so that a case can tell whether they are its own."""

    def ground(self) -> Ground:
        """What scoring the whole panel needs."""
        present = self.found.present.astype(np.float32)
        return Ground(self.facts, self.found.models, present.T @ present, kernels(self.found))


@dataclass(frozen=True, slots=True)
class Ground:
    """A panel without its prompts: facts, models in order, how many prompts each two share, and their mean cosines
    (views, models, models)."""

    facts: Mapping[str, Facts]
    models: tuple[str, ...]
    shared: npt.NDArray[np.float32]
    kernel: Floats

    def with_kernel(self, kernel: Floats) -> Ground:
        """The same panel seen through other prompts."""
        return Ground(self.facts, self.models, self.shared, kernel)

    def episode(self, names: frozenset[str]) -> Episode:
        """The panel made of some of the models."""
        panel = Panel({name: facts for name, facts in self.facts.items() if name in names})
        return Episode(names, tuple(self.scored(panel)))

    def scored(self, panel: Panel) -> list[Scored]:
        """Every pair of a panel that has controls enough, with its scores."""
        at = {name: place for place, name in enumerate(self.models)}
        seats = [(pair, places) for pair in panel.pairs() if len(places := self._places(panel, pair, at))]
        widths: dict[int, list[npt.NDArray[np.intp]]] = {}
        for _, places in seats:
            widths.setdefault(places.shape[1], []).append(places)
        scores = {width: self._scores(np.concatenate(some)) for width, some in widths.items()}
        return [Scored(pair, scores[places.shape[1]].next(len(places))) for pair, places in seats]

    def _places(self, panel: Panel, pair: Pair, at: Mapping[str, int]) -> npt.NDArray[np.intp]:
        """Where suspect, member and controls stand, a row for each member; no rows where it can't be scored."""
        suspect = at[pair.suspect]
        shared = self.shared[suspect]
        members = [at[name] for name in panel.eligible(pair.suspect, pair.family)]
        members = [place for place in members if shared[place] >= LEAST_PROMPTS]
        least = COVERAGE * max((shared[place] for place in members), default=0.0)
        controls = [place for name in panel.controls(pair.suspect, pair.family) if shared[place := at[name]] >= least]
        if not members or len(controls) < LEAST_CONTROLS:
            return np.empty((0, 0), dtype=np.intp)
        return np.array([[suspect, member, *controls] for member in members], dtype=np.intp)

    def _scores(self, places: npt.NDArray[np.intp]) -> _Queue:
        """The scores of rows of one width, a slab at a time, so that no slab outgrows the processor's cache."""
        slabs = [places[at : at + _SLAB] for at in range(0, len(places), _SLAB)]
        found = [score(self.kernel[:, rows[:, :, None], rows[:, None, :]].swapaxes(0, 1)) for rows in slabs]
        partial, lead = (np.concatenate([getattr(one, name) for one in found]) for name in ("partial", "lead"))
        return _Queue(partial, lead, places.shape[1] - 2)


class _Queue:
    """Scores that are handed out in the order in which they were asked for."""

    def __init__(self, partial: Floats, lead: Floats, controls: int) -> None:
        self._partial, self._lead, self._controls, self._at = partial, lead, controls, 0

    def next(self, count: int) -> Score:
        """The next scores."""
        some = slice(self._at, self._at + count)
        self._at += count
        return Score(self._partial[some], self._lead[some], self._controls)


@dataclass(frozen=True, slots=True)
class Scored:
    """One pair with its score against every eligible member: arrays (members,)."""

    pair: Pair
    score: Score


@dataclass(frozen=True, slots=True)
class Episode:
    """The pairs of one panel or smaller panel, and the models that it was made of."""

    models: frozenset[str]
    pairs: tuple[Scored, ...]


def episodes(material: TruthPanel, seed: int, progress: Progress) -> Iterator[Episode]:
    """The whole panel and then the smaller ones, the same for the same seed."""
    draw = np.random.default_rng(seed)
    models = list(material.facts)
    prompts = len(material.found.prompts)
    sizes = [size for size in SIZES if size < len(models)] or [len(models)]
    plans = []
    for _ in range(SUBPANELS):
        size = sizes[int(draw.integers(len(sizes)))]
        drawn = draw.choice(len(models), size=size, replace=False)
        count = min(prompts, PROMPTS[int(draw.integers(len(PROMPTS)))])
        rows = np.zeros(prompts)
        rows[draw.choice(prompts, size=count, replace=False)] = 1.0
        plans.append((frozenset(models[at] for at in drawn), rows))
    ground = material.ground()
    yield ground.episode(frozenset(models))
    for start in range(0, len(plans), _BATCH):
        some = plans[start : start + _BATCH]
        seen = kernels(material.found, np.stack([rows for _, rows in some]))
        for (names, _), kernel in zip(some, seen, strict=True):
            yield ground.with_kernel(kernel).episode(names)
        progress(min(1.0, (start + _BATCH) / len(plans)), "scoring smaller panels of known truth")


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Training rows: the design (rows, 6), and number of controls, suspect, family and relation of each.

    The relation is empty where the family is no source.
    """

    design: Floats
    controls: npt.NDArray[np.int64]
    suspects: npt.NDArray[np.str_]
    families: npt.NDArray[np.str_]
    relations: npt.NDArray[np.str_]


def rows_of(case: Episode) -> TrainingRows:
    """The pairs that are clearly true or clearly not, each with its closest member."""
    clear = [one for one in case.pairs if not one.pair.excluded]
    designs = [one.score.closest().design() for one in clear]
    return TrainingRows(
        design=np.array(designs).reshape(len(clear), COLUMNS),
        controls=np.array([one.score.controls for one in clear], dtype=np.int64),
        suspects=np.array([one.pair.suspect for one in clear], dtype=np.str_),
        families=np.array([one.pair.family for one in clear], dtype=np.str_),
        relations=np.array([one.pair.relation if one.pair.positive else "" for one in clear], dtype=np.str_),
    )


def joined(some: Sequence[TrainingRows]) -> TrainingRows:
    """Rows of several cases, one after the other."""
    return TrainingRows(
        np.concatenate([rows.design for rows in some]),
        np.concatenate([rows.controls for rows in some]),
        np.concatenate([rows.suspects for rows in some]),
        np.concatenate([rows.families for rows in some]),
        np.concatenate([rows.relations for rows in some]),
    )


def groups(facts: Mapping[str, Facts]) -> dict[str, int]:
    """The independent group of each model: near relatives, and their relatives, count as one."""
    number = {name: at for at, name in enumerate(facts)}
    by_group: dict[str, list[str]] = {}
    for name, fact in facts.items():
        for group in fact.group:
            by_group.setdefault(group, []).append(name)
    for kin in by_group.values():
        joined = {number[name] for name in kin}
        number = {name: min(joined) if at in joined else at for name, at in number.items()}
    return number


def relatives(facts: Mapping[str, Facts], name: str) -> frozenset[str]:
    """A model and everyone who shares a group with it."""
    own = set(facts[name].group)
    return frozenset(other for other, fact in facts.items() if other == name or own & set(fact.group))


def surroundings(material: TruthPanel) -> dict[str, tuple[float, float]]:
    """What the panel covers, by the keys of a calibration's envelope."""
    found, facts = material.found, material.facts
    present = found.present
    tokens = found.tokens if found.tokens is not None else np.zeros(present.shape, dtype=np.float32)
    medians = [float(np.median(tokens[present[:, at], at])) for at in range(len(found.models)) if present[:, at].any()]
    english = np.diagonal(found.values["function_words"], axis1=1, axis2=2)[present].mean()
    kernel = kernels(found)
    levels = [level_of(kernel, places) for places in _thirds(len(found.models))]
    dates = [year_of(fact.released) for fact in facts.values() if fact.released]
    return {
        "controls": (float(min(SIZES[0] - 5, len(facts) - 2)), float(len(facts) - 2)),
        "prompts": (float(min(PROMPTS[0], len(found.prompts))), float(len(found.prompts))),
        "tokens": (min(medians), max(medians)),
        "level": (min(levels) - 0.05, max(levels) + 0.05),
        "function_words": (max(0.0, float(english) - 0.1), 1.0),
        "released": (min(dates, default=0.0), max(dates, default=0.0)),
    }


def _thirds(count: int) -> Iterator[list[int]]:
    """Three parts of the models, interleaved, and all of them."""
    yield list(range(count))
    for start in range(3):
        part = list(range(start, count, 3))
        if len(part) > 1:
            yield part


def year_of(released: str) -> float:
    """A release date as a number of years; a year alone counts as its middle."""
    return int(released[:4]) + ((int(released[5:7]) - 0.5) / 12 if len(released) > 4 else 0.5)
