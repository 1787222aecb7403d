"""Tokens of many answers at once, as arrays of 64-bit hashes, and cosines from counted features.

Everything that is summed is a whole number below 2**53, so the order of summation, the number of
threads and the kernel of the linear algebra can't change a bit of the result.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SPACE, LOWER, UPPER, DIGIT, EACH, PUNCTUATION, NEWLINE, UNSEEN = range(8)
"""Classes of characters; LOWER holds all letters without case too, EACH is a token by itself."""

LONGEST = 50_000
"""Of a longer answer its first and last half of so many characters are read: bounds the memory."""

EACH_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_POINTS = 0x110000
_BASE = 0x9E3779B97F4A7C15
_STEP = np.uint64(0xD6E8FEB86659FD93)
WEIGHT_SCALE = 8
_SLAB = 8192
_EXACT32 = float(1 << 24)
WEIGHTS = np.array([0, *(round(WEIGHT_SCALE * (1 + math.log(n))) for n in range(1, 4096))], dtype=np.int64)
"""Weight of a feature that occurs n times: 1 + ln n, in whole eighths."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some answers, in order: arrays of one length, `document` ascending."""

    document: Ints
    kind: npt.NDArray[np.uint8]
    """LOWER for a word, else the class of the single character."""
    cased: U64
    lower: U64
    shape: U64
    documents: int

    def only(self, keep: npt.NDArray[np.bool_]) -> Tokens:
        """The tokens at which `keep` is true."""
        return Tokens(
            self.document[keep],
            self.kind[keep],
            self.cased[keep],
            self.lower[keep],
            self.shape[keep],
            self.documents,
        )


def class_of(point: int) -> int:
    """The class of one character, by its Unicode category and script range."""
    if point in (0x0A, 0x2028, 0x2029):
        return NEWLINE
    if any(low <= point <= high for low, high in EACH_RANGES):
        return EACH
    category = unicodedata.category(chr(point))
    if category[0] in "ZC":
        return SPACE
    if category in ("Lu", "Lt"):
        return UPPER
    if category[0] == "N":
        return DIGIT
    return LOWER if category[0] in "LM" else PUNCTUATION


