"""A Finding of `weigh` as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.scoring.lr_values import LrValues
from workbench.analyses.weigh.picture import leave_one_out, scale
from workbench.analyses.weigh.values import WeighValues
from workbench.core.finding_page import OUTSIDE, Bearing, Explanation, FindingPage, Measure, Part, Says, SmallTable
from workbench.core.model import Facts, Finding
from workbench.core.printed import counted, interval, listed, month, number, percent, ratio, times, year_month
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, ORIGIN
from workbench.core.statistics.verbal_scale import STEPS, step_of
from workbench.core.text import counted as many
from workbench.core.typed_json import read

ASKED = {
    ANY: "Any kind of source",
    DISTILLED: "Training on answers alone",
    DERIVED: "A derivative or a relay alone",
    ORIGIN: "Derivation or relay, not training",
}


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(WeighValues, finding.values)
    return FindingPage(
        part=Part.WEIGHT,
        says=direction(values.log10_lr),
        suspect=values.suspect,
        protected=values.protected,
        highest=2,
        question=(
            f"How much more probable are these answers if {values.protected} is a source of {values.suspect} "
            "than if it is not?"
        ),
        short="how much is it worth?",
        brief=_brief(values),
        caution=OUTSIDE if values.envelope else "",
        answer=answer(values.log10_lr, values.suspect, values.protected),
        not_said=not_said(values),
        seen=_seen(finding),
        picture=scale(finding),
        second=leave_one_out(finding),
        second_title=_decides(finding),
        table=_table(values),
        steady=_steady(finding),
        against=_against(finding),
        change=_change(values),
        explanations=_explanations(finding),
        limits=_limits(finding),
        log10_lr=values.log10_lr,
        at_ceiling=at_end(values),
        outside=outside(finding),
        measures=measures(finding),
    )


def direction(log10_lr: float) -> Says:
    """Which way a ratio points; within the first step of the scale, neither way."""
    if step_of(log10_lr) is STEPS[0]:
        return Says.BOTH_ALIKE
    return Says.FOR if log10_lr > 0 else Says.AGAINST


def answer(log10_lr: float, suspect: str, protected: str) -> str:
    """The sentence of a likelihood ratio, of one length whichever way it points."""
    says = direction(log10_lr)
    if says is Says.BOTH_ALIKE:
        return f"these answers are about as probable if {protected} is a source of {suspect} as if it is not."
    start = f"these answers are {times(log10_lr)} more probable if {protected}"
    if says is Says.FOR:
        return f"{start} is a source of {suspect} than if it is not."
    return f"{start} is not a source of {suspect} than if it is."


def at_end(values: LrValues) -> bool:
    """Whether the ratio is the largest or the smallest that is reported."""
    low, high = values.cap
    return not low < values.log10_lr < high


def _brief(values: WeighValues) -> str:
    says = direction(values.log10_lr)
    if says is Says.BOTH_ALIKE:
        return "About as probable either way."
    end = ", the ceiling" if at_end(values) else ""
    way = "" if says is Says.FOR else ", the other way"
    return f"{times(values.log10_lr)}{end}{way}.".capitalize()


def not_said(values: WeighValues) -> str:
    """What stands below the sentence: the ceiling or the interval, and what the ratio is not."""
    said = f"This is not the probability that {values.suspect} was trained on {values.protected}."
    if at_end(values):
        said += f" {ratio(abs(values.log10_lr))} is the ceiling, not a measurement."
    else:
        said += (
            f" The {percent(values.confidence)} interval is {ratio(values.interval[0])} to {ratio(values.interval[1])}."
        )
    return f"{said} “Is a source” is H1, “is not” is H2."


def _seen(finding: Finding) -> str:
    values = read(WeighValues, finding.values)
    low, high = values.interval
    if at_end(values):
        start = "The suspect stands at the ceiling." if values.log10_lr > 0 else "The suspect stands at the lower end."
    elif low < 0 < high:
        start = "The interval of the suspect covers 1: these answers can’t tell the accounts apart."
    else:
        start = f"The interval of the suspect lies wholly {'above' if low >= 0 else 'below'} 1."
    return (
        f"{start} Each tick is a control, scored in the suspect’s seat (upper row) or as if it were the source (lower "
        "row). Hatched: no ratio is reported there. In a pill: how many lie at the lower end. Bands: ENFSI’s words."
    )


def _decides(finding: Finding) -> str:
    values = read(WeighValues, finding.values)
    without = finding.tables["controls"].column("without")
    low, high = values.cap
    signs = {direction(min(max(value, low), high)) for value in without}
    same = signs == {direction(values.log10_lr)}
    return f"Does one control decide it? {'No.' if same else 'Yes: the direction changes without one of them.'}"


def _table(values: WeighValues) -> SmallTable:
    rows = []
    # A calibration that was made before it counted these names those above 10 alone.
    reaching = all("neg_lr_ge_10" in (values.calibration["questions"][key].get("misled") or {}) for key in values.asked)
    for key in values.asked:
        one, stated = values.questions[key], values.calibration["questions"][key]
        misled = stated.get("misled") or {}
        low, high = one.interval_uncapped
        end = ", ceiling" if at_end(one) else ""
        rows.append(
            (
                ASKED[key],
                f"{ratio(one.log10_lr)}{end}",
                str(interval(one.log10_lr_uncapped, low, high)),
                _of(misled, "neg_lr_gt_1", "negatives"),
                _of(misled, "neg_lr_ge_10" if reaching else "neg_lr_gt_10", "negatives"),
                _of(misled, "pos_lr_lt_1", "positives"),
            )
        )
    return SmallTable(
        (
            "Asked of",
            "Reported",
            "Before the ceiling, log10",
            "Trial: not so, above 1",
            "at 10 or above" if reaching else "above 10",
            "so, below 1",
        ),
        tuple(rows),
    )


def _of(misled: Mapping[str, int], part: str, whole: str) -> str:
    return counted(misled[part], misled[whole]) if misled.get(whole) else "not stated"


def _steady(finding: Finding) -> tuple[str, ...]:
    values = read(WeighValues, finding.values)
    without = finding.tables["controls"].column("without")
    low, high = values.cap
    ends = sorted(min(max(value, low), high) for value in without)
    each = "at the ceiling each time" if ends[0] >= high else f"{ratio(ends[0])} to {ratio(ends[-1])}"
    said = [f"Each control left out in turn: {each}."]
    said += _by_member(finding)
    first, last = values.interval
    whole = "the whole 95 % interval lies at the ceiling" if first >= high else f"{ratio(first)} to {ratio(last)}"
    said.append(
        f"Prompts, controls and the trial’s groups drawn again {finding.parameters['replicates']} times: {whole}."
    )
    return tuple(said)


def _by_member(finding: Finding) -> list[str]:
    table, values = finding.tables["members"], read(WeighValues, finding.values)
    if len(table.rows) < 2:
        return []
    low, high = values.cap
    names, lrs = table.column("model"), table.column(ANY)
    if min(lrs) >= high:
        return [f"Against {listed(names, 4)}, each alone: at the ceiling too."]
    each = [f"{name} alone {ratio(min(max(lr, low), high))}" for name, lr in zip(names, lrs, strict=True)]
    return [f"Against {listed(each, 4)}."]


def _against(finding: Finding) -> tuple[str, ...]:
    values = read(WeighValues, finding.values)
    said = []
    if values.envelope:
        compared = [measure for measure in measures(finding) if measure.at is not None]
        outer = sum(measure.outside for measure in compared)
        said.append(
            f"{outer} of {len(compared)} measures lie outside what was tried: {'; '.join(outside(finding)[:3])}."
        )
    above = values.n_placebos_above_1
    if above:
        table = finding.tables["controls"]
        name, most = max(
            ((n, p) for n, p in zip(table.column("model"), table.column("placebo"), strict=True) if p is not None),
            key=lambda item: item[1],
        )
        low, high = values.cap
        said.append(
            f"{many(above, 'control comes', 'controls come')} out above 1 as if they were the source; the highest, "
            f"{name}, at {ratio(min(max(most, low), high))}."
        )
    if values.n_controls_above_1:
        said.append(
            f"{counted(values.n_controls_above_1, values.n_controls)} controls come out above 1 in the suspect’s seat."
        )
    if values.named_controls:
        said.append(f"Controls that may themselves come from the protected side: {listed(values.named_controls, 3)}.")
    said.append("Most documented sources of the trial are of one maker: other makers were tried less.")
    return tuple(said)


def _change(values: WeighValues) -> tuple[str, ...]:
    said = ["A trial on models of this kind and date."] if values.envelope else []
    return (
        *said,
        "Controls of the suspect’s own base, or controls that are less alike.",
        f"A sibling of {values.protected}, or a source that both share: the commonest wrong answer is a sibling of "
        "the true source.",
    )


def _keys(finding: Finding) -> list[tuple[str, str, float | None, float, float]]:
    """The compared measures: key in the envelope, name, the case's value, and the ends of what was tried."""
    spans = {tuple(ends): key for key, ends in read(WeighValues, finding.values).calibration["envelope"].items()}
    table = finding.tables["envelope"]
    rows = zip(*(table.column(name) for name in ("what", "here", "low", "high")), strict=True)
    return [(spans.get((low, high), ""), what, here, low, high) for what, here, low, high in rows if low is not None]


