"""What a Finding of `did` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.did.values import (
    BASELINE,
    PLACEBO,
    VERSIONS,
    ContrastValues,
    DidValues,
    MemberAloneRow,
    SeatRow,
)
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS, ENOUGH_DRAWINGS, UNUSUAL, Replicated
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number
from workbench.core.printed import p_value
from workbench.core.typed_json import read, rows

STABLE = 0.95
"""The share of the drawings of prompts in which the protected side has to come first for rung 3."""

_LENIENT = 2
"""The last version that let a first place among few placebos reach a rung, of however few drawings."""


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences, with its rung of the ladder: 3 at the most."""
    values = read(DidValues, finding.values)
    rung = _rung(finding, values)
    against = [one for one in values.contrasts if one.kind == BASELINE]
    between = [one for one in values.contrasts if one.kind == VERSIONS]
    said = [*(_against(one, values) for one in against), *_most_cautious(against, values)]
    said += [_versions(one, values) for one in between]
    if not between:
        said.append("The protected side has no two versions with different release dates to be told apart here.")
    if not against:
        said.append("No base, sibling or earlier version of the suspect was compared, so nothing is taken off for it.")
    said += [_members(finding, values), _units(values), _prompts(values)]
    said += [f"Not used as a baseline: {item.corpus} ({item.reason})." for item in values.passed_over]
    said += [
        _reached(finding, rung, values),
        f"This is not the probability that {values.suspect} was trained on answers of {values.protected}.",
    ]
    return Narrative(rung, _headline(finding, values), tuple(s for s in said if s), tuple(limits))


def _rung(finding: Finding, values: DidValues) -> int:
    lenient = finding.version <= _LENIENT
    if values.p_model > UNUSUAL + 1e-12 and not (lenient and values.rank == 1 and values.kind != VERSIONS):
        return 0
    few = not lenient and read(Replicated, finding.parameters).replicates < ENOUGH_DRAWINGS
    if values.kind == VERSIONS or values.rank > 1 or few:
        return 1
    sound = values.counted >= ENOUGH_CONTROLS and not (values.strange or values.base_in_common or values.unbacked)
    return 3 if sound and values.p_prompts <= UNUSUAL and _stable(values) else 1


def _stable(values: DidValues) -> bool:
    share = values.share_of_replicates_first
    return share is None or share >= STABLE


def _headline(finding: Finding, values: DidValues) -> str:
    start = f"On {values.n_prompts} matched prompts, {values.suspect}"
    place = f"(rank {values.rank} of {values.n_seats}, p_model {p_value(values.p_model)})"
    if values.kind == VERSIONS:
        side = values.baseline if values.statistic >= 0 else values.older
        if values.p_model <= UNUSUAL + 1e-12:
            return f"{start} leans to {_and(side)} more than the controls lean to either version {place}."
        return f"{start} leans to neither version of {values.protected} more than controls do {place}."
    base, protected = _and(values.baseline), values.protected
    ahead = values.rank - 1
    if not ahead:
        few = values.p_model > UNUSUAL + 1e-12 and finding.version > _LENIENT
        lot = f" Of {values.counted + 1} models without any link one comes first, too." if few else ""
        return (
            f"{start} is closer to {protected} than its {values.role} {base} is, by more than it is to any of "
            f"the {values.n_controls} placebos {place}.{lot}"
        )
    rest = f"{ahead} of {values.n_controls} placebos {'shows' if ahead == 1 else 'show'} as much"
    return f"{start} is not set apart from its {values.role} {base} by closeness to {protected}: {rest} {place}."


def _against(one: ContrastValues, values: DidValues) -> str:
    change = "gained" if one.statistic >= 0 else "lost"
    return (
        f"Against {_and(one.baseline)} ({one.role}) the suspect has {change} {number(abs(one.statistic))} points "
        f"of similarity to {values.protected} beyond what it did to the controls ({_interval(one, values)}; rank "
        f"{one.rank} of {one.n_seats}, p_model {p_value(one.p_model)}; p over prompts {p_value(one.p_prompts)}). "
        f"The largest placebo is {one.largest_placebo} with {number(one.largest_placebo_statistic)}. In "
        f"{one.views_first} of {len(one.views)} views of the text {values.protected} comes first."
    )


def _most_cautious(against: Sequence[ContrastValues], values: DidValues) -> list[str]:
    if len(against) < 2:
        return []
    return [
        f"Of {len(against)} baselines the headline states the one that says least, {values.name}: what it says "
        "holds against each of them."
    ]


