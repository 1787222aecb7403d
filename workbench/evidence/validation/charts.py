"""The four charts of a validation: scores, Tippett, calibration (PAV) and cross-entropy (ECE), with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from workbench.core.model import Json
from workbench.core.statistics.lr_metrics import PavBlock, cross_entropy, equal_error_rate, pav_blocks, tippett
from workbench.core.statistics.resampling import Floats
from workbench.core.statistics.validation_figures import ScoredPair, negatives, positives
from workbench.core.statistics.validation_result import ValidationResult
from workbench.evidence.pack.registers import csv_bytes
from workbench.evidence.report.charts import Chart, svg_and_png
from workbench.evidence.validation.figure_format import number, share
from workbench.evidence.validation.tables import KINDS, kind_of, marks_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRUE, FALSE, ASIDE, QUIET, GRID = "#1f4e79", "#b35c00", "#6b6b6b", "#55616d", "#e3e7eb"
_SMALL = 7.5
_PRIORS = np.round(np.arange(-30, 31) / 10, 1)
_SHAPES = {"relay": "D", "derived": "s", "distilled": "o", "sibling": "^", "other source": "x"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with the stem of its file names, its name, its caption and what a lay reader is to see in it."""

    stem: str
    title: str
    caption: str
    reading: str
    chart: Chart


def drawings(result: ValidationResult) -> tuple[Drawing, ...]:
    """The charts for which the panel has the pairs; the same bytes from the same result."""
    if not result.pairs:
        return ()
    h1, h2 = _lrs(positives(result.pairs)), _lrs(negatives(result.pairs))
    made = [_scores(result)]
    if h1.size and h2.size:
        made += [_tippett(result, h1, h2), _pav(h1, h2), _ece(h1, h2)]
    return tuple(made)


def _lrs(pairs: Sequence[ScoredPair]) -> Floats:
    return np.array([pair.log10_lr for pair in pairs], float)


def _chart(draw: Callable[[Figure], None], header: Sequence[str], rows: list[list[Json]], text: str) -> Chart:
    svg, png = svg_and_png(draw)
    return Chart(svg, png, csv_bytes(header, rows), text)


def _axes(figure: Figure, height: float) -> Axes:
    figure.set_size_inches(7.2, height)
    axes = figure.add_subplot()
    _dress(axes)
    return axes


