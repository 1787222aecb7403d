"""Innocent explanations as rows of a Finding: what would show each, and what it showed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationRow:
    """An innocent explanation: what would show it, whether the case has that, and what it showed."""

    explanation: Annotated[str, "explanation"]
    sign: Annotated[str, "what would show it"]
    tested: Annotated[bool, "tested"]
    shows: Annotated[str, "what it showed"]


def tested(explanation: str, sign: str, shows: str) -> ExplanationRow:
    """An explanation that this case has the data to test."""
    return ExplanationRow(explanation=explanation, sign=sign, tested=True, shows=shows)


def untested(explanation: str, sign: str, why: str = "") -> ExplanationRow:
    """An explanation that nothing in this case can test; `why` says what is lacking."""
    shows = f"untested: {why}" if why else "untested"
    return ExplanationRow(explanation=explanation, sign=sign, tested=False, shows=shows)
