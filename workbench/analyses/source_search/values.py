"""The values of a Finding of `source_search`, and the rows of its table of candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from workbench.analyses.scoring.lr_values import LrValues
from workbench.analyses.scoring.overlap import Overlap
from workbench.core.model import Json
from workbench.core.statistics.fitted_calibration import StatedCalibration
from workbench.core.typed_json import read


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateValues(LrValues):
    """A candidate family with its LR and its rank; `outside` says that the comparison lies outside the envelope."""

    rank: int
    family: str
    developer: str | None
    members: tuple[str, ...]
    n_controls: int
    supported: bool
    tied_with_leader: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class CouldAlsoBe:
    """A family that the material can't separate from the leader, and why."""

    family: str
    why: str


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A family that has no LR, and why."""

    family: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMember:
    """A candidate in the set: its log10 LR given the others of the set as controls, and with them set aside (None
    where too few controls would be left); `siblings` are the candidates of the set that its developer made too."""

    family: str
    log10_lr: float
    others_aside: float | None
    siblings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValues:
    """The set of sources: `none` says that *none of the candidates* is in it too, `log10_lr` is that of the set, one
    of whose members is a source; `rate` is the rate that was aimed at, `covered` what `suspects` suspects of the
    calibration's panels gave when their panel was left out, with `size` candidates in a set on average."""

    members: tuple[SetMember, ...]
    none: bool
    log10_lr: float | None
    rate: float
    covered: float
    size: float
    suspects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchValues:
    """What a search states: `answer` is the leader where it may be named; `candidates` are in order of rank.

    `n_supported` counts candidates with an LR above 1 and its whole interval above 1; `protected_rank` is that of
    the protected side where it was compared.
    """

    envelope: tuple[str, ...]
    answer: str | None
    leader: str
    could_also_be: tuple[CouldAlsoBe, ...]
    tied_with_leader: tuple[str, ...]
    candidates: tuple[CandidateValues, ...]
    n_candidates: int
    n_supported: int
    not_compared: tuple[NotCompared, ...]
    younger: tuple[str, ...]
    suspect: str
    protected: str
    protected_rank: int | None
    n_prompts: int
    confidence: float
    overlap: tuple[Overlap, ...] = ()
    """The calibration's panels of which a model gave the suspect's answers, by shares of answers."""
    sources: SetValues | None = None
    """None in findings before version 2, and where the calibration states no sets."""
    calibration: Mapping[str, Json]
    """All that the calibration says but its weights, as its file has it."""

    @property
    def stated_calibration(self) -> StatedCalibration:
        """What sentences read of the calibration."""
        return read(StatedCalibration, self.calibration)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A candidate family; one that is not compared has no rank and no numbers, but a reason."""

    rank: Annotated[int | None, "Rank"] = None
    family: Annotated[str, "Candidate family"]
    log10_lr: Annotated[float | None, "log10 LR"] = None
    low: Annotated[float | None, "Low end of the interval"] = None
    high: Annotated[float | None, "High end of the interval"] = None
    uncapped: Annotated[float | None, "log10 LR before the cap"] = None
    cap_low: Annotated[float | None, "Lower cap"] = None
    cap_high: Annotated[float | None, "Upper cap"] = None
    in_set: Annotated[bool | None, "In the set of sources"] = None
    others_aside: Annotated[float | None, "log10 LR with the others of the set aside"] = None
    derivation: Annotated[float | None, "log10 LR: derived or relayed against trained"] = None
    behind_low: Annotated[float | None, "Behind the leader: low end"] = None
    behind_high: Annotated[float | None, "Behind the leader: high end"] = None
    tied: Annotated[bool | None, "Tied with the leader"] = None
    controls: Annotated[int, "Controls"]
    members: Annotated[str, "Members compared (or too young)"]
    developer: Annotated[str | None, "Developer"]
    outside: Annotated[str, "Outside the validated envelope"] = ""
    reason: Annotated[str, "Why it is not compared"] = ""
