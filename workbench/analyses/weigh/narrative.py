"""What a Finding of `weigh` says in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.scoring.envelope import PanelLikeness
from workbench.analyses.scoring.lr_sentences import OUTSIDE, LrCase, comparison, enveloped, figures
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, ENOUGH_DRAWINGS, Replicated
from workbench.analyses.scoring.partial_correlation import MOST, USUAL
from workbench.analyses.weigh.page import answer, not_said
from workbench.analyses.weigh.values import PROTECTED_SEAT, SUSPECT_SEAT, ControlRow, LrRow, WeighValues
from workbench.core.finding_page import OUTSIDE as PAGE_OUTSIDE
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, times
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, FEW, FEW_BEFORE, ORIGIN
from workbench.core.text import shortlist
from workbench.core.typed_json import read, rows

TELLS = 0.477
"""The log10 LR (a factor of 3) from which on training is told from derivation."""

RUNG_2 = 1.0
"""The log10 LR that rung 2 asks for, beside being ahead of every control."""

JUDGED_AT = 0.95
"""The confidence of the interval that a rung asks for: a narrower one would be above 0 sooner."""

_ANY_DRAWINGS = 2
"""The last version whose rungs asked for no number of drawings."""


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences, with its rung of the ladder: 2 at the most."""
    values = read(WeighValues, finding.values)
    said = [
        *enveloped(values.envelope),
        _label(values),
        *(_question(key, values) for key in (DISTILLED, DERIVED) if key in values.questions),
        _origin(values),
        _cap(values),
        figures(values.stated_calibration),
        _panels(values),
        _few(values),
        _formula(values),
        _basis(finding, values),
        _in_the_suspects_seat(finding, values),
        _placebos(values),
        _leave_one_out(finding),
        _without_named(values),
        _relatives(values),
        _reached(finding, values),
    ]
    return Narrative(_rung(finding, values), _headline(values), tuple(s for s in said if s), tuple(limits))


def _compared(key: str, values: WeighValues) -> str:
    sides = LrCase(values.suspect, values.protected, values.confidence, bool(values.envelope))
    return comparison(key, values.questions[key], values.stated_calibration.questions[key], sides)


def _headline(values: WeighValues) -> str:
    """The answer word for word as on its page; findings of version 1 say it as they did."""
    if ORIGIN in values.questions:
        said = answer(values.log10_lr, values.suspect, values.protected)
        said = f"{PAGE_OUTSIDE} {said}" if values.envelope else said[:1].upper() + said[1:]
        return f"{said} {not_said(values)}"
    mark = f"{OUTSIDE.capitalize()}. " if values.envelope else ""
    return (
        f"{mark}These findings are {_compared(ANY, values)}. This is not the probability "
        f"that {values.suspect} was trained on {values.protected}."
    )


def _label(values: WeighValues) -> str:
    mark = f" ({OUTSIDE})" if values.envelope else ""
    return (
        f"In the words of the scale {values.scale}: {values.label}{mark}. The number comes first; the words only "
        "name its size, and the table of the scale has all of them."
    )


def _question(key: str, values: WeighValues) -> str:
    what = {DISTILLED: "for training on answers alone", DERIVED: "for a derivative or a relay alone"}[key]
    label = values.questions[key].label
    return f"Asked {what}: {_compared(key, values)} ({label}){_misled(key, values)}."


def _misled(key: str, values: WeighValues) -> str:
    """How often the calibration misled on one question, with groups left out."""
    found = values.stated_calibration.questions[key].misled
    if not found.positives and not found.negatives:
        return ""
    return (
        f"; asked this of pairs that it was not fitted on, {found.tens.pairs} of {found.negatives} without "
        f"such a source had an LR {found.tens.words}, and {found.pos_lr_lt_1} of {found.positives} with one "
        "an LR below 1"
    )


def _origin(values: WeighValues) -> str:
    """Whether the answers tell training from derivation, if the protected model is a source at all."""
    one = values.questions.get(ORIGIN)
    if one is None:
        return ""
    suspect, protected = values.suspect, values.protected
    mark = f" [{OUTSIDE}]" if values.envelope else ""
    found = values.stated_calibration.questions[ORIGIN].misled
    rates = ""
    if found.positives or found.negatives:
        rates = (
            f" Asked this of true pairs that it was not fitted on, {found.neg_lr_gt_1} of {found.negatives} trained "
            f"ones had an LR above 1, and {found.pos_lr_lt_1} of {found.positives} derived or relayed ones one below 1."
        )
    if abs(one.log10_lr) < TELLS:
        return (
            f"Training or derivation? These answers can't tell: if {protected} is a source of {suspect}, the LR of "
            f"derivation or relay against training is within a factor of 3 of 1 (log10 LR {number(one.log10_lr)}"
            f"){mark}.{rates}"
        )
    more, less = "derives from its weights or relays its answers", "was trained on its answers"
    if one.log10_lr < 0:
        more, less = less, more
    low, high = one.interval
    return (
        f"Training or derivation? If {protected} is a source of {suspect}, these findings are "
        f"{times(abs(one.log10_lr))} if {suspect} {more} than if it {less} (log10 LR of derivation against training "
        f"{number(one.log10_lr)}, interval {number(low)} to {number(high)}){mark}.{rates}"
    )


