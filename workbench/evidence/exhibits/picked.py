"""What the written rule picks: the rarest passages that are shared, and the strongest that speak against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.core.exhibits import RuleCount, Side
from workbench.core.finding_page import Part
from workbench.core.model import Json
from workbench.evidence.exhibits.passages import LEAST, MOST_PROMPTS, Run, Shared, first_answers, parts_of, shared
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.report.question import asked

_PICKED = {Side.FOR: 6, Side.AGAINST: 3}

RULE = (
    f"A passage is a run of {LEAST} words or more of one clause that an answer shares with the protected model’s "
    "answer to the same prompt. It is rare where no other compared model wrote it for that prompt. Of the suspect’s "
    f"answers, the {_PICKED[Side.FOR]} with the longest rare passage are shown; against it, the "
    f"{_PICKED[Side.AGAINST]} longest rare passages of controls, found by the same rule. Only the first answer of each "
    f"model to a prompt is looked at, and the first {MOST_PROMPTS:,} prompts by their digests."
)
NO_WEIGHT = "Exhibits illustrate. They add no weight to a finding."
NEAREST = "control, the nearest on this prompt"


@dataclass(frozen=True, slots=True)
class Placed:
    """An answer with whose it is and in which role it is shown."""

    role: str
    model: str
    answer: Mapping[str, Json]

    @property
    def text(self) -> str:
        """The answer's own text."""
        return str(self.answer["response"])


@dataclass(frozen=True, slots=True)
class Pick:
    """One prompt that the rule picks: whose passage, the protected model that has it, and a third answer."""

    side: Side
    prompt: str
    columns: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Who is compared in the first question of a pack: the suspect, the protected side by name, and the controls."""

    suspect: str
    protected: str
    sources: tuple[str, ...]
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """What the rule picks, and what it found of each model, the suspect first."""

    compared: Compared
    picks: tuple[Pick, ...]
    counts: tuple[RuleCount, ...]


def compared_in(contents: PackContents) -> Compared | None:
    """Who the first question of a pack compares; None where no finding compares models."""
    one = next(iter(asked(contents)), None)
    closest = one.of(Part.CLOSENESS) if one else None
    if one is None or closest is None:
        return None
    known = {corpus.corpus.name for corpus in contents.corpora}
    roles = {role: tuple(i.corpus for i in closest.exhibit.finding.inputs if i.role == role and i.corpus in known)
             for role in ("suspect", "protected", "control")}  # fmt: skip
    if len(roles["suspect"]) != 1 or not roles["protected"]:
        return None
    return Compared(roles["suspect"][0], one.protected, roles["protected"], roles["control"])


def picked(contents: PackContents) -> Picked | None:
    """What the rule picks for the first question of a pack; None where no finding compares models."""
    compared = compared_in(contents)
    if compared is None:
        return None
    found = shared(contents, compared.suspect, compared.sources, compared.controls)
    prompts = sorted(found.parts)
    alone: dict[tuple[int, str], Run] = {}
    counts = []
    for model, name in enumerate(found.models):
        rare = {prompt: run for prompt in prompts if (run := found.alone(model, prompt)) is not None}
        alone |= {(model, prompt): run for prompt, run in rare.items()}
        counts.append(RuleCount(name, len(rare), sum((model, prompt) in found.places for prompt in prompts)))
    ordered = sorted(alone, key=lambda place: (-alone[place].words, place[1], place[0]))
    chosen = [(Side.FOR, place) for place in ordered if place[0] == 0][: _PICKED[Side.FOR]]
    chosen += [(Side.AGAINST, place) for place in ordered if place[0] != 0][: _PICKED[Side.AGAINST]]
    answers = _answers(contents, (*found.models, *compared.sources), {prompt for _, (_, prompt) in chosen})
    picks = tuple(_pick(side, model, prompt, found, compared.sources, answers) for side, (model, prompt) in chosen)
    return Picked(compared, picks, tuple(counts))


_Answers = Mapping[tuple[str, str], Mapping[str, Json]]


def _answers(contents: PackContents, models: tuple[str, ...], prompts: set[str]) -> _Answers:
    """The answers of some models to the prompts that are shown."""
    return {
        (name, prompt): answer
        for name in (models if prompts else ())
        for prompt, answer in first_answers(contents, name)
        if prompt in prompts
    }


def _pick(side: Side, model: int, prompt: str, found: Shared, sources: tuple[str, ...], answers: _Answers) -> Pick:
    """The answer with the passage, the protected model's that has it, and the nearest control's or the suspect's."""

    def placed(role: str, name: str) -> Placed:
        return Placed(role, name, answers[name, prompt])

    own = placed("suspect" if model == 0 else "control", found.models[model])
    run = found.alone(model, prompt)
    assert run is not None
    parts = set(parts_of(own.text)[run.first : run.first + run.words - LEAST + 1])
    there = [name for name in sources if (name, prompt) in answers]
    source = max(there, key=lambda name: len(parts & set(parts_of(placed("", name).text))))
    columns = [own, placed("protected", source)]
    others = [at for at, name in enumerate(found.models) if at != model and (name, prompt) in answers]
    if side is Side.AGAINST:
        columns += [placed("suspect", found.models[0])] if 0 in others else []
    elif others:
        near = max(others, key=lambda at: (sum(run.words for run in found.runs(at, prompt)), -at))
        columns.append(placed(NEAREST, found.models[near]))
    return Pick(side, prompt, tuple(columns))
