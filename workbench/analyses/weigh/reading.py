"""`weigh` as it is read: one scale with its caps, the placebos below it, and who decides it."""

from __future__ import annotations

from math import log10

from workbench.analyses.scoring.lr_values import LrValues
from workbench.analyses.scoring.reading import (
    ALIKE,
    RELEASE,
    CheckRow,
    month,
    out_in,
    released,
    rows_in,
    times,
    tried_of,
)
from workbench.analyses.weigh.values import PROTECTED_SEAT, SUSPECT_SEAT, ControlRow, LrRow, WeighValues
from workbench.core.model import Finding
from workbench.core.number_format import number
from workbench.core.plot import (
    Axis,
    Band,
    Fill,
    Ink,
    Line,
    Mark,
    Plot,
    Row,
    Shape,
    Side,
    Tick,
    Upright,
    Words,
    nice_ticks,
    piles,
)
from workbench.core.reading import Kind, Reading, Stated, Tried, View, Would, without_numbers
from workbench.core.statistics.fitted_calibration import ANY, DERIVED, DISTILLED, ORIGIN
from workbench.core.statistics.verbal_scale import STEPS
from workbench.core.typed_json import Interval, read

ASKS = "How much is the likeness worth?"
SHORT = "How much is it worth?"
LEAST, MOST = -2.0, 3.0
"""The ends of the scale, wider only where an interval that is reported needs it."""
_NAMED = {
    ANY: "Any kind of source",
    DISTILLED: "Training alone",
    DERIVED: "Derived or relayed",
    ORIGIN: "Derived, not trained",
}
_AT_CAP = 1e-9


def reading(finding: Finding, headline: str) -> Reading:
    """The finding as it is read."""
    values = read(WeighValues, finding.values)
    outside, sentence = "", without_numbers(headline)
    if values.envelope and sentence.startswith("Outside"):
        outside, _, sentence = sentence.partition(". ")
        outside += "."
    groups = values.calibration["questions"][ANY]["negative_groups"]
    sentence = sentence.replace(f"those {groups} represent", f"the {groups} reference groups represent")
    cap = times(values.cap[1])
    beside = f"cap {cap}: {groups} reference groups bear no more"
    check, verdict = check_of(finding)
    return Reading(
        asks=ASKS,
        short=SHORT,
        answer=answer(values),
        sentence=sentence,
        disclaimer=f"This is not the probability that {values.suspect} was trained on {values.protected}.",
        sketch=sketch(finding),
        views=(View("scale", "Scale", "How strong is it?", scale(finding, headline), beside),),
        outside=outside,
        check=View("without", "", f"Does one control decide it? {verdict}", check, "each left out in turn"),
        tried=tried_of(rows_in(CheckRow, finding, "envelope")),
        would=would_of(values, tried_of(rows_in(CheckRow, finding, "envelope"))),
        numbers=tuple(_stated(key, values.questions[key]) for key in values.asked),
        computed=(
            f"{finding.parameters.get('replicates', '')} drawings, seed {finding.seed}, "
            f"calibration {values.calibration['sha256'][:8]}…"
        ).lstrip(" "),
        asks_for_rung=0,
    )


def answer(values: WeighValues) -> str:
    """The answer in a handful of words."""
    log10_lr = values.log10_lr
    if abs(log10_lr) <= 0.3010:
        return "Little either way"
    low, high = values.cap
    at_cap = log10_lr >= high - _AT_CAP or log10_lr <= low + _AT_CAP
    said = f"About {times(abs(log10_lr))} times" + (", at the cap" if at_cap else "")
    return said if log10_lr > 0 else f"{said}, for H2"


def scale(finding: Finding, description: str) -> Plot:
    """The likelihood ratio of the suspect on one scale with its caps, and below it the controls in either place."""
    values = read(WeighValues, finding.values)
    low_cap, high_cap = values.cap
    low, high = ends(values.interval)
    suspect, protected = values.suspect, values.protected
    strips = [
        (PROTECTED_SEAT, f"placebos in {protected}’s place"),
        (SUSPECT_SEAT, f"controls in {suspect}’s place"),
    ]
    marks, words, rows = [_own(finding)], [_own_words(values)], [Row("", 3.6)]
    for kind, name in strips:
        own = [row for row in rows_in(LrRow, finding, "lrs") if row.kind == kind]
        if own:
            rows.append(Row("", 2.6))
            strip, said = _strip(finding, own, len(rows) - 1, name, kind == SUSPECT_SEAT)
            marks += strip
            words += said
    lines: list[Line] = [Upright(((0.0, 0.0),), Ink.SECOND, weight=1.2)]
    lines += [Upright(((cap, 0.0),), Ink.STRONG, weight=2.0) for cap in (low_cap, high_cap) if low < cap < high]
    return Plot(
        title="How strong is it?",
        axis=Axis(low, high, ticks(low, high), "likelihood ratio: how many times more probable under H1 than under H2"),
        description=description,
        rows=tuple(rows),
        bands=(*steps(low, high), *hatched(low, low_cap, high_cap, high)),
        lines=tuple(lines),
        words=tuple(words),
        marks=tuple(marks),
        heads=(
            (0.0, "← H2: not trained on " + protected, Side.LEFT),
            (0.0, "H1: trained on " + protected + " →", Side.RIGHT),
        ),
        key="scale",
        table=finding.tables["lrs"],
    )


