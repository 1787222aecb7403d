"""How many records came in, and how many answers were compared: counted once, for every place that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.finding_page import Part
from workbench.core.printed import listed
from workbench.core.text import counted
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.report.question import Asked

_COMPARING = frozenset({Part.CLOSENESS, Part.WEIGHT, Part.SEARCH, Part.CONTRAST, Part.POWER})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """received − lost − aside = compared, each with words for what it counts."""

    received: int
    models: int
    lost: int
    lost_words: str
    aside: int
    aside_words: str
    compared: int
    compared_words: str
    smaller: str


def reconciled(contents: PackContents, questions: Sequence[Asked]) -> Reconciled:
    """The counts of a case."""
    received = sum(item.records for item in contents.imports)
    rejected = sum(item.rejected for item in contents.imports)
    double = sum(item.duplicate for item in contents.imports)
    used = _used(contents)
    compared = sum(used.values())
    aside = received - rejected - double - compared
    unused = [item.corpus.name for item in contents.corpora if item.accepted and item.corpus.name not in used]
    return Reconciled(
        received=received,
        models=len(contents.corpora),
        lost=rejected + double,
        lost_words=f"{rejected:,} could not be read, {double:,} double",
        aside=aside,
        aside_words=f"of {counted(len(unused), 'model', 'models')} in no comparison: {listed(unused, 2)}"
        if unused
        else "set aside: every model was compared",
        compared=compared,
        compared_words=f"answers of {counted(len(used), 'model', 'models')} that were compared",
        smaller=_smaller(contents, questions),
    )


def _used(contents: PackContents) -> dict[str, int]:
    """The answers of each model that a finding compared: as many as the finding that had most."""
    used: dict[str, int] = {}
    for item in contents.standing():
        if item.page.part in _COMPARING:
            for one in item.exhibit.finding.inputs:
                used[one.corpus] = max(used.get(one.corpus, 0), one.answers)
    return used


def _smaller(contents: PackContents, questions: Sequence[Asked]) -> str:
    prompts = sorted({item.prompts for item in contents.corpora})
    unjoined = sum(item.unjoined for item in contents.corpora)
    said = [
        f"Each model answered {prompts[0]:,} prompts."
        if len(prompts) == 1
        else f"Models answered between {prompts[0]:,} and {prompts[-1]:,} prompts."
        if prompts
        else "No model is in the case."
    ]
    said.append("Only prompts that both sides answered are compared; each finding says on how many it rests.")
    if unjoined:
        said.append(f"{counted(unjoined, 'answer has', 'answers have')} no prompt and could not be paired.")
    few = [one for question in questions for one in _rests(question.findings)]
    return " ".join([*said, *few])


def _rests(items: Sequence[PackFinding]) -> list[str]:
    """Findings of a plan of one material that rest on fewer answers than the others have."""
    found = []
    for item in items:
        inputs = item.exhibit.finding.inputs
        if item.page.part in _COMPARING and inputs:
            most = max(one.answers for one in inputs)
            fewer = [one.corpus for one in inputs if one.answers < most]
            if fewer and len(fewer) < len(inputs):
                found.append(f"In finding {item.exhibit.number}, {listed(fewer, 2)} had fewer answers than others.")
    return found[:2]
