"""Which passages an answer shares with the protected model's answer to the same prompt, and who else wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.core.model import Json
from workbench.evidence.pack.contents import PackContents

LEAST = 5
"""Words that a passage has at least."""

MOST_PROMPTS = 2_000
"""Prompts that are looked at: the first in the order of their digests."""

_END = re.compile(r"[^\s\w'’*_`-]|\n")
"""What ends a clause between two words."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Run:
    """A passage in an answer: its first word and how many it has; `holders` are all models that wrote each part of it.

    Holders are places in the list of models that are compared.
    """

    first: int
    words: int
    holders: frozenset[int]


@dataclass(slots=True)
class Shared:
    """The passages that each compared model shares with the protected side, by prompt.

    `parts` has, of each prompt, every run of LEAST words of the protected side and who else wrote it; `places` where
    such runs begin in each model's answer.
    """

    models: tuple[str, ...]
    parts: dict[str, dict[int, set[int]]] = field(default_factory=dict)
    places: dict[tuple[int, str], list[tuple[int, int]]] = field(default_factory=dict)

    def runs(self, model: int, prompt: str) -> list[Run]:
        """The passages of a model's answer, in their order."""
        found = []
        places = self.places.get((model, prompt), [])
        ends = [at for at, (one, other) in enumerate(pairwise(places), 1) if other[0] != one[0] + 1]
        for start, end in pairwise([0, *ends, len(places)]):
            some = places[start:end]
            holders = [self.parts[prompt][part] for _, part in some]
            if some:
                first = some[0][0]
                found.append(Run(first, some[-1][0] - first + LEAST, frozenset(set.intersection(*holders))))
        return found

    def alone(self, model: int, prompt: str) -> Run | None:
        """The longest passage that no other compared model wrote for this prompt."""
        own = [run for run in self.runs(model, prompt) if run.holders == {model}]
        return max(own, key=lambda run: run.words, default=None)


def words_of(text: str) -> list[re.Match[str]]:
    """The words of a text with their places."""
    return list(_WORD.finditer(text))


def parts_of(text: str) -> list[int | None]:
    """A number for each run of LEAST words, in order; None where one goes over the end of a clause.

    The same words have the same number in one process. Two clauses that many write look rare where they follow each
    other by chance: so no run joins them.
    """
    found = words_of(text)
    words = [word[0].casefold() for word in found]
    ends = [_END.search(text, one.end(), other.start()) is not None for one, other in pairwise(found)]
    return [
        None if any(ends[at : at + LEAST - 1]) else hash(tuple(words[at : at + LEAST]))
        for at in range(len(words) - LEAST + 1)
    ]


def first_answers(contents: PackContents, corpus: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The first answer of a corpus to each prompt that is known, by the digest of the prompt."""
    seen: set[str] = set()
    for answer in contents.normalised(corpus):
        prompt = answer["prompt_sha256"]
        if isinstance(prompt, str) and prompt not in seen:
            seen.add(prompt)
            yield prompt, answer


def shared(contents: PackContents, suspect: str, protected: tuple[str, ...], controls: tuple[str, ...]) -> Shared:
    """What the suspect and each control share with the protected models."""
    found = Shared((suspect, *controls))
    asked = sorted(prompt for prompt, _ in first_answers(contents, suspect))[:MOST_PROMPTS]
    found.parts = {prompt: {} for prompt in asked}
    for name in protected:
        for prompt, answer in first_answers(contents, name):
            if prompt in found.parts:
                found.parts[prompt] |= {part: set() for part in parts_of(str(answer["response"])) if part is not None}
    for model, name in enumerate(found.models):
        for prompt, answer in first_answers(contents, name):
            known = found.parts.get(prompt)
            if known:
                places = enumerate(parts_of(str(answer["response"])))
                found.places[model, prompt] = [(at, part) for at, part in places if part is not None and part in known]
                for _, part in found.places[model, prompt]:
                    known[part].add(model)
    return found