def ends(interval: Interval) -> tuple[float, float]:
    """The ends of the scale."""
    return min(LEAST, interval[0] - 0.3), max(MOST, interval[1] + 0.3)


def ticks(low: float, high: float) -> tuple[Tick, ...]:
    """Ratios at the steps of the scale of words."""
    places = [float(step) for step in range(int(low), int(high) + 1) if low <= step <= high]
    marked = sorted([*places, log10(2), -log10(2)])
    said = [(at, f"{10**at:,.0f}" if at >= 0 else f"1/{10**-at:,.0f}") for at in marked]
    return tuple(Tick(at, words, line=False) for at, words in said)


def steps(low: float, high: float) -> tuple[Band, ...]:
    """The steps of the scale of words as neutral bands: both directions have the same length of words."""
    bands = []
    for at, step in enumerate(STEPS):
        first, last = log10(step.above) if at else 0.0, log10(step.upto) if step.upto else 99.0
        word = step.support.partition(" support")[0]
        word = "none" if word == "no" else word
        fill = Fill.PLAIN if at % 2 == 0 else Fill.CLEAR
        if at == 0:
            bands.append(Band(-last, last, fill, word))
            continue
        for left, right in ((first, last), (-last, -first)):
            if right > low and left < high:
                bands.append(Band(max(left, low), min(right, high), fill, word))
    return tuple(bands)


def hatched(low: float, low_cap: float, high_cap: float, high: float) -> tuple[Band, ...]:
    """What the calibration can't bear."""
    return (Band(low, low_cap, Fill.HATCHED), Band(high_cap, high, Fill.HATCHED))


def _own(finding: Finding) -> Mark:
    values = read(WeighValues, finding.values)
    low, high = values.interval
    percent = f"{100 * values.confidence:g} %"
    return Mark(
        name=values.suspect,
        x=values.log10_lr,
        y=0.0,
        shape=Shape.SUSPECT,
        value=f"about {times(values.log10_lr)} times (log10 LR {number(values.log10_lr)})",
        more=f"{percent} interval {number(low)} to {number(high)}",
        low=low if high - low > _AT_CAP else None,
        high=high if high - low > _AT_CAP else None,
        target=f"of:{values.suspect}",
        strong=True,
    )


def _own_words(values: WeighValues) -> Words:
    low, high = values.interval
    percent = f"{100 * values.confidence:g} %"
    at_cap = high - low <= _AT_CAP
    second = f"{percent} interval wholly at the cap" if at_cap else f"{percent} interval {times(low)} to {times(high)}"
    side = Side.RIGHT if values.log10_lr <= 1.9 else Side.LEFT
    at = values.log10_lr + (0.12 if side is Side.RIGHT else -0.12)
    said = f"{values.suspect}: about {times(values.log10_lr)} times"
    return Words(at, 0.0, said, side, Ink.SUSPECT, strong=True, second=second, boxed=True)


def _strip(
    finding: Finding, rows: list[LrRow], place: int, name: str, in_suspects_place: bool
) -> tuple[list[Mark], list[Words]]:
    """Many ratios as ticks; those at the lower cap are a number in a pill."""
    values, dates = read(WeighValues, finding.values), released(finding)
    low_cap, high_cap = values.cap
    at_low = [row for row in rows if row.log10_lr <= low_cap + _AT_CAP]
    at_high = [row for row in rows if row.log10_lr >= high_cap - _AT_CAP]
    marks = [
        Mark(
            name=str(row.name),
            x=row.log10_lr,
            y=float(place),
            shape=Shape.TICK,
            value=f"in that place: {times(row.log10_lr)} times (log10 LR {number(row.log10_lr)})",
            more=out_in(dates, str(row.name)),
            target=f"compare:{values.suspect}|{row.name}",
            ink=Ink.SECOND,
        )
        for row in rows
        if row not in at_low
    ]
    words = []
    if at_low:
        words.append(Words(low_cap - 0.06, place, str(len(at_low)), Side.LEFT, Ink.SECOND, pill=True, strong=True))
    above = sum(row.log10_lr > 0 for row in rows)
    said = (
        "none above 1"
        if not above
        else f"{above} above 1, " + (f"{len(at_high)} at the cap" if at_high else "none at the cap")
    )
    words.append(Words(high_cap + 0.14, place, f"{len(rows)} {name}", Side.RIGHT, Ink.STRONG, second=said, boxed=True))
    return marks, words


