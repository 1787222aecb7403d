"""Words for ratios: the table of the guideline, both directions, and the boundaries."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from workbench.core.statistics.verbal_scale import STEPS, in_words, step_of, table


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (1, "no support for one proposition over the other"),
        (1.9, "no support for one proposition over the other"),
        (5, "weak support for H1 over H2"),
        (1 / 5, "weak support for H2 over H1"),
        (10, "weak support for H1 over H2"),
        (10.1, "moderate support for H1 over H2"),
        (100, "moderate support for H1 over H2"),
        (1 / 500, "moderately strong support for H2 over H1"),
        (5_000, "strong support for H1 over H2"),
        (500_000, "very strong support for H1 over H2"),
        (1e9, "extremely strong support for H1 over H2"),
    ],
)
def test_words(lr: float, words: str) -> None:
    assert in_words(math.log10(lr)) == words


def test_every_size_has_words() -> None:
    assert step_of(math.inf) is STEPS[-1]
    assert all(a.upto == b.above for a, b in pairwise(STEPS))
    assert table()[1] == ("2 to 10", "weak support", "slightly more probable")
    assert table()[-1][0] == "above 1,000,000"
