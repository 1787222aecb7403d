"""Exhibits that a written rule picks: the rarest passages that are shared, and the strongest that speak against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.core.finding_page import Part
from workbench.core.model import Json
from workbench.core.text import counted
from workbench.evidence.exhibits.passages import (
    LEAST,
    MOST_PROMPTS,
    Run,
    Shared,
    first_answers,
    parts_of,
    shared,
    words_of,
)
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import source_file
from workbench.evidence.report.question import Asked, asked

FOR, AGAINST = "for", "against"
_PICKED = {FOR: 6, AGAINST: 3}

RULE = (
    f"A passage is a run of {LEAST} words or more of one clause that an answer shares with the protected model’s "
    "answer to the same prompt. It is rare where no other compared model wrote it for that prompt. Of the suspect’s "
    f"answers, the {_PICKED[FOR]} with the longest rare passage are shown; against it, the {_PICKED[AGAINST]} longest "
    "rare passages of controls, found by the same rule. Only the first answer of each model to a prompt is looked at, "
    f"and the first {MOST_PROMPTS:,} prompts by their digests."
)
NO_WEIGHT = "Exhibits illustrate. They add no weight to a finding."


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer beside others: `spans` are the passages in it, as (begin, end, place in the exhibit's list)."""

    role: str
    model: str
    answer: Mapping[str, Json]
    spans: tuple[tuple[int, int, int], ...]

    @property
    def text(self) -> str:
        """The answer's own text."""
        return str(self.answer["response"])


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in words, and how many controls wrote it for this prompt."""

    words: str
    controls: int


@dataclass(frozen=True, slots=True)
class PickedExhibit:
    """A prompt with the answers of the suspect, the protected model and a control, rarest passage first."""

    number: int
    kind: str
    prompt: str
    columns: tuple[Shown, ...]
    passages: tuple[Passage, ...]
    controls: int

    @property
    def name(self) -> str:
        """Its name in the pack."""
        return f"EX-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class PickedExhibits:
    """All exhibits of a question, and what the rule found of each model: prompts with a rare passage, and compared."""

    suspect: str
    protected: str
    exhibits: tuple[PickedExhibit, ...]
    counts: tuple[tuple[str, int, int], ...]


def picked(contents: PackContents) -> PickedExhibits | None:
    """The exhibits of the first question of a pack; None where no finding compares models."""
    one = next(iter(asked(contents)), None)
    closest = one.of(Part.CLOSENESS) if one else None
    if one is None or closest is None:
        return None
    known = {corpus.corpus.name for corpus in contents.corpora}
    roles = {role: tuple(i.corpus for i in closest.exhibit.finding.inputs if i.role == role and i.corpus in known)
             for role in ("suspect", "protected", "control")}  # fmt: skip
    if len(roles["suspect"]) != 1 or not roles["protected"]:
        return None
    found = shared(contents, roles["suspect"][0], roles["protected"], roles["control"])
    return _shown(contents, one, found, roles["protected"])


def _shown(contents: PackContents, one: Asked, found: Shared, protected: tuple[str, ...]) -> PickedExhibits:
    prompts = sorted(found.parts)
    alone: dict[tuple[int, str], Run] = {}
    counts = []
    for model, name in enumerate(found.models):
        rare = {prompt: run for prompt in prompts if (run := found.alone(model, prompt)) is not None}
        alone |= {(model, prompt): run for prompt, run in rare.items()}
        counts.append((name, len(rare), sum((model, prompt) in found.places for prompt in prompts)))
    ordered = sorted(alone, key=lambda place: (-alone[place].words, place[1], place[0]))
    chosen = [(FOR, place) for place in ordered if place[0] == 0][: _PICKED[FOR]]
    chosen += [(AGAINST, place) for place in ordered if place[0] != 0][: _PICKED[AGAINST]]
    answers = _answers(contents, (*found.models, *protected), {prompt for _, (_, prompt) in chosen})
    exhibits = tuple(
        _exhibit(number, kind, model, prompt, found, protected, answers)
        for number, (kind, (model, prompt)) in enumerate(chosen, 1)
    )
    return PickedExhibits(one.suspect, one.protected, exhibits, tuple(counts))


def _answers(
    contents: PackContents, models: tuple[str, ...], prompts: set[str]
) -> dict[tuple[str, str], Mapping[str, Json]]:
    """The answers of some models to the prompts that are shown."""
    return {
        (name, prompt): answer
        for name in (models if prompts else ())
        for prompt, answer in first_answers(contents, name)
        if prompt in prompts
    }


def _exhibit(
    number: int,
    kind: str,
    model: int,
    prompt: str,
    found: Shared,
    protected: tuple[str, ...],
    answers: Mapping[tuple[str, str], Mapping[str, Json]],
) -> PickedExhibit:
    name = found.models[model]
    own = answers[name, prompt]
    text = str(own["response"])
    words = words_of(text)
    runs = sorted(found.runs(model, prompt), key=lambda run: (len(run.holders - {0}), -run.words, run.first))
    spans = [words_span(words, run.first, run.words) for run in runs]
    parts = [parts_of(text[begin:end]) for begin, end in spans]
    # The protected model that has the rarest passage, and the control that shares most on this prompt.
    source = max(protected, key=lambda one: len(set(parts[0]) & set(parts_of(_text(answers, one, prompt)))))
    others = [at for at in range(len(found.models)) if at != model and (found.models[at], prompt) in answers]
    beside = 0 if kind == AGAINST else max(
        (at for at in others if at),
        key=lambda at: (sum(run.words for run in found.runs(at, prompt)), -at),
        default=None,
    )  # fmt: skip
    shown = [("suspect" if model == 0 else "control", name), ("protected", source)]
    if beside is not None and (found.models[beside], prompt) in answers:
        role = "suspect" if beside == 0 else "control, the nearest on this prompt"
        shown.append((role, found.models[beside]))
    return PickedExhibit(
        number,
        kind,
        str(own.get("prompt") or ""),
        tuple(
            Shown(role, one, answers[one, prompt], _spans(_text(answers, one, prompt), parts)) for role, one in shown
        ),
        tuple(
            Passage(text[begin:end], len(run.holders - {0, model}))
            for (begin, end), run in zip(spans, runs, strict=True)
        ),
        sum(at != 0 and at != model for at in others),
    )


def _text(answers: Mapping[tuple[str, str], Mapping[str, Json]], model: str, prompt: str) -> str:
    answer = answers.get((model, prompt))
    return str(answer["response"]) if answer else ""


def words_span(words: list[re.Match[str]], first: int, count: int) -> tuple[int, int]:
    """Where a run of words begins and ends in its text."""
    return words[first].start(), words[first + count - 1].end()


def _spans(text: str, passages: list[list[int | None]]) -> tuple[tuple[int, int, int], ...]:
    """Where passages stand in a text, rarest first: a word belongs to one passage at most."""
    words, parts = words_of(text), parts_of(text)
    taken: list[tuple[int, int, int]] = []
    for at, passage in enumerate(passages):
        wanted = len(passage)
        for first in range(len(parts) - wanted + 1):
            last = first + wanted + LEAST - 2
            free = all(last < begin or end < first for begin, end, _ in taken)
            if parts[first : first + wanted] == passage and free:
                taken.append((first, last, at))
    return tuple((words[first].start(), words[last].end(), at) for first, last, at in sorted(taken))


def why(exhibit: PickedExhibit) -> str:
    """Why an exhibit is here, in words."""
    first = exhibit.columns[0]
    length = counted(len(words_of(exhibit.passages[0].words)), "word", "words")
    return (
        f"{first.model} and {exhibit.columns[1].model} share a passage of {length} in their answers to this prompt, "
        f"which {'' if exhibit.kind == FOR else 'neither the suspect nor '}{_others(exhibit)} wrote."
    )


def _others(exhibit: PickedExhibit) -> str:
    none = "none" if exhibit.kind == FOR else "any"
    return f"{none} of the {exhibit.controls} {'controls' if exhibit.kind == FOR else 'other controls'}"


def does_not_show(exhibit: PickedExhibit) -> str:
    """What an exhibit does not show."""
    if exhibit.kind == AGAINST:
        return f"That {exhibit.columns[0].model} learned from anyone: controls share rare passages too."
    return "Where the passage comes from. One passage is no finding: controls have rare ones too, counted below."


def places(contents: PackContents, one: PickedExhibit) -> Iterator[tuple[str, str, int, int, str]]:
    """Where the bytes of each answer are: model, file, offset, length, and the SHA-256 of its text."""
    sources = {source.sha256: source for source in contents.sources}
    for column in one.columns:
        answer = column.answer
        source = sources.get(str(answer.get("source")))
        kept = contents.include_originals and source is not None and source.path is not None and not source.withheld
        where = source_file(source).rpartition("/")[2] if source is not None and kept else "not in this pack"
        yield column.model, where, answer.get("offset") or 0, answer.get("length") or 0, str(answer["sha256"])
