"""One answer looked at by itself: what is cut, empty, refused, quoted, garbled or hidden in it.

These are forms, not judgements: each rule flags, is named in what it flags, and weighs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbench.core.answers.refusals import refuses
from workbench.core.answers.truncation import looks_cut
from workbench.core.model import Json

INSPECTION = "inspection-2"
"""Name of the rules of this module; a change of any of them changes the name."""

EMPTY, LOOKS_CUT, REFUSED, QUOTING, GARBLED, SECRET, TRUNCATED = 1, 2, 4, 8, 16, 32, 64
"""Marks of an answer, as bits of one number: one whose record calls it cut does not also look it."""

MARKS = {
    "empty": EMPTY, "truncated": TRUNCATED, "looks_cut": LOOKS_CUT, "refused": REFUSED, "quoting": QUOTING,
    "mojibake": GARBLED, "secret": SECRET,
}  # fmt: skip

CUT_FLAGS = frozenset({"truncated"})
"""Flags by which an importer says that the record itself calls the answer ended by a limit."""

REFUSED_FLAGS = frozenset({"refusal", "content filter"})
"""Flags by which an importer says that the record itself calls the answer refused or filtered."""

QUOTABLE = 40
"""A prompt of fewer characters may stand in an answer by chance."""

_BEGINNING = 15

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)
_HIDDEN = re.compile("[" + "".join(pattern.pattern[1:-1] for pattern in (_CONTROL, _BIDI, _ZERO_WIDTH)) + "]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_AFTER_UTF8 = "\x80-\xbf" + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
_GARBLED = re.compile(f"[\u00c2-\u00f4][{_AFTER_UTF8}]{{1,3}}")
_LOST = ("\ufffd", "锟斤拷", "ï¿½")


def marks_of(text: str, prompt: str | None, flags: Iterable[str] = ()) -> int:
    """The marks of one answer (without SECRET): `flags` are those that its importer gave it."""
    stripped = text.strip()
    if not stripped:
        return EMPTY if REFUSED_FLAGS.isdisjoint(flags) else EMPTY | REFUSED
    marks = 0
    if not CUT_FLAGS.isdisjoint(flags):
        marks |= TRUNCATED
    elif looks_cut(stripped):
        marks |= LOOKS_CUT
    if refuses(stripped) or not REFUSED_FLAGS.isdisjoint(flags):
        marks |= REFUSED
    if prompt is not None and quotes(stripped, prompt):
        marks |= QUOTING
    if garbled(text):
        marks |= GARBLED
    return marks


def split_cut(counts: Mapping[str, Json]) -> Mapping[str, Json]:
    """Counts of answers in which those that look cut stand apart from those that their records call so.

    Up to inspection-1 they were one number, in which guesses were most: there None says that it is not known.
    """
    if "looks_cut" in counts:
        return counts
    return {**counts, "truncated": None, "looks_cut": counts["truncated"]}


def quotes(text: str, prompt: str) -> bool:
    """Whether an answer gives its prompt word for word, white space aside."""
    asked = prompt.strip()
    if len(asked) < QUOTABLE or len(asked) > len(text) + 100:
        return False
    if asked in text:
        return True
    # Folding white space takes time: only where the prompt's beginning is there.
    return asked[:_BEGINNING] in text and " ".join(asked.split()) in " ".join(text.split())


def garbled(text: str) -> bool:
    """Whether UTF-8 was once read as Windows-1252 or Latin-1, or characters were lost; nothing is repaired.

    A run is garbled when its bytes in Windows-1252 are UTF-8 of one character: é stands as Ã©.
    """
    if text.isascii():
        return False
    if any(lost in text for lost in _LOST):
        return True
    return any(_decodes(match[0]) for match in _GARBLED.finditer(text))


def _decodes(run: str) -> bool:
    try:
        data = b"".join(_in_1252(character) for character in run)
    except UnicodeEncodeError:
        return False
    for end in range(len(data), 1, -1):
        try:
            return len(data[:end].decode("utf-8")) < end
        except UnicodeDecodeError:
            continue
    return False


def _in_1252(character: str) -> bytes:
    # Bytes that Windows-1252 leaves undefined come through as the control characters of Latin-1.
    return character.encode("latin-1") if "\x80" <= character <= "\xff" else character.encode("cp1252")


def hidden(text: str) -> tuple[int, int, int]:
    """How many control, bidirectional and zero-width characters there are; tabs and line ends are not counted."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _CONTROL_BYTES)), 0, 0
    found = "".join(_HIDDEN.findall(text))
    if not found:
        return 0, 0, 0
    return len(_CONTROL.findall(found)), len(_BIDI.findall(found)), len(_ZERO_WIDTH.findall(found))
