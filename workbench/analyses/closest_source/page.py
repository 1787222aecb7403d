"""A Finding of `closest_source` as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.closest_source.values import ClosestSourceValues
from workbench.analyses.scoring.pictures import Row, forest
from workbench.core.drawing import Drawing
from workbench.core.finding_page import Bearing, Explanation, FindingPage, Part, Placed, Says
from workbench.core.model import Facts, Finding
from workbench.core.printed import counted, decimals_of, interval, listed, number, percent
from workbench.core.text import counted as many
from workbench.core.typed_json import read

Limits = tuple[tuple[str, str, str], ...]
"""Name, sentence, and what would mend it."""

_STABLE = 0.95
_UNUSUAL = 0.05


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(ClosestSourceValues, finding.values)
    kin = related(values.suspect, [control.model for control in values.controls], models)
    return FindingPage(
        part=Part.CLOSENESS,
        says=_says(values),
        suspect=values.suspect,
        protected=values.protected,
        highest=2,
        question=f"Is {values.suspect} closer to {values.protected} than unrelated models are?",
        short="closer than unrelated models?",
        brief=_brief(values),
        answer=_answer(values),
        not_said=_not_said(values),
        seen=_seen(values, kin),
        picture=_picture(values, kin),
        steady=_steady(finding),
        against=_against(finding, kin, models),
        change=_change(values, kin, models),
        not_found=_copies(finding),
        explanations=_explanations(finding) + _base(values, kin, models),
        limits=_limits(values, kin, models),
        placed=tuple(Placed(row.name, row.value, row.low, row.high, row.own) for row in _rows(values, kin)),
    )


def related(suspect: str, names: list[str], models: Mapping[str, Facts]) -> list[str]:
    """Those models that are said to be built on the suspect's base."""
    base = models[suspect].base if suspect in models else None
    return [name for name in names if base and name in models and models[name].base == base]


def _says(values: ClosestSourceValues) -> Says:
    """The first of few points nowhere: it says neither that the suspect is close nor that it is not."""
    if values.rank > 1:
        return Says.NOTHING
    return Says.FOR if _few(values) else Says.BOTH_ALIKE


def _few(values: ClosestSourceValues) -> bool:
    return bool(values.p_model <= _UNUSUAL + 1e-12)


def _brief(values: ClosestSourceValues) -> str:
    n, ahead = values.n_controls, values.rank - 1
    if not ahead and not _few(values):
        return f"Too few controls to tell. It is closer than all {n}."
    if not ahead:
        return f"Yes. It is closer than all {n} controls."
    if _few(values):
        return f"In part. It is closer than {n - ahead} of {n} controls."
    return f"No. {counted(ahead, n)} controls are at least as close."


def _answer(values: ClosestSourceValues) -> str:
    n, ahead = values.n_controls, values.rank - 1
    start = f"on {many(values.n_prompts, 'matched prompt', 'matched prompts')}, {values.suspect} is"
    if not ahead and not _few(values):
        return f"{start} closer to {values.protected} than {n} controls, too few to tell."
    if not ahead:
        return f"{start} closer to {values.protected} than all {n} controls are."
    if _few(values):
        return f"{start} closer to {values.protected} than {n - ahead} of {n} controls."
    return f"{start} not closer to {values.protected} than its {n} controls are as a group."


def _not_said(values: ClosestSourceValues) -> str:
    suspect, protected = values.suspect, values.protected
    if values.rank > 1 and not _few(values):
        return (
            f"This does not clear {suspect}: paraphrase and later training hide a source from any comparison of texts."
        )
    return (
        f"This is not the probability that {suspect} was trained on {protected}, and it does not say how the closeness "
        "arose."
    )


def _rows(values: ClosestSourceValues, kin: list[str]) -> list[Row]:
    low, high = values.interval
    own = Row(values.suspect, values.statistic, low, high, own=True)
    others = [
        Row(one.model, one.statistic, one.interval[0], one.interval[1], kin=one.model in kin) for one in values.controls
    ]
    return sorted([own, *others], key=lambda row: -row.value)


def _picture(values: ClosestSourceValues, kin: list[str]) -> Drawing:
    rows = _rows(values, kin)
    own, others = values.interval, [row for row in rows if not row.own]
    first, last = others[0], others[-1]
    said = interval(values.statistic, *own)
    return forest(
        rows,
        head="model",
        axis=f"closeness to {values.protected}, in points",
        title=f"Closeness to {values.protected}",
        description=(
            f"{len(rows)} models, one a row, the closest first. {values.suspect} has {said} points, rank "
            f"{values.rank}. The {len(others)} controls reach from {number(last.value, 1)} ({last.name}) to "
            f"{number(first.value, 1)} ({first.name})."
        ),
    )


