"""What `same_endpoint` gathers and states: repeated answers by model, distances, and innocent explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from workbench.analyses.explanations import ExplanationRow, tested, untested
from workbench.analyses.same_endpoint.compute import (
    FEWEST_TO_HALVE,
    Distance,
    Floats,
    Pair,
    distance,
    elsewhere,
    halves,
    passed_on,
    upper_limit,
)
from workbench.analyses.same_endpoint.values import LEVEL, EndpointValues, ModelRow, PromptRow
from workbench.analyses.scoring.independent import independent_groups
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Corpus, Facts, Table
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection
from workbench.core.statistics.resampling import p_model
from workbench.core.text import normal_prompt, one_line
from workbench.core.typed_json import table

MIN_PROMPTS = 20
MOST_ANSWERS = 20
"""Answers of one model to one prompt that are compared; further ones say little more and cost their square."""

REPLICATES = 999
"""Times that prompts are drawn again for a limit."""

Texts = Mapping[str, tuple[str, ...]]
"""A model's answers by prompt digest, in their normal form: white space as one blank, composed letters."""


@dataclass(frozen=True, slots=True)
class Material:
    """The question, every model's answers, and which controls are relatives or near copies of each other."""

    question: Question
    answers: Mapping[str, Texts]
    members: tuple[Corpus, ...]
    controls: tuple[Corpus, ...]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A model beside a protected one: the prompts, the answers to each, and how far apart they are."""

    corpus: Corpus
    other: Corpus
    prompts: tuple[str, ...]
    pairs: tuple[Pair, ...]
    found: Distance

    @property
    def interval(self) -> tuple[float, float]:
        """The 90 % interval of the distance over prompts."""
        values = self.found.by_prompt
        return -upper_limit(-values, 1 - LEVEL, REPLICATES, 0), upper_limit(values, 1 - LEVEL, REPLICATES, 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """The suspect beside every protected model, the nearest first; the controls and that model's halves beside it."""

    members: tuple[Compared, ...]
    controls: tuple[Compared, ...]
    halves: Floats | None
    upper: float
    level: float

    @property
    def nearest(self) -> Compared:
        """The protected model that the suspect is nearest to."""
        return self.members[0]


def gather(selection: Selection) -> Material:
    """The answers of all models; raises RefusedError where too few prompts have repeated answers."""
    question = selection.question
    corpora = (question.suspect, *question.protected, *question.controls)
    kept: dict[str, dict[str, tuple[str, ...]]] = {corpus.name: {} for corpus in corpora}
    for block in selection.blocks(corpora):
        for digest, answers in zip(block.prompts, block.answers, strict=True):
            for name in kept.keys() & answers.keys():
                kept[name][digest] = tuple(map(normal_prompt, answers[name][:MOST_ANSWERS]))
    own = kept[question.suspect.name]
    members = tuple(c for c in question.protected if len(common(own, kept[c.name])) >= MIN_PROMPTS)
    if not members:
        raise _too_few(question)
    controls = tuple(
        c for c in question.controls if any(len(common(kept[c.name], kept[m.name])) >= MIN_PROMPTS for m in members)
    )
    return Material(question, kept, members, controls, _independent(controls, selection))


def _too_few(question: Question) -> RefusedError:
    return RefusedError(
        f"{question.suspect.name} and {question.protected_name} need repeated answers to at least {MIN_PROMPTS} "
        "prompts in common.",
        hint="Put each prompt five times to both, with the same settings, and import all answers with their ids.",
    )


def _independent(controls: Sequence[Corpus], selection: Selection) -> tuple[tuple[str, ...], ...]:
    if not controls:
        return ()
    return tuple(
        tuple(controls[at].name for at in group) for group in independent_groups(controls, selection.similarities())
    )


def common(one: Texts, other: Texts) -> list[str]:
    """The prompts that say how far apart two models are: with two answers of both, or with three in all.

    Prompts with two answers of both are taken alone where there are enough of them.
    """
    shared = sorted(one.keys() & other.keys())
    repeated = [prompt for prompt in shared if min(len(one[prompt]), len(other[prompt])) >= 2]
    if len(repeated) >= MIN_PROMPTS:
        return repeated
    return [prompt for prompt in shared if len(one[prompt]) + len(other[prompt]) >= 3]


