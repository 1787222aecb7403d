"""What a Finding of `power` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.model import Finding, Json, Narrative

_CRITERIA = ("lr", "first")
_KINDS = {
    "any": "any of derived, relayed or distilled",
    "distilled": "distilled",
    "derived_or_relayed": "derived or relayed",
}


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences; it speaks of the material and reaches no rung."""
    values = finding.values
    said = [
        _plants(values),
        *(_scenario(one, values) for one in values["scenarios"]),
        _nought(values),
        _calibrated(values),
        f"Of {values['n_prompts_suspect']} prompts that the suspect answered, {values['n_prompts']} are used: those "
        "that the protected side, the source of what is planted and every control answered too.",
        "What counts is the share of answers relayed as they are, not a share of training data; a suspect that was "
        "trained on answers writes its own.",
        f"Nothing found above this share is a reason to doubt that {values['suspect']} relays as much. It exonerates "
        "nobody: paraphrase defeats every comparison of texts.",
    ]
    return Narrative(0, _headline(values), tuple(s for s in said if s), tuple(limits))


def _headline(values: Json) -> str:
    start = f"On {values['n_prompts']} matched prompts, a model that relays {values['protected']}"
    most, half = values["smallest"]["80"], values["smallest"]["50"]
    how = _how(values)
    if most["share"] is None:
        middle = (
            "not even half of the time" if half["share"] is None else f"half of the time from {_s(half['share'])} on"
        )
        return f"{start} for all of its answers would not be found in 80 % of cases ({middle}; found: {how})."
    return (
        f"{start} would be found in 80 % of cases if it did so for {_s(most['share'])} of its answers or more "
        f"({_interval(most, values)}), and in half of the cases from {_s(half['share'])} on (found: {how})."
    )


def _how(values: Json) -> str:
    if values["criterion"] == "lr" and values["outside"]:
        return f"{_detected('lr', values)}, outside the validated envelope"
    return _detected(values["criterion"], values)


def _detected(criterion: str, values: Json) -> str:
    if criterion == "lr":
        return f"log10 LR of {values['bound']:g} or more"
    return "before every control"


def _by(criterion: str, values: Json) -> str:
    return f"{'by a ' if criterion == 'lr' else 'by coming '}{_detected(criterion, values)}"


def _interval(item: Json, values: Json) -> str:
    low, high = item["interval"]
    ends = f"{_s(low)} to {_s(high)}" if high is not None else f"{_s(low)} to more than all"
    return f"{100 * values['confidence']:g} % interval over controls {ends}"


def _plants(values: Json) -> str:
    shares = ", ".join(f"{100 * share:g}" for share in values["shares"])
    return (
        f"In each of {values['n_planted']} of {values['n_controls']} controls, {shares} % of the answers were replaced "
        f"by answers of the protected family, on prompts drawn at random {values['draws']} times, and the control was "
        "scored in the suspect's place against the other controls."
    )


def _scenario(one: Json, values: Json) -> str:
    members = " and ".join(one["members"])
    if one["kind"] == "own":
        what = f"Answers of {one['source']} planted, and these very answers compared with (the strongest form):"
    else:
        what = f"Answers of {one['source']} planted, and compared with {members}, as a second sample would be:"
    parts = [_found(name, one["smallest"][name], values) for name in _CRITERIA if name in one["smallest"]]
    return f"{what} {'; '.join(parts)}."


def _found(criterion: str, least: Json, values: Json) -> str:
    said = f"found {_by(criterion, values)} "
    eighty, half = least["80"], least["50"]
    if half["share"] is None:
        return f"{said}in less than half of the plants even at 100 % ({_percent(least['at_all'])})"
    if eighty["share"] is None:
        return f"{said}in half of the plants from {_s(half['share'])}, and in {_percent(least['at_all'])} at 100 %"
    return (
        f"{said}in 80 % of the plants from {_s(eighty['share'])} ({_interval(eighty, values)}), in half from "
        f"{_s(half['share'])}"
    )


def _nought(values: Json) -> str:
    rates = values["scenarios"][0]["smallest"]
    parts = [f"{_percent(rates[name]['at_nought'])} {_by(name, values)}" for name in _CRITERIA if name in rates]
    return f"With nothing planted, of the same controls are found: {', '.join(parts)}."


def _calibrated(values: Json) -> str:
    if values["calibration"] is None:
        return ""
    low, high = values["log10_lr_bounds"]
    name = values["calibration"]["name"]
    return (
        f"The LRs are about {_KINDS[values['about']]}, by the calibration “{name}”, which reports "
        f"none below {_n(low)} or above {_n(high)} (log10)."
    )


def description(finding: Finding) -> str:
    """The alternative text of the curves, with their numbers."""
    values = finding.values
    table = finding.tables["curve"]
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows if row[0] == values["scenarios"][0]["kind"]]
    key = "detected" if values["criterion"] == "lr" else "first"
    points = ", ".join(f"{_s(row['share'])}: {_percent(row[key])}" for row in rows)
    lrs = ""
    if values["criterion"] == "lr":
        lrs = (
            " Below, the mean log10 LR: " + ", ".join(f"{_s(r['share'])}: {_n(r['mean_log10_lr'])}" for r in rows) + "."
        )
    return (
        f"Curves against the share of answers relayed, of {rows[0]['plants']} plants at each share. Share found "
        f"{_by(values['criterion'], values)}: {points}.{lrs}"
    )


def _s(share: float | None) -> str:
    """A share in per cent, with two figures."""
    if share is None:
        return "more than all"
    return f"{100 * share:.1f} %" if 0 < share < 0.095 else f"{100 * share:.0f} %"


def _n(value: float) -> str:
    return f"{value:.2f}".replace("-", "−") if round(value, 2) else "0.00"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
