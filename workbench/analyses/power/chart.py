"""The curves of `power`: how much of what was planted is found, by the share that was planted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.analyses.power.values import LR, OWN, CurveRow, MeanAndEnds, PowerValues
from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, label, prepare
from workbench.core.typed_json import read, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from workbench.core.model import Finding

_BY_LR, _BY_PLACE = "found by log10 LR", "found by first place"


def curves(finding: Finding, figure: Figure) -> None:
    """Above, the share of plants that is found; below, where there is a calibration, the mean log10 LR."""
    values = read(PowerValues, finding.values)
    every = rows(CurveRow, finding.tables["curve"])
    with_lr = values.criterion == LR
    prepare(figure, 7.2, 6.4 if with_lr else 4.2)
    axes = figure.subplots(2 if with_lr else 1, 1, squeeze=False, sharex=True)[:, 0]
    for at, scenario in enumerate(values.scenarios):
        own = [row for row in every if row.scenario == scenario.kind]
        x = [100 * row.share for row in own]
        name = "compared with itself" if scenario.kind == OWN else "kept out"
        detected, first, lrs = (
            [ends for ends in some if ends is not None]
            for some in (
                [row.detected_ends for row in own],
                [row.first_ends for row in own],
                [row.lr_ends for row in own],
            )
        )
        if with_lr:
            _line(axes[0], x, _percent(detected), f"{_BY_LR}, source {name}", marker="D", light=False, dashed=at > 0)
        _line(axes[0], x, _percent(first), f"{_BY_PLACE}, source {name}", marker="o", light=True, dashed=at > 0)
        if with_lr:
            _line(axes[1], x, lrs, "", marker="D", light=False, dashed=at > 0)
    _top(axes[0], values)
    if with_lr:
        _bottom(axes[1], values)
    axes[-1].set_xlabel(_under(values), fontsize=7, fontfamily=FONT, parse_math=False)
    figure.legend(
        *axes[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=2,
        frameon=False,
        prop={"family": FONT, "size": 7},
    )


def _percent(found: Sequence[MeanAndEnds]) -> list[MeanAndEnds]:
    return [(100.0 * mean, 100.0 * low, 100.0 * high) for mean, low, high in found]


def _line(
    axes: Axes,
    x: Sequence[float],
    found: Sequence[MeanAndEnds],
    text: str,
    *,
    marker: str,
    light: bool,
    dashed: bool,
) -> None:
    middle, low, high = zip(*found, strict=True)
    if not dashed:
        axes.fill_between(x, low, high, color=BAND, linewidth=0, zorder=0, alpha=0.6 if light else 1.0)
    axes.plot(
        x,
        middle,
        color=PALE if light else INK,
        linestyle=(0, (4, 3)) if dashed else "solid",
        linewidth=1.0 if light else 1.6,
        marker=marker,
        markersize=3.6,
        markerfacecolor="white" if light or dashed else INK,
        markeredgecolor=PALE if light else INK,
        label=text,
        zorder=2,
    )


def _top(axes: Axes, values: PowerValues) -> None:
    for target in (50, 80):
        axes.axhline(target, color=PALE, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    axes.set_ylim(-3, 103)
    _frame(axes, f"plants found, in % (log10 LR: {values.bound:g} or more)" if values.calibration else "found, %")


def _bottom(axes: Axes, values: PowerValues) -> None:
    axes.axhline(values.bound, color=PALE, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    axes.axhline(0.0, color=INK, linewidth=0.6, zorder=1)
    _frame(axes, "mean log10 LR as reported")


def _frame(axes: Axes, text: str) -> None:
    axes.set_ylabel(text, fontsize=7, fontfamily=FONT, parse_math=False)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)


def _under(values: PowerValues) -> str:
    source = label(values.scenarios[0].source)
    return (
        f"share of a control's answers that are replaced by answers of {source}, in %\n"
        f"bands: {100 * values.confidence:g} % intervals over {values.n_planted} controls, first scenario; "
        "dotted lines: 50 and 80 %, and the bound"
    )
