"""A Finding as a page that a juror reads: one sentence, one picture, and what is to be known beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.core.drawing import Drawing

MOST_WORDS = 25
"""Words that the sentence of a page may have, its caution included."""

OUTSIDE = "Outside what was tested:"
"""The caution of a sentence whose material is not like that on which the method was tried."""


class Part(StrEnum):
    """What a Finding is for in the opinion."""

    MATERIAL = "material"
    CLOSENESS = "closeness"
    WEIGHT = "weight"
    SEARCH = "search"
    CONTRAST = "contrast"
    POWER = "power"
    DIRECT = "direct"
    OPINION = "opinion"
    OTHER = "other"


class Says(StrEnum):
    """Which way a Finding points: towards H1 or H2, both alike, nothing found, or of the material alone."""

    FOR = "for"
    AGAINST = "against"
    BOTH_ALIKE = "both alike"
    NOTHING = "nothing found"
    FIT = "fit"
    UNFIT = "unfit"
    NOT_ASKED = "not asked"


class Bearing(StrEnum):
    """What a test says of another explanation. The words are what a reader sees."""

    NO = "does not account for it"
    LESS = "less well supported"
    PARTLY = "part of H1"
    MAY = "may account for it"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Another explanation: what was done about it, what came of it, and so what; `key` joins rows of several findings.

    `order` is the row's place in the table.
    """

    key: str
    order: int
    name: str
    done: str
    result: str
    so: Bearing
    but: str = ""
    """What has to be added to `so`, such as `on one sibling`."""


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table beside a picture: the first column is text, the others numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A model on the line of closeness: how close it is to the protected side, in points, with its interval."""

    model: str
    value: float
    low: float
    high: float
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the case beside the range on which the method was tried, all printed.

    `at` is where the case lies, 0 and 1 being the ends of the range; None where it is unknown.
    """

    name: str
    low: str
    high: str
    here: str
    at: float | None

    @property
    def outside(self) -> bool:
        """Whether the case is known to lie outside the range."""
        return self.at is not None and not -1e-6 <= self.at <= 1 + 1e-6


@dataclass(frozen=True, slots=True)
class RungReached:
    """A rung of the ladder of claims, what became of it in words, and by which findings."""

    rung: int
    reached: str
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """Everything that a page of the report says of a Finding, printed once for all places.

    `short` names the question in the contents, `brief` answers it in a table, `caution` opens the sentence, `not_said`
    stands below it. `log10_lr` is the weight where one is stated, `at_ceiling` whether it is the largest or smallest
    that is reported. `outside` are the measures that lie outside what was tried, in words.
    """

    part: Part
    says: Says
    suspect: str
    protected: str
    question: str
    short: str
    brief: str
    answer: str
    not_said: str
    caution: str = ""
    seen: str = ""
    picture: Drawing | None = None
    second: Drawing | None = None
    second_title: str = ""
    table: SmallTable | None = None
    steady: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    not_found: tuple[tuple[str, str], ...] = ()
    """What was looked for and not found: in a few words, and with numbers."""
    explanations: tuple[Explanation, ...] = ()
    limits: tuple[tuple[str, str, str], ...] = ()
    """Limits of this case: name, sentence, and what would mend it."""
    highest: int = 0
    """The highest rung of the ladder that a finding of this kind can reach."""
    log10_lr: float | None = None
    at_ceiling: bool = False
    outside: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    placed: tuple[Placed, ...] = ()
    """The models on the line of closeness, where the Finding is about that."""
    basis: tuple[int, ...] = ()
    """The findings that an opinion rests on."""
    rungs: tuple[RungReached, ...] = ()
    """What became of each rung, where the Finding is an opinion."""

    @property
    def sentence(self) -> str:
        """The answer with its caution before it."""
        if self.caution:
            return f"{self.caution} {self.answer}"
        # A name keeps its letters.
        named = any(name and self.answer.startswith(name) for name in (self.suspect, self.protected))
        return self.answer if named else self.answer[:1].upper() + self.answer[1:]

    def mapped(self, change: Callable[[str], str]) -> FindingPage:
        """The page with every text put through `change`."""

        def all_of(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(map(change, texts))

        return replace(
            self,
            suspect=change(self.suspect),
            protected=change(self.protected),
            question=change(self.question),
            short=change(self.short),
            brief=change(self.brief),
            answer=change(self.answer),
            not_said=change(self.not_said),
            caution=change(self.caution),
            seen=change(self.seen),
            second_title=change(self.second_title),
            picture=None if self.picture is None else self.picture.mapped(change),
            second=None if self.second is None else self.second.mapped(change),
            steady=all_of(self.steady),
            against=all_of(self.against),
            change=all_of(self.change),
            outside=all_of(self.outside),
            table=_mapped_table(self.table, change),
            not_found=tuple((change(a), change(b)) for a, b in self.not_found),
            explanations=tuple(_mapped_row(row, change) for row in self.explanations),
            limits=tuple((change(a), change(b), change(c)) for a, b, c in self.limits),
            measures=tuple(replace(one, name=change(one.name)) for one in self.measures),
            placed=tuple(replace(one, model=change(one.model)) for one in self.placed),
        )


def _mapped_table(table: SmallTable | None, change: Callable[[str], str]) -> SmallTable | None:
    if table is None:
        return None
    return SmallTable(tuple(map(change, table.columns)), tuple(tuple(map(change, row)) for row in table.rows))


def _mapped_row(row: Explanation, change: Callable[[str], str]) -> Explanation:
    return replace(row, name=change(row.name), done=change(row.done), result=change(row.result), but=change(row.but))


def words_in(sentence: str) -> int:
    """How many words a sentence has; a name counts as one."""
    return len(sentence.split())
