"""The error rates of a trial as a picture: one dot a pair, in the cell that its ratio falls into."""

from __future__ import annotations

from workbench.core.drawing import BLOCK, DIAMOND, DOT, Box, Drawing, Item, Mark, Text
from workbench.core.finding_page import Part
from workbench.core.printed import ratio
from workbench.evidence.report.question import Asked
from workbench.evidence.report.trial import Trial, error_rates

_LEFT, _WIDE, _GAP = 96.0, 593.0, 5.0
_STEP, _DOT = 3.6, 2.7


def dots(trial: Trial, one: Asked) -> Drawing:
    """The picture; the cell of the case's own ratio is tinted."""
    middle = "above 1, below 10" if trial.tens.with_ten else "above 1, up to 10"
    cells = ("1 or below", middle, trial.tens.words)
    width = (_WIDE - _LEFT - 2 * _GAP) / 3
    per_row = int((width - 12) / _STEP)
    unlinked = (trial.negatives - trial.above_1, trial.above_1 - trial.tens.pairs, trial.tens.pairs)
    top, line = 16.0, 15.0
    rows = max(1, -(-max(unlinked) // per_row))
    upper = rows * _STEP + line + 6
    linked = (trial.below_1, trial.positives - trial.below_1)
    lower = max(1, -(-max(linked) // per_row)) * _STEP + line + 6
    log10 = one.page.log10_lr
    own = None if log10 is None else 0 if log10 <= 0 else 2 if log10 > 1 or (log10 == 1 and trial.tens.with_ten) else 1
    items: list[Item] = []
    for at, label in enumerate(cells):
        x = _LEFT + at * (width + _GAP)
        tinted = at == own
        items.append(Box(x, top, width, upper, "suspectT" if tinted else "sunken", radius=2))
        items.append(Text(x + 6, 10, label, weight=600 if tinted else 400))
        items += _filled(x + 6, top + 7, unlinked[at], per_row, DOT, "ctl")
        items.append(Text(x + width - 6, top + upper - 5, f"{unlinked[at]:,}", 11, "end", 600, "ink1"))
    y = top + upper + 4
    for at, count in enumerate(linked):
        x = _LEFT + at * (width + _GAP)
        wide = width if not at else 2 * width + _GAP
        items.append(Box(x, y, wide, lower, "sunken", radius=2))
        items += _filled(x + 6, y + 7, count, int((wide - 12) / _STEP), BLOCK, "protected")
        items.append(Text(x + wide - 6, y + lower - 5, f"{count:,}", 11, "end", 600, "ink1"))
    for at, said in enumerate((f"{trial.negatives:,} pairs with", "no known link")):
        items.append(Text(0, top + 14 + 12 * at, said, weight=600, colour="ink1"))
    for at, said in enumerate((f"{trial.positives:,} pairs with a", "known link")):
        items.append(Text(0, y + 12 + 12 * at, said, weight=600, colour="ink1"))
    below = y + lower + 13
    items.append(Text(_LEFT, below, "likelihood ratio of the pair; nothing was fitted on its suspect or its relatives"))
    if own is not None and log10 is not None:
        x = _LEFT + own * (width + _GAP)
        items.append(Mark(x + 8, below + 12, DIAMOND, "suspect", 9, f"{one.suspect}: {ratio(log10)}"))
        items.append(Text(x + 18, below + 16, f"{one.suspect}: {ratio(log10)}", weight=600, colour="suspect"))
    height = below + (22 if own is not None else 6)
    weight = one.of(Part.WEIGHT)
    about = f" {weight.page.brief}." if weight else ""
    return Drawing(_WIDE, height, "How often the method erred", f"{error_rates(trial)}{about}", tuple(items))


def _filled(x: float, y: float, count: int, per_row: int, shape: str, colour: str) -> list[Item]:
    return [Mark(x + _STEP * (at % per_row), y + _STEP * (at // per_row), shape, colour, _DOT) for at in range(count)]