def check_of(finding: Finding) -> tuple[Plot, str]:
    """How far the ratio moves when each control is left out in turn, and whether that would change the answer."""
    values = read(WeighValues, finding.values)
    rows = [row for row in rows_in(ControlRow, finding, "controls") if row.change is not None]
    changes = [float(row.change) for row in rows] or [0.0]
    reach = max(0.02, *(abs(change) for change in changes)) * 1.35
    cap = values.cap[1] if values.log10_lr >= 0 else values.cap[0]
    room = values.log10_lr_uncapped - (cap if abs(values.log10_lr_uncapped) >= abs(cap) else 0.0)
    decides = any(abs(change) >= abs(room) and change * room < 0 for change in changes)
    largest = max(range(len(changes)), key=lambda at: abs(changes[at]))
    marks = [
        Mark(
            name=str(row.model),
            x=float(row.change),
            y=0.0,
            shape=Shape.CONTROL,
            value=f"left out: {number(row.change)} in log10 LR",
            target=f"compare:{values.suspect}|{row.model}",
            piled=True,
            label=f"{row.model} {_signed(row.change)}" if at == largest else "",
            label_side=Side.ABOVE,
            strong=at == largest,
        )
        for at, row in enumerate(rows)
    ]
    what = "the cap" if abs(values.log10_lr_uncapped) >= abs(cap) else "1"
    note = f"It would take {_signed(-room)} to fall to {what}."
    ticks_ = tuple(
        Tick(at, "no change" if at == 0 else _signed(at), line=at == 0) for at in nice_ticks(-reach, reach, 5)
    )
    highest = max(piles(changes, reach / 22), default=0)
    plot = Plot(
        title="Does one control decide it?",
        axis=Axis(-reach, reach, ticks_, f"log10 LR before the cap. {note}"),
        description=f"The largest change is {_signed(changes[largest])}. {note}",
        rows=(Row("", 1.6 + 0.62 * min(highest + 1, 8)),),
        lines=(Upright(((0.0, 0.0),), Ink.QUIET),),
        marks=tuple(marks),
        notes=(note,),
        key="without",
        table=finding.tables["controls"],
    )
    return plot, "Yes." if decides else "No."


def would_of(values: WeighValues, tried: tuple[Tried, ...]) -> tuple[Would, ...]:
    """What would change a ratio: a calibration of such material, other controls, a shared source."""
    would = []
    late = next((one for one in tried if one.outside and one.name.startswith(RELEASE)), None)
    if late is not None:
        last = str(values.calibration.get("envelope", {}).get("released", ["", ""])[1])
        would.append(Would(Kind.MORE, "A later calibration.", f"This one ends in {month(_date(last))}."))
    alike = next((one for one in tried if one.outside and one.name == ALIKE), None)
    if alike is not None:
        would.append(Would(Kind.CONTROLS, "Controls less alike.", f"Here {alike.here:.2f}, tried to {alike.high:.2f}."))
    if not would:
        would.append(Would(Kind.CONTROLS, "Other controls.", f"There are {values.n_controls} here."))
    would.append(Would(Kind.SOURCE, "A shared source,", f"or a sibling of {values.protected}."))
    return tuple(would)


def _date(year: str) -> str:
    """A year with a fraction as a month: 2024.375 is May 2024."""
    try:
        whole = float(year)
    except ValueError:
        return year
    return f"{int(whole)}-{int((whole - int(whole)) * 12) + 1:02}"


def _stated(key: str, one: LrValues) -> Stated:
    before = "" if one.log10_lr == one.log10_lr_uncapped else f"{number(one.log10_lr_uncapped)} before the cap"
    return Stated(f"{_NAMED[key]}, log10 LR", number(one.log10_lr), before)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def sketch(finding: Finding) -> Plot:
    """The scale, small: placebos as ticks, the suspect, and what can't be said."""
    values = read(WeighValues, finding.values)
    low_cap, high_cap = values.cap
    low, high = min(low_cap, values.log10_lr) - 0.2, max(high_cap, values.log10_lr) + 1.0
    placebos = [row for row in rows_in(LrRow, finding, "lrs") if row.kind == PROTECTED_SEAT]
    marks = [Mark(str(row.name), row.log10_lr, 0.3, Shape.TICK, ink=Ink.CONTROL) for row in placebos]
    marks.append(Mark(values.suspect, values.log10_lr, -0.1, Shape.SUSPECT, strong=True))
    return Plot(
        title=ASKS,
        axis=Axis(low, high, (Tick(0.0, "1"), Tick(high_cap, times(high_cap)))),
        description=answer(values),
        rows=(Row(),),
        bands=(Band(high_cap, high, Fill.HATCHED),),
        lines=(Upright(((0.0, 0.0),), Ink.QUIET), Upright(((high_cap, 0.0),), Ink.STRONG, weight=1.6)),
        marks=tuple(marks),
        key="scale",
    )
