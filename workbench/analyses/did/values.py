"""The values of a Finding of `did`, and the rows of those of its tables that are read again.

Statistics and the ends of intervals are in points: mean cosines times 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from workbench.core.typed_json import Interval

BASELINE, VERSIONS = "baseline", "versions"
"""The kinds of contrast: of the suspect with its base or sibling, and of two versions of the protected side."""

PLACEBO = "placebo"
"""The role of every seat but the real one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastValues:
    """One contrast; `baseline` is compared with, or is the newer version, which is compared with `older`.

    `rank` and `n_seats` count models, `views_first` the views of the text in which the real seat comes first.
    """

    kind: str
    name: str
    baseline: tuple[str, ...]
    role: str
    older: tuple[str, ...]
    statistic: float
    interval: Interval
    rank: int
    n_seats: int
    p_model: float
    p_prompts: float
    n_prompts: int
    largest_placebo: str
    largest_placebo_statistic: float
    views: tuple[str, ...]
    views_first: int
    share_of_replicates_first: float | None = None
    """The share of the drawings of prompts in which the real seat comes first; findings of version 1 lack it."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A corpus that could not be a baseline, and why."""

    corpus: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DidValues(ContrastValues):
    """What a run states: the contrast of the headline, all contrasts, and what they rest on.

    `stated` is the place of the headline's contrast among `contrasts`; `strange` are the baselines that answer unlike
    every control, `unbacked` those that the examiner's word alone makes a base or sibling. `p_model` counts relatives
    and near copies among the placebos once, as `n_independent` models; in findings of version 1, which have 0 there, it
    counts every one.
    """

    contrasts: tuple[ContrastValues, ...]
    stated: int
    suspect: str
    protected: str
    members: tuple[str, ...]
    n_controls: int
    n_prompts_suspect: int
    confidence: float
    flips: int
    passed_over: tuple[PassedOver, ...]
    undated: tuple[str, ...]
    despite_date: str | None
    strange: tuple[str, ...]
    base_in_common: bool
    unbacked: tuple[str, ...] = ()
    n_independent: int = 0

    @property
    def counted(self) -> int:
        """How many placebos count in `p_model`."""
        return self.n_independent or self.n_seats - 1


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat of the stated contrast, the largest first."""

    place: Annotated[int, "Place"]
    model: Annotated[str, "Model in the seat"]
    role: Annotated[str, "Role"]
    statistic: Annotated[float, "Difference of differences, in points (mean cosine times 100)"]
    low: Annotated[float, "Low end of the interval"]
    high: Annotated[float, "High end of the interval"]


@dataclass(frozen=True, slots=True)
class MemberAloneRow:
    """The stated contrast against one protected model alone: what is read of its row."""

    member: str
    statistic: float
    rank: int


@dataclass(frozen=True, slots=True)
class ViewAloneRow:
    """A contrast in one view of the text: what is read of its row."""

    contrast: str
    view: str
    statistic: float
    rank: int
    prompts: int
