"""What a Finding of `same_endpoint` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import innocent_readings
from workbench.analyses.same_endpoint.values import ENOUGH, EndpointValues, ModelRow
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, percent
from workbench.core.printed import p_value
from workbench.core.text import counted
from workbench.core.typed_json import read, rows


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 2 where the suspect can't be told from the protected model and all others can."""
    values = read(EndpointValues, finding.values)
    rung = 0
    if values.same and values.alone:
        rung = 2 if values.n_independent >= ENOUGH else 1
    return Narrative(rung, _headline(values), tuple(_sentences(finding, values)), tuple(limits))


def _headline(values: EndpointValues) -> str:
    on = f"on {counted(values.n_prompts, 'prompt', 'prompts')}"
    told = f"(MMD² {number(values.mean, 3)}, p = {p_value(values.p)})"
    if values.apart:
        return (
            f"{values.suspect} is told from {_whom(values)} {on} {told}: it does not simply serve that model with the "
            "settings of these answers."
        )
    if values.same:
        return f"{values.suspect} can't be told from {values.member} {on} {told}."
    return (
        f"{values.suspect} is not told from {values.member} {on} {told}, and is not shown to be the same: the "
        "distance may be larger than that of the protected model from itself."
    )


def _whom(values: EndpointValues) -> str:
    return values.member if values.n_members == 1 else f"each of {values.n_members} models of {values.protected}"


def _sentences(finding: Finding, values: EndpointValues) -> list[str]:
    said = [
        f"Each prompt has {number(values.suspect_answers, 1)} answers of {values.suspect} and "
        f"{number(values.member_answers, 1)} of {values.member} on average. The distance (MMD²) compares characters at "
        f"equal places among the first {values.characters}. It is 0 on average between two samples of one model.",
        f"If both were one model, each answer to a prompt was as likely to be of either: p is over "
        f"{values.assignments:,} {'assignments, which are all' if values.exact else 'random assignments'}.",
        _margin(values),
        _power(values),
        _controls(values),
    ]
    if values.same and values.elsewhere is not None:
        said.append(
            f"By the same limit at most {percent(values.elsewhere)} of the suspect's answers come from elsewhere, if "
            "those are as the nearest control's."
        )
    return [one for one in said if one] + innocent_readings(finding)


def _margin(values: EndpointValues) -> str:
    limit = f"The upper limit of the distance is {number(values.upper, 3)} ({percent(values.level)}, over prompts)."
    if values.margin is None:
        return (
            f"{limit} {values.member} has too few answers to a prompt to be compared with itself, so that sameness "
            "can't be said."
        )
    said = (
        f"Of random halves of {values.member}'s own answers 95 % are no farther apart than {number(values.margin, 3)}."
    )
    if values.fewest < 2:
        return f"{limit} {said} With one answer of {values.suspect} to a prompt sameness can't be said."
    return f"{limit} {said}"


def _power(values: EndpointValues) -> str:
    said = f"With so many answers, a distance of {number(values.detectable, 3)} is found at p = 0.05 in 80 % of cases."
    if values.passed_on is None or values.nearest is None:
        return f"{said} A smaller one may be missed."
    return (
        f"{said} A suspect that passes on up to {percent(values.passed_on)} of its calls, and answers the rest as the "
        f"nearest control does (distance {number(values.nearest, 3)}), is still told apart."
    )


def _controls(values: EndpointValues) -> str:
    if not values.n_controls:
        return "No control has repeated answers: whether any other model could be told apart here is not known."
    return (
        f"Of {counted(values.n_controls, 'control', 'controls')} with repeated answers {values.told_apart} "
        f"{'is' if values.told_apart == 1 else 'are'} told from {values.member}. {values.suspect} has rank "
        f"{values.rank} of {values.n_controls + 1} by nearness (p_model {p_value(values.p_model)}, n = "
        f"{values.n_independent + 1} independent models)."
    )


def description(finding: Finding) -> str:
    """The distances in words."""
    values = read(EndpointValues, finding.values)
    others = sorted(row.distance for row in rows(ModelRow, finding.tables["by_model"]) if row.role == "control")
    said = f"Distance (MMD²) from {values.member}: {values.suspect} {number(values.mean, 3)}"
    if values.margin is not None:
        said += f"; halves of the protected model's own answers up to {number(values.margin, 3)}"
    if others:
        said += (
            f"; the {counted(len(others), 'control', 'controls')} from {number(others[0], 3)} to "
            f"{number(others[-1], 3)}"
        )
    return f"{said}."
