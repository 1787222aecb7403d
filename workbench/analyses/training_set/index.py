"""An index of published rows: which of them an answer equals, resembles, or shares a long run of words with.

The index holds digests, sketches and fingerprints, never a text: some 400 bytes a row. It proposes; the texts decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from workbench.analyses.verbatim.passages import Vocabulary, tokens
from workbench.core.answers.near_duplicates import BANDS, NEAR, jaccard, shingles, sketches
from workbench.core.text import normal_prompt

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

LONG = 200
"""Characters from which on equal answers to different prompts count."""

RUN = 50
"""Tokens in a row that count as a common run: the length by which web corpora are deduplicated (Lee et al. 2022)."""

_GRAM, _WINDOW = 26, 25
"""Every common run of 50 tokens holds a fingerprint: 26 + 25 - 1 = 50.

Schleimer, Wilkerson and Aiken (2003), Winnowing, doi:10.1145/872757.872770."""

_CROWD = 8
"""Published rows at most that one sketch proposes for an answer in one band."""

_BASE = np.uint64(0x9E3779B97F4A7C15)


class Match(StrEnum):
    """How an answer agrees with a published row, the strongest first."""

    PAIR = "pair"
    ANSWER = "answer"
    NEAR = "near"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A prompt with its answer."""

    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published row, by its place in the index, that an answer may agree with."""

    row: int
    kind: Match


class Published:
    """The index of published rows, in the order in which they are given."""

    def __init__(self, rows: Iterable[Exchange]) -> None:
        pairs: dict[bytes, list[int]] = {}
        answers: dict[bytes, list[int]] = {}
        bands: list[bytes] = []
        marks: list[Hashes] = []
        self.rows = 0
        for batch in _batches(rows):
            for at, exchange in enumerate(batch, self.rows):
                answer = normal_prompt(exchange.answer)
                if answer:
                    pairs.setdefault(_pair(exchange.prompt, answer), []).append(at)
                if len(answer) >= LONG:
                    answers.setdefault(_digest(answer), []).append(at)
            texts = [exchange.answer for exchange in batch]
            bands += sketches(shingles(texts))
            marks += [fingerprints(text) for text in texts]
            self.rows += len(batch)
        self._pairs, self._answers = pairs, answers
        self._bands, self._band_rows = _sorted_bands(bands)
        self._marks, self._mark_rows = _sorted_marks(marks)

    def candidates(self, exchanges: Sequence[Exchange]) -> list[list[Candidate]]:
        """For each exchange the rows that it equals, and those that it may resemble or share a run with.

        Equal rows are certain; the other kinds must be decided by `decide`. A row is proposed once an exchange.
        """
        found: list[dict[int, Candidate]] = [{} for _ in exchanges]
        texts = [exchange.answer for exchange in exchanges]
        for exchange, own in zip(exchanges, found, strict=True):
            answer = normal_prompt(exchange.answer)
            if answer:
                for row in self._pairs.get(_pair(exchange.prompt, answer), ()):
                    own[row] = Candidate(row, Match.PAIR)
            if len(answer) >= LONG:
                for row in self._answers.get(_digest(answer), ()):
                    own.setdefault(row, Candidate(row, Match.ANSWER))
        for at, row in self._near(sketches(shingles(texts))):
            found[at].setdefault(row, Candidate(row, Match.NEAR))
        for own, text in zip(found, texts, strict=True):
            for row in self._sharing(fingerprints(text)):
                own.setdefault(row, Candidate(row, Match.RUN))
        return [list(own.values()) for own in found]

    def _near(self, sketched: Sequence[bytes]) -> Iterator[tuple[int, int]]:
        places = [at for at, one in enumerate(sketched) if one]
        asked = np.frombuffer(b"".join(sketched[at] for at in places), dtype="<u4").reshape(-1, BANDS)
        for band in range(BANDS):
            low, high = _range(self._bands[band], asked[:, band])
            for at in np.flatnonzero(high > low).tolist():
                for row in self._band_rows[band][low[at] : min(high[at], low[at] + _CROWD)].tolist():
                    yield places[at], row

    def _sharing(self, marks: Hashes) -> set[int]:
        low, high = _range(self._marks, marks)
        rows = [self._mark_rows[a : min(b, a + _CROWD)] for a, b in zip(low, high, strict=True) if b > a]
        return set(np.concatenate(rows).tolist()) if rows else set()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the texts say: the kind, and the share of common shingles or the number of tokens in the common run."""

    kind: Match
    jaccard: float
    run: int


