"""What keeps lines of a text from being records: commas after them, carriage returns alone, a first one too long."""

from __future__ import annotations

import orjson

from workbench.core.text import counted
from workbench.importers.base import MAX_RECORD, Opened
from workbench.importers.reading.sample import LOOK, begins_with, look
from workbench.importers.reading.window import STEP, TOO_LONG

_FEW = 20


def line_faults(opened: Opened) -> str:
    """What is wrong with JSON lines as far as the first megabytes tell, and how to mend it; empty where nothing is."""
    data = look(opened)
    if b"\n" in data.strip():
        return _commas(data)
    if _is_parted(data):
        return (
            "Its lines end with a carriage return alone, which ends no line here, so that all of it counts as one "
            "record: put line feeds in their place in a copy (`tr '\\r' '\\n'`), and import that."
        )
    return ""


def unseen(opened: Opened) -> str:
    """Why a look saw no record of a text that nobody knows, where it may hold some further on; empty where not."""
    data = look(opened)
    if len(data) < LOOK:
        return ""
    if begins_with(opened) == "{" and b"\n" not in data.strip():
        return _of_first(opened)
    return f"No record could be read from its first {LOOK >> 20} MB, which are all that is looked at."


def without_faults(data: bytes) -> bytes:
    """The end of a text without the faults of its lines, to see whether its last record is whole."""
    data = data.rstrip()
    if b"\n" not in data and _is_parted(data):
        data = data[data.rfind(b"\r") + 1 :]
    bare = data.removesuffix(b",")
    return bare if _is_record(bare[bare.rfind(b"\n") + 1 :]) else data


def _commas(data: bytes) -> str:
    lines = [line.rstrip() for line in data.split(b"\n")]
    at = [number for number, line in enumerate(lines, 1) if line.endswith(b",") and _is_record(line[:-1])]
    if not at:
        return ""
    more = f" and after {counted(len(at) - 1, 'more', 'more')}" if len(at) > 1 else ""
    some = " of its first megabytes" if len(data) == LOOK else ""
    return (
        f"A comma stands after the record in line {at[0]:,}{more}{some}; JSON lines have none there, and each such "
        "record would be rejected: take these commas away in a copy (`sed 's/,[[:space:]]*$//'`), and import that."
    )


def _is_parted(data: bytes) -> bool:
    """Whether what carriage returns part are records, or at least the first ones."""
    parts = [part for part in data.split(b"\r", _FEW)[:_FEW] if part.strip()]
    return len(parts) > 1 and all(_is_record(part.rstrip().removesuffix(b",")) for part in parts[:-1])


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict | list)
    except ValueError:
        return False


def _of_first(opened: Opened) -> str:
    """How long the first line is, as far as a record may reach."""
    seen = 0
    with opened.stream() as stream:
        while chunk := stream.read(STEP):
            end = chunk.find(b"\n")
            seen += len(chunk) if end < 0 else end
            if seen > MAX_RECORD:
                return f"Its first line can't be looked into: {TOO_LONG}, and would be rejected."
            if end >= 0:
                break
    return f"Its first line has {seen / 1e6:,.0f} MB, more than the {LOOK >> 20} MB that are looked at."
