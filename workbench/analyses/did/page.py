"""A Finding of `did` as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.did.values import DidValues, MemberAloneRow, SeatRow, ViewAloneRow
from workbench.analyses.scoring.pictures import Row, forest
from workbench.core.drawing import Drawing
from workbench.core.finding_page import Bearing, Explanation, FindingPage, Part, Says, SmallTable
from workbench.core.model import Facts, Finding, Table
from workbench.core.printed import counted, decimals_of, interval, listed, number, p_value
from workbench.core.text import counted as many
from workbench.core.typed_json import read, rows

_UNUSUAL = 0.05
VERSIONS = "versions"
VIEWS = {
    "words": "words", "cased": "wording as written", "layout": "layout", "openings": "openings", "endings": "endings",
    "function_words": "function words",
}  # fmt: skip


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(DidValues, finding.values)
    between = values.kind == VERSIONS
    return FindingPage(
        part=Part.CONTRAST,
        says=Says.FOR if _found(values) else Says.BOTH_ALIKE if _first_of_few(values) else Says.NOTHING,
        suspect=values.suspect,
        protected=values.protected,
        highest=1 if between else 3,
        question=_question(values),
        short="closer to one version?" if between else "more than its base explains?",
        brief=_brief(values),
        answer=_answer(values),
        not_said=_not_said(values),
        seen=_seen(finding),
        picture=_picture(finding),
        table=_views(finding),
        steady=_steady(finding),
        against=_against(finding, models),
        change=_change(values),
        not_found=_not_found(values),
        explanations=_explanations(finding),
    )


def _found(values: DidValues) -> bool:
    unusual = bool(values.p_model <= _UNUSUAL + 1e-12)
    return unusual if values.kind == VERSIONS else unusual and values.rank == 1


def _first_of_few(values: DidValues) -> bool:
    """Whether the protected side leads, but among so few placebos that this is nothing unusual."""
    return values.kind != VERSIONS and values.rank == 1 and not _found(values)


def _side(values: DidValues) -> tuple[str, str]:
    """The version that the suspect leans to, and the other."""
    newer, older = listed(values.baseline), listed(values.older)
    return (newer, older) if values.statistic >= 0 else (older, newer)


def _base(values: DidValues) -> str:
    return f"{values.role} {listed(values.baseline, 2)}"


def _question(values: DidValues) -> str:
    suspect, protected = values.suspect, values.protected
    if values.kind == VERSIONS:
        return f"Is {suspect} closer to one version of {protected} than to the other, more than controls are?"
    return f"Is the closeness of {suspect} to {protected} more than its {values.role} explains?"


def _brief(values: DidValues) -> str:
    if values.kind == VERSIONS:
        return f"Yes, to {_side(values)[0]}." if _found(values) else "No. To neither more than controls are."
    if _found(values):
        return f"Yes, against {listed(values.baseline, 2)}: more than for {values.n_controls} controls."
    if _first_of_few(values):
        return f"Too few controls to tell. It is more than for all {values.n_controls}."
    return f"No. {counted(values.rank - 1, values.n_controls)} controls show as much."


def _answer(values: DidValues) -> str:
    start = f"on {many(values.n_prompts, 'matched prompt', 'matched prompts')}, {values.suspect}"
    if values.kind == VERSIONS:
        if _found(values):
            return f"{start} leans to {_side(values)[0]}, more than controls lean to either version."
        return f"{start} leans to neither version of {values.protected} more than controls do."
    if values.rank == 1:
        few = ", too few to tell" if _first_of_few(values) else ""
        return (
            f"{start} is closer to {values.protected} than its {_base(values)} is, by more than it is to any of "
            f"{values.n_controls} controls{few}."
        )
    return f"{start} is not set apart from its {_base(values)} by closeness to {values.protected}."


def _not_said(values: DidValues) -> str:
    suspect = values.suspect
    if not _found(values):
        return f"Nothing found does not clear {suspect}, and it does not weaken findings that ask another question."
    return f"This is not the probability that {suspect} was trained on {values.protected}."


def _table_rows(finding: Finding) -> list[SeatRow]:
    return rows(SeatRow, finding.tables["models"])


def _picture(finding: Finding) -> Drawing:
    values = read(DidValues, finding.values)
    between = values.kind == VERSIONS
    shown = [
        Row(
            row.model,
            row.statistic,
            row.low,
            row.high,
            own=row.role != "placebo",
            protected=row.role == "protected",
        )
        for row in _table_rows(finding)
    ]
    shown.sort(key=lambda row: -abs(row.value) if between else -row.value)
    others = [row for row in shown if not row.own]
    newer, older = listed(values.baseline, 2), listed(values.older, 2)
    axis = (
        f"lean to {older} (left) or to {newer} (right), in points"
        if between
        else f"points gained by the suspect over its {values.role}"
    )
    own = next(row for row in shown if row.own)
    return forest(
        shown,
        head="model, the farthest first" if between else "towards",
        axis=axis,
        title="Lean to a version" if between else f"Gain over the {values.role}",
        description=(
            f"{len(shown)} rows. {own.name} has {interval(own.value, own.low, own.high)} points. The {len(others)} "
            f"controls reach from {number(min(r.value for r in others), 1)} to "
            f"{number(max(r.value for r in others), 1)}."
        ),
    )


def _seen(finding: Finding) -> str:
    values = read(DidValues, finding.values)
    low, high = values.interval
    others = [row for row in _table_rows(finding) if row.role == "placebo"]
    if values.kind == VERSIONS:
        farther = sum(abs(row.statistic) > abs(values.statistic) for row in others)
        zero = ", and 0" if low < 0 < high else ""
        inside = sum(low <= row.statistic <= high for row in others)
        return (
            f"The suspect’s interval covers {counted(inside, len(others))} controls’ values{zero}. "
            f"{many(farther, 'control lies', 'controls lie')} farther from the middle."
        )
    said = interval(values.statistic, low, high)
    largest = number(values.largest_placebo_statistic, decimals_of(low, high))
    change = "gained" if values.statistic >= 0 else "changed by"
    return (
        f"Over its {values.role}, the suspect {change} {said} points of likeness towards {values.protected}. "
        f"Towards the {len(others)} controls it gained {largest} at most."
    )


def _views(finding: Finding) -> SmallTable | None:
    values = read(DidValues, finding.values)
    shown = _own_views(finding)
    if values.kind != VERSIONS or not shown:
        return None
    return SmallTable(
        ("Way to look", *(VIEWS.get(row.view, row.view.replace("_", " ")) for row in shown)),
        (
            ("Lean, points", *(number(row.statistic, 1) for row in shown)),
            (f"Rank of {values.n_seats}", *(str(row.rank) for row in shown)),
            ("Prompts", *(str(row.prompts) for row in shown)),
        ),
    )


def _own_views(finding: Finding) -> list[ViewAloneRow]:
    name = read(DidValues, finding.values).name
    return [row for row in rows(ViewAloneRow, finding.tables["views"]) if row.contrast == name]


def _steady(finding: Finding) -> tuple[str, ...]:
    values = read(DidValues, finding.values)
    said = interval(values.statistic, *values.interval)
    flips = f"{values.flips:,}"
    if values.kind == VERSIONS:
        ranks = [row.rank for row in _own_views(finding)]
        best = f"No way to look at the text ranks above {min(ranks)} of {values.n_seats}." if ranks else ""
        lean = f"Lean {said} points towards {listed(values.baseline, 2)}. "
        return tuple(
            filter(
                None,
                (
                    f"{lean}Rank {values.rank} of {values.n_seats} by distance from the middle.",
                    f"Prompts flipped at random {flips} times give as much in {_in_100(values.p_prompts)}.",
                    best,
                ),
            )
        )
    first = f"First in {counted(values.views_first, len(values.views))} ways to look at the text."
    return (
        first,
        *_by_member(finding),
        f"Prompts flipped at random {flips} times gave as much in {_in_100(values.p_prompts)}.",
    )


def _in_100(p: float) -> str:
    return f"{round(100 * p)} of 100" if p >= 0.005 else f"fewer than 1 of 100 (p {p_value(p)})"


def _by_member(finding: Finding) -> list[str]:
    values = read(DidValues, finding.values)
    table = finding.tables["members"]
    kept = Table(table.columns, tuple(row for row in table.rows if row[0] == values.name))
    found = rows(MemberAloneRow, kept)
    if len(found) < 2:
        return []
    each = [f"{row.member} alone {number(row.statistic, 1)}" for row in found]
    ranks = {row.rank for row in found}
    where = "first each time" if ranks == {1} else f"rank {min(ranks)} to {max(ranks)}"
    return [f"Points towards {listed(each, 4)}: {where}."]


def _against(finding: Finding, models: Mapping[str, Facts]) -> tuple[str, ...]:
    values = read(DidValues, finding.values)
    if values.kind == VERSIONS:
        low, high = values.interval
        widest = max(abs(low), abs(high))
        said = [f"The interval is wide: a lean of up to about {number(widest, 0)} points would fit these answers too."]
        fewer = [
            (VIEWS.get(row.view, row.view), row.prompts)
            for row in _own_views(finding)
            if row.prompts < values.n_prompts
        ]
        said += [f"{name.capitalize()} rest on {prompts} prompts only." for name, prompts in fewer]
        return tuple(said)
    said = []
    if len(values.baseline) == 1:
        said.append(f"One {values.role} only: {values.baseline[0]}.")
    basis = [models[name].basis for name in values.baseline if name in models and models[name].basis]
    said += [f"What is said of it: {words}." for words in basis[:1]]
    if values.base_in_common:
        said.append("Suspect and protected model have a base in common.")
    if values.strange:
        said.append(f"{listed(values.strange, 2)} does not answer like a chat model.")
    said.append(f"A change towards {values.protected} does not say how it came about.")
    return tuple(said)


def _change(values: DidValues) -> tuple[str, ...]:
    if values.kind == VERSIONS:
        return (
            "More prompts: four times as many would halve the interval.",
            "Answers that only one version gives.",
            f"To come first, the suspect would have to lean farther than {values.largest_placebo}, by "
            f"{number(abs(values.largest_placebo_statistic), 1)} points.",
        )
    return (
        "The base itself, or more siblings.",
        f"A sibling that also writes like {values.protected}.",
    )


def _not_found(values: DidValues) -> tuple[tuple[str, str], ...]:
    if values.kind != VERSIONS or _found(values):
        return ()
    said = interval(values.statistic, *values.interval)
    return ((f"A lean to one version of {values.protected}", f"{said} points, as controls have."),)


def _explanations(finding: Finding) -> tuple[Explanation, ...]:
    values = read(DidValues, finding.values)
    if values.kind == VERSIONS:
        return ()
    low, high = values.interval
    decimals = decimals_of(low, high)
    one = f"on one {values.role}" if len(values.baseline) == 1 else ""
    largest = number(values.largest_placebo_statistic, decimals)
    return (
        Explanation(
            "base",
            40,
            "The base weights",
            f"Compared with its {_base(values)}",
            f"Over it {interval(values.statistic, low, high)}, towards controls {largest} at most",
            Bearing.NO if _found(values) else Bearing.MAY,
            one,
        ),
    )