def _panels(values: WeighValues) -> str:
    """Which of the calibration's panels the case resembles, and the rates of error there."""
    if not values.panels:
        return ""
    same = [one for one in values.panels if not one.differs]
    if not same:
        nearest = values.panels[0]
        return (
            "The case resembles none of the calibration's panels in language, length, number of controls and prompts, "
            f"level and date together; the nearest is {nearest.panel}, which differs in {', '.join(nearest.differs)} "
            f"({_rates(nearest)})."
        )
    said = "; ".join(f"{one.panel} ({_rates(one)})" for one in same)
    return (
        f"In language, length, number of controls and prompts, level and date the case resembles {len(same)} of the "
        f"calibration's {len(values.panels)} panels: {said}."
    )


def _rates(one: PanelLikeness) -> str:
    cllr = "" if one.cllr is None else f"Cllr {number(one.cllr)}, "
    left_out = "the panel left out of the fit" if one.left_out == "panel" else "each suspect's group left out"
    return (
        f"{left_out}: {cllr}{one.tens.pairs} of {one.n_negative} pairs without a documented source with an LR "
        f"{one.tens.words}, {one.pos_lr_lt_1} of {one.n_positive} true pairs with one below 1"
    )


def _relatives(values: WeighValues) -> str:
    names = values.relatives
    if not names:
        return ""
    if values.log10_lr_without_relatives is None:
        return f"Without the relatives of {values.suspect} ({shortlist(names)}), too few controls would be left."
    return (
        f"Without the relatives of {values.suspect} among the controls ({shortlist(names)}), the log10 LR is "
        f"{number(values.log10_lr_without_relatives)}; with them, as reported, {number(values.log10_lr)}. A relative "
        "explains what it shares with the suspect, and so can hide what both have from one source."
    )


def _few(values: WeighValues) -> str:
    """With few controls: how much more often the calibration misled."""
    found = values.stated_calibration.questions[ANY].misled.few
    few = FEW if ORIGIN in values.questions else FEW_BEFORE
    if values.n_controls >= few or not found.negatives:
        return ""
    return (
        f"The rates above were measured with more controls than the {values.n_controls} here. On smaller panels "
        f"drawn from the calibration's own, with fewer than {few} controls, {found.tens.pairs} of "
        f"{found.negatives} pairs without a documented source had an LR {found.tens.words}, {found.neg_lr_gt_1} one "
        f"above 1, and {found.pos_lr_lt_1} of {found.positives} true pairs one below 1."
    )


def _cap(values: WeighValues) -> str:
    low, high = values.interval_uncapped
    first = values.stated_calibration.questions[ANY]
    if first.bounds is not None and values.cap[1] < first.bounds[1]:
        return (
            f"Before the cap the log10 LR is {number(values.log10_lr_uncapped)} ({number(low)} to {number(high)}). No "
            f"LR is reported beyond {number(values.cap[0])} and {number(values.cap[1])}: the "
            f"{values.n_controls_independent} independent ones among the {values.n_controls} controls bear no more. "
            "None among so many speaks for no more than their number and one, and for more than 10 only as far as the "
            "rule of three allows."
        )
    return (
        f"Before the cap the log10 LR is {number(values.log10_lr_uncapped)} ({number(low)} to {number(high)}). No LR "
        f"is reported beyond {number(values.cap[0])} and {number(values.cap[1])}: {first.positives} true pairs of "
        f"{first.positive_groups} independent groups of suspects, and {first.negatives} others of "
        f"{first.negative_groups} groups, bear no more."
    )


def _basis(finding: Finding, values: WeighValues) -> str:
    names = values.members
    replicates = read(Replicated, finding.parameters).replicates
    side = names[0] if len(names) == 1 else f"the closest of {', '.join(names)}"
    return (
        f"The comparison is with {side}; n = {values.n_controls} controls and {values.n_prompts} prompts. The "
        f"interval comes from {replicates} replicates that draw anew the prompts, the controls, "
        "and the groups of suspects on which the calibration rests."
    )


