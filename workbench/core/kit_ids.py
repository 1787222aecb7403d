"""The id of one request of the prompt kit: a prompt's id and the number of its sample."""

from __future__ import annotations

import re

_FORM = re.compile(r"(k-[a-z]-[0-9]{3})-s([0-9]{2,3})", re.ASCII)

NO_MODEL = "MODEL-NAME"
"""Stands for the model in batch files of a prompt kit where none was named."""


def custom_id(prompt_id: str, sample: int) -> str:
    """The id that a batch file carries: `k-w-001` and 3 make `k-w-001-s03`.

    It keeps to what every batch interface takes: at most 64 of the characters a-z, 0-9 and hyphen.
    """
    return f"{prompt_id}-s{sample:02d}"


def split_custom_id(text: str) -> tuple[str, str | None]:
    """The prompt's id and the sample's number, as text, of an id of the kit; any other id whole, and None."""
    found = _FORM.fullmatch(text)
    return (found[1], str(int(found[2]))) if found else (text, None)


def numbered(number: str | None, inner: str | None) -> str | None:
    """The name of a sample: its number in the id, and its place among the answers where it is not the first."""
    if number is None or inner is None:
        return number or inner
    return number if inner == "0" else f"{number}.{inner}"
