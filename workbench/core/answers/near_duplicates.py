"""Near duplicates: texts as sets of short stretches, sketches of those sets, and how similar two sets are.

A text is folded to lower-case ASCII letters, other alphabets as they are, and single spaces. A shingle is the 16
bytes that begin at each word, and at each character beyond ASCII: about three words. Sketches (MinHash, 128
permutations, 21 bands of 6) propose pairs; the sets themselves decide, so that no pair rests on chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

LIKENESS = "shingles-16-1, minhash 128, bands 21x6, jaccard 0.8"
"""Name of the rules; a change of any of them changes the name."""

PERMUTATIONS, BANDS, ROWS = 128, 21, 6
NEAR = 0.8
"""Share of common shingles from which on two texts are near duplicates."""

LEAST = 8
"""Shingles below which a text is too short for anything but exact copies."""

_AT_ONCE = 1 << 20
"""Characters after which no further text is folded in the same arrays, which take several times as much; and bands
that are sorted at once."""

_WIDTH = 16
_SEED = 20260301
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_A, _B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_FOLD = bytes(byte if byte >= 0x80 else ord(chr(byte).lower()) if chr(byte).isalnum() else 0x20 for byte in range(256))

Hashes = npt.NDArray[np.uint64]


def shingles(texts: Sequence[str]) -> list[Hashes]:
    """The shingles of each text as hashes, sorted and each once."""
    return [np.unique(one) for one in in_order(texts)]


def in_order(texts: Sequence[str]) -> list[Hashes]:
    """The shingles of each text as hashes, as they follow each other."""
    found: list[Hashes] = []
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > _AT_ONCE:
            found += _in_order(held)
            held, size = [], 0
    return found + _in_order(held)


def _in_order(texts: Sequence[str]) -> list[Hashes]:
    pieces = [text.encode("utf-8", "surrogatepass").translate(_FOLD).strip() for text in texts]
    ends = [0, *accumulate(len(piece) + _WIDTH for piece in pieces)]
    data = np.frombuffer(bytes(_WIDTH).join(pieces) + bytes(2 * _WIDTH), dtype=np.uint8)
    # Runs of spaces count as one.
    space = data == 0x20
    kept = np.ones(len(data), dtype=np.bool_)
    np.logical_not(space[1:] & space[:-1], out=kept[1:])
    bounds = [0, *accumulate(int(np.count_nonzero(kept[a:b])) for a, b in pairwise(ends))]
    data = data[kept]
    starts = _starts(data[: bounds[-1]])
    hashes = _hashes(data, starts)
    return [hashes[a:b] for a, b in pairwise(np.searchsorted(starts, bounds).tolist())]


def _starts(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where shingles begin: at each ASCII word, and at each character beyond ASCII."""
    word = (data > 0x20) & (data < 0x80)
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    return np.flatnonzero(begins | (data >= 0xC0))


def _hashes(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> Hashes:
    words = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data.tobytes(), strides=(1,))
    first = words[starts].astype(np.uint64)
    second = words[np.minimum(starts + 8, len(words) - 1)].astype(np.uint64)
    one: Hashes = np.multiply(first ^ (first >> np.uint64(29)), _A, dtype=np.uint64)
    other: Hashes = np.multiply(second ^ (second >> np.uint64(31)), _B, dtype=np.uint64)
    mixed = one + other
    return mixed ^ (mixed >> np.uint64(32))


def sketches(sets: Sequence[Hashes]) -> list[bytes]:
    """The bands of each set as 4 bytes each; nothing for a text that is too short. Order and repeats don't matter."""
    long_enough = _long(sets)
    found = [b""] * len(sets)
    if not long_enough:
        return found
    flat = np.concatenate([sets[at] for at in long_enough])
    offsets = np.cumsum([0, *(len(sets[at]) for at in long_enough)], dtype=np.uint64)
    matrix = import_module("rensa").RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, PERMUTATIONS, _SEED)
    rows = np.asarray(matrix.to_rows(), dtype=np.uint64)[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS)
    with np.errstate(over="ignore"):
        bands = np.zeros(rows.shape[:2], dtype=np.uint64)
        for at in range(ROWS):
            bands = (bands ^ rows[:, :, at]) * _A
            bands ^= bands >> np.uint64(29)
    small = (bands >> np.uint64(32)).astype("<u4")
    for at, row in zip(long_enough, small, strict=True):
        found[at] = row.tobytes()
    return found


def _long(sets: Sequence[Hashes]) -> list[int]:
    """Where there are enough different shingles; the first few tell it of nearly all texts."""
    some = [at for at, one in enumerate(sets) if len(one) >= 2 * LEAST]
    firsts = np.array([sets[at][: 2 * LEAST] for at in some], dtype=np.uint64).reshape(-1, 2 * LEAST)
    firsts.sort(axis=1)
    different = 1 + np.count_nonzero(firsts[:, 1:] != firsts[:, :-1], axis=1)
    large = {at for at, number in zip(some, different.tolist(), strict=True) if number >= LEAST}
    return [at for at, one in enumerate(sets) if at in large or (len(one) >= LEAST and len(np.unique(one)) >= LEAST)]


def jaccard(one: Hashes, other: Hashes) -> float:
    """The share of shingles that two sets have in common."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(1, len(one) + len(other) - common)


def candidates(bands: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Pairs of rows that share a band, shape (pairs, 2), each once and in order.

    In a crowd that shares one band, each row is paired with the first of the crowd and with its neighbour:
    the pairs grow with the rows, whatever was put there to make them explode.
    """
    rows, columns = bands.shape
    pairs = [np.zeros(0, dtype=np.uint64)]
    some = max(1, _AT_ONCE // max(1, rows))
    for at in range(0, columns, some):
        # A band's value before the number of its row: plain numbers are sorted several times as fast as their order.
        keys = bands[:, at : at + some].T.astype(np.uint64) << _HALF | np.arange(rows, dtype=np.uint64)
        keys.sort(axis=1)
        shared = keys[:, 1:] >> _HALF == keys[:, :-1] >> _HALF
        for column in np.flatnonzero(shared.any(axis=1)):
            order, same = keys[column] & _LOW, np.flatnonzero(shared[column]) + 1
            firsts = np.flatnonzero(np.r_[True, ~shared[column]])
            leader = order[firsts[np.searchsorted(firsts, same, side="right") - 1]]
            pairs += [_packed(leader, order[same]), _packed(order[same - 1], order[same])]
    found = np.unique(np.concatenate(pairs))
    unpacked: npt.NDArray[np.int64] = np.c_[found >> _HALF, found & _LOW].astype(np.int64)
    return unpacked


def _packed(one: Hashes, other: Hashes) -> Hashes:
    """Two row numbers as one, the lower one first."""
    packed: Hashes = np.minimum(one, other) << _HALF | np.maximum(one, other)
    return packed