def _language(finding: Finding) -> list[str]:
    """The language of the suspect where none of the trial's panels has it: it is in the table without ends."""
    table = finding.tables["envelope"]
    rows = zip(*(table.column(name) for name in ("low", "outside", "said")), strict=True)
    return [words for low, outer, words in rows if low is None and outer]


def measures(finding: Finding) -> tuple[Measure, ...]:
    """Every measure of the case beside what the trial covers."""
    found = []
    for key, what, here, low, high in _keys(finding):
        at = None if here is None else 0.5 if high == low == here else (here - low) / ((high - low) or 1)
        shown = "unknown" if here is None else _printed(key, here)
        found.append(Measure(_named(key, what), _printed(key, low), _printed(key, high), shown, at))
    return tuple(found)


def _named(key: str, what: str) -> str:
    if key == "level":
        return "Likeness among the controls"
    if key == "tokens":
        return f"Median tokens, {what.removeprefix('median tokens of an answer of ')}"
    return what[:1].upper() + what[1:]


def _printed(key: str, value: float) -> str:
    if key == "released":
        return year_month(value)
    if key == "function_words":
        return percent(value)
    if key in {"level", ""}:
        return number(value, 2)
    return f"{value:,.0f}" if value >= 100 else f"{value:g}"


def outside(finding: Finding) -> tuple[str, ...]:
    """What lies outside what was tried, in words; releases together."""
    found = [(key, what, here, low, high) for key, what, here, low, high in _keys(finding) if here is not None]
    beyond = [item for item in found if not item[3] - 1e-9 <= item[2] <= item[4] + 1e-9]
    said = []
    newer = [item for item in beyond if item[0] == "released" and item[2] > item[4]]
    if newer:
        names = newer_models(finding)
        last = month(year_month(newer[0][4]))
        said.append(f"{listed(names)} came out after {last}, the last of the trial")
    for key, what, here, low, high in beyond:
        if key != "released" or here < low:
            said.append(
                f"{_name_in_sentence(key, what)} {_printed(key, here)}, tried {_printed(key, low)} to "
                f"{_printed(key, high)}"
            )
    return (*said, *_language(finding))


