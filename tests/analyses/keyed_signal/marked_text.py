"""Token streams that carry a signal: drawn by each scheme's own rule from an invented language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from tests.analyses.listed import Listed, listed
from workbench.analyses.keyed_signal.schemes import Gumbel, Key, Kgw, Scheme, SynthId
from workbench.analyses.keyed_signal.torch_random import permutation
from workbench.core.signals import Seeding, SignalSetup

V = 400
PUBLIC = tuple(range(101, 131))


def chances(rng: np.random.Generator, vocabulary: int = V) -> np.ndarray:
    """The probabilities of the next token: a law of ranks over a random order of tokens."""
    law = 1 / np.arange(2, vocabulary + 2) ** 0.8
    return rng.permutation(law / law.sum())


def stream(
    scheme: Scheme, key: Key, tokens: int, seed: int, *, delta: float = 2.0, share: float = 1.0, vocabulary: int = V
) -> list[int]:
    """A text of which a share of the tokens is drawn with the signal; `delta` lifts green tokens, as in KGW."""
    rng = np.random.default_rng(seed)
    made = [int(one) for one in rng.integers(0, vocabulary, size=max(4, scheme.context))]
    languages = [chances(rng, vocabulary) for _ in range(20)]
    for _ in range(tokens):
        law = languages[made[-1] % len(languages)]
        if rng.random() < share:
            context = tuple(made[len(made) - scheme.context :])
            made.append(_drawn(scheme, law, marks_after(scheme, key, context, vocabulary), delta, rng))
        else:
            made.append(int(rng.choice(vocabulary, p=law)))
    return made


@lru_cache(20_000)
def marks_after(scheme: Scheme, key: Key, context: tuple[int, ...], vocabulary: int) -> np.ndarray:
    """The mark of every token after a context; of KGW by making the whole permutation, which the search never does."""
    rows = np.array([[*context, token] for token in range(vocabulary)], dtype=np.int64)
    if isinstance(scheme, SynthId):
        return scheme.bits(rows, key)
    if not isinstance(scheme, Kgw) or scheme.seeding is Seeding.SELFHASH:
        return scheme.marks(rows, key)
    (seed,) = set(scheme.seeds(rows, key))
    green = np.zeros(vocabulary)
    green[permutation(seed, vocabulary)[: scheme.green]] = 1.0
    return green


def _drawn(scheme: Scheme, law: np.ndarray, marks: np.ndarray, delta: float, rng: np.random.Generator) -> int:
    if isinstance(scheme, Gumbel):
        return int(np.argmin(np.where(law > 0, _minus_log(marks) / law, np.inf)))
    if isinstance(scheme, SynthId):
        for layer in marks.T:
            law = law * (1 + layer - float((layer * law).sum()))
        return int(rng.choice(len(law), p=law / law.sum()))
    lifted = law * np.exp(delta * marks)
    return int(rng.choice(len(law), p=lifted / lifted.sum()))


def _minus_log(marks: np.ndarray) -> np.ndarray:
    """-ln r of numbers of which -ln(1 - r) is given."""
    return -np.log(np.clip(-np.expm1(-marks), 1e-12, None))


def written(tokens: Sequence[int]) -> str:
    """Tokens as words."""
    return " ".join(f"t{one}" for one in tokens)


def encode(texts: Sequence[str]) -> list[list[int]]:
    """Words as tokens; a word of no number is one beyond the vocabulary."""
    return [[int(w[1:]) if w[1:].isdecimal() else V for w in text.split()] for text in texts]


def setup(seeding: Seeding, key: Key, gamma: float = 0.25, window: int = 2, **more: object) -> SignalSetup:
    """A signal over the invented tokens."""
    spoken = {"encode": encode, **more}
    return SignalSetup("mark", seeding, V, gamma, window, key, "0" * 64, "1" * 64, "2025-01-01", **spoken)  # type: ignore[arg-type]


def selection(texts: Mapping[str, list[int]], signal: SignalSetup, prompts: int = 20) -> Listed:
    """Models S, P and controls, each with a stream that is cut into answers to some prompts."""
    answers = {}
    for name, tokens in texts.items():
        step = len(tokens) // prompts
        answers[name] = {
            f"Tell me t{at} t{at + 1}.": [written(tokens[at * step : (at + 1) * step])] for at in range(prompts)
        }
    made = listed(answers)
    made.setup = signal
    return made


def kgw(seeding: Seeding = Seeding.LEFTHASH) -> Kgw:
    """KGW over the invented tokens."""
    return Kgw(V, 0.25, seeding)
