"""A finding as it is read: question, answer, pictures, doubt, and what would change it. Made of the Finding alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from workbench.core.finding_page import Bearing
from workbench.core.plot import Plot

_NUMBERS = re.compile(r" \([^()]*\d[^()]*\)| \[[^\[\]]*\]")
_DISCLAIMER = re.compile(r" ?This is not the probability that [^.]*\.(?=$| )")


@dataclass(frozen=True, slots=True)
class View:
    """One picture of a finding, with a short name where there are several, and a remark beside its title."""

    key: str
    name: str
    title: str
    plot: Plot
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Sure:
    """One figure that says how sure it is: the figure, what it counts, and what it can't say."""

    figure: str
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """One measure of the material beside what a calibration saw of it: all as numbers and in words."""

    name: str
    here: float
    low: float
    high: float
    words: str
    outside: bool


class Kind(StrEnum):
    """What kind of thing would change a finding."""

    MORE = "more"
    CONTROLS = "controls"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Would:
    """One thing that would change a finding: what, and what is known of it here."""

    kind: Kind
    what: str
    rest: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One other explanation, what was done about it, what came of it, what that means, and under which condition."""

    what: str
    done: str
    result: str
    so: Bearing
    but: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """One number of the finding with its name, and a remark."""

    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A finding as it is read.

    `asks` is the juror's question, `short` the same for lists; `answer` is a handful of words; `sentence` is the
    record's sentence without its bracket of numbers, and begins with `outside` where the case lies outside of what
    was validated.
    """

    asks: str
    short: str
    answer: str
    sentence: str
    disclaimer: str
    sketch: Plot
    views: tuple[View, ...]
    outside: str = ""
    check: View | None = None
    """The picture that says how much one model, or one view, decides."""
    sure: tuple[Sure, ...] = ()
    tried: tuple[Tried, ...] = ()
    would: tuple[Would, ...] = ()
    numbers: tuple[Stated, ...] = ()
    computed: str = ""
    asks_for_rung: int = 0
    """The rung of the ladder that this question can reach; 0 where it asks for none."""
    explanations: tuple[Explained, ...] = ()
    """What else could explain it, where an opinion was formed."""
    fit: bool | None = None
    """Whether the material can answer the question, where that was asked."""


def without_numbers(headline: str) -> str:
    """A sentence without its brackets of numbers, and without what it says not to be: that is said below it."""
    return _DISCLAIMER.sub("", _NUMBERS.sub("", headline)).strip()
