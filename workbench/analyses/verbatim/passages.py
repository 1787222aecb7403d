"""Runs of tokens that exactly two owners have in common, found with a suffix array."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

RULED_OUT = -1
"""The owner of texts that only rule runs out: prompts, the suspect's base."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """The words, punctuation marks and single East Asian characters of a text in NFC; case is kept."""
    return _TOKEN.findall(composed(text))


def composed(text: str) -> str:
    """A text in NFC, the form in which tokens have their places."""
    return unicodedata.normalize("NFC", text)


def spans(text: str) -> list[tuple[int, int]]:
    """Where each of the `tokens` of a text stands in its NFC form: first character and the one after the last."""
    return [found.span() for found in _TOKEN.finditer(composed(text))]


class Vocabulary:
    """Numbers for tokens, from 2 on, in the order in which they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """How many tokens have a number."""
        return len(self._numbers)

    def numbered(self, words: Sequence[str]) -> Ints:
        """The numbers of some tokens."""
        known = self._numbers
        return np.array([known.setdefault(word, len(known) + 2) for word in words], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of tokens in two texts: which text, and the token it begins at, on either side."""

    text: int
    at: int
    other_text: int
    other_at: int
    length: int


def exclusive_runs(texts: Sequence[Ints], owners: Sequence[int], least: int) -> Iterator[Run]:
    """The maximal runs of at least so many tokens that exactly two owners have, each owner any number of times.

    `texts` are arrays of token numbers. A run that a third owner or RULED_OUT has anywhere is left out; a longer one
    that holds it stays. In each run `text` is of the lower owner.
    """
    stream, owner, text_of, starts = _joined(texts, owners)
    if len(stream) < 2 * least:
        return
    order, common = _sorted_suffixes(stream)
    for low, high in _stretches(common >= least):
        for at in _lonely_pairs(common[low:high].tolist(), owner[order[low : high + 1]].tolist()):
            one, other = int(order[low + at]), int(order[low + at + 1])
            if one and other and stream[one - 1] == stream[other - 1]:
                continue
            if owner[one] > owner[other]:
                one, other = other, one
            a, b = int(text_of[one]), int(text_of[other])
            yield Run(a, one - int(starts[a]), b, other - int(starts[b]), int(common[low + at]))


def _joined(texts: Sequence[Ints], owners: Sequence[int]) -> tuple[npt.NDArray[np.uint32], Ints, Ints, Ints]:
    """The texts in one stream, each ended by a number of its own, so that no run crosses from one into the next."""
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    stream = np.empty(int(lengths.sum()), dtype=np.int64)
    # Small numbers sort fastest.
    top = max((int(text.max()) for text in texts if len(text)), default=0) + 1
    for number, (begin, text) in enumerate(zip(starts, texts, strict=True)):
        stream[begin : begin + len(text)] = text
        stream[begin + len(text)] = top + number
    _, dense = np.unique(stream, return_inverse=True)
    text_of = np.repeat(np.arange(len(texts)), lengths)
    return dense.astype(np.uint32), np.asarray(owners, dtype=np.int64)[text_of], text_of, starts


def _sorted_suffixes(stream: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """The suffix array, and how many tokens each suffix has in common with the next one in it."""
    from pydivsufsort import divsufsort, kasai

    order = divsufsort(stream)
    return order.astype(np.int64), kasai(stream, order).astype(np.int64)[:-1]


def _stretches(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and end of each stretch of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _lonely_pairs(common: Sequence[int], owners: Sequence[int]) -> Iterator[int]:
    """Neighbours of different owners whose common run no third owner has.

    `common[i]` is what suffixes i and i + 1 share. The intervals of suffixes that share a run are walked from the
    inside out with a stack, as Abouelhoda, Kurtz and Ohlebusch (2004, doi:10.1016/S1570-8667(03)00065-0) do.
    """
    stack: list[tuple[int, set[int], list[int]]] = []
    for at in range(len(common) + 1):
        depth = common[at] if at < len(common) else -1
        below: tuple[set[int], list[int]] = ({owners[at]}, [])
        while stack and stack[-1][0] > depth:
            _, held, pairs = stack.pop()
            held |= below[0]
            if len(held) == 2 and RULED_OUT not in held:
                yield from pairs
            below = (held, [])
        if at == len(common):
            return
        pair = [at] if owners[at] != owners[at + 1] else []
        if stack and stack[-1][0] == depth:
            stack[-1][1].update(below[0])
            stack[-1][2].extend(pair)
        else:
            stack.append((depth, below[0], pair))
