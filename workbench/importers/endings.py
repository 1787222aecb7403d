"""Whether a file was cut off in its last record, as far as its end tells without reading all of it."""

from __future__ import annotations

import io

import orjson

from workbench.importers import tolerant
from workbench.importers.base import Opened
from workbench.importers.layout import LINES, layout_of
from workbench.importers.sample import LOOK
from workbench.importers.unwrapping import damage_of

_CUT = "It ends in the middle of a record: it was cut off there, and that record would be rejected."


def cut_off(opened: Opened) -> str:
    """What to say of a text whose end is missing; empty where it is whole, or where its end can't be seen from here."""
    data, whole, damage = _end(opened)
    if damage:
        return f"It can't be read to its end: {damage}."
    data = data.rstrip()
    if not data:
        return ""
    layout = layout_of(opened)
    if layout is None:
        return _CUT if whole and data.count(b'"') % 2 else ""
    if layout.kind == LINES:
        return _CUT if _torn(data, whole=whole) else ""
    return "" if data[-1:] in (b"]", b"}") else _CUT


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
            tolerant.parse(last)
        except tolerant.RecordError:
            return last.lstrip()[:1] in (b"{", b"[")
    return False