class Tokeniser:
    """Splits answers into tokens; its tables of characters fill as characters are met."""

    def __init__(self) -> None:
        self._class = np.full(_POINTS, UNSEEN, dtype=np.uint8)
        self._lower = np.arange(_POINTS, dtype=np.uint32)
        self._powers = np.ones(1, dtype=np.uint64)
        self._inverse = np.ones(1, dtype=np.uint64)

    def split(self, texts: Sequence[str]) -> Tokens:
        """The tokens of the texts; characters count in Unicode's composed form (NFC)."""
        read = [_bounded(unicodedata.normalize("NFC", text)) for text in texts]
        points = np.frombuffer("\0".join([*read, ""]).encode("utf-32-le"), dtype=np.uint32)
        classes = self._classes(points)
        word = (classes >= LOWER) & (classes <= DIGIT)
        single = classes >= EACH
        breaks = word[1:] != word[:-1]
        begins, finishes = single.copy(), single.copy()
        begins[1:] |= word[1:] & breaks
        finishes[:-1] |= word[:-1] & breaks
        if len(points):
            begins[0] |= word[0]
        starts, ends = np.flatnonzero(begins), np.flatnonzero(finishes) + 1
        limits = np.cumsum([len(text) + 1 for text in read])
        first = classes[starts]
        return Tokens(
            document=np.searchsorted(limits, starts, side="right"),
            kind=np.where(first <= DIGIT, np.uint8(LOWER), first),
            cased=self._hash(points, starts, ends),
            lower=self._hash(self._lower[points], starts, ends),
            shape=_shapes(points, classes, starts, ends),
            documents=len(read),
        )

    def _classes(self, points: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
        classes = self._class[points]
        unseen = classes == UNSEEN
        if unseen.any():
            for point in np.unique(points[unseen]).tolist():
                small = chr(point).lower()
                self._class[point] = class_of(point)
                self._lower[point] = ord(small) if len(small) == 1 else point
            classes = self._class[points]
        return classes

    def _hash(self, points: npt.NDArray[np.uint32], starts: Ints, ends: Ints) -> U64:
        """A polynomial hash of each token, from differences of one running sum modulo 2**64."""
        self._grow(len(points))
        sums = np.zeros(len(points) + 1, dtype=np.uint64)
        np.cumsum((points + np.uint64(1)) * self._powers[: len(points)], out=sums[1:])
        return _mixed((sums[ends] - sums[starts]) * self._inverse[starts])

    def _grow(self, length: int) -> None:
        if length > len(self._powers):
            size = max(length, 2 * len(self._powers))
            self._powers, self._inverse = (
                np.concatenate([ones, np.multiply.accumulate(np.full(size - 1, base, dtype=np.uint64))])
                for ones, base in (
                    (np.ones(1, dtype=np.uint64), _BASE),
                    (np.ones(1, dtype=np.uint64), pow(_BASE, -1, 1 << 64)),
                )
            )


def _bounded(text: str) -> str:
    half = LONGEST // 2
    return text if len(text) <= LONGEST else text[:half] + "\0" + text[-half:]


def _shapes(points: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> U64:
    """A word by the classes of its first and last character; any other token by itself."""
    first, last = classes[starts].astype(np.uint64), classes[ends - 1].astype(np.uint64)
    word = first <= DIGIT
    return _mixed(np.where(word, first * np.uint64(8) + last, points[starts] + np.uint64(_POINTS)))


def _mixed(values: U64) -> U64:
    """Values spread over all 64 bits (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def grams(document: Ints, tokens: U64, low: int, high: int) -> tuple[Ints, U64]:
    """Every run of `low` to `high` tokens within one document: its document and its hash."""
    documents, features = [], []
    running = tokens
    for n in range(1, high + 1):
        if n > 1:
            running = running[:-1] * _STEP + tokens[n - 1 :]
        if n >= low:
            inside = document[: len(running)] == document[n - 1 :]
            documents.append(document[: len(running)][inside])
            features.append(running[inside] + np.uint64(n))
    return np.concatenate(documents), np.concatenate(features)


def character_runs(texts: Sequence[str], length: int) -> tuple[Ints, U64]:
    """Every run of so many characters within one text, white space drawn together: its document and its hash.

    It needs no spaces between words, so it serves Chinese, Japanese and Thai as well as English.
    """
    read = [" ".join(_bounded(unicodedata.normalize("NFC", text)).replace("\0", " ").split()) for text in texts]
    points = np.frombuffer("".join(read).encode("utf-32-le"), dtype=np.uint32)
    document = np.repeat(np.arange(len(read)), [len(text) for text in read])
    return grams(document, _mixed(points.astype(np.uint64) + np.uint64(1)), length, length)


def cosines(document: Ints, features: U64, documents: int) -> Floats:
    """Cosines between documents, (documents, documents), of their features weighted 1 + ln count.

    A document without features has zeros throughout, its own place on the diagonal included.
    """
    bits = np.uint64(max(1, (documents - 1).bit_length()))
    keys = np.sort(((features >> bits) << bits) | document.astype(np.uint64))
    if not len(keys):
        return np.zeros((documents, documents))
    bounds = np.concatenate([[0], np.flatnonzero(keys[1:] != keys[:-1]) + 1, [len(keys)]])
    weights = WEIGHTS[np.minimum(np.diff(bounds), len(WEIGHTS) - 1)]
    keys = keys[bounds[:-1]]
    owner = (keys & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    squares: Floats = np.bincount(owner, weights=(weights * weights).astype(np.float64), minlength=documents).astype(
        np.float64
    )
    same = (keys[1:] >> bits) == (keys[:-1] >> bits)
    shared = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    fresh = np.concatenate([[True], ~same])[shared]
    products = _products(np.cumsum(fresh) - 1, owner[shared], weights[shared], squares)
    np.fill_diagonal(products, squares)
    lengths = np.where(squares > 0, squares, 1.0)
    return np.asarray(products / np.sqrt(lengths[:, None] * lengths[None, :]))


def _products(feature: Ints, owner: Ints, weights: Ints, squares: Floats) -> Floats:
    """Inner products between documents; no sum exceeds the largest square, so all sums are exact."""
    documents = len(squares)
    kind = np.float32 if squares.max() < _EXACT32 else np.float64
    total = np.zeros((documents, documents))
    if not len(feature):
        return total
    edges = np.searchsorted(feature, np.arange(0, int(feature[-1]) + 1, _SLAB))
    for start, end in zip(edges, [*edges[1:], len(feature)], strict=True):
        first = int(feature[start])
        dense = np.zeros((int(feature[end - 1]) - first + 1, documents), dtype=kind)
        dense[feature[start:end] - first, owner[start:end]] = weights[start:end]
        total += dense.T @ dense
    return total