def _seen(values: ClosestSourceValues, kin: list[str]) -> str:
    low, high = values.interval
    decimals = decimals_of(low, high)
    highest = max(control.interval[1] for control in values.controls)
    if values.rank > 1:
        ahead = values.rank - 1
        said = f"The suspect lies among the controls: {counted(ahead, values.n_controls)} lie farther right."
    elif low > highest:
        said = (
            f"One model stands apart. The interval of the suspect begins at {number(low, decimals)}; the highest end "
            f"of a control’s is {number(highest, decimals)}."
        )
    else:
        over = sum(control.interval[1] >= low for control in values.controls)
        said = f"The suspect comes first. Its interval overlaps with that of {many(over, 'control', 'controls')}."
    return (
        f"{said} “b” marks {'the control' if len(kin) == 1 else 'controls'} with the suspect’s base." if kin else said
    )


def _steady(finding: Finding) -> tuple[str, ...]:
    values = read(ClosestSourceValues, finding.values)
    share = values.share_of_replicates_first
    ranks = finding.tables["leave_one_out"].column("rank")
    views = [row[4] for row in finding.tables["views"].rows if row[4] is not None]
    first = sum(rank == 1 for rank in views)
    said = [
        f"Prompts drawn again {finding.parameters['replicates']} times: "
        + ("first each time." if share == 1 else f"first in {percent(share)} of them."),
        "Each control left out in turn: "
        + ("first each time." if set(ranks) == {1} else f"rank {_span(min(ranks), max(ranks))}."),
        f"{len(views)} ways to look, with and without what all models share: first in {counted(first, len(views))}.",
    ]
    members = finding.tables["members"]
    if len(members.rows) > 1:
        decimals = decimals_of(*values.interval)
        names, points, places = (members.column(column) for column in ("model", "statistic", "rank"))
        each = [f"{name} alone {number(value, decimals)}" for name, value in zip(names, points, strict=True)]
        where = "first each time" if set(places) == {1} else f"rank {_span(min(places), max(places))}"
        said.append(f"Points against {listed(each, 4)}: {where}.")
    return tuple(said)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _against(finding: Finding, kin: list[str], models: Mapping[str, Facts]) -> tuple[str, ...]:
    values = read(ClosestSourceValues, finding.values)
    said = [words for words in (_lengths(finding), _same(finding)) if words]
    if kin:
        base = models[values.suspect].base
        said.append(f"{counted(len(kin), values.n_controls)} controls are built on the suspect’s base, {base}.")
    elif values.suspect in models and models[values.suspect].base:
        said.append(f"No control is built on the suspect’s base, {models[values.suspect].base}.")
    lost = values.n_prompts_suspect - values.n_prompts
    if lost:
        said.append(f"{counted(lost, values.n_prompts_suspect)} prompts were lost in matching.")
    if values.counted < values.n_controls:
        said.append(f"Relatives and near copies among the {values.n_controls} controls count once.")
    said.append(f"With {values.counted_controls} no result can be rarer than 1 in {values.counted + 1}.")
    return tuple(said)


def _lengths(finding: Finding) -> str:
    suspect = read(ClosestSourceValues, finding.values).suspect
    table = finding.tables["models"]
    named = dict(zip(table.column("model"), table.column("tokens"), strict=True))
    own = named.pop(suspect, None)
    others = [value for value in named.values() if value is not None]
    if own is None or not others:
        return ""
    return (
        f"Length is not evened out: {suspect}’s answers have {own:g} "
        "tokens at the median, the "
        f"controls’ {min(others):g} to {max(others):g}."
    )


def _same_counts(finding: Finding) -> tuple[int, int, str]:
    """Answers that are the same as a protected model's: the suspect's, the most of a control's, and whose."""
    table, prompts = finding.tables["models"], read(ClosestSourceValues, finding.values).n_prompts
    shares = dict(zip(table.column("model"), table.column("same_as_protected"), strict=True))
    own = round((shares.pop(read(ClosestSourceValues, finding.values).suspect, None) or 0) * prompts)
    name, most = max(shares.items(), key=lambda item: item[1] or 0, default=("", 0))
    return own, round((most or 0) * prompts), name


