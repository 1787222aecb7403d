"""How predictable each token of an owner's texts is to all the other owners: interpolated Kneser-Ney, one left out.

The model of Kneser and Ney (1995, doi:10.1109/ICASSP.1995.479394) as Chen and Goodman (1999,
doi:10.1006/csla.1999.0128) write it, with one discount, a start and an end token, and a uniform floor over the
vocabulary and one unknown token. All owners are counted together once; an owner's own counts are then taken away
exactly, so that every owner is judged by the texts of the others alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
"""Identifiers and counts, which are the bulk of the memory."""
Floats = npt.NDArray[np.float64]

ORDER, DISCOUNT = 5, 0.75
START, END = 0, 1
"""Identifiers of the start and the end token; other tokens are 2 and above."""

_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class _Grams:
    """All different n-grams of one order; their identifiers are 0, 1, and so on.

    `at` is, for each place of the stream, the identifier of the n-gram that begins there, or -1 where none does.
    `prefix`, `suffix` and `middle` are identifiers in the order below, and below that; `real` is false for n-grams
    that end in a start token.
    """

    at: Numbers
    counts: Numbers
    prefix: Numbers
    suffix: Numbers
    middle: Numbers
    real: npt.NDArray[np.bool_]


class LeaveOneOut:
    """The token probabilities of each owner's texts under the model of all other owners.

    `texts` are sequences of token identifiers (2 and above), `owners` the owner of each text as 0, 1, and so on.
    Memory is about 25 bytes a token and order.
    """

    def __init__(
        self, texts: Sequence[Ints], owners: Sequence[int], order: int = ORDER, discount: float = DISCOUNT
    ) -> None:
        self.order, self.discount = order, discount
        self._stream, self._starts, self._owner = _padded(texts, owners, order)
        self._lengths = np.array([len(t) for t in texts], dtype=np.int64)
        self._owners = np.asarray(owners, dtype=np.int64)
        self._grams = _counted(self._stream, self._starts, order)

    def log2_probabilities(self, owner: int, without: int | None = None) -> list[Floats]:
        """The log2 probability of every token of every text of an owner, and of its end, text by text.

        A second owner may be left out too. Each array is one longer than the text: the last element is the end token's.
        """
        left_out = self._owner == owner
        if without is not None:
            left_out |= self._owner == without
        counts = _Others(self._grams, left_out, self.discount)
        own = np.flatnonzero(self._owners == owner)
        lengths = self._lengths[own] + 1
        ends = np.cumsum(lengths)
        places = np.repeat(self._starts[own] + self.order - 1 - (ends - lengths), lengths)
        return np.split(counts.log2(places + np.arange(len(places))), ends[:-1])


def _padded(texts: Sequence[Ints], owners: Sequence[int], order: int) -> tuple[Ints, Ints, Ints]:
    """The texts as one stream, each after order - 1 start tokens and before one end token."""
    lengths = np.array([len(t) + order for t in texts], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    stream = np.zeros(int(lengths.sum()), dtype=np.int64)
    for begin, text in zip(starts, texts, strict=True):
        stream[begin : begin + order - 1] = START
        stream[begin + order - 1 : begin + order - 1 + len(text)] = text
        stream[begin + order - 1 + len(text)] = END
    return stream, starts, np.repeat(np.asarray(owners, dtype=np.int64), lengths)


def _counted(stream: Ints, starts: Ints, order: int) -> list[_Grams]:
    """The n-grams of order 0 (the empty one) to `order`; none crosses from one text into the next."""
    size = len(stream)
    ends = np.append(starts[1:], size)
    room = np.repeat(ends, ends - starts) - np.arange(size)
    nothing = np.zeros(1, dtype=np.int32)
    total = np.array([size], dtype=np.int32)
    empty = _Grams(np.zeros(size + 1, np.int32), total, nothing, nothing, nothing, np.ones(1, np.bool_))
    grams = [empty]
    for length in range(1, order + 1):
        below = grams[-1]
        places = np.flatnonzero(room >= length)
        packed = below.at[places].astype(np.uint64) << _HALF | stream[places + length - 1].astype(np.uint64)
        _, first, inverse, counts = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
        at = np.full(size + 1, -1, dtype=np.int32)
        at[places] = inverse
        begin = places[first]
        middle = grams[-2].at[begin + 1] if length >= 2 else np.zeros(len(begin), np.int32)
        real = stream[begin + length - 1] != START
        grams.append(_Grams(at, counts.astype(np.int32), below.at[begin], below.at[begin + 1], middle, real))
    return grams


class _Others:
    """The counts without one owner's places."""

    def __init__(self, grams: list[_Grams], own: npt.NDArray[np.bool_], discount: float) -> None:
        self.grams, self.discount = grams, discount
        self.counts, self.kinds_after, self.kinds_before, self.kinds_around = [], [], [], []
        exist = []
        for one in grams:
            counts = one.counts - np.bincount(_used(one.at[:-1][own]), minlength=len(one.counts))
            self.counts.append(counts)
            exist.append((counts > 0) & one.real)
        for length, one in enumerate(grams):
            size = len(one.counts)
            above = grams[length + 1] if length + 1 < len(grams) else None
            around = grams[length + 2] if length + 2 < len(grams) else None
            self.kinds_after.append(_kinds(above.prefix[exist[length + 1]] if above else None, size))
            self.kinds_before.append(_kinds(above.suffix[exist[length + 1]] if above else None, size))
            self.kinds_around.append(_kinds(around.middle[exist[length + 2]] if around else None, size))
        self.vocabulary = int(np.count_nonzero(exist[1])) + 1

    def log2(self, places: Ints) -> Floats:
        """The log2 probability of the token at each place of the stream, after the order - 1 tokens before it."""
        order = len(self.grams) - 1
        lower = np.full(len(places), 1.0 / self.vocabulary)
        for length in range(order - 1):
            lower = self._continued(places, length, lower)
        context = self.grams[order - 1].at[places - order + 1]
        whole = self.grams[order].at[places - order + 1]
        seen = self.counts[order - 1][context]
        kept = np.maximum(0.0, self.counts[order][whole] - self.discount)
        spread = self.discount * self.kinds_after[order - 1][context]
        with np.errstate(divide="ignore", invalid="ignore"):
            highest = (kept + spread * lower) / seen
        # A start token never ends an n-gram that is counted, so that a text's first context counts its texts.
        return np.log2(np.where(seen > 0, highest, lower))

    def _continued(self, places: Ints, length: int, lower: Floats) -> Floats:
        """The continuation probability after a context of one length, from the one after the next shorter context."""
        context = self.grams[length].at[places - length]
        whole = self.grams[length + 1].at[places - length]
        around = self.kinds_around[length][context]
        kept = np.maximum(0.0, self.kinds_before[length + 1][whole] - self.discount)
        spread = self.discount * self.kinds_after[length][context]
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (kept + spread * lower) / around
        return np.where(around > 0, found, lower)


def _used(identifiers: Numbers) -> Numbers:
    return identifiers[identifiers >= 0]


def _kinds(identifiers: Numbers | None, size: int) -> Ints:
    return np.zeros(size, np.int64) if identifiers is None else np.bincount(identifiers, minlength=size)
