"""What `verbatim` gathers and states: the texts of all models by prompt, values and tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analyses.scoring.independent import independent_groups
from workbench.analyses.verbatim.compute import Measured, Passage, Texts
from workbench.analyses.verbatim.passages import RULED_OUT, composed, spans
from workbench.analyses.verbatim.values import ModelRow, PassageRow, VerbatimValues
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Table
from workbench.core.selection import Question, Selection
from workbench.core.text import one_line
from workbench.core.typed_json import table

MIN_CONTROLS, MIN_PROMPTS = 5, 10
SHOWN = 50
"""Passages of the suspect that are shown."""

_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Material:
    """The question, its texts by prompt, the prompts' digests, and the answers that passages are cut from.

    `groups` are the controls by their places, relatives and near copies in one group.
    """

    question: Question
    texts: Texts
    prompts: tuple[str, ...]
    answers: dict[tuple[int, str, int], str]
    groups: tuple[list[int], ...]


def gather(selection: Selection) -> Material:
    """The answers to every prompt that the suspect and the protected side answered.

    Raises RefusedError with fewer than five controls or ten such prompts.
    """
    question = selection.question
    _refuse_too_few_controls(question)
    owners = {question.suspect.name: 0}
    owners |= {corpus.name: at for at, corpus in enumerate(question.controls, 1)}
    owners |= {corpus.name: len(question.controls) + 1 for corpus in question.protected}
    owners |= {corpus.name: RULED_OUT for corpus in question.others}
    texts = Texts(len(question.controls))
    prompts: list[str] = []
    kept: dict[tuple[int, str, int], str] = {}
    corpora = (question.suspect, *question.controls, *question.protected, *question.others)
    sources = {corpus.name for corpus in question.protected}
    for block in selection.blocks(corpora):
        for place, (digest, answers) in enumerate(zip(block.prompts, block.answers, strict=True)):
            if question.suspect.name not in answers or not sources & set(answers):
                continue
            for name in sources | {question.suspect.name}:
                kept |= {(len(prompts), name, at): answer for at, answer in enumerate(answers.get(name, ()))}
            texts.add(block.asked(place), answers, owners)
            prompts.append(digest)
    _refuse_too_few_prompts(question, len(prompts))
    return Material(
        question, texts, tuple(prompts), kept, independent_groups(question.controls, selection.similarities())
    )


def foreseen(known: Known) -> Foreseen:
    """The prompts that both sides answered, and the controls; raises RefusedError where there are too few."""
    question = known.question
    _refuse_too_few_controls(question)
    own = known.prompts_of(question.suspect.name)
    shared = int((own & np.any([known.prompts_of(c.name) for c in question.protected], axis=0)).sum())
    _refuse_too_few_prompts(question, shared)
    return Foreseen(shared, int(own.sum()), len(question.controls))


def _refuse_too_few_controls(question: Question) -> None:
    if len(question.controls) < MIN_CONTROLS:
        raise RefusedError(
            f"There are {len(question.controls)} controls; shared passages need at least {MIN_CONTROLS}, since what "
            "two controls share by chance is the yardstick."
        )


def _refuse_too_few_prompts(question: Question, prompts: int) -> None:
    if prompts < MIN_PROMPTS:
        raise RefusedError(
            f"{question.suspect.name} and {question.protected_name} both answered {prompts} prompts; shared "
            f"passages need at least {MIN_PROMPTS}."
        )


def values(material: Material, measured: Measured, strong_bits: float, searched: str) -> VerbatimValues:
    """The Finding's values."""
    question = material.question
    scores = [seat.score for seat in measured.seats]
    strong = measured.strong(strong_bits)
    return VerbatimValues(
        suspect=question.suspect.name,
        protected=question.protected_name,
        n_prompts=len(material.prompts),
        n_controls=len(question.controls),
        score=scores[0],
        n_independent=len(material.groups),
        p_model=measured.p_model(material.groups),
        rank=1 + sum(score >= scores[0] for score in scores[1:]),
        threshold=measured.threshold,
        pairs=measured.pairs,
        strong_bits=strong_bits,
        strong_prompts=strong[0],
        strong_prompts_of_controls=max(strong[1:]),
        controls_with_as_many=sum(count >= strong[0] for count in strong[1:]),
        searched=searched,
    )


def tables(material: Material, measured: Measured, strong_bits: float) -> dict[str, Table]:
    """Every model's score, and the suspect's passages with the most bits."""
    question = material.question
    strong = measured.strong(strong_bits)
    names = [question.suspect.name, *(corpus.name for corpus in question.controls)]
    models = [
        ModelRow(
            model=name,
            score=seat.score,
            prompts_above=seat.prompts_above,
            strong_prompts=count,
            longest=max((passage.length for passage in seat.passages), default=0),
        )
        for name, seat, count in zip(names, measured.seats, strong, strict=True)
    ]
    ordered = sorted(measured.seats[0].passages, key=lambda one: (-one.bits, one.prompt, one.at))
    return {
        "by_model": table(ModelRow, models),
        "passages": table(PassageRow, [_passage(material, one) for one in ordered[:SHOWN]]),
    }


def _passage(material: Material, passage: Passage) -> PassageRow:
    texts = material.texts
    (own, which), (source, other) = texts.source[passage.text], texts.source[passage.other_text]
    answer = composed(material.answers[passage.prompt, own, which])
    start, end = _span(answer, passage.at, passage.length)
    source_start, source_end = _span(material.answers[passage.prompt, source, other], passage.other_at, passage.length)
    return PassageRow(
        prompt=material.prompts[passage.prompt],
        bits=passage.bits,
        tokens=passage.length,
        answer=which,
        start=start,
        end=end,
        source=source,
        source_answer=other,
        source_start=source_start,
        source_end=source_end,
        text=one_line(answer[start:end], _CHARACTERS),
    )


def _span(text: str, at: int, length: int) -> tuple[int, int]:
    """First character of a run of tokens in a text's composed form, and the one after its last."""
    places = spans(text)
    return places[at][0], places[at + length - 1][1]