def _dress(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(labelsize=_SMALL, color=QUIET)
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _named(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=8)
    axes.set_ylabel(y, fontsize=8)


# --- scores


def _scores(result: ValidationResult) -> Drawing:
    rows = {kind: [p for p in result.pairs if kind_of(p, result.teacherless) == kind] for kind in KINDS}
    rows = {kind: pairs for kind, pairs in rows.items() if pairs}
    said = "; ".join(
        f"{kind}: {len(pairs)} pairs, median {number(float(np.median([p.log10_lr_uncapped for p in pairs])))}"
        for kind, pairs in rows.items()
    )
    marks = marks_of(result)
    cells: list[list[Json]] = [
        [p.suspect, p.family, kind, p.log10_lr, p.log10_lr_uncapped, marks.get((p.suspect, p.family), "")]
        for kind, pairs in rows.items()
        for p in pairs
    ]
    return Drawing(
        "scores",
        "All pairs",
        "Every pair by what it is known to be.",
        "Each mark is one suspect against one family, placed by its LR before the cap. The further right, the more "
        "the texts speak for the family as the source. Marks on the wrong side of the line at LR = 1 mislead; the "
        "tables of misleading pairs name them by the letters beside the marks, written where there is room. Beyond the "
        "dotted lines the reported LR stops at its cap.",
        _chart(
            partial(_draw_scores, rows, marks, _caps(result.pairs)),
            ("suspect", "family", "kind", "log10_lr", "log10_lr_uncapped", "mark"),
            cells,
            f"Log10 LR before the cap, by kind of pair. {said}.",
        ),
    )


def _caps(pairs: Sequence[ScoredPair]) -> list[float]:
    """The reported LRs at which a cap stopped: at most the weakest one on each side."""
    low = [p.log10_lr for p in pairs if p.log10_lr > p.log10_lr_uncapped]
    high = [p.log10_lr for p in pairs if p.log10_lr < p.log10_lr_uncapped]
    return ([max(low)] if low else []) + ([min(high)] if high else [])


def _draw_scores(
    rows: dict[str, list[ScoredPair]], marks: dict[tuple[str, str], str], caps: list[float], figure: Figure
) -> None:
    axes = _axes(figure, 0.9 + 0.68 * len(rows))
    every = [p.log10_lr_uncapped for pairs in rows.values() for p in pairs]
    width = max(max(every) - min(every), 1.0) / 75
    for at, (kind, pairs) in enumerate(reversed(rows.items())):
        x = np.array([p.log10_lr_uncapped for p in pairs])
        y = at + _spread(x, width)
        filled = pairs[0].positive
        colour = TRUE if filled else (ASIDE if pairs[0].excluded else FALSE)
        shape = _SHAPES.get(kind, "v" if "teacher" in kind else "o")
        face = colour if filled or shape == "x" else "white"
        axes.scatter(
            x, y, s=15, marker=shape, linewidths=0.8, zorder=3, c=face, edgecolors=None if shape == "x" else colour
        )
        at_mark = [(float(px), marks.get((p.suspect, p.family), "")) for p, px in zip(pairs, x, strict=True)]
        named = [item for item in at_mark if item[1]]
        top = float((y - at).max())
        for px, level, mark in _lanes(named, 3.2 * width):
            axes.text(px, at + top + 0.07 + 0.13 * level, mark, ha="center", fontsize=5.5, color="#1b2733")
    axes.axvline(0, color=QUIET, linewidth=1)
    for cap in caps:
        axes.axvline(cap, color=QUIET, linewidth=0.9, linestyle=":")
    axes.set_yticks(range(len(rows)), [f"{kind} ({len(pairs)})" for kind, pairs in reversed(rows.items())], fontsize=8)
    axes.set_ylim(-0.55, len(rows) - 0.4)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _named(axes, "log10 LR before the cap", "")


def _lanes(named: list[tuple[float, str]], width: float) -> list[tuple[float, int, str]]:
    """Where marks can be written without touching, in three lanes; who finds no room is not written."""
    placed: list[tuple[float, int, str]] = []
    for x, mark in sorted(named, key=lambda item: -abs(item[0])):
        taken = {lane for other, lane, _ in placed if abs(other - x) < width}
        free = [lane for lane in range(3) if lane not in taken]
        if free:
            placed.append((x, free[0], mark))
    return placed


def _spread(x: Floats, width: float) -> Floats:
    """Offsets that set marks of about the same value side by side, within a third of a row."""
    bins = np.round(x / width).astype(int)
    offsets = np.zeros(x.size)
    most = int(np.unique(bins, return_counts=True)[1].max())
    step = min(0.12, 0.8 / most)
    for value in np.unique(bins):
        inside = np.flatnonzero(bins == value)
        inside = inside[np.argsort(x[inside], kind="stable")]
        places = np.array([(k + 1) // 2 * (1 if k % 2 else -1) for k in range(inside.size)])
        offsets[inside] = places * step
    return offsets


# --- Tippett


def _tippett(result: ValidationResult, h1: Floats, h2: Floats) -> Drawing:
    curves = tippett(h1, h2)
    rows: list[list[Json]] = [
        [float(t), float(a), float(b)]
        for t, a, b in zip(curves.thresholds, curves.h1_at_most, curves.h2_above, strict=True)
    ]
    below, above = float((h1 < 0).mean()), float((h2 > 0).mean())
    distilled = _lrs(positives(result.pairs, "distilled"))
    return Drawing(
        "tippett",
        "Tippett plot",
        "How many pairs mislead at each strength.",
        "Read it at any LR on the lower scale. The falling line is the share of pairs without a documented relation "
        "that were given more than that; the rising line is the share of related pairs that were given no more than "
        "that. At LR = 1 they are the two rates of misleading evidence. A good method has both lines low there.",
        _chart(
            partial(_draw_tippett, h1, h2, distilled if 0 < distilled.size < h1.size else None),
            ("log10_lr", "related_at_most", "unrelated_above"),
            rows,
            f"At LR = 1, {share(below)} of the {h1.size} related pairs lie below and {share(above)} of the {h2.size} "
            f"unrelated pairs above. The lines cross near an error rate of {share(equal_error_rate(h1, h2))}.",
        ),
    )


def _draw_tippett(h1: Floats, h2: Floats, distilled: Floats | None, figure: Figure) -> None:
    axes = _axes(figure, 2.9)
    edge = float(max(np.abs(h1).max(), np.abs(h2).max(), 1.0)) * 1.08
    grid = np.concatenate([[-edge], np.unique(np.concatenate([h1, h2])), [edge]])

    def rising(values: Floats) -> Floats:
        return np.asarray(np.searchsorted(np.sort(values), grid, side="right") / values.size * 100)

    axes.step(grid, rising(h1), where="post", color=TRUE, linewidth=1.8, label=f"related, at most this ({h1.size})")
    if distilled is not None:
        axes.step(
            grid,
            rising(distilled),
            where="post",
            color=TRUE,
            linewidth=1,
            linestyle=":",
            label=f"distilled alone ({distilled.size})",
        )
    label = f"unrelated, more than this ({h2.size})"
    axes.step(grid, 100 - rising(h2), where="post", color=FALSE, linewidth=1.8, linestyle="--", label=label)
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.set_xlim(-edge, edge)
    axes.set_ylim(-2, 102)
    _named(axes, "log10 LR as reported", "share of pairs, %")
    above, below = share(float((h2 > 0).mean())), share(float((h1 < 0).mean()))
    text = f"At LR = 1: {above} of unrelated above, {below} of related below"
    axes.set_title(text, fontsize=8, color=QUIET, loc="left")
    figure.legend(fontsize=_SMALL, frameon=False, loc="outside lower center", ncols=3)


# --- PAV


def _pav(h1: Floats, h2: Floats) -> Drawing:
    blocks = pav_blocks(h1, h2)
    rows: list[list[Json]] = [
        [b.low, b.high, b.h1, b.h2, b.log10_lr if np.isfinite(b.log10_lr) else ("inf" if b.log10_lr > 0 else "-inf")]
        for b in blocks
    ]
    said = "; ".join(f"{number(b.low)} to {number(b.high)}: {b.h1} related, {b.h2} unrelated" for b in blocks)
    return Drawing(
        "calibration",
        "Calibration plot (PAV)",
        "Is an LR of ten worth ten?",
        "Across: the LR as reported. Upwards: the LR that the truth of this panel gives to pairs of that height, found "
        "by pooling neighbours (PAV). On the diagonal the two agree; below it the reported LR overstates, above it "
        "understates. The numbers are how many related and unrelated pairs stand behind each step; a step with one "
        "kind alone has no finite LR and lies on the edge. With few pairs a step, the steps are rough.",
        _chart(
            partial(_draw_pav, h1, h2, blocks),
            ("reported_low", "reported_high", "related", "unrelated", "pav_log10_lr"),
            rows,
            f"Steps by reported log10 LR with their counts: {said}.",
        ),
    )


def _draw_pav(h1: Floats, h2: Floats, blocks: Sequence[PavBlock], figure: Figure) -> None:
    figure.set_size_inches(7.2, 4.1)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.4, 1))
    for each in (axes, below):
        _dress(each)
    finite = [abs(b.log10_lr) for b in blocks if np.isfinite(b.log10_lr)]
    reach = float(max(np.abs(h1).max(), np.abs(h2).max(), 1.0, *finite)) * 1.1
    edge = reach * 1.12
    axes.plot([-reach, reach], [-reach, reach], color=QUIET, linewidth=1, linestyle="--", label="agreement")
    for b in blocks:
        y = float(np.clip(b.log10_lr, -edge, edge))
        axes.plot([b.low, b.high], [y, y], color=TRUE, linewidth=2.4, solid_capstyle="round", marker="o", markersize=4)
        # A short step has no room above it for its counts beside those of its neighbours.
        short = b.high - b.low < 0.15 * reach
        axes.annotate(
            f"{b.h1} / {b.h2}",
            (b.high if short else (b.low + b.high) / 2, y),
            xytext=(5, -1) if short else (0, 7 if y < edge else -8),
            textcoords="offset points",
            ha="left" if short else "center",
            va="center",
            fontsize=6.5,
            color="#1b2733",
        )
    ticks = [t for t in range(-9, 10) if abs(t) < reach]
    axes.set_yticks([-edge, *ticks, edge], ["−∞", *(f"{t}".replace("-", "−") for t in ticks), "∞"])
    axes.set_ylim(-edge * 1.1, edge * 1.1)
    _named(axes, "", "log10 LR after PAV")
    bins = np.linspace(-reach, reach, 41)
    below.hist(h2, bins, color="white", edgecolor=FALSE, linewidth=0.9, label="unrelated")
    below.hist(h1, bins, color=TRUE, alpha=0.85, label="related")
    below.set_yscale("symlog", linthresh=10)
    below.set_yticks([0, 5, 10, 100], ["0", "5", "10", "100"])
    below.set_ylim(0, 6 * max(100, h1.size, h2.size))
    below.legend(fontsize=_SMALL, frameon=False, loc="upper center")
    _named(below, "log10 LR as reported", "pairs")


# --- ECE


def _ece(h1: Floats, h2: Floats) -> Drawing:
    found = cross_entropy(h1, h2, _PRIORS)
    lines = (found.prior_log10_odds, found.reported, found.calibrated, found.neutral)
    rows: list[list[Json]] = [[float(v) for v in row] for row in zip(*lines, strict=True)]
    middle = int(np.argmin(np.abs(_PRIORS)))
    worse = _PRIORS[found.reported > found.neutral + 1e-12]
    said = (
        "It stays below the line of saying nothing at all priors shown."
        if not worse.size
        else f"It lies above the line of saying nothing at {worse.size} of the {_PRIORS.size} priors shown, between "
        f"log10 odds of {number(float(worse.min()))} and {number(float(worse.max()))}."
    )
    return Drawing(
        "cross_entropy",
        "Cross-entropy (ECE)",
        "What the LRs are worth at every prior.",
        "Lower is better. The full line is the uncertainty that is left after the reported LRs were used, for each "
        "belief that a court may hold beforehand; the dotted line is the uncertainty without them. Where the full line "
        "is above the dotted one, the LRs would mislead on average. The dashed line is the best that the order of the "
        "pairs allows; the gap to it is the cost of imperfect calibration. At even odds (0) the full line is the Cllr.",
        _chart(
            partial(_draw_ece, lines),
            ("prior_log10_odds", "reported", "after_pav", "lr_always_1"),
            rows,
            f"At even prior odds the reported LRs leave {number(float(found.reported[middle]))} of 1 bit, "
            f"after PAV {number(float(found.calibrated[middle]))}. {said}",
        ),
    )


def _draw_ece(lines: tuple[Floats, Floats, Floats, Floats], figure: Figure) -> None:
    axes = _axes(figure, 3.0)
    priors, reported, calibrated, neutral = lines
    axes.plot(priors, neutral, color=QUIET, linestyle=":", linewidth=1.5, label="saying nothing (LR = 1 always)")
    axes.plot(priors, reported, color=TRUE, linewidth=1.9, label="as reported")
    axes.plot(priors, calibrated, color=FALSE, linestyle="--", linewidth=1.5, label="after PAV (best for this order)")
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.set_xlim(float(priors[0]), float(priors[-1]))
    axes.set_ylim(0, float(max(1.0, reported.max())) * 1.06)
    _named(axes, "log10 of the prior odds", "bits left")
    axes.legend(fontsize=_SMALL, frameon=False, loc="upper left")
