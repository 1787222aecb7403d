"""The language model against a plain one that is fitted on the other owners' texts, and against printed values."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from workbench.analyses.verbatim.language_model import LeaveOneOut


class Plain:
    """Interpolated Kneser-Ney by its definition, over dictionaries."""

    def __init__(self, texts: list[list[str]], order: int, discount: float) -> None:
        self.order, self.discount = order, discount
        self.seen: Counter[tuple[str, ...]] = Counter()
        for text in texts:
            padded = ["<s>"] * (order - 1) + text + ["</s>"]
            for length in range(1, order + 1):
                self.seen.update(tuple(padded[i : i + length]) for i in range(len(padded) - length + 1))
        self.ending = {g for g in self.seen if g[-1] != "<s>"}
        self.vocabulary = len({g for g in self.ending if len(g) == 1}) + 1

    def before(self, gram: tuple[str, ...]) -> int:
        """How many different tokens stand before an n-gram."""
        return len({g[0] for g in self.ending if len(g) == len(gram) + 1 and g[1:] == gram})

    def after(self, gram: tuple[str, ...]) -> int:
        """How many different tokens stand after an n-gram."""
        return len({g[-1] for g in self.ending if len(g) == len(gram) + 1 and g[:-1] == gram})

    def around(self, gram: tuple[str, ...]) -> int:
        """How many different pairs of tokens stand around an n-gram."""
        return len({g for g in self.ending if len(g) == len(gram) + 2 and g[1:-1] == gram})

    def continued(self, token: str, context: tuple[str, ...]) -> float:
        """The continuation probability."""
        lower = self.continued(token, context[1:]) if context else 1 / self.vocabulary
        around = self.around(context)
        if not around:
            return lower
        kept = max(0.0, self.before((*context, token)) - self.discount)
        return (kept + self.discount * self.after(context) * lower) / around

    def probability(self, token: str, context: tuple[str, ...]) -> float:
        """The probability of a token after a context of order - 1 tokens."""
        lower = self.continued(token, context[1:])
        if not self.seen[context]:
            return lower
        kept = max(0.0, self.seen[(*context, token)] - self.discount)
        return (kept + self.discount * self.after(context) * lower) / self.seen[context]

    def probabilities(self, text: list[str]) -> list[float]:
        """The probability of each token of a text, and of its end."""
        padded = ["<s>"] * (self.order - 1) + text + ["</s>"]
        return [
            self.probability(padded[at], tuple(padded[at - self.order + 1 : at]))
            for at in range(self.order - 1, len(padded))
        ]


def numbered(texts: list[list[str]]) -> list[np.ndarray]:
    """Texts as token identifiers."""
    known: dict[str, int] = {}
    return [np.array([known.setdefault(t, len(known) + 2) for t in text], dtype=np.int64) for text in texts]


def test_the_printed_sentence() -> None:
    texts = [t.split() for t in ("the cat sat on the mat", "the dog sat on the log", "the cat sat on the log")]
    model = LeaveOneOut(numbered(texts), [0, 0, 1], order=3, discount=0.75)
    (found,) = model.log2_probabilities(1)
    printed = [0.767756, 0.218750, 0.535511, 0.742188, 0.767756, 0.218750, 0.535511]
    assert 2**found == pytest.approx(printed, abs=5e-7)
    assert -found.sum() == pytest.approx(7.380, abs=5e-4)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_every_owner_is_judged_by_the_others_alone(order: int) -> None:
    rng = np.random.default_rng(order)
    texts = [[f"w{w}" for w in rng.zipf(1.6, size=rng.integers(0, 14)) % 12] for _ in range(40)]
    owners = [int(o) for o in rng.integers(0, 4, size=40)]
    model = LeaveOneOut(numbered(texts), owners, order=order, discount=0.75)
    for owner in range(4):
        plain = Plain([t for t, o in zip(texts, owners, strict=True) if o != owner], order, 0.75)
        own = [t for t, o in zip(texts, owners, strict=True) if o == owner]
        found = model.log2_probabilities(owner)
        assert len(found) == len(own) > 0
        for values, text in zip(found, own, strict=True):
            assert 2**values == pytest.approx(plain.probabilities(text), rel=1e-9)


def test_probabilities_of_all_tokens_sum_to_one() -> None:
    plain = Plain([["a", "b", "a", "c"], ["b", "b", "a"]], 3, 0.75)
    for context in [("<s>", "<s>"), ("a", "b"), ("c", "a"), ("z", "z")]:
        total = sum(plain.probability(t, context) for t in ["a", "b", "c", "</s>", "<unk>"])
        assert total == pytest.approx(1.0)