def _same(finding: Finding) -> str:
    own, most, name = _same_counts(finding)
    prompts = read(ClosestSourceValues, finding.values).n_prompts
    if not most or most < own:
        return ""
    return (
        f"One control, {name}, has as many answers the same as a protected model’s as the suspect has, or more: "
        f"{counted(most, prompts)} against {own}."
    )


def _copies(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Copying of whole answers, where it is rare or not more than a control's."""
    own, most, _ = _same_counts(finding)
    prompts, protected = (
        read(ClosestSourceValues, finding.values).n_prompts,
        read(ClosestSourceValues, finding.values).protected,
    )
    if own > most and own > 0.05 * prompts:
        return ()
    said = f"{counted(own, prompts)} answers are the same as one of {protected}’s; a control has up to {most}."
    return (("Copying of whole answers", said),)


def _change(values: ClosestSourceValues, kin: list[str], models: Mapping[str, Facts]) -> tuple[str, ...]:
    suspect, protected = values.suspect, values.protected
    base = models[suspect].base if suspect in models else None
    few = (
        f": above all one on {base}, of which there {'is' if len(kin) == 1 else 'are'} {len(kin) or 'none'}"
        if base
        else ""
    )
    if values.rank > 1:
        return (
            "Controls that are of the suspect’s kind, and fewer that are close to the protected model by descent.",
            "More prompts, or such as bring out a model’s own manner.",
        )
    return (
        f"A control that comes as close{few}.",
        f"A third model that wrote like this before {protected} did.",
        "Signs that the suspect’s answers were not collected like the others.",
    )


def _explanations(finding: Finding) -> tuple[Explanation, ...]:
    values = read(ClosestSourceValues, finding.values)
    if values.rank > 1:
        return ()
    share = values.share_of_replicates_first
    views = [row for row in finding.tables["views"].rows if row[4] is not None]
    twins = [row for row in views if "less consensus" in row[0]]
    first = sum(row[4] == 1 for row in views)
    nearest = max(values.controls, key=lambda control: control.statistic)
    decimals = decimals_of(*values.interval)
    ranks = finding.tables["leave_one_out"].column("rank")
    return (
        Explanation(
            "prompts",
            10,
            "The choice of prompts",
            f"Drew them again {finding.parameters['replicates']} times",
            "First each time" if share == 1 else f"First in {percent(share)}",
            Bearing.NO if share >= _STABLE else Bearing.MAY,
        ),
        Explanation(
            "alike",
            20,
            "All assistants write alike",
            f"Took out what all models of the case share; compared {values.n_controls} controls",
            f"First in {counted(first, len(views))} ways to look; closest control "
            f"{number(nearest.statistic, decimals)} against {number(values.statistic, decimals)}",
            Bearing.NO if twins and all(row[4] == 1 for row in twins) else Bearing.MAY,
        ),
        Explanation(
            "one control",
            30,
            "One odd control decides",
            "Left each out in turn",
            "First each time" if set(ranks) == {1} else f"Rank {_span(min(ranks), max(ranks))}",
            Bearing.NO if set(ranks) == {1} else Bearing.MAY,
        ),
    )


def _base(values: ClosestSourceValues, kin: list[str], models: Mapping[str, Facts]) -> tuple[Explanation, ...]:
    if values.rank > 1 or not kin:
        return ()
    decimals = decimals_of(*values.interval)
    points = [number(c.statistic, decimals) for c in values.controls if c.model in kin]
    return (
        Explanation(
            "base",
            40,
            f"The base weights, {models[values.suspect].base}",
            f"{len(kin)} {'control shares' if len(kin) == 1 else 'controls share'} it",
            f"{listed(points, 3)} points against {number(values.statistic, decimals)}",
            Bearing.NO,
        ),
    )


def _limits(values: ClosestSourceValues, kin: list[str], models: Mapping[str, Facts]) -> Limits:
    suspect = values.suspect
    base = models[suspect].base if suspect in models else None
    if base is None:
        said = f"The base of {suspect} is not known, so no control can be chosen for it."
        return (("The base is unknown.", said, "the base, as its maker states it."),)
    if 2 * len(kin) >= values.n_controls:
        return ()
    some = f"Only {counted(len(kin), values.n_controls)} controls are" if kin else "No control is"
    said = f"{some} built on the suspect’s base, {base}."
    return (("The population of H2 is thin on one side.", said, "more models on this base."),)
