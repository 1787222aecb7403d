"""What a Finding of `closest_source` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from workbench.analyses.closest_source.rungs import reached, rung, says_what_chance_gives, unusual
from workbench.analyses.closest_source.values import ClosestSourceValues, MemberRow, RemovedRow, ViewRow
from workbench.analyses.scoring.parameters import Replicated
from workbench.core.model import Finding, LeftOutKind, Narrative
from workbench.core.number_format import number, share
from workbench.core.printed import p_value
from workbench.core.statistics.resampling import NORMAL_MAD
from workbench.core.typed_json import Interval, read, rows


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences, with its rung of the ladder: 2 at the most."""
    values = read(ClosestSourceValues, finding.values)
    said = [
        _numbers(values),
        _points(values),
        _place(values),
        _unit(values),
        _stability(finding, values),
        _members(finding, values),
        _leave_one_out(finding, values),
        _prompts(finding, values),
        _date(finding),
        reached(finding, values),
        f"This is not the probability that {values.suspect} was trained on answers of {values.protected}, and it "
        "says nothing of how any closeness arose.",
    ]
    return Narrative(rung(finding, values), _headline(finding, values), tuple(s for s in said if s), tuple(limits))


def _headline(finding: Finding, values: ClosestSourceValues) -> str:
    start = f"On {values.n_prompts} matched prompts, {values.suspect} is"
    place = f"(rank {values.rank} of {values.n_models}, p_model {p_value(values.p_model)})"
    protected, n = values.protected, values.n_controls
    if values.rank == 1:
        lot = says_what_chance_gives(finding, values)
        few = f" Of {values.counted + 1} models without any link one comes first, too." if lot else ""
        return f"{start} closer to {protected} than all {n} controls are {place}.{few}"
    ahead = values.rank - 1
    near = f"{ahead} {'is' if ahead == 1 else 'are'} at least as close"
    if unusual(values):
        return f"{start} closer to {protected} than {n - ahead} of {n} controls; {near} {place}."
    return (
        f"{start} not closer to {protected} than the controls are as a group: of {n} controls {near} and "
        f"{n - ahead} {'is' if n - ahead == 1 else 'are'} less close {place}."
    )


def _numbers(values: ClosestSourceValues) -> str:
    best = max(values.controls, key=lambda control: control.statistic)
    return (
        f"The suspect's closeness is {number(values.statistic)} points ({_interval(values.interval, values)}); the "
        f"closest control, {best.model}, has {number(best.statistic)} ({_interval(best.interval, values)}). "
        "The intervals come from drawing the prompts anew: they say how sure the numbers are, not how unusual the "
        "suspect is among models."
    )


def _points(values: ClosestSourceValues) -> str:
    return (
        f"Points of closeness are {_score(values)}: how far a model's similarity to the protected model stands "
        "out, from its similarities to the other models, and from the other models' similarities to the protected one."
    )


def _score(values: ClosestSourceValues) -> str:
    return f"a mean robust z-score over {_many(len(values.views), 'view', 'views')} of the text and both sides"


def _place(values: ClosestSourceValues) -> str:
    found = [control.statistic for control in values.controls]
    centre = median(found)
    spread = NORMAL_MAD * median(abs(value - centre) for value in found)
    said = f"The median of the {len(found)} controls is {number(centre)} points and their spread {number(spread)}"
    said += f" ({NORMAL_MAD} times the median absolute deviation from it, the scaled MAD)"
    if spread <= 0:
        return said + "."
    far = (values.statistic - centre) / spread
    return f"{said}: the suspect lies {number(abs(far))} such spreads {'above' if far >= 0 else 'below'} that median."


def _interval(ends: Interval, values: ClosestSourceValues) -> str:
    low, high = ends
    return f"{100 * values.confidence:g} % interval {number(low)} to {number(high)}"


def _unit(values: ClosestSourceValues) -> str:
    n, apart = values.n_controls, values.counted
    once = f" relatives and near copies among them count once, as {apart} models," if apart < n else ""
    return (
        f"The comparison counts models, not answers: n = {n} controls, each scored in the suspect's seat against all "
        f"other models,{once} so p_model can't be below {p_value(1 / (1 + apart))}."
    )


def _stability(finding: Finding, values: ClosestSourceValues) -> str:
    replicates = read(Replicated, finding.parameters).replicates
    return (
        f"With the prompts drawn anew {replicates} times, the suspect came first in "
        f"{share(values.share_of_replicates_first)} (p over prompts {p_value(values.p_prompts)})."
    )


def _members(finding: Finding, values: ClosestSourceValues) -> str:
    names = values.members
    if len(names) == 1:
        return f"The protected side is {names[0]}."
    best = max(rows(MemberRow, finding.tables["members"]), key=lambda row: (row.statistic, row.model))
    return (
        f"The protected side is {', '.join(names)}; the suspect is closest to {best.model}. "
        "The largest closeness over these models counts, for the controls alike."
    )


def _leave_one_out(finding: Finding, values: ClosestSourceValues) -> str:
    removed = rows(RemovedRow, finding.tables["leave_one_out"])
    ranks, found = [row.rank for row in removed], [row.p_model for row in removed]
    same = set(ranks) == {values.rank}
    rank = f"stays {ranks[0]}" if same else _range(str(min(ranks)), str(max(ranks)))
    return (
        f"With any one control removed, the rank {rank} and p_model {_range(p_value(min(found)), p_value(max(found)))} "
        "(what all models have in common is held as with all controls)."
    )


def _range(low: str, high: str) -> str:
    return f"is {low}" if low == high else f"lies between {low} and {high}"


def _prompts(finding: Finding, values: ClosestSourceValues) -> str:
    answered, compared = values.n_prompts_suspect, values.n_prompts
    both = compared if values.n_prompts_both is None else values.n_prompts_both
    side = "the protected model" if len(values.members) == 1 else "every protected model"
    text = (
        f"Of {_many(answered, 'prompt', 'prompts')} that the suspect answered, {side} answered {both} too (the table "
        f"of prompts counts each model against these {both}), and {compared} of them every control too: {compared} "
        f"are compared, and {answered - compared} were lost in matching."
    )
    if finding.left_out:
        text += f" Left out, with reasons in the record: {_many(len(finding.left_out), 'corpus', 'corpora')}."
    unused = [row.view for row in rows(ViewRow, finding.tables["views"]) if row.left_out]
    if unused:
        text += f" Views of the text that say nothing here: {', '.join(unused)}."
    return text


def _date(finding: Finding) -> str:
    late = [item.corpus for item in finding.left_out if item.kind is LeftOutKind.YOUNGER]
    return f"Younger than the suspect, and so left out: {', '.join(late)}." if late else ""


def description(finding: Finding) -> str:
    """The alternative text of the forest plot, with its numbers."""
    values = read(ClosestSourceValues, finding.values)
    ordered = sorted(values.controls, key=lambda control: -control.statistic)
    first, last = ordered[0], ordered[-1]
    ends = f"from {number(last.statistic)} ({last.model}) to {number(first.statistic)} ({first.model}"
    return (
        f"Forest plot of {values.n_models} models by their closeness to {values.protected} in points. "
        f"The suspect {values.suspect} (black diamond) has {number(values.statistic)}, "
        f"{_interval(values.interval, values)}, rank {values.rank}. The {values.n_controls} controls (open circles) "
        f"reach {ends}, {_interval(first.interval, values)})."
    )


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
