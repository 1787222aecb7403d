"""How a case compares with the panels that its calibration was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.likelihood_ratios import Bench, Seat
from workbench.analyses.scoring.panel_cases import year_of
from workbench.analyses.scoring.partial_correlation import PRESENT, level_of
from workbench.core.model import Column, Corpus, Table
from workbench.core.statistics.fitted_calibration import Calibration

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is compared: what, its value here (None: unknown), and what the panels cover."""

    what: str
    key: str
    here: float | None
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether the value is known and not covered."""
        return self.here is not None and not self.low - _ROUNDING <= self.here <= self.high + _ROUNDING

    def words(self) -> str:
        """The comparison in words, such as `median tokens of an answer of X: 12 (the panels cover 46 to 478)`."""
        here = "unknown" if self.here is None else shown(self.key, self.here)
        return f"{self.what}: {here} (the panels cover {shown(self.key, self.low)} to {shown(self.key, self.high)})"


def shown(key: str, value: float) -> str:
    """A value of the envelope as people read it; dates as year and month."""
    if key == "released":
        return f"{int(value)}-{int((value - int(value)) * 12) + 1:02d}"
    return f"{value:.0f}" if key in ("controls", "prompts", "tokens") else f"{value:.2f}"


def checks(own: Bench, seat: Seat, suspect: Corpus, members: Sequence[Corpus], calibration: Calibration) -> list[Check]:
    """Everything that is compared, for one seat; `members` are the corpora in the order of the seat's members."""
    prompts = max(float(own.shared[seat.suspect, place]) for place in seat.members)
    models = [(suspect, seat.suspect), *zip(members, seat.members, strict=True)]
    found: list[tuple[str, str, float | None]] = [
        ("number of controls", "controls", float(len(seat.controls))),
        ("prompts answered by both sides", "prompts", prompts),
        ("mean cosine between controls", "level", level_of(own.kernel, seat.controls)),
    ]
    for corpus, place in models:
        date = corpus.facts.released
        found += [
            (f"median tokens of an answer of {corpus.name}", "tokens", _tokens(own, [place])),
            (f"answers of {corpus.name} with English function words", "function_words", _english(own, [place])),
            (f"release of {corpus.name}", "released", None if date is None else year_of(date)),
        ]
    found += [
        ("median tokens of an answer of a control", "tokens", _tokens(own, seat.controls)),
        ("answers of the controls with English function words", "function_words", _english(own, seat.controls)),
    ]
    return [Check(what, key, here, *calibration.envelope[key]) for what, key, here in found]


def _tokens(own: Bench, places: Sequence[int]) -> float | None:
    """The median over the models of each one's median tokens."""
    if own.found.tokens is None:
        return None
    medians = [
        float(np.median(own.found.tokens[own.found.present[:, place], place]))
        for place in places
        if own.found.present[:, place].any()
    ]
    return float(np.median(medians)) if medians else None


def _english(own: Bench, places: Sequence[int]) -> float:
    at = np.array(places, dtype=np.intp)
    here = own.found.values["function_words"][:, at, at] > PRESENT
    return float(here.sum() / max(1, own.found.present[:, at].sum()))


def table_of(found: Sequence[Check]) -> Table:
    """All checks as a table."""
    columns = (
        Column("what", "text", "What is compared"),
        Column("here", "number", "Here (dates as years)"),
        Column("low", "number", "Least in the panels"),
        Column("high", "number", "Largest in the panels"),
        Column("outside", "flag", "Outside"),
        Column("said", "text", "In words"),
    )
    rows = tuple((c.what, c.here, c.low, c.high, None if c.here is None else c.outside, c.words()) for c in found)
    return Table(columns, rows)


def reasons(found: Sequence[Check]) -> list[str]:
    """Why a case lies outside what the panels cover; nothing when it does not."""
    return list(dict.fromkeys(check.words() for check in found if check.outside))


def unknown(found: Sequence[Check]) -> list[str]:
    """What could not be compared, because it is not stated."""
    return list(dict.fromkeys(check.what for check in found if check.here is None))
