"""What a Finding of `training_set` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.explanations import ExplanationRow
from workbench.analyses.training_set.values import ModelRow, TrainingSetValues
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, share
from workbench.core.text import counted
from workbench.core.typed_json import read, rows


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 4 where more rows agree than with any control, 5 where the log shows it."""
    values = read(TrainingSetValues, finding.values)
    total = _total(values)
    timely = total - values.after
    rung = 4 if timely > values.most_of_controls and values.pairs + values.answers else 1 if total else 0
    if values.log_before:
        rung = 5
    return Narrative(rung, _headline(values, total), tuple(_sentences(finding, values, total)), tuple(limits))


def _total(values: TrainingSetValues) -> int:
    return values.pairs + values.answers + values.near + values.runs


def _headline(values: TrainingSetValues, total: int) -> str:
    sets = ", ".join(values.sets)
    if values.log_rows:
        return (
            f"{values.log_rows:,} of {values.n_rows:,} published rows ({sets}) are, word for word, answers that the "
            f"log shows were given to {counted(values.log_accounts, 'account', 'accounts')}; {values.log_before:,} of "
            "them before the set appeared."
        )
    if not total:
        return f"None of {values.n_rows:,} published rows ({sets}) agrees with an answer of {values.protected}."
    equal = values.pairs + values.answers
    return (
        f"{equal:,} of {values.n_rows:,} published rows ({sets}) are, word for word, answers of {values.protected}; "
        f"{total - equal:,} more are close to one."
    )


def _sentences(finding: Finding, values: TrainingSetValues, total: int) -> list[str]:
    said = [
        f"Equal in prompt and answer are {values.pairs:,} rows; {values.answers:,} more have an equal answer of 200 "
        f"characters or more; {values.near:,} share 0.8 of their wording, and {values.runs:,} a run of 50 tokens (n = "
        f"{values.n_rows:,} rows against {values.n_answers:,} answers).",
        f"Of one control, at most {values.most_of_controls:,} rows agree ({values.n_controls} controls).",
    ]
    if values.log_rows is not None:
        said.append(
            f"In the log stand {values.log_rows:,} of the published answers of 200 characters or more, "
            f"{values.log_pairs:,} of them with the same prompt; {values.log_before:,} were first served before the "
            "publication. A log says what an account was served, not who holds it."
        )
    if values.bits is None:
        said.append(
            f"How often {values.protected} gives the same answer twice is unknown: no prompt was asked twice. Equality "
            "is worth something only where that is rare."
        )
    else:
        said.append(
            f"{values.protected} gave the same long answer twice in {values.repetition_equal} of "
            f"{counted(values.repetition_pairs, 'pair', 'pairs')} of calls; one equal long answer is worth at least "
            f"{number(values.bits, 1)} bits by that measure."
        )
    if values.coincidence_pairs:
        said.append(
            f"Two controls gave the same long answer to one prompt in {values.coincidence_equal} of "
            f"{counted(values.coincidence_pairs, 'pair', 'pairs')}."
        )
    if total:
        said.append(
            f"In time, the answer is before the publication for {values.before:,} rows, in the same period for "
            f"{values.same:,}, after it for {values.after:,}, and unknown for {values.undated:,}."
        )
    explanations = rows(ExplanationRow, finding.tables["explanations"])
    said += [f"{row.explanation}: {row.shows}." for row in explanations]
    said.append("Rewritten, translated and filtered answers are not found.")
    return said


def description(finding: Finding) -> str:
    """The bars in words."""
    models = rows(ModelRow, finding.tables["by_model"])
    own = [row for row in models if row.role == "protected"]
    others = [row for row in models if row.role != "protected"]
    said = "; ".join(f"{row.model} {share(row.share_of_set)}" for row in own)
    most = max((row.share_of_set for row in others), default=0.0)
    return (
        f"Share of the published rows that agree with each model's answers: {said}; of {len(others)} controls at most "
        f"{share(most)}."
    )
