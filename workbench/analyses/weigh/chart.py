"""The charts of likelihood ratios: one scale of log10 LRs for every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, bare, label, name_rows, prepare
from workbench.analyses.scoring.number_format import OUTSIDE
from workbench.analyses.weigh.tables import PROTECTED_SEAT, QUESTION, SUSPECT_SEAT
from workbench.core.statistics.calibration import ANY, DERIVED, DISTILLED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from workbench.core.model import Finding, Json

_NAMED = {ANY: "any of these", DISTILLED: "trained on answers", DERIVED: "derived or relayed"}
_STRIPS = ((SUSPECT_SEAT, "each control\nas the suspect"), (PROTECTED_SEAT, "each control\nas the protected"))
_LANES = 5
_REACH = 0.28
_EDGE = 4.0
"""LRs beyond ten thousand are drawn here; the tables have them."""


def draw(finding: Finding, figure: Figure) -> None:
    """The suspect's LRs above, and below them the controls' in either seat."""
    values = finding.values
    rows = rows_of(finding, "lrs")
    questions = [row for row in rows if row["kind"] == QUESTION]
    strips = [(name, [row for row in rows if row["kind"] == kind]) for kind, name in _STRIPS]
    strips = [(name, some) for name, some in strips if some]
    prepare(figure, 7.2, 2.0 + 0.42 * (len(questions) + len(strips)))
    axes = figure.add_subplot()
    labels = []
    for height, (name, some) in enumerate(reversed(strips)):
        strip(axes, height, [row["log10_lr"] for row in some])
        labels.append(name)
    for height, row in enumerate(reversed(questions), len(strips)):
        lr(axes, height, row, strong=row["name"] == ANY)
        labels.append(_NAMED[row["name"]])
    name_rows(axes, labels, [False] * (len(labels) - 1) + [True])
    scale(axes, questions)
    title(axes, values)
    words = f"log10 LR of {label(values['suspect'])} against {label(values['protected'])}"
    note = (
        f"bars: {100 * values['confidence']:g} % intervals; brackets: reporting caps; hollow diamonds: before the cap; "
        "circles: within it"
    )
    axes.set_xlabel(f"{words}\n{note}", fontsize=7, fontfamily=FONT, parse_math=False)


def rows_of(finding: Finding, name: str) -> list[dict[str, Json]]:
    """The rows of a table, by the names of its columns."""
    table = finding.tables[name]
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def lr(axes: Axes, height: float, row: dict[str, Json], *, strong: bool) -> None:
    """One LR: the value within its cap, its interval, its caps, and hollow the value before the cap."""
    if strong:
        axes.axhspan(height - 0.45, height + 0.45, color=BAND, linewidth=0, zorder=0)
    color = INK if strong else PALE
    axes.plot(
        [near(row["low"]), near(row["high"])], [height, height], color=color, linewidth=2.2 if strong else 1.2, zorder=2
    )
    for end, mark in ((row["cap_low"], "["), (row["cap_high"], "]")):
        axes.text(near(end), height, mark, ha="center", va="center", fontsize=11, color=INK, fontfamily=FONT, zorder=3)
    if row["uncapped"] != row["log10_lr"]:
        _point(axes, near(row["uncapped"]), height, "white", 4)
    _point(axes, near(row["log10_lr"]), height, INK, 6 if strong else 4.5)


def _point(axes: Axes, at: float, height: float, face: str, size: float) -> None:
    axes.plot(
        [at],
        [height],
        marker="D",
        markersize=size,
        markerfacecolor=face,
        markeredgecolor=INK,
        markeredgewidth=0.8,
        linestyle="none",
        zorder=4,
    )


def strip(axes: Axes, height: float, values: Sequence[float]) -> None:
    """Many LRs as circles in a strip, in lanes so that equal ones can be told apart."""
    lanes = [height + _REACH * (2 * (at % _LANES) / (_LANES - 1) - 1) for at in range(len(values))]
    axes.plot(
        sorted(map(near, values)),
        lanes,
        marker="o",
        markersize=3.2,
        markerfacecolor="white",
        markeredgecolor=INK,
        markeredgewidth=0.6,
        linestyle="none",
        zorder=2,
    )


def scale(axes: Axes, rows: Sequence[dict[str, Json]]) -> None:
    """The axis of log10 LRs: LR = 1 as a line, the steps of the verbal scale as hairlines, and what the ends mean."""
    ends = [row[name] for row in rows for name in ("low", "high", "uncapped", "cap_low", "cap_high")]
    known = [near(value) for value in ends if value is not None]
    low, high = min([*known, -1.0]), max([*known, 1.0])
    margin = 0.06 * (high - low)
    axes.set_xlim(low - margin, high + margin)
    axes.axvline(0.0, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for step in range(int(low), int(high) + 1):
        if step:
            axes.axvline(float(step), color=BAND, linewidth=0.6, zorder=0)
    above = axes.secondary_xaxis("top")
    steps = list(range(int(low), int(high) + 1))
    above.set_xticks(steps, [_ratio(step) for step in steps], fontsize=6.5, fontfamily=FONT)
    above.tick_params(length=0)
    above.spines["top"].set_visible(False)
    bare(axes)


def near(log10_lr: float) -> float:
    """The LR where the chart shows it: far ones at its edge."""
    return min(max(log10_lr, -_EDGE), _EDGE)


def _ratio(step: int) -> str:
    return f"LR {10**step:,}" if step >= 0 else f"LR 1/{10**-step:,}"


def title(axes: Axes, values: Json) -> None:
    """What must be seen before any number: that a case lies outside what was validated."""
    if values["envelope"]:
        reasons = [label(reason, 76) for reason in values["envelope"][:2]]
        more = len(values["envelope"]) - len(reasons)
        rest = [f"and {more} more {'reason' if more == 1 else 'reasons'}"] if more else []
        words = "\n".join([OUTSIDE.upper(), *reasons, *rest])
        axes.set_title(words, fontsize=7, fontweight="bold", fontfamily=FONT, loc="left", parse_math=False)
