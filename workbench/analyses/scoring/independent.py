"""How many independent models some controls are: relatives and near copies count once, and an LR goes no further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.partial_correlation import Floats
from workbench.analyses.scoring.similarity import CHARACTERS, COMPUTED
from workbench.core.model import Facts
from workbench.core.panel import Panel

Flags = npt.NDArray[np.bool_]

COPY = 0.95
"""Two models with a mean cosine of their runs of characters from here on are as good as one."""

ALWAYS = 1.0
"""Up to this log10 LR as many controls are enough as a rank can speak for."""

PER_CHANCE = 3.0
"""The rule of three: none among n independent placebos still allows, with 95 % confidence, one in n / 3."""


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


def count(related: Flags, places: Sequence[int]) -> int:
    """How many groups of relatives some models fall into; relatives of relatives are one group."""
    left = set(places)
    groups = 0
    while left:
        groups += 1
        reached = [left.pop()]
        while reached:
            more = left & set(np.flatnonzero(related[reached.pop()]).tolist())
            left -= more
            reached += more
    return groups


def most(independent: int) -> float:
    """The largest log10 LR that so many independent controls bear.

    Never more than their number and one, as of a rank among them; above 10 only as far as the rule of three allows.
    """
    by_rank = min(float(np.log10(independent + 1)), ALWAYS)
    return max(by_rank, float(np.log10(independent / PER_CHANCE))) if independent else 0.0
