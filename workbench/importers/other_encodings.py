"""Which other encodings a text could be in, where its own is a guess: each with a piece of it, for people to read.

No statistics of languages: an encoding is named where all of the text can be read in it, and what it gives is nearly
all in one script, as people write it. Which one is right shows when the piece is read.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from workbench.core.secrets.find import masked
from workbench.core.text import one_line
from workbench.importers.base import Opened
from workbench.importers.containers.open import open_file

_LOOKED_AT = 64 << 10
_SHOWN = 60
_MOST = 0.9
_FEW = 8
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
        if len(beyond) >= _FEW and fits(text, beyond):
            found.append(Reading(name, _piece(text)))
    return found


def words_of(opened: Opened) -> tuple[str, ...]:
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
