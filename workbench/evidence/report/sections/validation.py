"""Validation: on what the method was tried, how often it erred, and whether that covers this case."""

from __future__ import annotations

from workbench.core.finding_page import Part
from workbench.core.printed import day, grouped, interval, none_of, number, one_in, percent, up_to
from workbench.core.text import counted as many
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sections.coverage import coverage
from workbench.evidence.report.sections.dots import dots
from workbench.evidence.report.sections.tippett import tippett_drawing
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Heading,
    Para,
    Picture,
    Section,
    Table,
    TwoTables,
    bold,
    caution,
    mono,
    say,
)
from workbench.evidence.report.trial import Trial, small_case, trial_of

_CURVES = (
    "For each ratio, the share of pairs that came out at it or above, read at every tenth of a power of ten. The "
    "dashed curve should fall before 1, the other after it."
)
_FIGURES = (
    ("cllr", "Cllr, cost of the ratios"),
    ("cllr_min", "Cllr-min, if scaled at best"),
    ("eer", "Equal error rate"),
    ("auc", "Area under the curve"),
)


def validation_section(contents: PackContents, questions: tuple[Asked, ...], number_: str) -> Section:
    """The section; where no finding was weighed by a tried method it says so, and is short."""
    title = "Validation: how often the method errs"
    for one in questions:
        weighed = one.of(Part.WEIGHT)
        trial = trial_of(weighed)
        if weighed is not None and trial is not None:
            return Section("validation", number_, title, tuple(_tried(one, weighed, trial)))
    return Section("validation", number_, title, tuple(_untried(contents)))


def _untried(contents: PackContents) -> list[Block]:
    closest = [item for item in contents.standing() if item.page.part is Part.CLOSENESS]
    said = (
        "No calibrated likelihood ratio is among the findings that stand. How often a statement of this report "
        "misleads can’t be stated as a number."
    )
    blocks: list[Block] = [Para(say(bold("Not tried. "), said))]
    if closest:
        controls = len(closest[-1].page.placed) - 1
        rank = (
            f"The rank among {controls} controls is the strongest statement made here. It describes this suspect among "
            f"these controls. No rank can be rarer than 1 in {controls + 1}, and it is no error rate of the method."
        )
        blocks.append(Para(say(bold("What stands in its place. "), rank)))
    how = (
        "Weighing the same material (`weigh`) states a ratio with the error rates of pairs of known history. "
        "`workbench validate` measures them again on any panel of known truth."
    )
    return [*blocks, Para(say(bold("What would mend it. "), how))]


def _tried(one: Asked, weighed: PackFinding, trial: Trial) -> list[Block]:
    what = (
        f"{trial.models:,} real models in {many(trial.panels, 'panel', 'panels')}. In {trial.positives:,} pairs a "
        f"source is documented. In {trial.negatives:,} pairs none is. Each ratio was computed with the suspect and its "
        "relatives left out of the fit."
    )
    note = say(f"Calibration of {_made(trial.made)}, ", mono(f"{grouped(trial.sha256, 3)} …"), ". “No known link” is "
               "not proof that there is none.")  # fmt: skip
    curves = trial.tippett
    seen = _CURVES if curves else "One dot is one pair."
    if 0 in (trial.above_1, trial.tens.pairs, trial.below_1):
        seen += (
            f" “{up_to(trial.negatives).capitalize()}”: none came out, but so many would still be unsurprising "
            f"(one-sided 95 %). If only the {trial.negative_groups} independent groups count, as they may, up to "
            f"{_groups(trial)} would be."
        )
    blocks: list[Block] = [
        Para(say(bold("What was tried. "), what), note),
        Picture(tippett_drawing(trial, curves, one), say(bold("What is seen (Tippett plot). "), seen))
        if curves
        else Picture(dots(trial, one), say(bold("What is seen. "), seen)),
        *_tables(trial),
        Para(
            say(bold("Adverse. "), _adverse(trial)), say("0.5 is chance, 1 sorts every linked pair before every other.")
        ),
    ]
    controls = weighed.page.measures[0].here if weighed.page.measures else ""
    if trial.few.negatives:
        blocks.append(_small(trial, controls))
    blocks += _covers(weighed)
    blocks.append(
        Para(
            say(
                bold("Not tried: "),
                f"models released after {trial.last}; a suspect made to hide its source; conversations of more than "
                "one turn.",
            )
        )
    )
    return blocks


