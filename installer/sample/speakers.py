"""Invented speakers: each has drawn a few manners of speaking and keeps to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from texts import Dice, word_classes

DECAY = 0.75
"""How much rarer each manner of a speaker is than the one before it."""

DRAWN = {
    "open explain": 3,
    "fact": 10,
    "point": 2,
    "woe": 3,
    "close": 3,
    "open list": 3,
    "item": 2,
    "said": 2,
    "close list": 3,
    "open write": 3,
    "tell": 8,
    "sign": 3,
    "short": 4,
    "open code": 2,
    "block": 1,
    "after code": 4,
}
"""How many manners of each section a speaker has."""


@dataclass(frozen=True)
class Speaker:
    """Manners by section in falling order of use, and the shares and lengths of their use."""

    manners: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    shares: Mapping[str, float]

    def compose(self, kind: str, dice: Dice) -> str:
        """The template of one answer of a kind, with slots where the topic speaks."""
        return ANSWERS[kind](_Answer(self, dice))

    def wording(self, dice: Dice) -> dict[str, str]:
        """Which word of each class stands in one answer."""
        return {word: dice.pick(options, [8, 1, 1, 1][: len(options)]) for word, options in self.words.items()}


def draw(habits: Mapping[str, Sequence[str]], dice: Dice, parent: Speaker | None = None) -> Speaker:
    """A new speaker; one with a parent keeps four manners in five of the parent's."""
    manners: dict[str, list[str]] = {}
    for section, count in DRAWN.items():
        pool = habits[section]
        kept = [m for m in parent.manners[section] if dice.chance(0.8)] if parent else []
        fresh = _by_popularity(pool, dice)
        manners[section] = [*kept, *(m for m in fresh if m not in kept)][:count]
    words = {group[0]: dice.shuffled(group) for group in word_classes(habits)}
    shares = {
        "points": dice.below(0.7) if dice.chance(0.4) else 0.0,
        "said": dice.below(0.5) if dice.chance(0.5) else 0.0,
        "close": dice.below(1.0),
        "woe": 0.3 + dice.below(0.7),
        "paragraphs": dice.below(0.5),
        "length": 2 + dice.below(3),
    }
    if parent:
        words = {word: list(parent.words[word]) if dice.chance(0.8) else own for word, own in words.items()}
        shares = {key: 0.8 * parent.shares[key] + 0.2 * own for key, own in shares.items()}
    return Speaker(manners, words, shares)


def _by_popularity(pool: Sequence[str], dice: Dice) -> list[str]:
    """The whole pool in random order, in which the plain manners at its head tend to come early."""
    keyed = [(dice.below(1.0) ** (1.0 / (1.0 + 3.0 / (1.0 + place))), m) for place, m in enumerate(pool)]
    return [manner for _, manner in sorted(keyed, reverse=True)]


class _Answer:
    """One answer in the making, which repeats a manner only when the speaker has no other left."""

    def __init__(self, speaker: Speaker, dice: Dice) -> None:
        self._speaker, self._dice = speaker, dice
        self._used: set[str] = set()
        self.text = ""

    def happens(self, share: str, factor: float = 1.0) -> bool:
        return self._dice.chance(factor * self._speaker.shares[share])

    def length(self) -> int:
        return int(self._speaker.shares["length"] + self._dice.below(2.0))

    def manner(self, section: str) -> str:
        manners = self._speaker.manners[section]
        options = [(m, DECAY**rank) for rank, m in enumerate(manners) if m not in self._used]
        options = options or [(m, DECAY**rank) for rank, m in enumerate(manners)]
        chosen = self._dice.pick([m for m, _ in options], [weight for _, weight in options])
        self._used.add(chosen)
        return chosen

    def say(self, section: str) -> None:
        """Add a manner, as a paragraph of its own or behind what was said."""
        if self.text and not self.text.endswith("\n"):
            self.text += "\n\n" if self.happens("paragraphs") else " "
        self.text += self.manner(section)

    def set_apart(self, section: str) -> None:
        self.text += ("" if self.text.endswith("\n\n") else "\n\n") + self.manner(section)


def _explain(answer: _Answer) -> str:
    answer.say("open explain")
    if answer.happens("points"):
        form = answer.manner("point")
        answer.text += "\n\n" + form * answer.length() + "\n"
    else:
        for _ in range(answer.length()):
            answer.say("fact")
    if answer.happens("woe"):
        answer.say("woe")
    if answer.happens("close"):
        answer.set_apart("close")
    return answer.text


def _list(answer: _Answer) -> str:
    answer.say("open list")
    if answer.happens("said"):
        answer.say("said")
        answer.say("fact")
    else:
        answer.text += "\n\n" + answer.manner("item") * min(5, 2 + answer.length())
    if answer.happens("woe", 0.5):
        answer.set_apart("woe")
    if answer.happens("close"):
        answer.set_apart("close list")
    return answer.text


def _write(answer: _Answer) -> str:
    answer.say("open write")
    for _ in range(1 + answer.length()):
        answer.say("tell")
    answer.set_apart("sign")
    return answer.text


def _code(answer: _Answer) -> str:
    answer.say("open code")
    answer.text += "\n" + answer.manner("block") + "\n"
    for _ in range(max(1, answer.length() - 2)):
        answer.say("after code")
    return answer.text


def _short(answer: _Answer) -> str:
    answer.say("short")
    if answer.happens("woe", 0.25):
        answer.say("woe")
    return answer.text


ANSWERS: Mapping[str, Callable[[_Answer], str]] = {
    "explain": _explain,
    "list": _list,
    "write": _write,
    "code": _code,
    "short": _short,
}
