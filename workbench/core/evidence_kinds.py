"""What the evidence of a Finding is: which Findings are independent of each other, and which are one thing seen twice.

Two Findings on the same answers see one thing, whatever their methods. A Finding whose chance was drawn beforehand (a
key, a marker, which answers were served) has a null that no likeness of answers can cause: it stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from workbench.core.printed import listed


class Kind(StrEnum):
    """What a Finding rests on."""

    ANSWERS = "answers"
    DRAWN = "drawn"
    RECORDS = "records"
    GRADES = "grades"


KINDS: Mapping[str, Kind] = {
    "campaign": Kind.RECORDS,
    "canaries": Kind.DRAWN,
    "exposure": Kind.DRAWN,
    "keyed_signal": Kind.DRAWN,
    "same_endpoint": Kind.ANSWERS,
    "training_set": Kind.RECORDS,
    "verbatim": Kind.ANSWERS,
}
"""The analyses of direct evidence by their key; all others compare answers."""

_SAID = {
    Kind.DRAWN: "on chance that was drawn beforehand: a key, a marker, or which answers were served. No likeness of "
    "answers brings that about, so that it is independent of what compares answers",
    Kind.RECORDS: "on records: published data or logs. It does not rest on likeness of answers",
    Kind.GRADES: "on which wrong options were chosen. A base or training data in common bring about that and likeness "
    "of answers alike, so that the two are not independent",
}


def kind_of(analysis: str) -> Kind:
    """What the Findings of an analysis rest on, by its key."""
    return KINDS.get(analysis, Kind.ANSWERS)


def beside_answers(findings: Iterable[tuple[int, str]]) -> list[str]:
    """A sentence for each kind of evidence that is not a comparison of answers, from numbers and analyses."""
    by_kind: dict[Kind, list[str]] = {}
    for number, analysis in findings:
        by_kind.setdefault(kind_of(analysis), []).append(str(number))
    said = []
    for kind, words in _SAID.items():
        numbers = by_kind.get(kind, [])
        if numbers:
            start = f"Finding {numbers[0]} rests" if len(numbers) == 1 else f"Findings {listed(numbers, 20)} rest"
            said.append(f"{start} {words}.")
    return said


def on_answers(findings: Iterable[tuple[int, str]]) -> list[int]:
    """The numbers of the Findings that compare the same answers."""
    return [number for number, analysis in findings if kind_of(analysis) is Kind.ANSWERS]
