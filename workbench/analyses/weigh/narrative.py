"""What a Finding of `weigh` says in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.scoring.matching import ENOUGH_CONTROLS
from workbench.analyses.scoring.number_format import OUTSIDE, comparison, enveloped, figures, n, question_of
from workbench.analyses.scoring.partial_correlation import MOST, USUAL
from workbench.analyses.weigh.tables import PROTECTED_SEAT, SUSPECT_SEAT, listed
from workbench.core.model import Finding, Json, Narrative
from workbench.core.statistics.calibration import ANY, DERIVED, DISTILLED, FEW, QUESTIONS

RUNG_2 = 1.0
"""The log10 LR that rung 2 asks for, beside being ahead of every control."""


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences, with its rung of the ladder: 2 at the most."""
    values = finding.values
    said = [
        *enveloped(values),
        _label(values),
        *(_question(key, values) for key in (DISTILLED, DERIVED)),
        _cap(values),
        figures(values),
        _few(values),
        _formula(),
        _basis(finding),
        _in_the_suspects_seat(finding),
        _placebos(values),
        _leave_one_out(finding),
        _without_named(values),
        _reached(values),
    ]
    return Narrative(_rung(values), _headline(values), tuple(s for s in said if s), tuple(limits))


def _headline(values: Json) -> str:
    mark = f"{OUTSIDE.capitalize()}. " if values["envelope"] else ""
    return (
        f"{mark}These findings are {comparison(ANY, question_of(ANY, values), values)}. This is not the probability "
        f"that {values['suspect']} was trained on {values['protected']}."
    )


def _label(values: Json) -> str:
    mark = f" ({OUTSIDE})" if values["envelope"] else ""
    return (
        f"In the words of the scale {values['scale']}: {values['label']}{mark}. The number comes first; the words only "
        "name its size, and the table of the scale has all of them."
    )


def _question(key: str, values: Json) -> str:
    what = {DISTILLED: "for training on answers alone", DERIVED: "for a derivative or a relay alone"}[key]
    one = question_of(key, values)
    return f"Asked {what}: {comparison(key, one, values)} ({one['label']}){_misled(key, values)}."


def _misled(key: str, values: Json) -> str:
    """How often the calibration misled on one question, with groups left out."""
    found = values["calibration"]["questions"][key].get("misled")
    if not found:
        return ""
    return (
        f"; asked this of pairs that it was not fitted on, {found['neg_lr_gt_10']} of {found['negatives']} without "
        f"such a source had an LR above 10, and {found['pos_lr_lt_1']} of {found['positives']} with one an LR below 1"
    )


def _few(values: Json) -> str:
    """With few controls: how much more often the calibration misled."""
    found = (values["calibration"]["questions"][ANY].get("misled") or {}).get("few")
    if values["n_controls"] >= FEW or not found or not found["negatives"]:
        return ""
    return (
        f"The rates above were measured with more controls than the {values['n_controls']} here. On smaller panels "
        f"drawn from the calibration's own, with fewer than {FEW} controls, {found['neg_lr_gt_10']} of "
        f"{found['negatives']} pairs without a documented source had an LR above 10, {found['neg_lr_gt_1']} one above "
        f"1, and {found['pos_lr_lt_1']} of {found['positives']} true pairs one below 1."
    )


def _cap(values: Json) -> str:
    low, high = values["interval_uncapped"]
    first = values["calibration"]["questions"][ANY]
    return (
        f"Before the cap the log10 LR is {n(values['log10_lr_uncapped'])} ({n(low)} to {n(high)}). No LR is reported "
        f"beyond {n(values['cap'][0])} and {n(values['cap'][1])}: {first['positives']} true pairs of "
        f"{first['positive_groups']} independent groups of suspects, and {first['negatives']} others of "
        f"{first['negative_groups']} groups, bear no more."
    )


def _basis(finding: Finding) -> str:
    values = finding.values
    names = values["members"]
    side = names[0] if len(names) == 1 else f"the closest of {', '.join(names)}"
    return (
        f"The comparison is with {side}; n = {values['n_controls']} controls and {values['n_prompts']} prompts. The "
        f"interval comes from {finding.parameters['replicates']} replicates that draw anew the prompts, the controls, "
        "and the groups of suspects on which the calibration rests."
    )


