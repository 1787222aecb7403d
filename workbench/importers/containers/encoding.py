"""Which encoding a text is in: what its mark says, or else a guess by rules that can be read here.

1. A byte order mark decides.
2. Without one, NUL bytes at every second place over the first lines mean UTF-16.
3. What is valid UTF-8 is UTF-8. So is what has more valid sequences of several bytes than invalid ones: that is
   damage, which is flagged record by record. JSON is UTF-8 by its standard: a few invalid bytes are damage there.
4. What is valid GB18030, and whose characters beyond ASCII are mostly the common ones of Chinese, is GB18030.
5. What uses none of the five bytes that Windows-1252 leaves open is Windows-1252.
6. The rest counts as UTF-8 with damage.

The rules see the first megabytes. A text that was saved in a wrong encoding earlier is never repaired.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.core.errors import BadInputError, UsageError

LOOK = 4 << 20
"""Bytes that a guess rests on."""

NAMES = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "windows-1252")
"""The encodings that a guess can give; the user may name any other that Python knows for text."""

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEW = 4
_ZEROS = 16
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|([\x80-\xff])", re.DOTALL
)
_OPEN_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Lead bytes B0 to D7: the 3,755 commonest characters; A1 to A3: punctuation and wide letters.
_COMMON = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
_PAIR = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])")
_MOSTLY = 0.7


class Encoding(NamedTuple):
    """An encoding other than UTF-8 and how it is known (`mark`, `guessed`, `given`); both empty for UTF-8."""

    name: str = ""
    how: str = ""


def named(encoding: str) -> str:
    """The encoding that the user names, as it is called here; raises UsageError for one that Python has not."""
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name).decode(found.name)
    except (LookupError, ValueError):
        raise UsageError(
            f"There is no encoding “{encoding}”.", hint=f"Such as {', '.join(NAMES)}, or any other that Python knows."
        ) from None
    return "windows-1252" if found.name == "cp1252" else found.name


def by_mark(start: bytes) -> str:
    """The wide encoding whose mark a text begins with, or nothing."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), "")


def guess(data: bytes) -> Encoding:
    """The encoding of a text that begins with these bytes."""
    mark = by_mark(data)
    if mark:
        return Encoding(mark, "mark")
    wide = _wide(data[:4096])
    if wide:
        return Encoding(wide, "guessed")
    if data.isascii() or data.startswith(codecs.BOM_UTF8):
        return Encoding()
    valid, invalid = _counts(data)
    json = data.lstrip()[:1] in (b"[", b"{")
    if valid >= invalid or (json and invalid < _FEW):
        return Encoding()
    if _is_gb18030(data):
        return Encoding("gb18030", "guessed")
    return Encoding() if _OPEN_IN_1252.search(data) else Encoding("windows-1252", "guessed")


def as_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """A text as UTF-8. Lone surrogates pass through, so that the tolerant parser sees and flags them.

    A byte that the encoding does not know becomes a replacement character; raises BadInputError where
    the text can't be in a wide encoding at all.
    """
    wide = encoding.startswith(("utf-16", "utf-32"))
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass" if wide else "replace")
    for chunk in chunks:
        if piece := _decoded(decoder, chunk):
            yield piece
    if decoder.getstate()[0]:
        yield "\N{REPLACEMENT CHARACTER}".encode()


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    try:
        return decoder.decode(chunk).encode("utf-8", "surrogatepass")
    except UnicodeError:
        raise BadInputError(
            "The file has a UTF-16 or UTF-32 mark at its start, or was taken for such a text, but is not in that "
            "encoding.",
            hint="Save it as UTF-8, or name its encoding with --encoding.",
        ) from None


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: what is ASCII in it has every second byte zero."""
    if len(head) < 8 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if _rules(odd, even, half) and not _torn(head, "utf-16-le"):
        return "utf-16-le"
    if _rules(even, odd, half) and not _torn(head, "utf-16-be"):
        return "utf-16-be"
    return ""


def _rules(here: int, there: int, half: int) -> bool:
    """Whether the zeros stand at one half of the places, and are too many for chance."""
    return here > 10 * there and (5 * here > 2 * half or (here >= _ZEROS and 20 * here > half))


def _torn(head: bytes, encoding: str) -> bool:
    """Whether the text read so holds controls or unpaired surrogates, as no real text does."""
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")[:-1]
    return any(c < "\t" or c in "\N{REPLACEMENT CHARACTER}\ufffe\uffff" for c in text)


def _counts(data: bytes) -> tuple[int, int]:
    """Valid UTF-8 sequences of several bytes, and bytes that belong to none."""
    invalid = valid = 0
    for found in _SEQUENCE.finditer(data[: len(data) - 3] if len(data) >= LOOK else data):
        if found.lastindex:
            invalid += 1
        else:
            valid += 1
    return valid, invalid


def _is_gb18030(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        decoder.decode(data, final=len(data) < LOOK)
    except UnicodeDecodeError:
        return False
    pairs = common = 0
    for found in _PAIR.finditer(data):
        pairs += 1
        common += bool(_COMMON.fullmatch(found.group()))
    return pairs > 0 and common >= _MOSTLY * pairs
