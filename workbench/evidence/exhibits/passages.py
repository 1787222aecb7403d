"""Which passages an answer shares with the protected model's answer to the same prompt, and who else wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.core.model import Json
from workbench.evidence.pack.contents import PackContents

LEAST = 5
"""Words that a passage has at least."""

MOST_PROMPTS = 2_000
"""Prompts that are looked at: the first in the order of their digests."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_TOKEN = re.compile(rf"{_WORD.pattern}|[^\s\w'’*_`-]|\n")
"""A word, or what ends a clause between two words."""


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

    def ask(self, prompt: str, sources: Iterable[str]) -> None:
        """Learn what the protected side says to a prompt."""
        known = self.parts.setdefault(prompt, {})
        for text in sources:
            known |= {part: set() for part in parts_of(text) if part is not None and part not in known}

    def hear(self, model: int, prompt: str, text: str) -> None:
        """Learn what a compared model says to a prompt that was asked about before."""
        known = self.parts.get(prompt)
        if known:
            places = [(at, part) for at, part in enumerate(parts_of(text)) if part is not None and part in known]
            self.places[model, prompt] = places
            for _, part in places:
                known[part].add(model)

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
    parts: list[int | None] = []
    clause: list[str] = []
    for token in (*_TOKEN.findall(text), "\n"):
        if token[0].isalnum() or token[0] == "_":
            clause.append(token.casefold())
        elif clause:
            runs = zip(*(clause[at:] for at in range(LEAST)), strict=False)
            parts += [*map(hash, runs), *(None for _ in clause[-LEAST + 1 :])]
            clause = []
    return parts[: max(0, len(parts) - LEAST + 1)]


def compared_as(answer: Mapping[str, Json]) -> Json:
    """The digest under which an answer's prompt is compared: that of its own text, unless ids pair it."""
    return answer.get("paired_as") or answer["prompt_sha256"]


def first_answers(contents: PackContents, corpus: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The first answer of a corpus to each prompt that is known, by the digest of the prompt."""
    seen: set[str] = set()
    for answer in contents.normalised(corpus):
        prompt = compared_as(answer)
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
                found.ask(prompt, [str(answer["response"])])
    for model, name in enumerate(found.models):
        for prompt, answer in first_answers(contents, name):
            found.hear(model, prompt, str(answer["response"]))
    return found


def together(sources: Iterable[str], texts: Sequence[tuple[str, str]]) -> Shared:
    """What some models' answers to one prompt, given by name, share with the answers of others; its prompt is ``."""
    found = Shared(tuple(name for name, _ in texts))
    found.ask("", sources)
    for model, (_, text) in enumerate(texts):
        found.hear(model, "", text)
    return found


def spans_of(text: str, passage: str) -> Iterator[tuple[int, int]]:
    """Where a passage stands in a text, whatever its capitals and the signs between its words.

    Where no words are found, a passage in a script that has no spaces between them is looked for by its characters:
    it may begin and end inside of what looks like one word.
    """
    found = False
    words = words_of(text)
    said, wanted = [word[0].casefold() for word in words], [word[0].casefold() for word in words_of(passage)]
    at = 0
    while wanted and at + len(wanted) <= len(said):
        if said[at : at + len(wanted)] == wanted:
            found = True
            yield words[at].start(), words[at + len(wanted) - 1].end()
            at += len(wanted)
        else:
            at += 1
    if not found and _UNSPACED.search(passage):
        yield from (match.span() for match in re.finditer(re.escape(passage.strip()), text))


def writes(text: str, passage: str) -> bool:
    """Whether a text has a passage in it."""
    return next(spans_of(text, passage), None) is not None
