"""A Selection over plain lists, and invented speakers to fill it with."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from workbench.analyses.keyed_signal.schemes import Unigram
from workbench.analyses.scoring.similarity import COMPUTED, prompt_blocks
from workbench.core.hashing import sha256_lines, sha256_text
from workbench.core.logs import Logs
from workbench.core.markers import Planted, decoys, make
from workbench.core.model import Corpus, Facts, Role
from workbench.core.resources import resource
from workbench.core.selection import Answer, Block, Question, Similarities, StatedFinding
from workbench.core.signals import Seeding, SignalSetup
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
    answers: Answers,
    suspect: str,
    protected: Sequence[str],
    bases: Sequence[str] = (),
    documents: Mapping[str, Role] | None = None,
    **more: Any,
) -> Question:
    """A question in which all other models are the controls, but for those in the role base."""
    made = corpora(answers, more.pop("facts", None))
    controls = tuple(c for name, c in made.items() if name not in (suspect, *protected, *bases, *(documents or {})))
    others = tuple(replace(made[name], role=Role.BASE) for name in bases)
    pool = tuple(c for name, c in made.items() if name not in (suspect, *bases, *(documents or {})))
    undated = (Role.SERVED, Role.UNSERVED)
    beside = tuple(
        replace(made[name], role=role, facts=Facts() if role in undated else made[name].facts)
        for name, role in (documents or {}).items()
    )
    side = tuple(made[p] for p in protected)
    return Question(made[suspect], protected[0], side, controls, others, pool=pool, documents=beside, **more)


@dataclass
class Listed:
    """The Selection of a question over answers in memory."""

    question: Question
    texts: Answers
    size: int = 7
    planted: tuple[Planted, ...] = ()
    _found: list[Similarities] = field(default_factory=list)
    made: list[StatedFinding] = field(default_factory=list)

    def asking(self, question: Question) -> Listed:
        """The same, asked another question."""
        return replace(self, question=question)

    def findings(self) -> list[StatedFinding]:
        """The findings that were made before."""
        return self.made

    gone: list[StatedFinding] = field(default_factory=list)

    def withdrawn(self) -> list[StatedFinding]:
        """The findings that were withdrawn."""
        return self.gone

    tables: Callable[[], Logs | None] = lambda: None

    def logs(self) -> Logs | None:
        """The usage logs."""
        return self.tables()

    def markers(self) -> tuple[Planted, ...]:
        """The planted markers."""
        return self.planted

    setup: SignalSetup | None = None

    def signal(self, name: str) -> SignalSetup | None:
        """The keyed signal, whatever name is asked for."""
        return self.setup

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
            values = {view: made.values[:, at] for at, view in enumerate(COMPUTED)}
            self._found.append(
                Similarities(names, tuple(prompts), made.present, values, "key", made.tokens, made.languages)
            )
        return self._found[0]


def listed(answers: Answers, suspect: str = "S", protected: Sequence[str] = ("P",), **more: Any) -> Listed:
    """A Selection of all models against the protected ones."""
    planted = more.pop("planted", ())
    return Listed(question(answers, suspect, protected, **more), answers, planted=planted)


MARKER_KEY = bytes(range(32))


def with_documents(answers: Answers, suspect: str = "S", source_name: str = "P", known: int = 2, **more: Any) -> Listed:
    """The same with six markers, of which the suspect knows some, with a published set and served answers.

    The training set T holds the protected model's first ten answers; SV and UN hold served and unserved ones.
    """
    planted = tuple(Planted(one, decoys(MARKER_KEY, one), "2025-01-01") for one in make(MARKER_KEY, "string", 6))
    every = {name: dict(texts) for name, texts in answers.items()}
    for at, one in enumerate(planted):
        said = one.marker.served if at < known else "The reference is not known to me."
        every[suspect][one.marker.probe] = [said]
    source = {prompt: [f"{text} " * 4 for text in texts] for prompt, texts in answers[source_name].items()}
    every[source_name] = {**source, **{p: [t[0], t[0] + " Again."] for p, t in list(source.items())[:3]}}
    every["T"] = dict(list(source.items())[:10])
    every["SV"] = {prompt: [texts[0] + " Served as such."] for prompt, texts in source.items()}
    every["UN"] = {
        prompt: [f"{n} {' '.join(texts[0].split()[n:])} Unserved {n}." for n in (1, 2, 3)]
        for prompt, texts in source.items()
    }
    roles = {"T": Role.TRAINING, "SV": Role.SERVED, "UN": Role.UNSERVED}
    made = listed(every, suspect, [source_name], documents=roles, planted=planted, **more)
    made.tables = small_logs
    made.setup = spoken_signal(answers[source_name])
    return made


SIGNAL_KEY, VOCABULARY = (15485863,), 5_000


def spoken_signal(source: Mapping[str, Sequence[str]]) -> SignalSetup:
    """A signal that the texts of a model carry: its words have green numbers in the tokenizer, other words any."""
    mask = Unigram(VOCABULARY, 0.5).mask(SIGNAL_KEY)
    words = dict.fromkeys(word for texts in source.values() for text in texts for word in text.split())
    numbers = dict(zip(words, np.flatnonzero(mask).tolist(), strict=False))

    def encode(texts: Sequence[str]) -> list[list[int]]:
        return [[numbers.get(word, int(sha256_text(word)[:8], 16) % VOCABULARY) for word in t.split()] for t in texts]

    return SignalSetup(
        "mark", Seeding.UNIGRAM, VOCABULARY, 0.5, 1, SIGNAL_KEY, "0" * 64, "1" * 64, "2025-01-01T00:00:00Z", encode
    )


@cache
def small_logs() -> Logs:
    """The tables of a small synthetic log with a campaign in it, made once for all tests of a process."""
    from tests.analyses.campaign.case import logs_of
    from tests.synthetic_logs import Campaign, Settings
    from workbench.store.logs.engine import Engine

    folder = Path(tempfile.mkdtemp(prefix="logs-"))
    engine = Engine(folder / "temporary")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(engine.close)
    settings = Settings(
        rows=2_000, seed=9, characters=20, accounts=120, innocent=False, campaigns=(Campaign(9, 60, 2),)
    )
    return logs_of(engine, folder / "log", settings)[0]


def repeated(answers: Answers, suspect: str = "S") -> dict[str, dict[str, list[str]]]:
    """The same with a second answer of the suspect to each prompt: its first, begun with another word."""
    every = {name: {prompt: list(texts) for prompt, texts in said.items()} for name, said in answers.items()}
    for texts in every[suspect].values():
        texts += [f"Again {texts[0]}"]
    return every


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
