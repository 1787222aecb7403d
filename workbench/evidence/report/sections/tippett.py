"""Tippett's curves of a trial: the share of pairs with a known link, and without one, at each ratio or above."""

from __future__ import annotations

from collections.abc import Callable

from workbench.core.drawing import DIAMOND, Drawing, Item, Line, Mark, Point, Text
from workbench.core.printed import percent, ratio
from workbench.core.statistics.fitted_calibration import Tippett
from workbench.evidence.report.question import Asked
from workbench.evidence.report.trial import Trial, error_rates

_WIDE, _LEFT, _RIGHT, _TOP, _HIGH = 593.0, 44.0, 12.0, 20.0, 150.0
_Scale = Callable[[float], float]
_POWERS = {-2: "1/100", -1: "1/10", 0: "1", 1: "10", 2: "100"}
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def tippett_drawing(trial: Trial, curves: Tippett, one: Asked) -> Drawing:
    """The picture; the case's own ratio stands on the axis."""
    low, high = _range(curves)

    def at_x(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDE - _LEFT - _RIGHT)

    def at_y(share: float) -> float:
        return _TOP + (1 - share) * _HIGH

    bottom = at_y(0)
    items: list[Item] = [Text(0, 8, "share of pairs at each ratio or above")]
    for share in _SHARES:
        items.append(Line(((_LEFT, at_y(share)), (_WIDE - _RIGHT, at_y(share))), "hair"))
        items.append(Text(_LEFT - 6, at_y(share) + 3.5, percent(share), anchor="end"))
    for power, label in _POWERS.items():
        if low <= power <= high:
            items.append(Line(((at_x(power), _TOP), (at_x(power), bottom)), "control" if not power else "hair"))
            items.append(Text(at_x(power), bottom + 14, label, anchor="middle"))
    linked, unlinked = _shares(curves.positives), _shares(curves.negatives)
    for shares, colour, dash in ((unlinked, "ctl", "dashed"), (linked, "protected", "")):
        steps = _steps(curves.log10_lr, shares, low, high)
        items.append(Line(tuple((at_x(x), at_y(y)) for x, y in steps), colour, 1.8, dash))
    items.append(_label(curves, linked, at_x, at_y, f"{trial.positives:,} with a known link", "protected", 0.75))
    items.append(_label(curves, unlinked, at_x, at_y, f"{trial.negatives:,} with no known link", "ctl", 0.4))
    items.append(Text((_LEFT + _WIDE - _RIGHT) / 2, bottom + 28, "likelihood ratio of the pair", anchor="middle"))
    log10 = one.page.log10_lr
    if log10 is not None:
        x = at_x(min(max(log10, low), high))
        said = f"{one.suspect}: {ratio(log10)}"
        items.append(Mark(x, bottom, DIAMOND, "suspect", 9, said))
        right = x > _WIDE * 0.7
        items.append(Text(x + (-9 if right else 9), bottom - 6, said, 10, "end" if right else "start", 600, "suspect"))
    described = f"Two falling curves, Tippett plot. {error_rates(trial)}"
    return Drawing(_WIDE, bottom + 34, "Shares of pairs at each ratio or above", described, tuple(items))


def _range(curves: Tippett) -> tuple[float, float]:
    """From the last value that all pairs reach to the first that none does, and at least from 1/10 to 10."""
    values, counts = curves.log10_lr, list(zip(curves.positives, curves.negatives, strict=True))
    first = max((v for v, count in zip(values, counts, strict=True) if count == counts[0]), default=values[0])
    last = min((v for v, count in zip(values, counts, strict=True) if count == counts[-1]), default=values[-1])
    return min(-1.0, first) - 0.1, max(1.0, last) + 0.1


def _shares(counts: tuple[int, ...]) -> list[float]:
    whole = counts[0] or 1
    return [count / whole for count in counts]


def _steps(values: tuple[float, ...], shares: list[float], low: float, high: float) -> list[Point]:
    """A curve in steps: between two values, at least the share of the higher one reaches what lies between."""
    points: list[Point] = [(low, 1.0)]
    before = low
    for value, share in zip(values, shares, strict=True):
        if low <= value <= high:
            points += [(before, share), (value, share)]
            before = value
    return [*points, (before, 0.0), (high, 0.0)] if shares[-1] == 0 else points


def _label(
    curves: Tippett, shares: list[float], at_x: _Scale, at_y: _Scale, said: str, colour: str, share: float
) -> Text:
    """The words at a curve, beside where it falls below a share: to its right, or to its left where it ends there."""
    at = next((v for v, s in zip(curves.log10_lr, shares, strict=True) if s < share), curves.log10_lr[-1])
    x, y = at_x(at), at_y(share)
    if x > _WIDE * 0.7:
        return Text(x - 14, y + 14, said, 10, "end", 600, colour)
    return Text(x + 6, y + 4, said, 10, "start", 600, colour)
