"""Cases of known truth from a panel: the panel whole, and many random smaller panels out of it.

A case may have 5 controls or 100. What a score is worth depends on that, so a calibration is fitted on panels of
many sizes: models drawn without replacement from the panel, prompts too. Documented sources that were not drawn are
unknown to such a panel, as they would be to an investigator; in half of the smaller panels one source of the suspect
is kept, because without it there is no true pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.independent import copies, count, kin_of
from workbench.analyses.scoring.partial_correlation import Floats, Score, level_of
from workbench.analyses.scoring.seats import LEAST_CONTROLS, LEAST_PROMPTS, bench, filled, long_answers, why_empty
from workbench.analyses.scoring.similarity import language_code
from workbench.core.model import Facts
from workbench.core.panel import Pair, Panel
from workbench.core.progress import Progress
from workbench.core.selection import Similarities
from workbench.core.statistics.fitted_calibration import COLUMNS

SUBPANELS = 200
SIZES = (6, 8, 10, 12, 16, 20, 26)
PROMPTS = (60, 100, 150, 300, 1_000_000)


@dataclass(frozen=True, slots=True)
class TruthPanel:
    """One panel: its name and digest, what is documented of each model, and the similarities of all of them."""

    name: str
    sha256: str
    facts: Mapping[str, Facts]
    found: Similarities
    corpora: tuple[str, ...] = ()
    """The digests of the models' answers, sorted, so that a case can tell whether they are its own."""
    sketches: tuple[str, ...] = ()
    """A sketch of each model's answers."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One pair with its score against every member that can be compared, arrays (members,); `independent` is how
    many of its controls are no relatives of each other."""

    pair: Pair
    score: Score
    independent: int


@dataclass(frozen=True, slots=True)
class Episode:
    """The pairs of one panel or smaller panel, and how many pairs of the protocol could not be compared, by reason."""

    pairs: tuple[Scored, ...]
    unscored: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SmallerPanel:
    """Who is in a smaller panel, whose pairs are scored, and on which rows of the prompts."""

    names: frozenset[str]
    suspect: str
    prompts: npt.NDArray[np.intp]


def whole(material: TruthPanel, progress: Progress) -> Episode:
    """Every pair of a panel that can be compared."""
    panel = Panel(dict(material.facts))
    suspects = list(dict.fromkeys(pair.suspect for pair in panel.pairs()))
    pairs: list[Scored] = []
    unscored: dict[str, int] = {}
    names = frozenset(material.facts)
    for number, suspect in enumerate(suspects, 1):
        pairs += _of_suspect(material, panel, names, suspect, None, unscored)
        progress(number / len(suspects), f"scoring {number} of {len(suspects)} suspects of known truth")
    return Episode(tuple(pairs), unscored)


def smaller(material: TruthPanel, seed: int, progress: Progress) -> Episode:
    """The pairs of many smaller panels, the same for the same seed."""
    plans = list(_plans(material, seed))
    pairs: list[Scored] = []
    unscored: dict[str, int] = {}
    for number, plan in enumerate(plans, 1):
        panel = Panel({name: facts for name, facts in material.facts.items() if name in plan.names})
        pairs += _of_suspect(material, panel, plan.names, plan.suspect, plan.prompts, unscored)
        progress(number / len(plans), f"scoring {number} of {len(plans)} smaller panels of known truth")
    return Episode(tuple(pairs), unscored)


def _plans(material: TruthPanel, seed: int) -> Iterator[SmallerPanel]:
    draw = np.random.default_rng(seed)
    models, prompts = list(material.facts), len(material.found.prompts)
    panel = Panel(dict(material.facts))
    true = [(pair.suspect, pair.family) for pair in panel.pairs() if pair.positive]
    suspects = panel.suspects()
    sizes = [size for size in SIZES if size < len(models) - 2] or [len(models) - 2]
    for number in range(SUBPANELS):
        size = sizes[int(draw.integers(len(sizes)))]
        if number % 2 and true:
            suspect, family = true[int(draw.integers(len(true)))]
            members = panel.eligible(suspect, family)
            kept = [suspect, members[int(draw.integers(len(members)))]]
        else:
            suspect = suspects[int(draw.integers(len(suspects)))]
            kept = [suspect]
        others = [name for name in models if name not in kept]
        drawn = draw.choice(len(others), size=min(len(others), size + 2 - len(kept)), replace=False)
        rows = min(prompts, PROMPTS[int(draw.integers(len(PROMPTS)))])
        chosen = np.sort(draw.choice(prompts, size=rows, replace=False))
        yield SmallerPanel(frozenset(kept) | {others[at] for at in drawn.tolist()}, suspect, chosen)


def _of_suspect(
    material: TruthPanel,
    panel: Panel,
    names: frozenset[str],
    suspect: str,
    prompts: npt.NDArray[np.intp] | None,
    unscored: dict[str, int],
) -> list[Scored]:
    """The pairs of one suspect; the reasons why some of them have no score are counted into `unscored`."""
    from threadpoolctl import threadpool_limits

    # Systems this small lose more to the threads' waiting for each other than they gain.
    with threadpool_limits(limits=1, user_api="blas"):
        return _scored(material, panel, names, suspect, prompts, unscored)


