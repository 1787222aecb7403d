"""What a Finding of `training_set` holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSetValues:
    """Published rows that agree with the protected side's answers, by kind, beside what happens without copying.

    Rates are of pairs of answers of 200 characters or more; `repetition` is how often the protected side repeats
    itself, `coincidence` how often two controls coincide. `bits` is -log2 of the repetition.
    """

    suspect: str
    protected: str
    sets: tuple[str, ...]
    n_rows: int
    n_answers: int
    pairs: int
    answers: int
    near: int
    runs: int
    before: int
    same: int
    after: int
    undated: int
    templates: int
    most_of_controls: int
    n_controls: int
    repetition_pairs: int
    repetition_equal: int
    bits: float | None
    coincidence_pairs: int
    coincidence_equal: int
    log_rows: int | None = None
    """Published rows that stand in the log; None without a log."""
    log_pairs: int = 0
    log_before: int = 0
    log_accounts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """A published row and an answer that agree."""

    data_set: Annotated[str, "training set"]
    row: Annotated[int, "row"]
    model: Annotated[str, "model"]
    answer: Annotated[int, "which answer"]
    kind: Annotated[str, "kind"]
    characters: Annotated[int, "characters"]
    jaccard: Annotated[float, "common shingles"]
    run: Annotated[int, "tokens in the common run"]
    order: Annotated[str, "answer against publication"]
    time: Annotated[str, "time of the answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """The published rows that agree with one model's answers."""

    model: Annotated[str, "model"]
    role: Annotated[str, "role"]
    answers: Annotated[int, "answers"]
    pairs: Annotated[int, "equal prompt and answer"]
    equal: Annotated[int, "equal long answer"]
    near: Annotated[int, "near answer"]
    runs: Annotated[int, "common run"]
    share_of_set: Annotated[float, "share of the published rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMatchRow:
    """A published row that is an answer in the log."""

    data_set: Annotated[str, "training set"]
    row: Annotated[int, "row"]
    pair: Annotated[bool, "prompt equal too"]
    calls: Annotated[int, "calls"]
    first: Annotated[str, "first call (UTC)"]
    order: Annotated[str, "call against publication"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account that was served published answers, by its pseudonym."""

    account: Annotated[str, "pseudonym"]
    rows: Annotated[int, "published rows"]
