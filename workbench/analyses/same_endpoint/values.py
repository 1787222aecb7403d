"""What a Finding of `same_endpoint` holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

LEVEL = 0.05
"""From this p on downwards two models are told apart; the limit of a distance leaves out as much."""

ENOUGH = 19
"""So many independent controls, all told apart, let a rank among them speak at 0.05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointValues:
    """How far the suspect is from the nearest protected model, whether chance explains that, and what was detectable.

    Distances are MMD², means over prompts. `margin` is the 95th percentile of the distance between two random halves of
    the protected model's own answers, None where they can't be halved; `upper` the upper limit of the suspect's
    distance at `level`. `passed_on` is the share of calls that the suspect could pass on and still be told apart,
    `elsewhere` the share of its answers that may come from elsewhere; None where no control tells.
    """

    suspect: str
    protected: str
    member: str
    n_members: int
    n_prompts: int
    suspect_answers: float
    member_answers: float
    fewest: int
    characters: int
    mean: float
    p: float
    assignments: int
    exact: bool
    upper: float
    level: float
    margin: float | None
    detectable: float
    rank: int
    p_model: float
    n_controls: int
    n_independent: int
    told_apart: int
    nearest: float | None
    passed_on: float | None
    elsewhere: float | None
    alike_suspect: int
    alike_member: int

    @property
    def apart(self) -> bool:
        """Whether the suspect is told from every protected model."""
        return self.p <= LEVEL

    @property
    def same(self) -> bool:
        """Whether the suspect is as near to the protected model as that is to itself."""
        return not self.apart and self.margin is not None and self.upper <= self.margin and self.fewest >= 2

    @property
    def alone(self) -> bool:
        """Whether there are controls, and each of them is told from the protected model."""
        return 0 < self.n_controls == self.told_apart


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One model beside the protected model that is nearest to the suspect: its distance, and whether it is told apart.

    `low` and `high` are the ends of the 90 % interval over prompts; of the protected model's own halves, those of the
    distances between them.
    """

    model: Annotated[str, "model"]
    role: Annotated[str, "role"]
    distance: Annotated[float, "MMD²"]
    low: Annotated[float, "low"]
    high: Annotated[float, "high"]
    p: Annotated[float | None, "p"]
    prompts: Annotated[int, "prompts"]
    answers: Annotated[float, "answers to a prompt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRow:
    """One prompt: how many answers there are, and how far apart they are."""

    prompt: Annotated[str, "prompt (SHA-256)"]
    suspect: Annotated[int, "answers of the suspect"]
    protected: Annotated[int, "answers of the protected model"]
    distance: Annotated[float, "MMD²"]
    equal: Annotated[int, "answers of the suspect that the protected model gave word for word"]
