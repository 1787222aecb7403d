"""Which of several p-values survive that several were looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def benjamini_hochberg(p_values: Sequence[float]) -> npt.NDArray[np.float64]:
    """The smallest false discovery rate at which each test is kept, in the order given.

    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. The tests are independent or positively
    dependent.
    """
    return _stepped_up(p_values, 1.0)


def benjamini_yekutieli(p_values: Sequence[float]) -> npt.NDArray[np.float64]:
    """The same as Benjamini-Hochberg, under any dependence of the tests.

    Benjamini and Yekutieli (2001), doi:10.1214/aos/1013699998: larger by the sum of 1/k up to the number of tests.
    """
    return _stepped_up(p_values, float(np.sum(1 / np.arange(1, len(p_values) + 1))))


def holm(p_values: Sequence[float]) -> npt.NDArray[np.float64]:
    """The smallest familywise error rate at which each test is kept, in the order given.

    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    ascending, order = _ascending(p_values)
    factors = np.arange(len(ascending), 0, -1)
    return _put_back(np.minimum(1.0, np.maximum.accumulate(ascending * factors)), order)


def _stepped_up(p_values: Sequence[float], factor: float) -> npt.NDArray[np.float64]:
    ascending, order = _ascending(p_values)
    count = len(ascending)
    raised = ascending * factor * count / np.arange(1, count + 1)
    return _put_back(np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1]), order)


def _ascending(p_values: Sequence[float]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    return values[order], order


def _put_back(values: npt.NDArray[np.float64], order: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    placed = np.empty_like(values)
    placed[order] = values
    return placed
