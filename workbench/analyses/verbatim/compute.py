"""How much unpredictable text every model shares with the protected one, and no other model has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from workbench.analyses.scoring.independent import strongest
from workbench.analyses.verbatim.language_model import LeaveOneOut
from workbench.analyses.verbatim.passages import RULED_OUT, Ints, Run, Vocabulary, exclusive_runs, tokens
from workbench.core.progress import Progress, silent
from workbench.core.statistics.resampling import p_model

Floats = npt.NDArray[np.float64]

QUANTILE = 0.99
"""The share of prompts on which two controls have no more bits in common than the threshold."""

_AT_ONCE = 1 << 19
"""Tokens that are sorted at once; cancelling waits for them, about a second."""


@dataclass(slots=True)
class Texts:
    """All answers as token numbers, by prompt.

    Owners are 0 for the suspect, 1 to `controls` for the controls, and `protected` for every protected model.
    """

    controls: int
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    tokens: list[Ints] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    prompts: list[int] = field(default_factory=list)
    source: list[tuple[str, int]] = field(default_factory=list)
    """The corpus of each text, and which of its answers to the prompt it is."""
    count: int = 0

    @property
    def protected(self) -> int:
        """The owner that stands for the protected side."""
        return self.controls + 1

    def add(self, asked: Sequence[str], answers: Mapping[str, Sequence[str]], owners: Mapping[str, int]) -> None:
        """Take in a prompt with all its texts and its answers by corpus; corpora without an owner are passed over.

        What the prompt says belongs to RULED_OUT, and answers of corpora with that owner do too.
        """
        for prompt in asked:
            self._add(tokens(prompt), RULED_OUT, ("", 0))
        for corpus, several in answers.items():
            if corpus in owners:
                for at, answer in enumerate(several):
                    self._add(tokens(answer), owners[corpus], (corpus, at))
        self.count += 1

    def _add(self, words: Sequence[str], owner: int, source: tuple[str, int]) -> None:
        self.tokens.append(self.vocabulary.numbered(words))
        self.owners.append(owner)
        self.prompts.append(self.count)
        self.source.append(source)

    def answers(self, owner: int) -> Ints:
        """How many answers an owner has to each prompt."""
        return np.bincount(
            [prompt for prompt, who in zip(self.prompts, self.owners, strict=True) if who == owner],
            minlength=self.count,
        ).astype(np.int64)

    def by_prompt(self) -> Iterator[range]:
        """The places of each prompt's texts."""
        edges = np.searchsorted(self.prompts, np.arange(self.count + 1)).tolist()
        for at in range(self.count):
            yield range(edges[at], edges[at + 1])


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of tokens that a model and the protected one share, with its bits under the other models."""

    prompt: int
    text: int
    at: int
    other_text: int
    other_at: int
    length: int
    bits: float


@dataclass(frozen=True, slots=True)
class Seat:
    """One model in the suspect's seat: the bits above the threshold, summed over prompts, and its passages.

    Where it answered a prompt several times, the mean of its answers counts.
    """

    score: float
    prompts_above: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Every model in the suspect's seat, the suspect first; the threshold in bits, and what it rests on."""

    seats: tuple[Seat, ...]
    threshold: float
    pairs: int
    cells: int

    def p_model(self, together: Sequence[Sequence[int]]) -> float:
        """The rank of the suspect's score among all models, as a p-value; each group of controls counts once."""
        return p_model(self.seats[0].score, strongest([seat.score for seat in self.seats[1:]], together))

    def strong(self, bits: float) -> list[int]:
        """For each seat the number of prompts whose largest passage has more than so many bits."""
        return [len({p.prompt for p in seat.passages if p.bits > bits}) for seat in self.seats]


