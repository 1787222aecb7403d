"""The random numbers of PyTorch's generator for the CPU, without PyTorch: a Mersenne twister, seeded with 32 bits.

Schemes of watermarks draw their lists from it. The generator of a graphics card gives other numbers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]
Integers = npt.NDArray[np.int64]

_SIZE = 1 << 32
_FLOAT_BITS = 24


class TorchRandom:
    """The words of `torch.Generator`, which is seeded again as often as is needed."""

    def __init__(self) -> None:
        self._state = np.random.RandomState(0)

    def words(self, seed: int, count: int) -> Words:
        """The first words of 32 bits after `manual_seed(seed)`; the low 32 bits of the seed alone count."""
        self._state.seed(seed % _SIZE)
        return np.asarray(self._state.randint(0, _SIZE, size=count, dtype=np.uint32))

    def uniform(self, seed: int, at: int) -> float:
        """The number at one place of `torch.rand`: 24 bits, 0 to below 1."""
        return int(self.words(seed, at + 1)[at] & ((1 << _FLOAT_BITS) - 1)) / (1 << _FLOAT_BITS)

    def exchanges(self, seed: int, size: int, count: int) -> Integers:
        """With which place each of the first places is exchanged in `torch.randperm(size)`, a forward Fisher-Yates."""
        places = np.arange(min(count, size - 1), dtype=np.int64)
        return places + self.words(seed, len(places)) % (size - places)


def place_of(element: int, exchanges: Integers) -> int:
    """Where an element of a permutation ends, by the exchanges of its first places.

    The place is final where it lies among these; an element that lies beyond has left all of them.
    """
    at, step = element, 0
    while step < len(exchanges):
        hits = np.flatnonzero(exchanges[step : min(at, len(exchanges))] == at)
        if len(hits):
            return step + int(hits[0])
        if at >= len(exchanges):
            return at
        step, to = at + 1, int(exchanges[at])
        if to == at:
            return at
        at = to
    return at


@lru_cache(maxsize=8)
def permutation(seed: int, size: int) -> Integers:
    """`torch.randperm(size)` after `manual_seed(seed)`."""
    made = list(range(size))
    for at, to in enumerate(TorchRandom().exchanges(seed, size, size).tolist()):
        made[at], made[to] = made[to], made[at]
    return np.array(made, dtype=np.int64)
