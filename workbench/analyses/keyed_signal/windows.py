"""Windows of tokens: each counts once over a whole corpus, and none counts that a prompt has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a corpus (windows, context + 1), in order of their numbers, and what was left out.

    `tokens` were read in all; `repeated` are windows that were there before, `in_prompts` different windows that occur
    in a prompt, `unknown` windows with a token beyond the vocabulary.
    """

    rows: Integers
    tokens: int
    repeated: int
    in_prompts: int
    unknown: int


def some(windows: Integers, most: int, seed: int) -> Integers:
    """At most so many windows, drawn at random, in their order."""
    if len(windows) <= most:
        return windows
    return windows[np.sort(np.random.default_rng(seed).choice(len(windows), most, replace=False))]


def cut(tokens: Sequence[int], context: int) -> Integers:
    """The windows of one text, (windows, context + 1); its first `context` tokens are only context."""
    if len(tokens) <= context:
        return np.empty((0, context + 1), dtype=np.int64)
    return np.lib.stride_tricks.sliding_window_view(np.asarray(tokens, dtype=np.int64), context + 1)


def distinct(texts: Iterable[Sequence[int]], context: int) -> tuple[Integers, int, int]:
    """The different windows of some texts in order, the number of tokens, and how many windows were repeated."""
    pieces, tokens = [np.empty((0, context + 1), dtype=np.int64)], 0
    for one in texts:
        tokens += len(one)
        pieces.append(cut(one, context))
    every = np.concatenate(pieces)
    rows = np.unique(every, axis=0)
    return rows, tokens, len(every) - len(rows)


def windows_of(texts: Iterable[Sequence[int]], prompts: Integers, context: int, vocabulary: int) -> Windows:
    """The windows of a corpus that count: each once, none that is among those of `prompts`.

    Fernandez et al. (2023), arXiv:2308.00113, and Sander et al. (2024), arXiv:2402.14904: repeated windows carry one
    mark, and a mark in a prompt is no mark of the answer; counting either makes a p-value worthless.
    """
    rows, tokens, repeated = distinct(texts, context)
    known = ((rows >= 0) & (rows < vocabulary)).all(axis=1)
    unknown = int(len(rows) - known.sum())
    rows = rows[known]
    quoted = _in(rows, prompts)
    return Windows(rows[~quoted], tokens, repeated, int(quoted.sum()), unknown)


def _in(rows: Integers, others: Integers) -> npt.NDArray[np.bool_]:
    """Which rows are among some others."""
    if not len(rows) or not len(others):
        return np.zeros(len(rows), dtype=np.bool_)
    kind = np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))
    one, other = (np.ascontiguousarray(some).view(kind).ravel() for some in (rows, others))
    return np.isin(one, other)
