"""How far an LR may go on the strength of a validation set: the empirical lower and upper bound (ELUB).

Vergeer, van Es, de Jongh, Alberink, Stoel 2016, doi:10.1016/j.scijus.2016.06.003: beyond the bounds a reader who
acts on the LRs could be worse off than one who ignores them, once a few imaginary misleading LRs are added.
"""

from __future__ import annotations

import numpy as np

from workbench.core.statistics.resampling import Floats


def empirical_bounds(
    h1: Floats,
    h2: Floats,
    *,
    misleading: int = 1,
    h1_units: int | None = None,
    h2_units: int | None = None,
) -> tuple[float, float]:
    """The lowest and highest log10 LR that the set supports; (0, 0) where a class is empty.

    `misleading` imaginary LRs without limit are added on either side, to both classes. Pairs of one suspect
    are not independent: `h1_units` and `h2_units` say how many independent cases (suspect groups, say) the
    pairs of a class stand for, so that an imaginary LR weighs as much as one case. The bounds are found
    exactly, not on a grid, and never exceed the largest LR of the set nor log10(units + 1).
    """
    if not (h1.size and h2.size):
        return 0.0, 0.0
    units1 = h1.size if h1_units is None else h1_units
    units2 = h2.size if h2_units is None else h2_units
    high = _upper(h1, h2, units1, units2, misleading)
    low = -_upper(-h2, -h1, units2, units1, misleading)
    return low or 0.0, high


def _upper(h1: Floats, h2: Floats, units1: int, units2: int, misleading: int) -> float:
    """Walk up from LR = 1 while acting on the LRs costs no more than ignoring them.

    At threshold t the expected cost is the share of H1 at or below t plus 10**t times the share of H2
    above it; who ignores the LRs pays 1. Between two LRs that occur both shares are constant, so that the
    highest t of each stretch is known.
    """
    edges = np.unique(np.concatenate([[0.0], h1[h1 > 0], h2[h2 > 0]]))
    ends = np.append(edges[1:], np.inf)
    missed = _share(np.searchsorted(np.sort(h1), edges, side="right") / h1.size, units1, misleading)
    alarms = _share(1 - np.searchsorted(np.sort(h2), edges, side="right") / h2.size, units2, misleading)
    with np.errstate(divide="ignore"):
        allowed = np.where(missed < 1, np.log10((1 - missed) / alarms), -np.inf)
    broken = np.flatnonzero(allowed < ends)
    if not broken.size:
        return float(edges[-1])
    first = int(broken[0])
    return float(max(edges[first] if first else 0.0, min(allowed[first], ends[first])))


def _share(rate: Floats, units: int, misleading: int) -> Floats:
    return (rate * units + misleading) / (units + misleading)
