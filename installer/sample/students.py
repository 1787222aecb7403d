"""Models that were trained: an interpolated word n-gram model over answers whose content words are slots."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from texts import Dice

TOKEN = re.compile(r"\n+| ?\{\w+\}| ?[^\s{}]+")
START, END = "<s>", "</s>"
CONTEXT = 3
LONGEST = 160
KNOWN = {"fact": 6, "step": 5, "woe": 2, "code": 1, "is": 1}
"""How many things of each sort a topic offers."""


@dataclass(frozen=True)
class Lesson:
    """One training answer: its template, its finished text, and how much it counts."""

    kind: str
    template: str
    text: str
    weight: float


@dataclass
class NGrams:
    """Weighted counts of words after up to three others, interpolated as by Witten and Bell (1991)."""

    counts: dict[tuple[str, ...], dict[str, float]] = field(default_factory=dict)

    def learn(self, template: str, weight: float) -> None:
        """Count the words of one template."""
        words = [START] * CONTEXT + [*TOKEN.findall(template), END]
        for place in range(CONTEXT, len(words)):
            for order in range(CONTEXT + 1):
                seen = self.counts.setdefault(tuple(words[place - order : place]), {})
                seen[words[place]] = seen.get(words[place], 0.0) + weight

    def follow(self, context: tuple[str, ...], dice: Dice) -> str:
        """The next word: by the counts behind the context, or behind a shorter one with the escape share."""
        seen = self.counts.get(context, {})
        if context and dice.below(sum(seen.values()) + len(seen)) >= sum(seen.values()):
            return self.follow(context[1:], dice)
        return dice.pick(list(seen), list(seen.values()))


class Student:
    """A model that has learned manners and words from lessons, and answers by sampling."""

    def __init__(self, lessons: Iterable[Lesson], classes: Sequence[Sequence[str]]) -> None:
        self._models: dict[str, NGrams] = defaultdict(NGrams)
        self._words: dict[str, dict[str, float]] = {group[0]: {} for group in classes}
        finders = {group[0]: re.compile(rf"\b({'|'.join(map(re.escape, group))})\b") for group in classes}
        for lesson in lessons:
            self._models[lesson.kind].learn(lesson.template, lesson.weight)
            for word, finder in finders.items():
                for found in finder.findall(lesson.text):
                    self._words[word][found] = self._words[word].get(found, 0.0) + lesson.weight

    def compose(self, kind: str, dice: Dice) -> str:
        """The template of one answer: the longest of three, because a sampled one may break off early."""
        return max((self._sample(kind, dice) for _ in range(3)), key=len)

    def _sample(self, kind: str, dice: Dice) -> str:
        """Word by word until the model stops, or the topic has nothing left to say."""
        words, used = [START] * CONTEXT, Counter[str]()
        while len(words) < LONGEST:
            word = self._models[kind].follow(tuple(words[-CONTEXT:]), dice)
            slot = word.strip(" {}").lower()
            used[slot] += 1
            if word == END:
                return "".join(words[CONTEXT:])
            if used[slot] > KNOWN.get(slot, LONGEST):
                break
            words.append(word)
        return _whole("".join(words[CONTEXT:]))

    def wording(self, dice: Dice) -> Mapping[str, str]:
        """Which word of each class stands in one answer."""
        return {
            word: dice.pick(list(seen), list(seen.values())) if seen else word for word, seen in self._words.items()
        }


def _whole(text: str) -> str:
    """The text up to its last full sentence or line; all of it when there is none."""
    end = max(text.rfind("\n"), text.rfind(". ") + 1)
    return text[:end] if end > 0 else text