def foreseen(known: Known) -> Foreseen:
    """What the test would rest on; raises RefusedError where no model here has repeated answers."""
    question = known.question
    own = known.prompts_of(question.suspect.name)
    asked = int(own.sum())
    shared = max((int((own & known.prompts_of(c.name)).sum()) for c in question.protected), default=0)
    repeated = any(
        corpus.answers > int(known.prompts_of(corpus.name).sum()) for corpus in (question.suspect, *question.protected)
    )
    if shared < MIN_PROMPTS or not repeated:
        raise _too_few(question)
    each = question.suspect.answers / max(1, asked)
    return Foreseen(
        rests_on=f"At most {shared:,} prompts, with {each:.1f} answers of {question.suspect.name} to each on average."
    )


def measure(material: Material, characters: int, draws: int, seed: int, progress: Progress) -> Measured:
    """Every protected model beside the suspect, then the controls beside the nearest of them."""
    asked = _Asked(material, characters, draws, seed)
    steps = len(material.members) + len(material.controls)
    own = material.question.suspect
    members = [
        asked.beside(own, member, part(progress, at / steps, (at + 1) / steps))
        for at, member in enumerate(material.members)
    ]
    members.sort(key=lambda one: one.found.mean)
    nearest = members[0].other
    controls = [
        asked.beside(control, nearest, part(progress, at / steps, (at + 1) / steps))
        for at, control in enumerate(material.controls, len(members))
        if len(common(material.answers[control.name], material.answers[nearest.name])) >= MIN_PROMPTS
    ]
    level = 1 - LEVEL / len(members)
    upper = upper_limit(members[0].found.by_prompt, level, REPLICATES, seed)
    return Measured(tuple(members), tuple(controls), asked.against_itself(members[0]), upper, level)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How models are compared in one run."""

    material: Material
    characters: int
    draws: int
    seed: int

    def beside(self, corpus: Corpus, other: Corpus, progress: Progress) -> Compared:
        """One model beside another."""
        progress(0.0, f"distance of {corpus.name}")
        one, two = self.material.answers[corpus.name], self.material.answers[other.name]
        prompts = tuple(common(one, two))
        pairs = tuple(Pair(one[prompt], two[prompt]) for prompt in prompts)
        return Compared(
            corpus, other, prompts, pairs, distance(pairs, self.characters, self.draws, self.seed, progress)
        )

    def against_itself(self, nearest: Compared) -> Floats | None:
        """Distances between halves of the protected model's answers; None where too few prompts have enough of them."""
        answers = [pair.second for pair in nearest.pairs if len(pair.second) >= FEWEST_TO_HALVE]
        return halves(answers, self.characters, self.draws, self.seed) if len(answers) >= MIN_PROMPTS else None


def values(material: Material, measured: Measured, characters: int) -> EndpointValues:
    """The Finding's values."""
    nearest, question = measured.nearest, material.question
    by_control = {one.corpus.name: one.found.mean for one in measured.controls}
    independent = [
        min(found) for names in material.groups if (found := [by_control[n] for n in names if n in by_control])
    ]
    stranger = min(by_control.values(), default=None)
    own = nearest.found
    return EndpointValues(
        suspect=question.suspect.name,
        protected=question.protected_name,
        member=nearest.other.name,
        n_members=len(measured.members),
        n_prompts=len(nearest.pairs),
        suspect_answers=mean(len(pair.first) for pair in nearest.pairs),
        member_answers=mean(len(pair.second) for pair in nearest.pairs),
        fewest=min(len(pair.first) for pair in nearest.pairs),
        characters=characters,
        mean=own.mean,
        p=own.p,
        assignments=own.assignments,
        exact=own.exact,
        upper=measured.upper,
        level=measured.level,
        margin=None if measured.halves is None else float(np.quantile(measured.halves, 1 - LEVEL)),
        detectable=own.detectable,
        rank=1 + sum(value <= own.mean for value in by_control.values()),
        p_model=p_model(-own.mean, [-value for value in independent]),
        n_controls=len(by_control),
        n_independent=len(independent),
        told_apart=sum(one.found.p <= LEVEL for one in measured.controls),
        nearest=stranger,
        passed_on=None if stranger is None else passed_on(own.detectable, stranger),
        elsewhere=None if stranger is None else elsewhere(measured.upper, stranger),
        alike_suspect=sum(_alike(pair.first) for pair in nearest.pairs),
        alike_member=sum(_alike(pair.second) for pair in nearest.pairs),
    )


