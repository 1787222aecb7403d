"""Words for a likelihood ratio, by a published scale: the number comes first, the words explain it."""

from __future__ import annotations

from dataclasses import dataclass

SCALE = "ENFSI 2015"
REFERENCE = (
    "ENFSI Guideline for Evaluative Reporting in Forensic Science, European Network of Forensic Science "
    "Institutes, 2015, examples of verbal equivalents"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the scale: LRs above `above` and up to `upto` (None: without end), and their words."""

    above: float
    upto: float | None
    support: str
    probable: str


STEPS = (
    Step(1, 2, "no support for one proposition over the other", "about equally probable"),
    Step(2, 10, "weak support", "slightly more probable"),
    Step(10, 100, "moderate support", "more probable"),
    Step(100, 1_000, "moderately strong support", "appreciably more probable"),
    Step(1_000, 10_000, "strong support", "much more probable"),
    Step(10_000, 1_000_000, "very strong support", "far more probable"),
    Step(1_000_000, None, "extremely strong support", "exceedingly more probable"),
)
"""An LR on a boundary takes the weaker words. The guideline's table is silent between 1 and 2: no words there."""


def step_of(log10_lr: float) -> Step:
    """The row for the size of an LR; an LR below 1 is read as its reciprocal, for the other proposition."""
    size = abs(log10_lr)
    # Ten to the power of an enormous exponent does not fit a float.
    lr = 10.0 ** min(size, 300.0)
    return next(step for step in STEPS if step.upto is None or lr <= step.upto * (1 + 1e-12))


def in_words(log10_lr: float) -> str:
    """The verbal equivalent, such as `weak support for H1 over H2`."""
    step = step_of(log10_lr)
    if step is STEPS[0]:
        return step.support
    first, second = ("H1", "H2") if log10_lr > 0 else ("H2", "H1")
    return f"{step.support} for {first} over {second}"


def table() -> list[tuple[str, str, str]]:
    """The whole scale as rows of texts: range of the LR, words of support, words of probability."""
    rows = []
    for step in STEPS:
        span = f"{step.above:,.0f} to {step.upto:,.0f}" if step.upto else f"above {step.above:,.0f}"
        rows.append((span, step.support, step.probable))
    return rows
