"""The written material of the sample case: topics with prompts, and manners of speaking."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
KINDS = ("explain", "list", "write", "short")
SLOT = re.compile(r"\{(\w+)\}")
T = TypeVar("T")


class Dice:
    """A seeded source of choices that uses `random()` alone, whose sequence Python guarantees."""

    def __init__(self, *seed: object) -> None:
        digest = hashlib.sha256("/".join(map(str, seed)).encode("utf-8")).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big"))

    def below(self, limit: float) -> float:
        """A number from 0 up to, not including, the limit."""
        return self._random.random() * limit

    def chance(self, share: float) -> bool:
        """True in the given share of cases."""
        return self._random.random() < share

    def pick(self, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One item, by weight where weights are given."""
        if weights is None:
            return items[int(self.below(len(items)))]
        rest = self.below(sum(weights))
        for item, weight in zip(items, weights, strict=True):
            rest -= weight
            if rest < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in a random order."""
        left = list(items)
        return [left.pop(int(self.below(len(left)))) for _ in range(len(left))]


@dataclass
class Topic:
    """What can be said of one subject, and the prompts that ask for it by kind."""

    name: str
    lines: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of answer; a topic with program lines is asked for code in place of writing."""
        return tuple("code" if kind == "write" and "code" in self.lines else kind for kind in KINDS)

    def prompt(self, kind: str) -> str:
        """The prompt of a kind."""
        return self.lines["write" if kind == "code" else kind][0]


def load_topics(name: str) -> list[Topic]:
    """The topics of a file beside this module, in its order."""
    topics: list[Topic] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(": ")
        if key == "topic":
            topics.append(Topic(value))
        elif value and not line.startswith("#"):
            topics[-1].lines.setdefault(key, []).append(value.replace("¦", "\n"))
    return topics


def load_habits() -> dict[str, list[str]]:
    """The manners of speaking by section, with line breaks for every ¦."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (HERE / "habits.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("# Manners"):
            current.append(line.replace("¦", "\n"))
    return sections


def word_classes(habits: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Groups of words that stand for each other; the first of each is the one in the topics."""
    return [line.split(" | ") for line in habits["words"]]


class Filler:
    """Fills the slots of one answer from a topic, each fact and step at most once while any is left."""

    def __init__(self, topic: Topic, general: Topic, words: Mapping[str, str], dice: Dice) -> None:
        self._topic, self._general, self._dice, self._words = topic, general, dice, words
        self._left = {key: dice.shuffled(lines) for key, lines in topic.lines.items() if key not in KINDS}
        self._count = 0
        self._known = re.compile(rf"\b({'|'.join(map(re.escape, words))})\b")

    def fill(self, template: str) -> str:
        """The template as finished text, without white space at its ends."""
        return re.sub(r"\n{3,}", "\n\n", SLOT.sub(self._slot, template)).strip()

    def _slot(self, match: re.Match[str]) -> str:
        key = match.group(1)
        plural = "are" in self._topic.lines
        small = {"be": "are" if plural else "is", "s": "" if plural else "s", "topic": self._topic.name}
        if key == "n":
            self._count += 1
            return str(self._count)
        text = small[key.lower()] if key.lower() in small else self._take(key.lower())
        return text[0].upper() + text[1:] if key[0].isupper() else text

    def _take(self, key: str) -> str:
        if key == "code":
            return self._dice.pick(self._topic.lines[key])
        if key == "is":
            return self._reworded((self._topic.lines.get("is") or self._topic.lines["are"])[0])
        if not self._left.get(key):
            self._left[key] = self._dice.shuffled(self._general.lines[key])
        return self._reworded(self._left[key].pop())

    def _reworded(self, text: str) -> str:
        return self._known.sub(lambda m: self._words[m.group(1)], text)
