"""How a likelihood ratio is written; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.model import Json
from workbench.core.statistics.calibration import ANY, DERIVED, DISTILLED

OUTSIDE = "outside the validated envelope"
_EQUAL = 0.02
"""A log10 LR up to this says that both are equally probable, to two digits."""
_LARGEST = 300.0
"""Ten to the power of more does not fit a float."""
_MOST = 4

SUPPOSED = {
    ANY: "{suspect} was trained on answers of {protected}, directly or through others (or derives from its weights, or "
    "relays it)",
    DISTILLED: "{suspect} was trained on answers of {protected}",
    DERIVED: "{suspect} derives from the weights of {protected}, or relays its answers",
}


def n(value: float, digits: int = 2) -> str:
    """A log10 LR, or another number, with a true minus sign and without a negative zero."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def times(log10_lr: float) -> str:
    """How many times more or less probable, in words: two digits, no more than the numbers bear."""
    if _equal(log10_lr):
        return "about equally probable"
    size = 10.0 ** min(abs(log10_lr), _LARGEST)
    figure = f"{size:.2g}" if size < 100 else f"{float(f'{size:.2g}'):,.0f}"
    return f"about {figure} times {'more' if log10_lr > 0 else 'less'} probable"


def _equal(log10_lr: float) -> bool:
    return abs(log10_lr) < _EQUAL


def in_brackets(one: Json, values: Json) -> str:
    """The log10 LR with its interval, its cap and what sets it."""
    low, high = one["interval"]
    percent = f"{100 * values['confidence']:g} %"
    span = f"{n(low)} to {n(high)}" if low < high else "wholly at the cap"
    return f"log10 LR {n(one['log10_lr'])}, {percent} interval {span}, {_cap(one)}"


def _cap(one: Json) -> str:
    low, high = one["cap"]
    negative, positive = one["negative_groups"], one["positive_groups"]
    if one["log10_lr"] >= 0:
        return f"reporting cap {n(high)} set by {negative} independent reference groups"
    return f"reporting floor {n(low)} set by {positive} independent groups of documented descendants"


def comparison(key: str, one: Json, values: Json) -> str:
    """The sentence of one question: how much more probable, if what, than if what."""
    supposed = SUPPOSED[key].format(suspect=values["suspect"], protected=values["protected"])
    groups = one["negative_groups"]
    those = f"those {groups}" if one["log10_lr"] >= 0 else f"the calibration's {groups} reference groups"
    than = "as" if _equal(one["log10_lr"]) else "than"
    mark = f" [{OUTSIDE}]" if values["envelope"] else ""
    return (
        f"{times(one['log10_lr'])} ({in_brackets(one, values)}){mark} if {supposed} {than} if {values['suspect']} is a "
        f"model of the kind that {those} represent"
    )


def question_of(key: str, values: Json) -> Json:
    """One question's LR with the groups that its calibration rests on."""
    stated = values["calibration"]["questions"][key]
    return {**values["questions"][key], **{k: stated[k] for k in ("positive_groups", "negative_groups")}}


def enveloped(values: Json) -> list[str]:
    """What is said first where a case is not like the panels; nothing where it is."""
    reasons: Sequence[str] = values["envelope"]
    if not reasons:
        return []
    more = f"; and {len(reasons) - _MOST} more, in the table of the envelope" if len(reasons) > _MOST else ""
    return [
        f"{OUTSIDE.capitalize()}: {'; '.join(reasons[:_MOST])}{more}. The method was not validated on such material: "
        "every number here may mislead more often than the rates stated."
    ]


def figures(values: Json) -> str:
    """What the calibration rests on, and how often it misled on its own panels."""
    used = values["calibration"]
    panels = "; ".join(_panel(panel) for panel in used["panels"])
    said = f"Calibration: {used['name']}, made {used['made']}, SHA-256 {used['sha256'][:12]}… (panels: {panels})."
    found = used["figures"].get("all") or {}
    if not found.get("cllr"):
        return f"{said} It states no figures of its own."
    negatives = found["n_pairs"] - found["n_positive"]
    above = [found[f"neg_lr_gt_{size}"] for size in (1, 10, 100)]
    missed = round(found["pos_lr_lt_1"] * found["n_positive"])
    return (
        f"{said} On suspects that it was not fitted on, its Cllr was {n(found['cllr'])}{_ends(found, 'cllr')} (0 is "
        f"perfect, 1 says nothing); of {negatives} pairs without a documented source {above[0]} had an LR above 1, "
        f"{above[1]} above 10 and {above[2]} above 100; of {found['n_positive']} true pairs {missed} had an LR below 1."
    )


def _ends(found: Json, key: str) -> str:
    ends = (found.get("interval") or {}).get(key)
    return f" [{n(ends[0])}, {n(ends[1])}]" if ends else ""


def _panel(panel: Json) -> str:
    sizes = [f"{panel[key]} {key}" for key in ("models", "prompts") if key in panel]
    return f"{panel.get('name', 'unnamed')}{', ' if sizes else ''}{', '.join(sizes)}"
