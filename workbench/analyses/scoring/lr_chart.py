"""What the charts of likelihood ratios share: one scale of log10 LRs for every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, bare, label
from workbench.analyses.scoring.lr_sentences import OUTSIDE
from workbench.analyses.scoring.lr_values import LrValues

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LANES = 5
_REACH = 0.28
_EDGE = 4.0
"""LRs beyond ten thousand are drawn here; the tables have them."""


def lr_row(axes: Axes, height: float, one: LrValues, *, strong: bool) -> None:
    """One LR: the value within its cap, its interval, its caps, and hollow the value before the cap."""
    if strong:
        axes.axhspan(height - 0.45, height + 0.45, color=BAND, linewidth=0, zorder=0)
    color = INK if strong else PALE
    ends = [near(end) for end in one.interval]
    axes.plot(ends, [height, height], color=color, linewidth=2.2 if strong else 1.2, zorder=2)
    for end, mark in zip(one.cap, "[]", strict=True):
        axes.text(near(end), height, mark, ha="center", va="center", fontsize=11, color=INK, fontfamily=FONT, zorder=3)
    if one.log10_lr_uncapped != one.log10_lr:
        _point(axes, near(one.log10_lr_uncapped), height, "white", 4)
    _point(axes, near(one.log10_lr), height, INK, 6 if strong else 4.5)


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
    """Many LRs as circles in a strip, in lanes so that equal ones do not hide each other."""
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


def scale(axes: Axes, lrs: Sequence[LrValues]) -> None:
    """The axis of log10 LRs: LR = 1 as a line, the steps of the verbal scale as hairlines, and what the ends mean."""
    known = [near(end) for one in lrs for end in (*one.interval, one.log10_lr_uncapped, *one.cap)]
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


def title(axes: Axes, reasons: Sequence[str]) -> None:
    """What must be seen before any number: that a case lies outside what was validated, and for which reasons."""
    if reasons:
        first = [label(reason, 76) for reason in reasons[:2]]
        more = len(reasons) - len(first)
        rest = [f"and {more} more {'reason' if more == 1 else 'reasons'}"] if more else []
        words = "\n".join([OUTSIDE.upper(), *first, *rest])
        axes.set_title(words, fontsize=7, fontweight="bold", fontfamily=FONT, loc="left", parse_math=False)
