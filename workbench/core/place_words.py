"""Where a record stands in its file, in words, counted from 1 as people count."""

from __future__ import annotations

import re

_ROW = re.compile(r"(?:(.*!/))?(?:(.*) )?row (\d+)", re.DOTALL)


def place_words(member: str, number: int, offset: int, length: int) -> str:
    """Such as `record 3, bytes 120 to 180`; a row of a table that is no text has no bytes: `sheet “Answers”, row 3`."""
    if not length and not offset and (row := _ROW.fullmatch(member)):
        outer, sheet, at = row.groups()
        inside = f"{outer.removesuffix('!/')}, " if outer else ""
        return f"{inside}sheet “{sheet}”, row {at}" if sheet else f"{inside}row {at}"
    inside = f"{member}, " if member else ""
    where = f"bytes {offset} to {offset + length}" if length else f"at byte {offset}"
    return f"{inside}record {number + 1}, {where}"


def listed(
    rejections: tuple[tuple[str, str], ...], reasons: tuple[tuple[str, int, str], ...], most: int = 5
) -> list[tuple[str, str]]:
    """Rejected records for a list, as (place, reason): a reason that more than `most` of them share stands once.

    `reasons` are (reason, how many records, place of the first one).
    """
    many = {reason: (count, place) for reason, count, place in reasons if count > most}
    single = [(place, reason) for place, reason in rejections if reason not in many]
    return [(f"{count:,} records, the first at {place}", reason) for reason, (count, place) in many.items()] + single