def _versions(one: ContrastValues, values: DidValues) -> str:
    newer, older = _and(one.baseline), _and(one.older)
    side = f"the newer, {newer}," if one.statistic >= 0 else f"the older, {older},"
    other = older if one.statistic >= 0 else newer
    return (
        f"Version contrast: the suspect leans to {side} rather than to {other}, by {number(abs(one.statistic))} points "
        f"more than the controls do (newer less older: {_interval(one, values)}; rank {one.rank} of "
        f"{one.n_seats} by distance from the others' mean, p_model {p_value(one.p_model)}; p over prompts, both "
        f"sides, {p_value(one.p_prompts)})."
    )


def _members(finding: Finding, values: DidValues) -> str:
    names = values.members
    if len(names) == 1:
        return f"The protected side is {names[0]}."
    each = rows(MemberAloneRow, finding.tables["members"])
    parts = [f"{row.member} {number(row.statistic)} points, rank {row.rank}" for row in each]
    alone = f" One by one: {'; '.join(parts)}." if parts else ""
    return f"The protected side is the mean over {', '.join(names)}.{alone}"


def _units(values: DidValues) -> str:
    seat = "the suspect" if values.kind == VERSIONS else values.protected
    return (
        f"Points are mean cosines times 100, averaged over {len(values.views)} views of the text. p_model counts "
        f"models: each of the {values.n_controls} controls takes the place of {seat} in turn, so it can't be below "
        f"{p_value(1 / (1 + values.counted))}{_once(values)}. p over prompts comes from {values.flips} random flips of "
        "sign, one for a prompt with all its answers: it says how sure the number is, not how unusual it is among "
        "models."
    )


def _once(values: DidValues) -> str:
    if values.counted == values.n_seats - 1:
        return ""
    return f", as relatives and near copies among them count once, as {values.counted} models"


def _prompts(values: DidValues) -> str:
    lost = values.n_prompts_suspect - values.n_prompts
    return (
        f"Of {values.n_prompts_suspect} prompts that the suspect answered, {values.n_prompts} are compared; "
        f"{lost} were lost in matching."
    )


def _reached(finding: Finding, rung: int, values: DidValues) -> str:
    stable = borne = ""
    lenient = finding.version <= _LENIENT
    drawings = "the drawings" if lenient else f"at least {ENOUGH_DRAWINGS} drawings"
    first = "rank 1, or p_model" if lenient else "a p_model"
    if values.share_of_replicates_first is not None:
        stable = f"and in at least {100 * STABLE:g} % of {drawings} of prompts, "
        borne = " and are documented or borne out by their texts"
    rule = (
        f"(Rung 3 asks for rank 1 against every baseline among at least {ENOUGH_CONTROLS} placebos, {stable}p over "
        f"prompts of {UNUSUAL:g} at most, baselines that answer like chat models{borne}, and no base in common with "
        f"the protected side; rung 1 for {first} of {UNUSUAL:g} at most.)"
    )
    if rung == 3:
        said = (
            "This reaches rung 3 of the ladder of claims: more than base, sibling and date explain, as far as these "
            "baselines and controls stand for them."
        )
    elif rung:
        said = "This reaches rung 1 of the ladder of claims: the suspect differs from what the placebos show."
    else:
        said = "No rung of the ladder of claims is reached. That does not show that the suspect is independent."
    return f"{said} {rule}"


def description(finding: Finding) -> str:
    """The alternative text of the forest plot, with its numbers."""
    values = read(DidValues, finding.values)
    models = rows(SeatRow, finding.tables["models"])
    placebos = [row for row in models if row.role == PLACEBO]
    first, last = placebos[0], placebos[-1]
    real = values.suspect if values.kind == VERSIONS else values.protected
    ends = f"from {number(last.statistic)} ({last.model}) to {number(first.statistic)} ({first.model})"
    return (
        f"Forest plot of {len(models)} models by the difference of differences in points ({_what(values)}). "
        f"{real} (black diamond) has {number(values.statistic)}, {_interval(values, values)}, rank {values.rank}. "
        f"The {len(placebos)} placebos (open circles) reach {ends}."
    )


def _what(values: DidValues) -> str:
    if values.kind == VERSIONS:
        return f"leaning to {_and(values.baseline)} rather than {_and(values.older)}"
    return f"{values.suspect} less {_and(values.baseline)}"


def _interval(one: ContrastValues, values: DidValues) -> str:
    low, high = one.interval
    return f"{100 * values.confidence:g} % interval {number(low)} to {number(high)}"


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