def _name_in_sentence(key: str, what: str) -> str:
    return "likeness among the controls" if key == "level" else what


def newer_models(finding: Finding) -> tuple[str, ...]:
    """The suspect and the protected models that came out after the last model of the trial."""
    last = year_month(read(WeighValues, finding.values).calibration["envelope"]["released"][1])
    sides = [item for item in finding.inputs if item.role in ("protected", "suspect")]
    sides.sort(key=lambda item: item.role)
    return tuple(item.corpus for item in sides if item.released and item.released[:7] > last)


def _explanations(finding: Finding) -> tuple[Explanation, ...]:
    values = read(WeighValues, finding.values)
    rows = []
    without = finding.tables["controls"].column("without")
    _, high = values.cap
    if values.log10_lr >= high and direction(values.log10_lr) is Says.FOR:
        same = all(value >= high for value in without)
        rows.append(
            Explanation(
                "one control",
                30,
                "One odd control decides",
                "Left each out in turn",
                "At the ceiling each time" if same else "Not at the ceiling each time",
                Bearing.NO if same else Bearing.MAY,
            )
        )
    if values.envelope:
        compared = [measure for measure in measures(finding) if measure.at is not None]
        outer = sum(measure.outside for measure in compared)
        rows.append(
            Explanation(
                "too new",
                110,
                "The method fails on models like these",
                "Compared the case with the trial",
                f"{outer} of {len(compared)} measures outside",
                Bearing.OPEN,
            )
        )
    return tuple(rows)


def _limits(finding: Finding) -> tuple[tuple[str, str, str], ...]:
    said = outside(finding)
    if not said:
        return ()
    sentence = f"{'; '.join(said)}. So no error rate can be stated for this very case."
    return (
        (
            "Outside what was tested.",
            sentence[:1].upper() + sentence[1:] if not newer_models(finding) else sentence,
            "a trial on such models.",
        ),
    )