def _made(made: str) -> str:
    """The day of a calibration, which is written without a time."""
    return day(f"{made}T00:00:00+00:00") if len(made) == 10 else day(made)


def _groups(trial: Trial) -> str:
    return one_in(none_of(trial.negative_groups))


def _bound(part: int, whole: int) -> str:
    return up_to(whole) if not part else ""


def _tables(trial: Trial) -> list[Block]:
    shares = (
        ("No known link, above 1", trial.above_1, trial.negatives),
        (f"No known link, {trial.tens.words}", trial.tens.pairs, trial.negatives),
        ("Known link, below 1", trial.below_1, trial.positives),
    )
    some_none = any(not part for _, part, _ in shares)
    rows = [
        (say(name), say(bold(f"{part:,}"), f" of {whole:,}"), *([say(_bound(part, whole))] if some_none else []))
        for name, part, whole in shares
    ]
    figures = trial.figures
    measured = []
    for key, name in _FIGURES:
        value, ends = getattr(figures, key), figures.interval.get(key)
        if value is not None and ends:
            printed = interval(value, *ends)
            measured.append((say(name), say(printed.value), say(f"{printed.low} to {printed.high}")))
    frequency = Table(
        (
            Column("In plain numbers", 3),
            Column("Came out", kind="number"),
            *([Column("unsurprising", kind="number")] if some_none else []),
        ),
        tuple(rows),
    )
    columns = (Column("0 is best, but for the area", 3), Column("Value", kind="number"), Column("95 %", kind="number"))
    return [TwoTables(frequency, Table(columns, tuple(measured)))] if measured else [frequency]


def _adverse(trial: Trial) -> str:
    figures = trial.figures
    said = []
    if figures.auc_no_text is not None and figures.auc is not None:
        said.append(
            "The maker’s name and the date alone, without any text, sort the pairs with an area under the curve of "
            f"{number(figures.auc_no_text)}; the method has {number(figures.auc)}."
        )
    if figures.auc_siblings is not None:
        said.append(f"With siblings of the true source counted as unlinked it has {number(figures.auc_siblings)}.")
    if figures.top1_siblings is not None and figures.top1_n:
        said.append(
            f"Asked which family is the source, it named the right one for {percent(figures.top1_siblings)} of "
            f"{figures.top1_n} suspects where siblings stood beside it."
        )
    return " ".join(said) or "The calibration states no figure that speaks against it."


def _small(trial: Trial, controls: str) -> Para:
    few = trial.few
    said = (
        f"In panels cut down, {few.tens.pairs:,} of {few.negatives:,} unlinked pairs came out {few.tens.words}, and "
        f"{few.pos_lr_lt_1:,} of {few.positives:,} linked ones below 1."
    )
    case = small_case(trial, int(controls)) if controls.isdigit() else ""
    own = "This case is such a small comparison." if case else f"This case has {controls} controls." if controls else ""
    more = any(
        part * whole > misled * of
        for part, misled, of, whole in (
            (few.tens.pairs, trial.tens.pairs, few.negatives, trial.negatives),
            (few.pos_lr_lt_1, trial.below_1, few.positives, trial.positives),
        )
    )
    head = "Small comparisons err more. " if more else "Small comparisons. "
    note = say("The pairs of small panels are not independent of each other.")
    return Para(say(bold(head), said, f" {own}"), note)


def _covers(weighed: PackFinding) -> list[Block]:
    measures = weighed.page.measures
    if not measures:
        return []
    outside = [one for one in measures if one.outside]
    words = (
        f"{many(len(outside), 'measure lies', 'measures lie')} outside. Every rate above may be too good for this case."
        if outside
        else f"All {len(measures)} measures lie inside."
    )
    said = say(bold("What is seen. "), caution(words) if outside else words)
    return [Heading("Does the trial cover this case?"), Picture(coverage(measures), said)]