def measure(texts: Texts, least: int, pairs: int, seed: int, progress: Progress = silent) -> Measured:
    """Score the suspect and each control alike, each against the texts of all the others.

    A passage's bits are -log2 of its probability under the n-gram model of the other seats. The threshold is the 99th
    percentile, over prompts and at most `pairs` random pairs of controls, of the largest passage that only these two
    share, under the model of all but these two. Raises ValueError with fewer than two controls.
    """
    if texts.controls < 2:
        raise ValueError("two controls are needed")
    runs = _runs(texts, least, progress)
    progress(0.4, "counting n-grams")
    places = [at for at, owner in enumerate(texts.owners) if 0 <= owner <= texts.controls]
    model = LeaveOneOut([texts.tokens[at] for at in places], [texts.owners[at] for at in places])
    chosen = _chosen_pairs(texts.controls, pairs, seed)
    steps = len(chosen) + texts.controls + 1
    cells = []
    for done, (one, other) in enumerate(chosen):
        progress(0.4 + 0.6 * done / steps, "pairs of controls")
        found = _passages(texts, model, runs.get((one, other), []), one, other)
        cells.append(_largest(found, texts, one))
    threshold = float(np.quantile(np.concatenate(cells), QUANTILE))
    seats = []
    for owner in range(texts.controls + 1):
        progress(0.4 + 0.6 * (len(chosen) + owner) / steps, "scores")
        found = _passages(texts, model, runs.get((owner, texts.protected), []), owner, None)
        above = np.maximum(0.0, _largest(found, texts, owner) - threshold)
        seats.append(Seat(float(above.sum()), int(np.count_nonzero(above)), tuple(found)))
    progress(1.0, "done")
    return Measured(tuple(seats), threshold, len(chosen), len(chosen) * texts.count)


def _runs(texts: Texts, least: int, progress: Progress) -> dict[tuple[int, int], list[Run]]:
    """The exclusive runs of every pair of owners, each within one prompt.

    Many prompts share one suffix array; the same token has another number in each of them.
    """
    found: dict[tuple[int, int], list[Run]] = {}
    size = len(texts.vocabulary) + 2
    for begin, end in _portions(texts):
        progress(0.4 * begin / max(1, len(texts.tokens)), "shared passages")
        apart = [texts.tokens[at] + size * (texts.prompts[at] - texts.prompts[begin]) for at in range(begin, end)]
        for run in exclusive_runs(apart, texts.owners[begin:end], least):
            moved = Run(run.text + begin, run.at, run.other_text + begin, run.other_at, run.length)
            found.setdefault((texts.owners[moved.text], texts.owners[moved.other_text]), []).append(moved)
    return found


def _portions(texts: Texts) -> Iterator[tuple[int, int]]:
    """First and end of whole prompts' texts that together have about as many tokens as are sorted at once."""
    begin = held = 0
    for places in texts.by_prompt():
        held += sum(len(texts.tokens[at]) for at in places)
        if held >= _AT_ONCE:
            yield begin, places.stop
            begin, held = places.stop, 0
    if begin < len(texts.tokens):
        yield begin, len(texts.tokens)


def _chosen_pairs(controls: int, most: int, seed: int) -> list[tuple[int, int]]:
    every = list(combinations(range(1, controls + 1), 2))
    if len(every) <= most:
        return every
    drawn = np.random.default_rng(seed).choice(len(every), size=most, replace=False)
    return [every[at] for at in sorted(drawn.tolist())]


def _passages(texts: Texts, model: LeaveOneOut, runs: Sequence[Run], owner: int, without: int | None) -> list[Passage]:
    """The runs of an owner with their bits, in order of prompts."""
    if not runs:
        return []
    own = [at for at, who in enumerate(texts.owners) if who == owner]
    bits = {
        at: np.concatenate(([0.0], np.cumsum(-values)))
        for at, values in zip(own, model.log2_probabilities(owner, without), strict=True)
    }
    return [
        Passage(
            texts.prompts[run.text],
            run.text,
            run.at,
            run.other_text,
            run.other_at,
            run.length,
            float(bits[run.text][run.at + run.length] - bits[run.text][run.at]),
        )
        for run in runs
    ]


def _largest(passages: Sequence[Passage], texts: Texts, owner: int) -> Floats:
    """The bits of the largest passage on each prompt, 0 where there is none: the mean over the owner's answers to it.

    So a model that answered a prompt several times has no more chances than one that answered once.
    """
    largest: dict[int, float] = {}
    for passage in passages:
        largest[passage.text] = max(largest.get(passage.text, 0.0), passage.bits)
    sums, answers = np.zeros(texts.count), texts.answers(owner)
    for text, bits in largest.items():
        sums[texts.prompts[text]] += bits
    return sums / np.maximum(1, answers)
