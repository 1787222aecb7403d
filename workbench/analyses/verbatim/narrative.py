"""What a Finding of `verbatim` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.verbatim.values import ModelRow, PassageRow, VerbatimValues
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number
from workbench.core.printed import p_value
from workbench.core.text import counted
from workbench.core.typed_json import read, rows


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 4 only for passages that were searched for elsewhere and not found."""
    values = read(VerbatimValues, finding.values)
    first = values.rank == 1 and values.score > 0
    alone = first and values.strong_prompts > 0 and not values.controls_with_as_many
    rung = 4 if alone and values.searched else 2 if first else 1
    return Narrative(rung, _headline(values, first), tuple(_sentences(finding, values, alone)), tuple(limits))


def _headline(values: VerbatimValues, first: bool) -> str:
    shared = f"{values.suspect} and {values.protected} share {number(values.score, 0)} bits of unpredictable text"
    on = f"on {values.n_prompts} prompts"
    if first:
        return f"{shared} {on}, more than each of {values.n_controls} controls shares with {values.protected}."
    return f"{shared} {on}; that is rank {values.rank} among {values.n_controls + 1} models."


def _sentences(finding: Finding, values: VerbatimValues, alone: bool) -> list[str]:
    passages = rows(PassageRow, finding.tables["passages"])
    said = [
        f"A passage counts if no other model, no prompt and no base has it; its bits say how surprising it is to all "
        f"the other models. Only bits above {number(values.threshold, 0)} count, which two controls exceed on one "
        f"prompt in a hundred ({counted(values.pairs, 'pair', 'pairs')} of controls).",
        f"With each control in the suspect's place, p_model is {p_value(values.p_model)} (n = {values.counted + 1} "
        f"{'models' if values.counted == values.n_controls else 'independent models'}).",
        f"On {counted(values.strong_prompts, 'prompt', 'prompts')} the shared passage has more than "
        f"{number(values.strong_bits, 0)} bits; no control has that on more than {values.strong_prompts_of_controls}.",
    ]
    if passages:
        top = passages[0]
        said.append(
            f"The most surprising passage has {number(top.bits, 0)} bits and {counted(top.tokens, 'token', 'tokens')}: "
            f"“{top.text}”."
        )
    if alone and values.searched:
        said.append(f"Public sources of these passages were searched for: {values.searched}. None was found.")
    elif alone:
        said.append(
            "Whether these passages stand in a public source was not stated. Until that is searched, they say no more "
            "than that the suspect is closer than every control."
        )
    said.append(
        "Innocent explanations are a quotation that both know, boilerplate, idioms of program code, a web page that "
        "only these two learned, and a common base."
    )
    return said


def description(finding: Finding) -> str:
    """The strip of scores in words."""
    values = read(VerbatimValues, finding.values)
    models = rows(ModelRow, finding.tables["by_model"])
    controls = sorted((row.score for row in models[1:]), reverse=True)
    return (
        f"Bits of unpredictable text shared with {values.protected}, each model in the suspect's place: "
        f"{values.suspect} {number(values.score, 0)}; the {len(controls)} controls from {number(controls[0], 0)} down "
        f"to {number(controls[-1], 0)}."
    )