def _alike(answers: Sequence[str]) -> bool:
    return len(answers) > 1 and len(set(answers)) == 1


def tables(measured: Measured, stated: EndpointValues) -> dict[str, Table]:
    """Every model beside the nearest protected one, every prompt, and innocent explanations."""
    nearest = measured.nearest
    rows = [_row(nearest, "suspect")]
    if measured.halves is not None:
        low, middle, high = (float(np.quantile(measured.halves, at)) for at in (LEVEL, 0.5, 1 - LEVEL))
        rows.append(
            ModelRow(
                model=stated.member,
                role="itself",
                distance=middle,
                low=low,
                high=high,
                p=None,
                prompts=sum(len(pair.second) >= FEWEST_TO_HALVE for pair in nearest.pairs),
                answers=stated.member_answers,
            )
        )
    rows += [_row(one, "control") for one in measured.controls]
    prompts = [
        PromptRow(
            prompt=prompt,
            suspect=len(pair.first),
            protected=len(pair.second),
            distance=float(value),
            equal=sum(text in pair.second for text in pair.first),
        )
        for prompt, pair, value in zip(nearest.prompts, nearest.pairs, nearest.found.by_prompt, strict=True)
    ]
    return {
        "by_model": table(ModelRow, rows),
        "members": table(ModelRow, [_row(one, "protected", one.other.name) for one in measured.members]),
        "prompts": table(PromptRow, prompts),
        "explanations": table(ExplanationRow, _explanations(measured, stated)),
    }


def _row(one: Compared, role: str, name: str = "") -> ModelRow:
    low, high = one.interval
    return ModelRow(
        model=name or one.corpus.name,
        role=role,
        distance=one.found.mean,
        low=low,
        high=high,
        p=one.found.p,
        prompts=len(one.pairs),
        answers=mean(len(pair.first) for pair in one.pairs),
    )


def _explanations(measured: Measured, stated: EndpointValues) -> list[ExplanationRow]:
    facts, theirs = measured.nearest.corpus.facts, measured.nearest.other.facts
    asked = "the settings and system prompts of both"
    n = stated.n_prompts
    return [
        tested(
            "The prompts are such that any model answers alike",
            "controls can't be told apart either",
            f"{stated.told_apart} of {stated.n_controls} controls are told apart",
        )
        if stated.n_controls
        else untested(
            "The prompts are such that any model answers alike",
            "controls can't be told apart either",
            "no control has repeated answers",
        ),
        tested(
            "Answers come from a cache, or without chance",
            "all answers of a model to one prompt are the same",
            f"so on {stated.alike_suspect} of {n} prompts with {stated.suspect}, on {stated.alike_member} with "
            f"{stated.member}",
        ),
        tested(
            "Both were asked with other settings, or one with a system prompt",
            f"{asked} differ",
            f"{stated.suspect}: {_settings(facts)}; {stated.member}: {_settings(theirs)}",
        )
        if facts.settings and theirs.settings
        else untested(
            "Both were asked with other settings, or one with a system prompt",
            f"{asked} differ",
            "they are not stated for both",
        ),
        tested(
            "The protected model changed between the two collections",
            "another version of it is nearer",
            f"{stated.n_members} versions were compared; {stated.member} is the nearest",
        )
        if stated.n_members > 1
        else untested(
            "The protected model changed between the two collections",
            "another version of it is nearer",
            "one version was compared",
        ),
        untested(
            "The suspect runs a copy of the protected model's weights, and calls no service",
            "the makers' servers",
            "answers can't tell a copy from a relay",
        ),
    ]


def _settings(facts: Facts) -> str:
    system = " with a system prompt" if facts.system_prompts else ""
    return one_line(", ".join(facts.settings), 80) + system
