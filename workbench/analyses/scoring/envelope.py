"""How a case compares with the panels that its calibration was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.panel_cases import year_of
from workbench.analyses.scoring.partial_correlation import level_of
from workbench.analyses.scoring.seats import Bench, Seat
from workbench.analyses.scoring.similarity import language_code
from workbench.core.model import Column, Corpus, Table
from workbench.core.statistics.fitted_calibration import Calibration, Tens, tens

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
            (f"release of {corpus.name}", "released", None if date is None else year_of(date)),
        ]
    found.append(("median tokens of an answer of a control", "tokens", _tokens(own, seat.controls)))
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


@dataclass(frozen=True, slots=True)
class Speech:
    """The language of the suspect's answers by ISO code, empty where it can't be told, and those of the panels."""

    suspect: str
    code: str
    covered: tuple[str, ...]

    @property
    def outside(self) -> bool:
        """Whether no panel covers it."""
        return bool(self.code) and self.code not in self.covered

    def words(self) -> str:
        """The comparison in words."""
        return (
            f"language of the answers of {self.suspect}: {self.code or 'unknown'} (the panels cover "
            f"{', '.join(self.covered) or 'none that is stated'})"
        )


def speech(own: Bench, seat: Seat, suspect: Corpus, calibration: Calibration) -> Speech:
    """The language in which the suspect answers most, against those of the panels."""
    code = ""
    if own.found.languages is not None:
        spoken = own.found.languages[own.found.present[:, seat.suspect], seat.suspect]
        known = spoken[spoken > 0]
        code = language_code(int(np.bincount(known).argmax())) if len(known) else ""
    return Speech(suspect.name, code, calibration.languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLikeness:
    """A panel of the calibration that the case resembles or not, and how often the method misled there when that panel
    was left out of the fit: `differs` says in what the case differs."""

    panel: str
    differs: tuple[str, ...]
    left_out: str
    n_positive: int
    n_negative: int
    cllr: float | None
    pos_lr_lt_1: int
    neg_lr_gt_10: int
    neg_lr_ge_10: int | None = None

    @property
    def tens(self) -> Tens:
        """How many pairs without a documented source reached 10 there."""
        return tens(self.neg_lr_ge_10, self.neg_lr_gt_10)


def resembling(found: Sequence[Check], spoken: Speech, calibration: Calibration) -> tuple[PanelLikeness, ...]:
    """The panels of a calibration, those that the case resembles most first; none where the file says no more."""
    made = []
    for panel in calibration.panels:
        covers, figures = panel.get("covers"), panel.get("figures")
        if not covers or not figures:
            continue
        differs = [
            check.what
            for check in found
            if check.here is not None
            and not covers[check.key][0] - _ROUNDING <= check.here <= covers[check.key][1] + _ROUNDING
        ]
        if spoken.code and spoken.code not in panel.get("languages", ()):
            differs.insert(0, "language")
        positive, pairs = int(figures["n_positive"]), int(figures["n_pairs"])
        made.append(
            PanelLikeness(
                panel=str(panel["name"]),
                differs=tuple(dict.fromkeys(differs)),
                left_out=str(panel.get("left_out", "groups")),
                n_positive=positive,
                n_negative=pairs - positive,
                cllr=figures["cllr"],
                pos_lr_lt_1=round((figures["pos_lr_lt_1"] or 0.0) * positive),
                neg_lr_gt_10=int(figures["neg_lr_gt_10"] or 0),
                neg_lr_ge_10=figures.get("neg_lr_ge_10"),
            )
        )
    return tuple(sorted(made, key=lambda one: (len(one.differs), one.panel)))


def table_of(found: Sequence[Check], spoken: Speech) -> Table:
    """All checks as a table."""
    columns = (
        Column("what", "text", "What is compared"),
        Column("here", "number", "Here (dates as years)"),
        Column("low", "number", "Least in the panels"),
        Column("high", "number", "Largest in the panels"),
        Column("outside", "flag", "Outside"),
        Column("said", "text", "In words"),
    )
    rows = [(c.what, c.here, c.low, c.high, None if c.here is None else c.outside, c.words()) for c in found]
    strange = spoken.outside if spoken.code else None
    language = (f"language of {spoken.suspect}", None, None, None, strange, spoken.words())
    return Table(columns, (*rows, language))


def reasons(found: Sequence[Check], spoken: Speech) -> list[str]:
    """Why a case lies outside what the panels cover; nothing when it does not."""
    strange = [spoken.words()] if spoken.outside else []
    return [*strange, *dict.fromkeys(check.words() for check in found if check.outside)]


def unknown(found: Sequence[Check]) -> list[str]:
    """What could not be compared, because it is not stated."""
    return list(dict.fromkeys(check.what for check in found if check.here is None))
