"""The rule that reads no text: what the protected model's developer and the suspect's date already tell.

A panel's true pairs cluster (early suspects learned from one developer's models), so that a method which
looks good may have learned the cluster. Every AUC is therefore shown beside this rule's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.panel import earliest_month
from workbench.core.statistics.resampling import Floats

MONTHS = 4.0
"""The width (standard deviation) of the window of dates in which other suspects count."""

STRENGTH = 1.0
"""How many suspects' worth of belief the broader share keeps against the narrower one."""


@dataclass(frozen=True, slots=True)
class PairFacts:
    """All that the rule may see of a pair, and the pair's truth: it is shown only to others."""

    suspect: str
    group: tuple[str, ...]
    developer: str
    month: float | None
    positive: bool


def month_number(released: str | None) -> float | None:
    """The earliest month of a date, in months since the year 0; None for an unknown date."""
    if released is None:
        return None
    year, month = earliest_month(released).split("-")
    return 12.0 * int(year) + int(month)


def no_text_scores(pairs: Sequence[PairFacts]) -> Floats:
    """For each pair the share of true pairs among other suspects' pairs with that developer, near that date.

    Nothing is learned from the pair's own suspect nor from anyone who shares a group with it. The share
    among suspects of about that date (a normal window) is shrunk towards the developer's share at any date,
    and that towards the share in all pairs, each with the weight of one pair. A suspect without a date gets
    the developer's share.
    """
    if not pairs:
        return np.zeros(0)
    suspects = {pair.suspect: pair for pair in pairs}
    at = _places(suspects, [pair.suspect for pair in pairs])
    makers = [pair.developer for pair in pairs]
    by = _places(makers, makers)
    truth = np.array([pair.positive for pair in pairs], float)
    true, all_pairs = (np.zeros((len(suspects), len({*makers}))) for _ in range(2))
    np.add.at(true, (at, by), truth)
    np.add.at(all_pairs, (at, by), 1.0)
    others = list(suspects.values())
    foreign = _foreign(others)
    near = foreign * _nearness(others)
    broad = (foreign @ true + STRENGTH * truth.mean()) / (foreign @ all_pairs + STRENGTH)
    return np.asarray(((near @ true + STRENGTH * broad) / (near @ all_pairs + STRENGTH))[at, by])


def _places(distinct: Iterable[str], names: Iterable[str]) -> npt.NDArray[np.int64]:
    places = {name: at for at, name in enumerate(dict.fromkeys(distinct))}
    return np.array([places[name] for name in names], np.int64)


def _nearness(suspects: Sequence[PairFacts]) -> Floats:
    """The weight of each suspect (column) in the window around each suspect's date (row); 0 for unknown dates."""
    months = np.array([np.nan if each.month is None else each.month for each in suspects])
    weights = np.exp(-0.5 * ((months[:, None] - months[None, :]) / MONTHS) ** 2)
    return np.asarray(np.nan_to_num(weights, nan=0.0))


def _foreign(suspects: Sequence[PairFacts]) -> Floats:
    """1 where the suspect of the column may teach the suspect of the row, else 0."""
    groups = _places([g for each in suspects for g in each.group], [g for each in suspects for g in each.group])
    member = np.zeros((len(suspects), int(groups.max(initial=-1)) + 1))
    member[np.repeat(np.arange(len(suspects)), [len(each.group) for each in suspects]), groups] = 1.0
    return np.asarray((member @ member.T == 0) & ~np.eye(len(suspects), dtype=bool), float)
