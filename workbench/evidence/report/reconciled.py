"""How many records came in, and how many answers were compared: counted once, for every place that says it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from workbench.core.finding_page import Part
from workbench.core.printed import listed
from workbench.core.text import counted
from workbench.evidence.pack.contents import PackContents

_PROMPTS = "n_prompts"
_MOST = 4
"""Groups of findings that are told apart; each page says its own number."""

_COMPARING = frozenset({Part.CLOSENESS, Part.WEIGHT, Part.CONTRAST, Part.POWER})
"""A search lists every family, those too that came too late to be a source."""


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


def reconciled(contents: PackContents) -> Reconciled:
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
        smaller=_smaller(contents),
    )


def _used(contents: PackContents) -> dict[str, int]:
    """The answers of each model that a finding compared: as many as the finding that had most."""
    used: dict[str, int] = {}
    for item in contents.standing():
        if item.page.part in _COMPARING:
            for one in item.exhibit.finding.inputs:
                used[one.corpus] = max(used.get(one.corpus, 0), one.answers)
    return used


def _weighed(contents: PackContents) -> list[str]:
    """On how many prompts weights rest, where it is fewer than another finding on the same question compares."""
    found: dict[tuple[int, int], list[str]] = {}
    for item in contents.standing():
        rests = item.exhibit.finding.number(_PROMPTS)
        if item.page.part is Part.WEIGHT and rests is not None:
            most = max(other.exhibit.finding.number(_PROMPTS) or 0 for other in contents.on(item.question))
            if rests < most:
                found.setdefault((int(rests), int(most)), []).append(str(item.exhibit.number))
    if not found:
        return []
    each = [
        f"{'finding' if len(items) == 1 else 'findings'} {listed(items, 5)}, {rests:,} of {most:,}"
        for (rests, most), items in list(found.items())[:_MOST]
    ]
    return [
        f"A weight rests on answers that are long enough on both sides, in one language: {'; '.join(each)} prompts."
    ]


def _smaller(contents: PackContents) -> str:
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
    said += _weighed(contents)
    if unjoined:
        said.append(f"{counted(unjoined, 'answer has', 'answers have')} no prompt and could not be paired.")
    answers = {item.corpus.name: item.accepted for item in contents.corpora}
    usual = median(answers.values()) if answers else 0
    if fewer := [name for name, count in answers.items() if count < usual]:
        said.append(f"{listed(fewer, 3)} {'has' if len(fewer) == 1 else 'have'} fewer answers than usual.")
    return " ".join(said)
