"""Whether a file was cut off in its last record, as far as its end tells without reading all of it."""

from __future__ import annotations

import io
from collections import deque
from dataclasses import replace

import orjson

from workbench.core.progress import silent
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import damage_of
from workbench.importers.mapping.diagnostics import line_faults, without_faults
from workbench.importers.mapping.layout import LINES, layout_of
from workbench.importers.reading import parse
from workbench.importers.reading.csv_rows import CUT_CELL, has_delimiter, rows
from workbench.importers.reading.sample import LOOK, look
from workbench.importers.reading.window import Window

_CUT = "It ends in the middle of a record: it was cut off there, and that record would be rejected."
_STRAY = (
    "All from there on counts as one cell, and that row would be rejected: where the file was not cut off, take the "
    "quote away in a copy and import that."
)
_LONG_CELL = 1 << 20
"""Where only the beginning of a file is seen, so long a cell is held to be one without an end."""


def cut_off(opened: Opened) -> str:
    """What to say of a text whose end is missing, or whose lines are no records; empty where neither can be seen."""
    data, whole, damage = _end(opened)
    if damage:
        return f"It can't be read to its end: {damage}."
    layout = layout_of(opened)
    if layout is None:
        return _open_quote(opened)
    data = data.rstrip()
    if layout.kind == LINES:
        torn = _CUT if _torn(without_faults(data), whole=whole) else ""
        return " ".join(filter(None, [line_faults(opened), torn]))
    return "" if data[-1:] in (b"", b"]", b"}") else _CUT


def _open_quote(opened: Opened) -> str:
    """What to say of a table in which a quote opens that nothing closes, as far as its first megabytes tell."""
    data = look(opened)
    if data.count(b'"') % 2 == 0 or not has_delimiter(opened.head):
        return ""
    sample = replace(opened, stream=lambda: io.BytesIO(data), size=len(data))
    with Window(sample, silent) as window:
        last = deque(rows(window, opened.head), maxlen=1)
    if not last or not last[0].reason.startswith(CUT_CELL) or (len(data) == LOOK and last[0].length < _LONG_CELL):
        return ""
    ends = "Its first megabytes end" if len(data) == LOOK else "It ends"
    return f"{ends} inside a quoted cell: {last[0].reason.removeprefix(CUT_CELL).removeprefix(': ')}. {_STRAY}"


def _end(opened: Opened) -> tuple[bytes, bool, str]:
    """The last megabytes of the text, whether they are all of it, and why it could not be read to its end."""
    with opened.stream() as stream:
        data = stream.read(LOOK + 1)
        if len(data) <= LOOK:
            return data, True, damage_of(stream)
    if opened.compression or opened.encoding or opened.member:
        return b"", False, ""
    with opened.path.open("rb") as file:
        file.seek(-LOOK, io.SEEK_END)
        return file.read(), False, ""


def _torn(data: bytes, *, whole: bool) -> bool:
    """Whether the last line begins as a record and is none."""
    last = data[data.rfind(b"\n") + 1 :]
    if len(last) == len(data) and not whole:
        return False
    try:
        orjson.loads(last)
    except ValueError:
        try:
            parse.parse(last)
        except parse.RecordError:
            return last.lstrip()[:1] in (b"{", b"[")
    return False
