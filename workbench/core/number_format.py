"""How numbers stand in the sentences of findings, which are sealed: other pages print them by `printed`."""

from __future__ import annotations

from workbench.core.printed import equally_probable

_LARGEST = 300.0
"""Ten to the power of more does not fit a float."""


def number(value: float, digits: int = 2) -> str:
    """A number, such as a log10 LR, with a true minus sign and without a negative zero."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def percent(share: float) -> str:
    """A share of 1 in whole per cent."""
    return f"{100 * share:.0f} %"


def share(value: float) -> str:
    """A share of 1 in per cent, with one decimal; nothing that is not 0 or 1 is rounded to it."""
    if 0 < value < 0.001 or 0.999 < value < 1:
        return "under 0.1 %" if value < 0.5 else "over 99.9 %"
    return f"{100 * value:.1f} %"


def small_share(value: float) -> str:
    """A share of 1 in per cent, with two figures where it is small."""
    return f"{100 * value:.1f} %" if 0 < value < 0.095 else percent(value)


def times(log10_lr: float) -> str:
    """How many times more or less probable, in words: two digits, no more than the numbers bear."""
    if equally_probable(log10_lr):
        return "about equally probable"
    size = 10.0 ** min(abs(log10_lr), _LARGEST)
    figure = f"{size:.2g}" if size < 100 else f"{float(f'{size:.2g}'):,.0f}"
    return f"about {figure} times {'more' if log10_lr > 0 else 'less'} probable"
