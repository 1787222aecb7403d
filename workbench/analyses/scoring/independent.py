"""How many independent models some controls are: relatives and near copies count once, and an LR goes no further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.scoring.similarity import CHARACTERS, COMPUTED
from workbench.core.model import Corpus, Facts
from workbench.core.panel import Panel
from workbench.core.selection import Similarities
from workbench.core.statistics.fitted_calibration import DISTILLED

Flags = npt.NDArray[np.bool_]

COPY = 0.95
"""Two models with a mean cosine of their runs of characters from here on are as good as one."""

LEAST_COMMON = 10
"""Two models that answered fewer prompts in common are not called copies."""

_AT_ONCE = 256
"""Prompts whose similarities are copied at once."""

ALWAYS = 1.0
"""Up to this log10 LR as many controls are enough as a rank can speak for."""

PER_CHANCE = 3.0
"""The rule of three: none among n independent placebos still allows, with 95 % confidence, one in n / 3."""


def relatives(corpora: Sequence[Corpus], found: Similarities, rows: npt.NDArray[np.int64]) -> Flags:
    """Which of some models are relatives by what is documented, or near copies on some prompts, (models, models).

    Copies are judged by the prompts that both answered.

    Two students of one teacher are no relatives here: each learned its own answers, and a rank among them is one among
    models. A family, a group, a derivative and a relay are.
    """
    weights = {
        c.name: replace(c.facts, sources=tuple(s for s in c.facts.sources if s.relation != DISTILLED)) for c in corpora
    }
    at = np.array([found.models.index(c.name) for c in corpora])
    total = np.zeros((len(at), len(at)))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE, None, None]
        total += found.values[CHARACTERS][some, at[:, None], at].sum(axis=0, dtype=np.float64)
    present = found.present[np.ix_(rows, at)].astype(np.float64)
    common = present.T @ present
    near: Flags = (total >= COPY * common) & (common >= LEAST_COMMON)
    return kin_of(weights, list(weights)) | near


def near_copies(found: Similarities, name: str, others: Sequence[str]) -> set[str]:
    """Those of some models whose answers are nearly those of one model, on the prompts that both answered.

    Nearly is three quarters of the way from the likeness that a model of the case usually has with its most alike other
    model to identity, and `COPY` at the most. Of the 324 models of the six panels of known truth no two are so alike;
    a copy without every ninth word is.
    """
    if name not in found.models:
        return set()
    values, present = found.values[CHARACTERS], found.present.astype(np.float64)
    common = present.T @ present
    enough = common >= LEAST_COMMON
    cosine = np.where(enough, values.sum(axis=0, dtype=np.float64) / np.maximum(common, 1), -np.inf)
    np.fill_diagonal(cosine, -np.inf)
    nearest = cosine.max(axis=1)
    usual = float(np.median(nearest[np.isfinite(nearest)])) if np.isfinite(nearest).any() else COPY
    least = min(COPY, 1 - (1 - usual) / 4)
    own = cosine[found.models.index(name)]
    return {other for other in others if other in found.models and own[found.models.index(other)] >= least}


def independent_groups(controls: Sequence[Corpus], found: Similarities) -> tuple[list[int], ...]:
    """Some controls by their places, relatives and near copies in one group."""
    return tuple(groups(relatives(controls, found, np.arange(len(found.present))), range(len(controls))))


def kin_of(facts: Mapping[str, Facts], names: Sequence[str]) -> Flags:
    """Which models are documented to be relatives, (models, models): one family, one group, or one from the other."""
    panel = Panel(dict(facts))
    number = {name: at for at, name in enumerate(names)}
    kin = np.eye(len(names), dtype=np.bool_)
    shared: dict[tuple[str, str], list[int]] = {}
    for name, at in number.items():
        own = facts[name]
        marks = [("group", group) for group in own.group] + ([("family", own.family)] if own.family else [])
        for mark in marks:
            shared.setdefault(mark, []).append(at)
        sources = [number[source] for source in panel.closure(name) if source in number]
        kin[at, sources] = kin[sources, at] = True
    for some in shared.values():
        kin[np.ix_(some, some)] = True
    return kin


def copies(kernel: Floats) -> Flags:
    """Which models write as good as the same, (models, models), from mean cosines (views, models, models)."""
    return np.asarray(kernel[COMPUTED.index(CHARACTERS)] >= COPY)


def groups(related: Flags, places: Sequence[int]) -> list[list[int]]:
    """The groups of relatives that some models fall into; relatives of relatives are in one group."""
    left = set(places)
    found = []
    while left:
        found.append([min(left)])
        left -= set(found[-1])
        for place in found[-1]:
            more = sorted(left & set(np.flatnonzero(related[place]).tolist()))
            left -= set(more)
            found[-1] += more
    return found


def count(related: Flags, places: Sequence[int]) -> int:
    """How many groups of relatives some models fall into."""
    return len(groups(related, places))


def strongest(values: Sequence[float], together: Sequence[Sequence[int]]) -> list[float]:
    """The largest value of each group of models: a group counts once, by that of its models which speaks most."""
    return [max(values[place] for place in group) for group in together]


def most(independent: int) -> float:
    """The largest log10 LR that so many independent controls bear.

    Never more than their number and one, as of a rank among them; above 10 only as far as the rule of three allows.
    """
    by_rank = min(float(np.log10(independent + 1)), ALWAYS)
    return max(by_rank, float(np.log10(independent / PER_CHANCE))) if independent else 0.0
