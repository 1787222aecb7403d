"""A Selection over plain lists, and invented speakers to fill it with."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.analyses.scoring.similarity import VIEWS, prompt_blocks
from workbench.core.hashing import sha256_lines, sha256_text
from workbench.core.model import Corpus, Facts, Role
from workbench.core.resources import resource
from workbench.core.selection import Answer, Block, Question, Similarities, StatedFinding
from workbench.core.statistics.fitted_calibration import Calibration, read_calibration
from workbench.core.text import normal_prompt

Answers = Mapping[str, Mapping[str, Sequence[str]]]
"""Answers by model, then by prompt."""


def corpora(answers: Answers, facts: Mapping[str, Facts] | None = None) -> dict[str, Corpus]:
    """One corpus a model, in the role control, with an unknown release date unless facts say it."""
    made = {}
    for at, (name, by_prompt) in enumerate(answers.items(), 1):
        texts = [text for samples in by_prompt.values() for text in samples]
        digest = sha256_lines(sorted(map(sha256_text, texts)))
        made[name] = Corpus(at, name, Role.CONTROL, (facts or {}).get(name, Facts(released="2024")), len(texts), digest)
    return made


def question(
    answers: Answers, suspect: str, protected: Sequence[str], bases: Sequence[str] = (), **more: Any
) -> Question:
    """A question in which all other models are the controls, but for those in the role base."""
    made = corpora(answers, more.pop("facts", None))
    controls = tuple(c for name, c in made.items() if name not in (suspect, *protected, *bases))
    others = tuple(replace(made[name], role=Role.BASE) for name in bases)
    pool = tuple(c for name, c in made.items() if name not in (suspect, *bases))
    side = tuple(made[p] for p in protected)
    return Question(made[suspect], protected[0], side, controls, others, pool=pool, **more)


@dataclass
class Listed:
    """The Selection of a question over answers in memory."""

    question: Question
    texts: Answers
    size: int = 7
    _found: list[Similarities] = field(default_factory=list)
    made: list[StatedFinding] = field(default_factory=list)

    def findings(self) -> list[StatedFinding]:
        """The findings that were made before."""
        return self.made

    def prompts(self) -> list[str]:
        """All prompts, by the digest of their normal form."""
        every = dict.fromkeys(prompt for by_prompt in self.texts.values() for prompt in by_prompt)
        return sorted(every, key=lambda prompt: sha256_text(normal_prompt(prompt)))

    def blocks(self, corpora: Sequence[Corpus]) -> Iterator[Block]:
        """Blocks of a few prompts."""
        names, prompts = [c.name for c in corpora], self.prompts()
        for at in range(0, len(prompts), self.size):
            some = prompts[at : at + self.size]
            yield Block(
                tuple(sha256_text(normal_prompt(p)) for p in some),
                tuple(some),
                tuple({n: tuple(self.texts[n][p]) for n in names if p in self.texts[n]} for p in some),
            )

    def answers(self, corpus: Corpus) -> Iterator[Answer]:
        """The answers of one corpus."""
        for prompt in self.prompts():
            for text in self.texts[corpus.name].get(prompt, ()):
                yield Answer(corpus.name, sha256_text(normal_prompt(prompt)), text, None, ())

    def calibration(self) -> Calibration:
        """The shipped calibration."""
        return read_calibration(resource("calibration.json"))

    def similarities(self) -> Similarities:
        """The similarities of all models, made once."""
        if not self._found:
            names, prompts = tuple(self.texts), self.prompts()
            rows = [[self.texts[n].get(p, ()) for n in names] for p in prompts]
            made = prompt_blocks(rows or [[() for _ in names]])
            prompts = prompts or ["none"]
            values = {view: made.values[:, at] for at, view in enumerate(VIEWS)}
            self._found.append(Similarities(names, tuple(prompts), made.present, values, "key", made.tokens))
        return self._found[0]


def listed(answers: Answers, suspect: str = "S", protected: Sequence[str] = ("P",), **more: Any) -> Listed:
    """A Selection of all models against the protected ones."""
    return Listed(question(answers, suspect, protected, **more), answers)


def speakers(
    controls: int = 20, prompts: int = 40, *, learned: float = 0.6, seed: int = 1, missing: float = 0.0
) -> dict[str, dict[str, list[str]]]:
    """Answers of P, of S (who says a share of P's sentences) and of controls C01, C02, ..., all with own habits."""
    names = ["P", "S", *(f"C{n:02d}" for n in range(1, controls + 1))]
    made: dict[str, dict[str, list[str]]] = {name: {} for name in names}
    for at in range(prompts):
        prompt = f"Say something of subject number {at}, please."
        theirs = [_sentence(random.Random(f"{seed}/P/{at}/{n}"), "P", seed, at) for n in range(6)]
        for name in names:
            chance = random.Random(f"{seed}/{name}/{at}")
            if name not in ("P", "S") and chance.random() < missing:
                continue
            own = [_sentence(chance, name, seed, at) for _ in range(chance.randint(4, 8))]
            if name == "P":
                own = theirs
            if name == "S":
                own = [theirs[n % 6] if chance.random() < learned else text for n, text in enumerate(own)]
            made[name][prompt] = [("\n" if name in ("P", "C01") else " ").join(own)]
    return made


def _sentence(chance: random.Random, name: str, seed: int, subject: int) -> str:
    habits = random.Random(f"{seed}/habits/{name}")
    liked = [f"w{habits.randint(0, 300)}" for _ in range(25)]
    words = [
        chance.choice([*liked, "the", "of", "and", "is", "a", f"topic{subject}"]) for _ in range(chance.randint(5, 11))
    ]
    return " ".join(words).capitalize() + chance.choice([".", "!", "."])
