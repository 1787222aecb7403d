"""What tables share that are no text: a row is read as the JSON that renders it, and that is what its place shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson

from workbench.core.model import Json, Rejected, Response
from workbench.importers import base
from workbench.importers.base import Opened
from workbench.importers.containers.open import INSIDE
from workbench.importers.mapping.mapped import Mapped
from workbench.importers.reading.window import TOO_LONG, Span

_ROW = re.compile(r"(?:(.*) )?row (\d+)", re.DOTALL)


def row_place(opened: Opened, number: int, sheet: str = "") -> str:
    """Where a row stands, as the member of its place: `row 3`, or `Sheet1 row 3`, counted as people count."""
    row = f"{sheet} row {number}" if sheet else f"row {number}"
    return f"{opened.member}{INSIDE}{row}" if opened.member else row


def row_of(place: str) -> tuple[str, int] | None:
    """The sheet and the number of such a place; None when it is none."""
    found = _ROW.fullmatch(place)
    return (found.group(1) or "", int(found.group(2))) if found else None


def rendered(row: Mapping[str, object]) -> bytes:
    """A row as JSON. What JSON has no form for (decimals, bytes) is its text; no number is no value."""
    return orjson.dumps(row, default=_as_text, option=orjson.OPT_NON_STR_KEYS)


def span_of(number: int, raw: bytes) -> tuple[Span[Json], Json]:
    """The span of a rendered row and the record that it is; a row beyond the limit has none."""
    if len(raw) > base.MAX_RECORD:
        return Span(number, 0, len(raw), None, None, TOO_LONG), None
    value = orjson.loads(raw)
    return Span(number, 0, len(raw), raw, value), value


def mapped_row(mapped: Mapped, number: int, raw: bytes, place: str, flags: list[str]) -> Response | Rejected:
    """The answer of a rendered row by a mapping."""
    span, record = span_of(number, raw)
    if record is None:
        return Rejected(span.reason, number, 0, span.length, place)
    return mapped.answer(span, record, flags)._replace(member=place)


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
