"""What a Finding of `verbatim` holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbatimValues:
    """The suspect's score in bits, its rank among the controls, and what it rests on.

    `p_model` counts relatives and near copies among the controls once, as `n_independent` models; in findings of
    version 1 it counts every control, and `n_independent` is 0.
    """

    suspect: str
    protected: str
    n_prompts: int
    n_controls: int
    score: float
    p_model: float
    rank: int
    threshold: float
    pairs: int
    strong_bits: float
    strong_prompts: int
    strong_prompts_of_controls: int
    controls_with_as_many: int
    searched: str
    n_independent: int = 0

    @property
    def counted(self) -> int:
        """How many controls count in `p_model`."""
        return self.n_independent or self.n_controls


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One model in the suspect's seat."""

    model: Annotated[str, "model"]
    score: Annotated[float, "bits above the threshold"]
    prompts_above: Annotated[int, "prompts above the threshold"]
    strong_prompts: Annotated[int, "prompts with a passage of many bits"]
    longest: Annotated[int, "tokens of its longest passage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """One passage of the suspect's that the protected side has too, and no other model."""

    prompt: Annotated[str, "prompt (SHA-256)"]
    bits: Annotated[float, "bits"]
    tokens: Annotated[int, "tokens"]
    answer: Annotated[int, "which answer of the suspect"]
    start: Annotated[int, "first character"]
    end: Annotated[int, "character after the last"]
    source: Annotated[str, "protected model"]
    source_answer: Annotated[int, "which answer of it"]
    source_start: Annotated[int, "first character there"]
    source_end: Annotated[int, "character after the last there"]
    text: Annotated[str, "passage"]
