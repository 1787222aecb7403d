"""What a Finding of `fitness` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.analyses.fitness.examination import NOT_YET
from workbench.analyses.fitness.values import (
    FIT,
    UNFIT,
    CorpusRow,
    ExaminationTotals,
    ExaminationValues,
    FitnessByIds,
    FitnessValues,
)
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import percent
from workbench.core.text import counted
from workbench.core.typed_json import read, rows

_LANGUAGES = 5
_NO_LANGUAGES = ("none", "unknown")


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The verdict, what it rests on, and each corpus that is not fit; the rung is always 0."""
    values = read(FitnessByIds, finding.values)
    headline = f"The material is {values.verdict} for the question."
    if values.reasons:
        headline = f"The material is {values.verdict} for the question: {'; '.join(values.reasons)}."
    if values.verdict != UNFIT and values.examination is not None and values.examination.state == NOT_YET:
        headline += " It was counted and not yet examined."
    said = [
        f"{values.suspect} answered {values.n_prompts_suspect} prompts, and the protected side and it have "
        f"{values.n_prompts_both} in common.",
        f"Corpora judged: {len(values.judged)}, of which fit: {values.n_fit}, doubtful: {values.n_doubtful}, "
        f"unfit: {values.n_unfit}. Controls that can be used: {values.n_controls_usable} of {values.n_controls}.",
    ]
    said += [
        f"{one.model} ({one.role}) is {one.verdict}: {', '.join(one.reasons)}."
        for one in values.judged
        if one.verdict != FIT
    ]
    said += [one.words for one in values.pairing if one.words]
    said += sentences(values.examination)
    said.append(f"Decoding settings: {values.decoding_settings}. This says nothing yet of who resembles whom.")
    return Narrative(0, headline, tuple(said), tuple(limits))


def description(finding: Finding) -> str:
    """The chart in words, with its numbers."""
    values, corpora = read(FitnessValues, finding.values), rows(CorpusRow, finding.tables["corpora"])
    shares, lengths = [row.coverage for row in corpora], [row.length_median for row in corpora]
    return (
        f"Two dot charts over {len(corpora)} corpora. Left, the share of the suspect's prompts that each "
        f"answered: {100 * min(shares):.0f} to {percent(max(shares))}. Right, the length of the answers: "
        f"medians from {min(lengths)} to {max(lengths)} characters. Circles are fit ({values.n_fit}), "
        f"triangles doubtful ({values.n_doubtful}), crosses unfit ({values.n_unfit})."
    )


def sentences(said: ExaminationValues | None) -> list[str]:
    """The examination in sentences; findings made before there were examinations say nothing of it."""
    if said is None:
        return []
    if said.state == NOT_YET:
        return ["The material is not yet examined: languages, refusals, near duplicates and secrets are not known."]
    totals = said.totals
    languages = _languages(said.languages)
    missing = f" Not yet examined: {', '.join(said.missing)}." if said.missing else ""
    rules = " by rules that have changed since" if said.outdated else ""
    return [
        f"Examined{rules}: {totals.answers:,} answers, of which {totals.refused:,} decline, {_cut(totals)}, "
        f"{totals.empty:,} are empty, {totals.near_duplicates:,} are near duplicates in their corpus, "
        f"{totals.like_other_corpora:,} are like another corpus's answer to the same prompt, {totals.mojibake:,} "
        f"are garbled and {totals.hidden:,} hold hidden characters. Languages: {languages or 'none'}.{missing}"
    ]


def _languages(found: Mapping[str, int]) -> str:
    """The commonest languages, and how many answers are in others."""
    ordered = sorted(found, key=lambda name: (-found[name], name))
    named = [name for at, name in enumerate(ordered) if at < _LANGUAGES or name in _NO_LANGUAGES]
    words = ", ".join(f"{name} {found[name]:,}" for name in named)
    others = len(found) - len(named)
    if not others:
        return words
    more = sum(found.values()) - sum(found[name] for name in named)
    return f"{words} and {more:,} more in {counted(others, 'language', 'languages')}"


def _cut(totals: ExaminationTotals) -> str:
    """What is known of cut answers, and what is guessed; findings made before both were counted hold one number."""
    if totals.looks_cut is None:
        return f"{totals.truncated:,} look cut"
    return f"{totals.truncated:,} were cut as their records say, {totals.looks_cut:,} others look cut"