def _scored(
    material: TruthPanel,
    panel: Panel,
    names: frozenset[str],
    suspect: str,
    prompts: npt.NDArray[np.intp] | None,
    unscored: dict[str, int],
) -> list[Scored]:
    pairs = list(panel.pairs(suspect))
    long = long_answers(material.found)[:, material.found.models.index(suspect)]
    if int((long if prompts is None else long[prompts]).sum()) < LEAST_PROMPTS:
        return _none(unscored, "too few prompts", len(pairs))
    own = bench(material.found, suspect, names, prompts)
    related = kin_of(panel.models, own.found.models) | copies(own.kernel)
    found = []
    for pair in pairs:
        members = [own.at(name) for name in panel.eligible(suspect, pair.family)]
        controls = [own.at(name) for name in panel.controls(suspect, pair.family)]
        seat = filled(own, own.at(suspect), members, controls)
        if why_empty(own, seat, members):
            _none(unscored, "too few controls" if seat.members else "no member that can be compared", 1)
        else:
            found.append(Scored(pair, own.scores(seat), count(related, seat.controls)))
    return found


def _none(unscored: dict[str, int], reason: str, pairs: int) -> list[Scored]:
    unscored[reason] = unscored.get(reason, 0) + pairs
    return []


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Training rows: the design (rows, 6), and panel, number of controls, suspect, family and relation of each.

    The relation is empty where the family is no source; `small` are the rows of smaller panels.
    """

    design: Floats
    controls: npt.NDArray[np.int64]
    panels: npt.NDArray[np.int64]
    small: npt.NDArray[np.bool_]
    suspects: npt.NDArray[np.str_]
    families: npt.NDArray[np.str_]
    relations: npt.NDArray[np.str_]

    def only(self, keep: npt.NDArray[np.bool_]) -> TrainingRows:
        """The rows at which `keep` is true."""
        return TrainingRows(
            self.design[keep],
            self.controls[keep],
            self.panels[keep],
            self.small[keep],
            self.suspects[keep],
            self.families[keep],
            self.relations[keep],
        )


def rows_of(case: Episode, panel: int, *, small: bool) -> TrainingRows:
    """The pairs that are clearly true or clearly not, each with its closest member; `panel` is the panel's number."""
    clear = [one for one in case.pairs if not one.pair.excluded]
    designs = [one.score.closest().design() for one in clear]
    return TrainingRows(
        design=np.array(designs, dtype=float).reshape(len(clear), COLUMNS),
        controls=np.array([one.score.controls for one in clear], dtype=np.int64),
        panels=np.full(len(clear), panel, dtype=np.int64),
        small=np.full(len(clear), small, dtype=np.bool_),
        suspects=np.array([one.pair.suspect for one in clear], dtype=np.str_),
        families=np.array([one.pair.family for one in clear], dtype=np.str_),
        relations=np.array([one.pair.relation if one.pair.positive else "" for one in clear], dtype=np.str_),
    )


def joined(some: Sequence[TrainingRows]) -> TrainingRows:
    """Rows of several cases, one after the other."""
    return TrainingRows(
        np.concatenate([rows.design for rows in some]),
        np.concatenate([rows.controls for rows in some]),
        np.concatenate([rows.panels for rows in some]),
        np.concatenate([rows.small for rows in some]),
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
    levels = _levels(material)
    dates = [year_of(fact.released) for fact in facts.values() if fact.released]
    return {
        "controls": (float(LEAST_CONTROLS), float(len(facts) - 2)),
        "prompts": (float(min(PROMPTS[0], len(found.prompts))), float(len(found.prompts))),
        "tokens": (min(medians), max(medians)),
        "level": (min(levels) - 0.05, max(levels) + 0.05),
        "released": (min(dates, default=0.0), max(dates, default=0.0)),
    }


def languages_of(material: TruthPanel) -> tuple[str, ...]:
    """The languages in which at least one answer in ten is written, the commonest first."""
    if material.found.languages is None:
        return ()
    numbers, times = np.unique(material.found.languages[material.found.present], return_counts=True)
    order = np.argsort(-times, kind="stable")
    most = times.sum() / 10
    return tuple(language_code(int(numbers[at])) for at in order if numbers[at] and times[at] >= most)


def _levels(material: TruthPanel) -> list[float]:
    """The mean cosine of all models, and of three parts of them, on a suspect's prompts."""
    from workbench.analyses.scoring.partial_correlation import kernels

    kernel = kernels(material.found)
    size = len(material.found.models)
    parts = [list(range(size)), *(list(range(start, size, 3)) for start in range(3))]
    return [level_of(kernel, part) for part in parts if len(part) > 1]


def year_of(released: str) -> float:
    """A release date as a number of years; a year alone counts as its middle."""
    return int(released[:4]) + ((int(released[5:7]) - 0.5) / 12 if len(released) > 4 else 0.5)
