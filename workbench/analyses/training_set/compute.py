"""Which published rows agree with which answers, and how often the same comes about without copying."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice

from workbench.analyses.training_set.index import LONG, Exchange, Match, Published, answer_digest, decide
from workbench.core.progress import Progress, silent
from workbench.core.text import normal_prompt

TEMPLATE = 3
"""Controls that have an answer, from which on it is a template and no evidence."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One published prompt and answer: which corpus, which of its rows, and when it was published."""

    corpus: str
    number: int
    exchange: Exchange
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that a model gave: which of its answers, when, and to which account, where that is known."""

    model: str
    number: int
    exchange: Exchange
    time: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A published row and an answer that agree; `order` is before, after, same or unknown, of the answer's time."""

    corpus: str
    row: int
    model: str
    number: int
    kind: Match
    jaccard: float
    run: int
    characters: int
    order: str
    time: str | None
    account: str | None


@dataclass(slots=True)
class Repetition:
    """How often two answers to one prompt are the same, of pairs of all answers and of pairs of long ones."""

    pairs: int = 0
    equal: int = 0
    long_pairs: int = 0
    long_equal: int = 0

    def add(self, one: str, other: str) -> None:
        """Count one pair of answers."""
        a, b = normal_prompt(one), normal_prompt(other)
        self.pairs += 1
        self.equal += a == b
        if min(len(a), len(b)) >= LONG:
            self.long_pairs += 1
            self.long_equal += a == b

    @property
    def bits(self) -> float | None:
        """-log2 of the rate among long answers, with one equal pair added, so that it is finite; None without pairs."""
        return -math.log2((1 + self.long_equal) / (1 + self.long_pairs)) if self.long_pairs else None


@dataclass(slots=True)
class Agreements:
    """All agreements of some models' answers with published rows, and what was looked at."""

    found: list[Agreement] = field(default_factory=list)
    templates: int = 0
    rows: int = 0
    answers: Counter[str] = field(default_factory=Counter)

    def counts(self, models: Sequence[str]) -> Counter[Match]:
        """How many published rows agree with any of some models' answers, each by its strongest kind."""
        wanted = set(models)
        best: dict[tuple[str, int], Match] = {}
        order = list(Match)
        for one in self.found:
            if one.model in wanted:
                at = one.corpus, one.row
                best[at] = min(best.get(at, one.kind), one.kind, key=order.index)
        return Counter(best.values())


def agreements(
    published: Callable[[], Iterable[Row]],
    given: Iterable[Given],
    templates: frozenset[bytes] = frozenset(),
    progress: Progress = silent,
) -> Agreements:
    """Every agreement of given answers with published rows, ordered by row and then as the answers were given.

    `published` is read twice and must give the same rows in the same order. Answers among the `templates` are counted
    and dropped.
    """
    progress(0.0, "reading published rows")
    index = Published(row.exchange for row in published())
    found = Agreements(rows=index.rows)
    wanted: dict[int, list[tuple[Match, Given]]] = {}
    stream = iter(given)
    while batch := list(islice(stream, _AT_ONCE)):
        progress(0.5, f"{sum(found.answers.values()):,} answers compared")
        found.answers.update(one.model for one in batch)
        for one, candidates in zip(batch, index.candidates([b.exchange for b in batch]), strict=True):
            if candidates and templates and answer_digest(one.exchange.answer) in templates:
                found.templates += 1
                continue
            for candidate in candidates:
                wanted.setdefault(candidate.row, []).append((candidate.kind, one))
    progress(0.9, "deciding")
    for at, row in enumerate(published()):
        found.found += [a for kind, one in wanted.get(at, ()) if (a := _agreement(kind, row, one))]
    progress(1.0, "done")
    return found


def _agreement(kind: Match, row: Row, given: Given) -> Agreement | None:
    decision = decide(kind, row.exchange.answer, given.exchange.answer)
    if decision is None:
        return None
    return Agreement(
        row.corpus,
        row.number,
        given.model,
        given.number,
        decision.kind,
        decision.jaccard,
        decision.run,
        len(normal_prompt(given.exchange.answer)),
        order_of(given.time, row.published),
        given.time,
        given.account,
    )


def order_of(time: str | None, published: str | None) -> str:
    """Whether an answer's time is before, after, or at the time of publication, as far as both are known.

    Both begin as ISO 8601 dates; the coarser of them decides, so that a day within the stated month is the same.
    """
    if not time or not published:
        return "unknown"
    shared = min(len(time), len(published), 10)
    a, b = time[:shared], published[:shared]
    return "before" if a < b else "after" if a > b else "same"


def templates_of(answers: Mapping[str, Iterable[str]], least: int = TEMPLATE) -> frozenset[bytes]:
    """The answers that so many controls have, whatever the prompt: refusals, greetings, stock phrases."""
    held: dict[bytes, set[str]] = {}
    for control, texts in answers.items():
        for text in texts:
            held.setdefault(answer_digest(text), set()).add(control)
    return frozenset(digest for digest, controls in held.items() if len(controls) >= least)


def repetition(prompts: Iterable[Sequence[str]]) -> Repetition:
    """How often a model repeats itself: all pairs of its answers to each prompt."""
    found = Repetition()
    for answers in prompts:
        for one, other in combinations(answers, 2):
            found.add(one, other)
    return found


def coincidence(prompts: Iterable[Mapping[str, Sequence[str]]]) -> Repetition:
    """How often two models coincide: the first answers of all pairs of models to each prompt."""
    found = Repetition()
    for answers in prompts:
        for one, other in combinations((several[0] for several in answers.values() if several), 2):
            found.add(one, other)
    return found
