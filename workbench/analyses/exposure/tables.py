"""What `exposure` gathers and states: served answers, their siblings, effects, and innocent explanations."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist, mean

import numpy as np

from workbench.analyses.explanations import ExplanationRow
from workbench.analyses.exposure.compute import (
    Effect,
    Floats,
    Prompt,
    by_tenth,
    closeness,
    rarity,
    served_against_siblings,
    standardised,
)
from workbench.analyses.exposure.values import ExposureValues, PromptRow, TenthRow
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen
from workbench.core.model import Corpus, Role, Table
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection
from workbench.core.statistics.exact_tests import largest_likelihood_ratio
from workbench.core.typed_json import table

MIN_PROMPTS = 10
_LEVEL, _POWER = 0.001, 0.8


@dataclass(frozen=True, slots=True)
class Material:
    """The question, the prompts with all their answers, and the corpora that these are from."""

    question: Question
    digests: tuple[str, ...]
    prompts: tuple[Prompt, ...]
    served: tuple[Corpus, ...]
    siblings: tuple[Corpus, ...]
    quoted: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores and effects by prompt, and the test over all."""

    scores: list[Floats]
    effects: list[Floats]
    effect: Effect
    rare: Floats


def gather(selection: Selection) -> Material:
    """The prompts for which there is a served answer, a sibling and an answer of the suspect.

    Raises RefusedError without such corpora, with fewer than ten such prompts, and where the siblings can't be
    siblings: published before, of another version, or made without chance.
    """
    question = selection.question
    served, siblings = _served(question)
    own = question.suspect.name
    digests: list[str] = []
    prompts: list[Prompt] = []
    quoted = 0
    for block in selection.blocks((question.suspect, *served, *siblings)):
        for digest, text, answers in zip(block.prompts, block.texts, block.answers, strict=True):
            given = [a for c in served for a in answers.get(c.name, ())]
            others = tuple(a for c in siblings for a in answers.get(c.name, ()) if a not in given)
            said = answers.get(own, ())
            if given and others and said:
                digests.append(digest)
                prompts.append(Prompt(tuple(said), given[0], others))
                quoted += len(given[0]) >= 40 and given[0][:40] in text
    if len(prompts) < MIN_PROMPTS:
        raise RefusedError(
            f"{len(prompts)} prompts have a served answer, a sibling and an answer of {own}; the test needs at least "
            f"{MIN_PROMPTS}."
        )
    return Material(question, tuple(digests), tuple(prompts), served, siblings, quoted)


def foreseen(question: Question) -> Foreseen:
    """The served answers and their siblings; raises RefusedError where they can't be compared."""
    served, siblings = (sum(corpus.answers for corpus in side) for side in _served(question))
    return Foreseen(rests_on=f"{served:,} served answers, {siblings:,} unserved siblings.")


def _served(question: Question) -> tuple[tuple[Corpus, ...], tuple[Corpus, ...]]:
    served, siblings = question.in_role(Role.SERVED), question.in_role(Role.UNSERVED)
    if not served or not siblings:
        raise RefusedError(
            "The case has no served answers with unserved siblings.",
            hint="Import them in the roles served and unserved (`--role served`, `--role unserved`).",
        )
    _refuse_others(served, siblings)
    return served, siblings


def _refuse_others(served: tuple[Corpus, ...], siblings: tuple[Corpus, ...]) -> None:
    models = {c.facts.claimed or n for c in (*served, *siblings) for n in (*c.facts.named, c.facts.claimed or "") if n}
    if len(models) > 1:
        raise RefusedError(
            f"Served answers and siblings are said to be of different models ({', '.join(sorted(models))}): what "
            "differs between versions would pass for exposure."
        )
    if any(setting in ("temperature=0", "temperature=0.0") for c in siblings for setting in c.facts.settings):
        raise RefusedError("The siblings were made at temperature 0: they are no fresh answers.")
    if any(c.facts.released for c in siblings):
        raise RefusedError("The siblings were published, so that the suspect may have learned them too.")


def measure(material: Material, draws: int, seed: int, progress: Progress) -> Measured:
    """Closeness, effects and the test."""
    scores = closeness(material.prompts, part(progress, 0.0, 0.6))
    effect = served_against_siblings(scores, draws, seed, part(progress, 0.6, 0.95))
    return Measured(scores, standardised(scores), effect, rarity(material.prompts))


def values(material: Material, measured: Measured) -> ExposureValues:
    """The Finding's values."""
    effect = measured.effect
    number = mean(len(prompt.siblings) for prompt in material.prompts)
    normal = NormalDist()
    z = normal.inv_cdf(1 - _LEVEL) + normal.inv_cdf(_POWER)
    return ExposureValues(
        suspect=material.question.suspect.name,
        protected=material.question.protected_name,
        served=tuple(corpus.name for corpus in material.served),
        siblings=tuple(corpus.name for corpus in material.siblings),
        n_prompts=len(material.prompts),
        n_empty=effect.empty,
        siblings_of_each=number,
        mean=effect.mean,
        statistic=effect.statistic,
        p=effect.p,
        ceiling=largest_likelihood_ratio(effect.p),
        assignments=effect.assignments,
        exact=effect.exact,
        detectable=z * float(np.sqrt((1 + 1 / number) / max(1, len(material.prompts) - effect.empty))),
        settings_said=all(corpus.facts.settings for corpus in material.siblings),
    )


def tables(material: Material, measured: Measured) -> dict[str, Table]:
    """Every prompt, the effect by rarity, and innocent explanations."""
    prompts = [
        PromptRow(
            prompt=digest,
            served=float(score[0]),
            siblings=float(score[1:].mean()),
            effect=float(effect[0]),
            n_siblings=len(score) - 1,
            rarity=float(rare),
        )
        for digest, score, effect, rare in zip(
            material.digests, measured.scores, measured.effects, measured.rare, strict=True
        )
    ]
    tenths = [
        TenthRow(tenth=at, mean=middle, low=low, high=high, prompts=count)
        for at, (middle, low, high, count) in enumerate(by_tenth(measured.rare, measured.effects), 1)
    ]
    return {
        "by_rarity": table(TenthRow, tenths),
        "prompts": table(PromptRow, prompts),
        "explanations": table(ExplanationRow, _explanations(material)),
    }


def _explanations(material: Material) -> list[ExplanationRow]:
    return [
        ExplanationRow(
            explanation="The served answers were published",
            sign="a public source holds them",
            tested=False,
            shows="untested",
        ),
        ExplanationRow(
            explanation="The prompt quotes the answer",
            sign="the served answer begins in its prompt",
            tested=True,
            shows=f"{material.quoted} of {len(material.prompts)} prompts quote it",
        ),
        ExplanationRow(
            explanation="The protected model had changed when the siblings were made",
            sign="served answers and siblings can be told apart by another test",
            tested=False,
            shows="untested",
        ),
        ExplanationRow(
            explanation="The siblings leaked, or were made after the suspect was asked",
            sign="no seal of the siblings from before",
            tested=False,
            shows="untested: the ledger shows when they came into this case",
        ),
    ]