def _in_the_suspects_seat(finding: Finding, values: WeighValues) -> str:
    own = [row.uncapped for row in rows(LrRow, finding.tables["lrs"]) if row.kind == SUSPECT_SEAT]
    ahead = values.n_controls_at_least_as_high
    place = "none reaches the suspect's LR" if not ahead else f"{ahead} reach the suspect's LR"
    return (
        f"Each control in the suspect's place, against the same protected side: of {len(own)}, {place}, and "
        f"{values.n_controls_above_1} have an LR above 1 (the largest log10 LR before the cap is {number(max(own))})."
    )


def _placebos(values: WeighValues) -> str:
    total = values.n_placebos
    if not total:
        return ""
    return (
        f"Placebos: with each of {total} controls in the protected model's place, {values.n_placebos_above_1} LRs "
        f"are above 1 and {values.n_placebos_at_least_as_high} reach that of the protected side. A control may be a "
        "true source: what is documented of them is in the list of corpora."
    )


def _leave_one_out(finding: Finding) -> str:
    controls = rows(ControlRow, finding.tables["controls"])
    without, first = [row.without for row in controls], controls[0]
    return (
        f"With any one control left out, the log10 LR before the cap lies between {number(min(without))} and "
        f"{number(max(without))}; {first.model} moves it most, by {number(first.change)}."
    )


def _without_named(values: WeighValues) -> str:
    names = values.named_controls
    if not names:
        return "No control stands out as one that may itself come from the protected side."
    if values.log10_lr_without_named is None:
        return (
            f"Without the controls that may come from the protected side ({shortlist(names)}), too few would be left."
        )
    return (
        f"Without the controls that may themselves come from the protected side ({shortlist(names)}), the log10 LR is "
        f"{number(values.log10_lr_without_named)}; with them, as reported, {number(values.log10_lr)}."
    )


def _formula(values: WeighValues) -> str:
    """How the LR of a finding of version 1 follows from its tables; of later ones it stands in the method."""
    if ORIGIN in values.questions:
        return ""
    return (
        "The natural logarithm of an LR is w1 30 p + w2 30 l + w3 s + w4 30 p s + w5 30 l s + w6, with the partial "
        f"correlation p, the lead l, s = ln(min(m, {MOST}) / {USUAL}) for m controls, and the weights w1 to w6 of the "
        "calibration; of several members the largest counts."
    )


def _rung(finding: Finding, values: WeighValues) -> int:
    if values.envelope or values.overlap or values.interval_uncapped[0] <= 0 or values.log10_lr <= 0:
        return 0
    if values.confidence < JUDGED_AT:
        return 0
    if finding.version > _ANY_DRAWINGS and read(Replicated, finding.parameters).replicates < ENOUGH_DRAWINGS:
        return 0
    # Findings of version 1 don't know how many of the controls are independent.
    controls = values.n_controls_independent or values.n_controls
    ahead = not values.n_controls_at_least_as_high and controls >= ENOUGH_CONTROLS
    return 2 if ahead and values.log10_lr >= RUNG_2 else 1


def _reached(finding: Finding, values: WeighValues) -> str:
    drawings = f" of at least {ENOUGH_DRAWINGS} drawings" if finding.version > _ANY_DRAWINGS else ""
    rule = (
        f"(Rung 1 asks for material within the validated envelope and an interval above 0{drawings}; rung 2 also "
        f"for a log10 LR of at least {RUNG_2:g}, at least {ENOUGH_CONTROLS} controls, and a higher LR than every one "
        "of them has in the suspect's place.)"
        if values.confidence >= JUDGED_AT
        else f"(A rung asks for an interval at {100 * JUDGED_AT:g} % confidence or more.)"
    )
    rung = _rung(finding, values)
    if rung == 0:
        said = "No rung of the ladder of claims is reached. That does not show that the suspect is independent."
    else:
        said = f"This reaches rung {rung} of the ladder of claims."
    return f"{said} {rule}"


def description(finding: Finding) -> str:
    """The chart in words, with its numbers."""
    values, lrs = read(WeighValues, finding.values), rows(LrRow, finding.tables["lrs"])
    mark = f"{OUTSIDE.capitalize()}. " if values.envelope else ""
    parts = []
    for key in values.asked:
        one = values.questions[key]
        low, high = one.interval
        parts.append(f"{key.replace('_', ' ')} {number(one.log10_lr)} ({number(low)} to {number(high)})")
    seats = []
    for kind in (SUSPECT_SEAT, PROTECTED_SEAT):
        found = [row.log10_lr for row in lrs if row.kind == kind]
        if found:
            seats.append(f"{len(found)} with each {kind} from {number(min(found))} to {number(max(found))}")
    return (
        f"{mark}Scale of log10 LRs of {values.suspect} against {values.protected}, with caps at "
        f"{number(values.cap[0])} and {number(values.cap[1])}: {'; '.join(parts)}. For comparison: {'; '.join(seats)}."
    )