def decide(kind: Match, published: str, answer: str) -> Decision | None:
    """Whether two texts agree: by 0.8 of their shingles, else by a common run of 50 tokens; None where they don't."""
    if kind in (Match.PAIR, Match.ANSWER):
        return Decision(kind, 1.0, len(tokens(answer)))
    one, other = shingles([published, answer])
    share = jaccard(one, other)
    run = longest_run(published, answer)
    if share >= NEAR:
        return Decision(Match.NEAR, share, run)
    return Decision(Match.RUN, share, run) if run >= RUN else None


def longest_run(one: str, other: str) -> int:
    """The number of tokens in the longest run that two texts have in common."""
    words = Vocabulary()
    a, b = words.numbered(tokens(one)), words.numbered(tokens(other))
    best = 0
    before = np.zeros(len(b) + 1, dtype=np.int64)
    for token in a:
        now = np.zeros_like(before)
        now[1:] = np.where(b == token, before[:-1] + 1, 0)
        best = max(best, int(now.max()))
        before = now
    return best


def fingerprints(text: str) -> Hashes:
    """The winnowed hashes of a text's 26-grams of tokens: the least of every 25 in a row, each once.

    Two texts with a common run of 50 tokens have a fingerprint in common.
    """
    words = tokens(text)
    if len(words) < RUN:
        return np.zeros(0, dtype=np.uint64)
    numbers = np.frombuffer(b"".join(_word(word) for word in words), dtype="<u8").astype(np.uint64)
    with np.errstate(over="ignore"):
        hashes = np.zeros(len(numbers) - _GRAM + 1, dtype=np.uint64)
        for at in range(_GRAM):
            hashes = hashes * _BASE + numbers[at : len(numbers) - _GRAM + 1 + at]
        hashes ^= hashes >> np.uint64(31)
        hashes *= _BASE
    least = np.lib.stride_tricks.sliding_window_view(hashes, _WINDOW).min(axis=1)
    return np.unique(least)


def _word(word: str) -> bytes:
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _pair(prompt: str, normal_answer: str) -> bytes:
    return _digest(f"{normal_prompt(prompt)}\0{normal_answer}")


def answer_digest(text: str) -> bytes:
    """16 bytes that stand for the normal form of an answer."""
    return _digest(normal_prompt(text))


def _batches(rows: Iterable[Exchange], most: int = 1 << 20) -> Iterator[list[Exchange]]:
    """Rows in batches of about a million characters, and of 1,000 rows at most."""
    held: list[Exchange] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row.answer)
        if size >= most or len(held) >= 1_000:
            yield held
            held, size = [], 0
    if held:
        yield held


def _sorted_bands(bands: Sequence[bytes]) -> tuple[npt.NDArray[np.uint32], Ints]:
    """For each band its values in order, and the rows that they belong to: both (bands, rows with a sketch)."""
    rows = np.array([at for at, one in enumerate(bands) if one], dtype=np.int64)
    values = np.frombuffer(b"".join(bands), dtype="<u4").reshape(-1, BANDS).T
    order = np.argsort(values, axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1).astype(np.uint32), rows[order]


def _sorted_marks(marks: Sequence[Hashes]) -> tuple[Hashes, Ints]:
    """All fingerprints in order, and the rows that they belong to."""
    if not marks:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    values = np.concatenate(marks)
    rows = np.repeat(np.arange(len(marks)), [len(one) for one in marks])
    order = np.argsort(values, kind="stable")
    return values[order], rows[order]


def _range(ordered: npt.NDArray[np.uint32] | Hashes, asked: npt.NDArray[np.uint32] | Hashes) -> tuple[Ints, Ints]:
    """Where each value that is asked for begins and ends in values in order."""
    return np.searchsorted(ordered, asked, "left"), np.searchsorted(ordered, asked, "right")