def _in_the_suspects_seat(finding: Finding) -> str:
    values = finding.values
    table = finding.tables["lrs"]
    own = [v for v, k in zip(table.column("uncapped"), table.column("kind"), strict=True) if k == SUSPECT_SEAT]
    ahead = values["n_controls_at_least_as_high"]
    place = "none reaches the suspect's LR" if not ahead else f"{ahead} reach the suspect's LR"
    return (
        f"Each control in the suspect's place, against the same protected side: of {len(own)}, {place}, and "
        f"{values['n_controls_above_1']} have an LR above 1 (the largest log10 LR before the cap is {n(max(own))})."
    )


def _placebos(values: Json) -> str:
    total = values["n_placebos"]
    if not total:
        return ""
    return (
        f"Placebos: with each of {total} controls in the protected model's place, {values['n_placebos_above_1']} LRs "
        f"are above 1 and {values['n_placebos_at_least_as_high']} reach that of the protected side. A control may be a "
        "true source: what is documented of them is in the list of corpora."
    )


def _leave_one_out(finding: Finding) -> str:
    table = finding.tables["controls"]
    without = table.column("without")
    first, change = table.column("model")[0], table.column("change")[0]
    return (
        f"With any one control left out, the log10 LR before the cap lies between {n(min(without))} and "
        f"{n(max(without))}; {first} moves it most, by {n(change)}."
    )


def _without_named(values: Json) -> str:
    names = values["named_controls"]
    if not names:
        return "No control stands out as one that may itself come from the protected side."
    if values["log10_lr_without_named"] is None:
        return f"Without the controls that may come from the protected side ({listed(names)}), too few would be left."
    return (
        f"Without the controls that may themselves come from the protected side ({listed(names)}), the log10 LR is "
        f"{n(values['log10_lr_without_named'])}; with them, as reported, {n(values['log10_lr'])}."
    )


def _formula() -> str:
    """How the LR follows from the numbers in the tables, for whoever computes it anew."""
    return (
        "The natural logarithm of an LR is w1 30 p + w2 30 l + w3 s + w4 30 p s + w5 30 l s + w6, with the partial "
        f"correlation p, the lead l, s = ln(min(m, {MOST}) / {USUAL}) for m controls, and the weights w1 to w6 of the "
        "calibration; of several members the largest counts."
    )


def _rung(values: Json) -> int:
    if values["envelope"] or values["interval_uncapped"][0] <= 0 or values["log10_lr"] <= 0:
        return 0
    ahead = not values["n_controls_at_least_as_high"] and values["n_controls"] >= ENOUGH_CONTROLS
    return 2 if ahead and values["log10_lr"] >= RUNG_2 else 1


def _reached(values: Json) -> str:
    rule = (
        "(Rung 1 asks for material within the validated envelope and an interval above 0; rung 2 also for a log10 LR "
        f"of at least {RUNG_2:g}, at least {ENOUGH_CONTROLS} controls, and a higher LR than every one of them has in "
        "the suspect's place.)"
    )
    rung = _rung(values)
    if rung == 0:
        said = "No rung of the ladder of claims is reached. That does not show that the suspect is independent."
    else:
        said = f"This reaches rung {rung} of the ladder of claims."
    return f"{said} {rule}"


def description(finding: Finding) -> str:
    """The chart in words, with its numbers."""
    values = finding.values
    table = finding.tables["lrs"]
    mark = f"{OUTSIDE.capitalize()}. " if values["envelope"] else ""
    parts = []
    for key in QUESTIONS:
        one = values["questions"][key]
        low, high = one["interval"]
        parts.append(f"{key.replace('_', ' ')} {n(one['log10_lr'])} ({n(low)} to {n(high)})")
    seats = []
    for kind in (SUSPECT_SEAT, PROTECTED_SEAT):
        found = [v for v, k in zip(table.column("log10_lr"), table.column("kind"), strict=True) if k == kind]
        if found:
            seats.append(f"{len(found)} with each {kind} from {n(min(found))} to {n(max(found))}")
    return (
        f"{mark}Scale of log10 LRs of {values['suspect']} against {values['protected']}, with caps at "
        f"{n(values['cap'][0])} and {n(values['cap'][1])}: {'; '.join(parts)}. For comparison: {'; '.join(seats)}."
    )
