"""What keeps lines of a text from being records: commas after them, carriage returns alone, a first one too long."""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from dataclasses import replace
from typing import NamedTuple

import orjson

from workbench.core.progress import silent
from workbench.core.secrets.find import masked
from workbench.core.text import counted, one_line
from workbench.importers.base import MAX_RECORD, Opened
from workbench.importers.containers.decompress import damage_of
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.layout import LINES, layout_of
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.csv_rows import CUT_CELL, has_delimiter, rows
from workbench.importers.reading.sample import LOOK, begins_with, first_megabytes
from workbench.importers.reading.window import STEP, TOO_LONG, Window

_FEW = 20


def line_faults(opened: Opened) -> str:
    """What is wrong with JSON lines as far as the first megabytes tell, and how to mend it; empty where nothing is."""
    data = first_megabytes(opened)
    if b"\n" in data.strip():
        return _commas(data)
    if _is_parted(data):
        return (
            "Its lines end with a carriage return alone, which ends no line here, so that all of it counts as one "
            "record: put line feeds in their place in a copy (`tr '\\r' '\\n'`), and import that."
        )
    return ""


def why_none_seen(opened: Opened) -> str:
    """Why the first megabytes of an unknown text held no record, where it may hold some further on; empty where not."""
    data = first_megabytes(opened)
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
    data = first_megabytes(opened)
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
            tolerant_parse.parse(last)
        except tolerant_parse.RecordError:
            return last.lstrip()[:1] in (b"{", b"[")
    return False


_LOOKED_AT = 64 << 10
_SHOWN = 60
_MOST = 0.9
_FEW_BEYOND = 8
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u045f]")
_WORD = re.compile(r"[^\W\d_]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_WIDE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]")


class Reading(NamedTuple):
    """An encoding, and a piece of the text as it reads in it."""

    encoding: str
    piece: str


def other_readings(opened: Opened) -> list[Reading]:
    """How else a text could be read whose encoding was guessed, or which is damaged UTF-8; nothing for other texts."""
    if opened.container or opened.encoded in ("mark", "given"):
        return []
    data = _bytes(opened)
    if data.isascii() or (not opened.encoding and _decoded(data, "utf-8")):
        return []
    found = []
    for name, fits in _CANDIDATES.items():
        text = "" if name == opened.encoding else _decoded(data, name)
        if _CONTROL.search(text):
            continue
        beyond = "".join(c for c in text if not c.isascii())
        if len(beyond) >= _FEW_BEYOND and fits(text, beyond):
            found.append(Reading(name, _piece(text)))
    return found


def words_of_encoding(opened: Opened) -> tuple[str, ...]:
    """What to say of the encoding of a text where it is no more than a guess."""
    readings = other_readings(opened)
    if not readings and opened.encoded != "guessed":
        return ()
    now = f"That its text is in {opened.encoding} is a guess" if opened.encoding else "Its text is not valid UTF-8"
    if not readings:
        return (f"{now}: where it reads wrongly, name another with --encoding NAME.",)
    pieces = "; ".join(f"“{r.piece}” with --encoding {r.encoding}" for r in readings)
    return (f"{now}. It could also read {pieces}. Take the one that makes sense.",)


def _bytes(opened: Opened) -> bytes:
    """The first bytes of the text as they stand in the file: as Latin-1 each is one character; none in an archive."""
    again = open_file(opened.path, opened.name, "latin-1")
    if again.encoded != "given":
        return b""
    with again.stream() as stream:
        return stream.read(_LOOKED_AT).decode("utf-8", "ignore").encode("latin-1")


def _decoded(data: bytes, name: str) -> str:
    """All of the text in an encoding; empty where it is not in it."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return ""


def _piece(text: str) -> str:
    """What stands from the first character beyond ASCII on, to the next quote."""
    at = next(i for i, c in enumerate(text) if not c.isascii())
    return one_line(masked(text[at : at + 200].split('"')[0]), _SHOWN)


def _share(pattern: re.Pattern[str], text: str) -> float:
    return len(pattern.findall(text)) / len(text)


def _japanese(_: str, beyond: str) -> bool:
    return _share(_KANA, beyond) > 0.25 and _share(_WIDE, beyond) > _MOST and not _HANGUL.search(beyond)


def _korean(_: str, beyond: str) -> bool:
    return _share(_HANGUL, beyond) > _MOST


def _chinese(_: str, beyond: str) -> bool:
    """Mostly of the commonest 5,401 characters, which Big5 has first."""
    common = sum(0xA1 <= c.encode("big5", "replace")[0] <= 0xC6 for c in beyond)
    return common > _MOST * len(beyond) and _share(_WIDE, beyond) > _MOST and _share(_KANA, beyond) < 0.05


def _simplified(_: str, beyond: str) -> bool:
    common = sum(0xA1 <= c.encode("gb2312", "replace")[0] <= 0xD7 for c in beyond)
    return common > _MOST * len(beyond) and _share(_WIDE, beyond) > _MOST and _share(_KANA, beyond) < 0.05


def _russian(text: str, beyond: str) -> bool:
    """Cyrillic words without Latin letters in them, which are small but for their first letter."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    pure = [word for word in words if not _LATIN.search(word) and (word[1:].islower() or len(word) == 1)]
    return _share(_CYRILLIC, beyond) > _MOST and len(pure) > 0.8 * len(words)


_CANDIDATES = {
    "shift_jis": _japanese,
    "euc_jp": _japanese,
    "euc_kr": _korean,
    "big5": _chinese,
    "gb18030": _simplified,
    "windows-1251": _russian,
    "koi8-r": _russian,
}
