"""What a Finding of `closest_source` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.model import Finding, Json, Narrative

_STABLE = 0.95


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences, with its rung of the ladder: 2 at the most."""
    values = finding.values
    rung = _rung(values)
    said = [
        _numbers(values),
        _unit(values),
        _stability(finding),
        _members(finding),
        _leave_one_out(finding),
        _prompts(finding),
        _date(finding),
        _RUNGS[rung],
        f"This is not the probability that {values['suspect']} was trained on answers of {values['protected']}, and it "
        "says nothing of how any closeness arose.",
    ]
    return Narrative(rung, _headline(values), tuple(s for s in said if s), tuple(limits))


_RUNGS = {
    0: "No rung of the ladder of claims is reached. That does not show that the suspect is independent.",
    1: "This reaches rung 1 of the ladder of claims: the suspect stands apart from most controls.",
    2: "This reaches rung 2 of the ladder of claims: closer to the protected model than every control is.",
}


def _rung(values: Json) -> int:
    if values["rank"] == 1 and values["share_of_replicates_first"] >= _STABLE:
        return 2
    return 1 if values["rank"] == 1 or values["p_model"] <= 1 - _STABLE + 1e-12 else 0


def _headline(values: Json) -> str:
    start = f"On {values['n_prompts']} matched prompts, {values['suspect']} is"
    place = f"(rank {values['rank']} of {values['n_models']}, p_model {_p(values['p_model'])})"
    if values["rank"] == 1:
        return f"{start} closer to {values['protected']} than all {values['n_controls']} controls are {place}."
    ahead = values["rank"] - 1
    verb = "is" if ahead == 1 else "are"
    return (
        f"{start} not closer to {values['protected']} than the controls are: {ahead} of {values['n_controls']} {verb} "
        f"at least as close {place}."
    )


def _numbers(values: Json) -> str:
    best = max(values["controls"], key=lambda control: control["statistic"])
    return (
        f"The suspect's closeness is {_n(values['statistic'])} robust deviations ({_interval(values, values)}); the "
        f"closest control, {best['model']}, has {_n(best['statistic'])} ({_interval(best, values)}). "
        "The intervals come from drawing the prompts anew: they say how sure the numbers are, not how unusual the "
        "suspect is among models."
    )


def _interval(item: Json, values: Json) -> str:
    low, high = item["interval"]
    return f"{100 * values['confidence']:g} % interval {_n(low)} to {_n(high)}"


def _unit(values: Json) -> str:
    n = values["n_controls"]
    return (
        f"The comparison counts models, not answers: n = {n} controls, each scored in the suspect's seat against all "
        f"other models, so p_model can't be below {_p(1 / (1 + n))}."
    )


def _stability(finding: Finding) -> str:
    values = finding.values
    share = values["share_of_replicates_first"]
    return (
        f"With the prompts drawn anew {finding.parameters['replicates']} times, the suspect came first in "
        f"{_percent(share)} (p over prompts {_p(values['p_prompts'])})."
    )


def _members(finding: Finding) -> str:
    names = finding.values["members"]
    if len(names) == 1:
        return f"The protected side is {names[0]}."
    table = finding.tables["members"]
    _, best = max(zip(table.column("statistic"), table.column("model"), strict=True))
    return (
        f"The protected side is {', '.join(names)}; the suspect is closest to {best}. "
        "The largest closeness over these models counts, for the controls alike."
    )


def _leave_one_out(finding: Finding) -> str:
    table = finding.tables["leave_one_out"]
    ranks, values = table.column("rank"), table.column("p_model")
    return (
        f"With any one control removed, the rank {_range(str(min(ranks)), str(max(ranks)))} and p_model "
        f"{_range(_p(min(values)), _p(max(values)))} (what all models have in common is held as with all controls)."
    )


def _range(low: str, high: str) -> str:
    return f"is {low}" if low == high else f"lies between {low} and {high}"


def _prompts(finding: Finding) -> str:
    values = finding.values
    lost = values["n_prompts_suspect"] - values["n_prompts"]
    text = f"Of {values['n_prompts_suspect']} prompts that the suspect answered, {lost} were lost in matching."
    if finding.left_out:
        text += f" Left out, with reasons in the record: {len(finding.left_out)} corpora."
    unused = [row[0] for row in finding.tables["views"].rows if row[-1]]
    if unused:
        text += f" Views of the text that say nothing here: {', '.join(unused)}."
    return text


def _date(finding: Finding) -> str:
    late = [item["corpus"] for item in finding.left_out if item["reason"].startswith("released ")]
    return f"Younger than the suspect, and so left out: {', '.join(late)}." if late else ""


def description(finding: Finding) -> str:
    """The alternative text of the forest plot, with its numbers."""
    values = finding.values
    ordered = sorted(values["controls"], key=lambda control: -control["statistic"])
    first, last = ordered[0], ordered[-1]
    return (
        f"Forest plot of {values['n_models']} models by their closeness to {values['protected']} in robust deviations. "
        f"The suspect {values['suspect']} (black diamond) has {_n(values['statistic'])}, {_interval(values, values)}, "
        f"rank {values['rank']}. The {values['n_controls']} controls (open circles) reach from {_n(last['statistic'])} "
        f"({last['model']}) to {_n(first['statistic'])} ({first['model']}, {_interval(first, values)})."
    )


def _n(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if round(value, 2) else "0.00"


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1g}"


def _percent(share: float) -> str:
    if 0 < share < 0.001 or 0.999 < share < 1:
        return "under 0.1 %" if share < 0.5 else "over 99.9 %"
    return f"{100 * share:.1f} %"
