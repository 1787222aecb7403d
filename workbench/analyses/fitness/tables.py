"""What `fitness` states: values, tables and warnings, unrounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from workbench.analyses.fitness.compute import COPIES, Counts, Judgement
from workbench.analyses.fitness.examination import examination_table, values_of, warning_of
from workbench.analyses.fitness.values import (
    DOUBTFUL,
    FIT,
    UNFIT,
    CorpusRow,
    FitnessByIds,
    FitnessValues,
    JudgedCorpus,
    PairedCorpus,
    PairedSet,
)
from workbench.analyses.scoring.caveats import missing_prompts
from workbench.analyses.scoring.comparable_material import LACKING
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, MIN_CONTROLS
from workbench.core.claimed_model import disagreement
from workbench.core.model import Corpus, Table
from workbench.core.pairing import SetCounts
from workbench.core.selection import ExaminedCounts, Question
from workbench.core.typed_json import table

DOUBTFUL_LACKING = 0.1
"""A suspect that lacks a larger share of the usual prompts is compared with doubts."""


def corpora_of(question: Question) -> list[tuple[Corpus, str]]:
    """The corpora that are judged, each with its role in the run."""
    named = [(question.suspect, "suspect"), *((c, "protected") for c in question.protected)]
    return named + [(c, "control") for c in question.controls]


def values(
    question: Question,
    counts: Mapping[str, Counts],
    judged: Mapping[str, Judgement],
    limits: Mapping[str, float],
    examined: ExaminedCounts | None,
    pairing: Sequence[SetCounts] = (),
) -> FitnessValues:
    """The verdict on the material, and what it rests on."""
    corpora = corpora_of(question)
    verdicts = [judged[corpus.name].verdict for corpus, _ in corpora]
    controls = [judged[c.name].verdict for c in question.controls]
    both = max((counts[c.name].shared for c in question.protected), default=0)
    verdict, reasons = _overall(question, counts, judged, both, limits)
    found = FitnessValues(
        verdict=verdict,
        reasons=tuple(reasons),
        suspect=question.suspect.name,
        protected=question.protected_name,
        n_prompts_suspect=counts[question.suspect.name].prompts,
        n_prompts_both=both,
        n_prompts_usual=counts[question.suspect.name].usual,
        n_prompts_lacking=counts[question.suspect.name].lacking,
        n_controls=len(controls),
        n_controls_usable=len(controls) - controls.count(UNFIT),
        n_fit=verdicts.count(FIT),
        n_doubtful=verdicts.count(DOUBTFUL),
        n_unfit=verdicts.count(UNFIT),
        decoding_settings=_settings(question),
        judged=tuple(
            JudgedCorpus(corpus.name, role, judged[corpus.name].verdict, judged[corpus.name].reasons)
            for corpus, role in corpora
        ),
        examination=values_of([corpus for corpus, _ in corpora], examined),
    )
    if not pairing:
        return found
    own = {field.name: getattr(found, field.name) for field in fields(found)}
    return FitnessByIds(**own, pairing=tuple(map(_paired, pairing)))


def _paired(counts: SetCounts) -> PairedSet:
    own = tuple(
        PairedCorpus(one.name, one.ids, one.texts, one.several_texts, one.several_ids, one.prompts)
        for one in counts.corpora
    )
    return PairedSet(
        counts.name, counts.ids, counts.texts, counts.several_texts, counts.several_ids, counts.prompts, counts.alone,
        counts.samples, counts.words(), own,
    )  # fmt: skip


def _settings(question: Question) -> str:
    """The decoding settings of suspect and protected side, as far as they are known."""
    sides = (question.suspect, *question.protected)
    known = [f"{c.name}: {', '.join(c.facts.settings)}" for c in sides if c.facts.settings]
    return "; ".join(known) or "not recorded"


def _overall(
    question: Question,
    counts: Mapping[str, Counts],
    judged: Mapping[str, Judgement],
    both: int,
    limits: Mapping[str, float],
) -> tuple[str, list[str]]:
    own = counts[question.suspect.name]
    lacks = f"the suspect lacks {own.lacking:,} of {own.usual:,} prompts that a quarter of the others or more answered"
    usable = sum(judged[c.name].verdict != UNFIT for c in question.controls)
    grave = _grave(question, judged, both, usable, limits)
    if own.lacking > LACKING * own.usual and not question.fewer_prompts:
        grave.append(lacks)
    if grave:
        return UNFIT, grave
    doubts = [lacks] if own.lacking > DOUBTFUL_LACKING * own.usual else []
    doubts += _doubts(question, judged, usable)
    return (DOUBTFUL, doubts) if doubts else (FIT, [])


def _grave(
    question: Question, judged: Mapping[str, Judgement], both: int, usable: int, limits: Mapping[str, float]
) -> list[str]:
    grave = []
    if judged[question.suspect.name].verdict == UNFIT:
        grave.append("the suspect's answers are unfit")
    if all(judged[c.name].verdict == UNFIT for c in question.protected):
        grave.append("no protected corpus is fit")
    elif both < limits["min_prompts"]:
        grave.append("too few prompts that suspect and protected side both answered")
    if usable < MIN_CONTROLS:
        grave.append(f"fewer than {MIN_CONTROLS} usable controls")
    return grave


def _doubts(question: Question, judged: Mapping[str, Judgement], usable: int) -> list[str]:
    doubts = []
    if judged[question.suspect.name].verdict == DOUBTFUL:
        doubts.append("the suspect's answers are doubtful")
    if all(judged[c.name].verdict != FIT for c in question.protected):
        doubts.append("no protected corpus is without doubt")
    if usable < ENOUGH_CONTROLS:
        doubts.append(f"fewer than {ENOUGH_CONTROLS} usable controls, so p_model can't reach 0.05")
    if 2 * sum(judged[c.name].verdict == FIT for c in question.controls) < len(question.controls):
        doubts.append("fewer than half of the controls are without doubt")
    return doubts


def warnings(question: Question, judged: Mapping[str, Judgement], examined: ExaminedCounts | None) -> tuple[str, ...]:
    """What a reader must be warned of."""
    said = []
    if question.undated:
        what = "date of {} is" if len(question.undated) == 1 else "dates of {} are"
        named = what.format(", ".join(question.undated))
        said.append(f"The release {named} unknown: the date gate is not applied.")
    if question.despite_date:
        said.append(f"The date gate was overruled, for this reason: {question.despite_date}")
    said += missing_prompts(question)
    said += filter(None, (disagreement(c.name, c.facts) for c, _ in corpora_of(question)))
    copies = [c.name for c in question.controls if COPIES in judged[c.name].reasons]
    if copies:
        said.append(f"Controls that mostly give the suspect's very words: {', '.join(copies)}.")
    said += filter(None, [warning_of(examined)])
    return tuple(said)


def tables(
    question: Question,
    counts: Mapping[str, Counts],
    judged: Mapping[str, Judgement],
    examined: ExaminedCounts | None,
) -> dict[str, Table]:
    """The counts of each corpus, and what the examination adds."""
    corpora, asked = corpora_of(question), counts[question.suspect.name].prompts
    rows = [_row(corpus, role, counts[corpus.name], judged[corpus.name], asked) for corpus, role in corpora]
    return {
        "corpora": table(CorpusRow, rows),
        "examination": examination_table([corpus for corpus, _ in corpora], examined),
    }


def _row(corpus: Corpus, role: str, found: Counts, judgement: Judgement, asked: int) -> CorpusRow:
    scripts = sorted(found.scripts.items(), key=lambda item: (-item[1], item[0]))
    return CorpusRow(
        model=corpus.name,
        role=role,
        verdict=judgement.verdict,
        reasons="; ".join(judgement.reasons),
        released=corpus.facts.released,
        answers=found.answers,
        prompts=found.prompts,
        shared=found.shared,
        coverage=found.shared / asked if asked else 0.0,
        near_empty=found.near_empty,
        repeated=found.repeated(),
        cut=found.cut,
        quoting=found.quoting,
        same_text=found.same_text,
        other_script=found.other_script,
        scripts=", ".join(f"{name} {count}" for name, count in scripts),
        length_low=found.length(0.1),
        length_median=found.length(0.5),
        length_high=found.length(0.9),
        length_factor=found.length_factor(),
    )
