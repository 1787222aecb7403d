"""How the figures of a validation are written: never rounded up to perfect."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core import number_format
from workbench.core.model import Json

NONE = "–"
COUNTS = {
    "neg_lr_gt_1": "n_negative",
    "neg_lr_ge_10": "n_negative",
    "neg_lr_gt_10": "n_negative",
    "neg_lr_gt_100": "n_negative",
}
SHARES = {"pos_lr_lt_1": "n_positive", "top1": "top1_n", "top1_siblings": "top1_n"}


def number(value: float | None, digits: int = 2) -> str:
    """A number with a true minus sign; nothing that is not 0 or 1 is rounded to it."""
    if value is None:
        return NONE
    least = 10.0**-digits
    if 0 < value < least / 2:
        return f"<{least:.{digits}f}"
    if 1 - least / 2 <= value < 1:
        return f">{1 - least:.{digits}f}"
    return number_format.number(value, digits)


def share(value: float | None) -> str:
    """A share of 1 in per cent, with one decimal; small ones never as zero."""
    return NONE if value is None else number_format.share(value)


def figure(entry: Mapping[str, Json], key: str) -> str:
    """A figure of an entry, as a count with its n or with three decimals."""
    value = entry.get(key)
    if value is None:
        return NONE
    if key in COUNTS:
        return f"{value} of {_of(entry, COUNTS[key])}"
    if key in SHARES:
        total = _of(entry, SHARES[key])
        return f"{round(value * total)} of {total}"
    return number(value, 3)


def interval(entry: Mapping[str, Json], key: str) -> str:
    """The interval of a figure in brackets, or nothing."""
    found = (entry.get("interval") or {}).get(key)
    if entry.get(key) is None or found is None:
        return ""
    low, high = found
    if key in COUNTS:
        return f"[{low:.0f}, {high:.0f}]"
    digits = 2 if key in SHARES else 3
    return f"[{number(low, digits)}, {number(high, digits)}]"


def with_interval(entry: Mapping[str, Json], key: str) -> str:
    """A figure with its interval."""
    return f"{figure(entry, key)} {interval(entry, key)}".strip()


def n_negative(entry: Mapping[str, Json]) -> int:
    """How many pairs of an entry have no documented relation."""
    return int(entry["n_pairs"]) - int(entry["n_positive"])


def _of(entry: Mapping[str, Json], key: str) -> int:
    return n_negative(entry) if key == "n_negative" else int(entry[key])
