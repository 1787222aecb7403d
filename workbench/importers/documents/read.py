"""What reads the words of a document, by what the file is and not by what it is called."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.core.documents import PAGE_END
from workbench.core.errors import BadInputError
from workbench.core.text import counted, one_line, well_formed
from workbench.importers.documents.words import MOST_CHARACTERS, Words

_HEAD = 4096
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_PAGE_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LIGATURES: dict[int, str | None] = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_UNSEEN: dict[int, str | None] = {ord("\r"): None, ord("\0"): None, ord(PAGE_END): "\n", 0xAD: None}


def words_of(path: Path, name: str) -> Words:
    """The words of a file; one that can't be read has none, and the note says why. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        found = _read(path, head)
    except BadInputError as error:
        return Words((), "", note=f"Its text can't be read: {error.message}")
    return _within(found, name)


def _read(path: Path, head: bytes) -> Words:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _PDF in head[:1024]:
        from workbench.importers.documents.pdf import words_of_pdf

        return words_of_pdf(path)
    if head.startswith(_ZIP):
        from workbench.importers.documents.word_file import words_of_word_file

        return words_of_word_file(path)
    if _PAGE_TAG.match(start) or _PAGE_TAG.search(head[:2048]):
        from workbench.importers.documents.web_page import words_of_web_page

        return words_of_web_page(path)
    from workbench.importers.documents.plain import words_of_plain

    return words_of_plain(path)


def _within(found: Words, name: str) -> Words:
    """The same, cut to what is kept, in characters that can be stored, found and shown."""
    texts, left = [], MOST_CHARACTERS
    for text in found.texts:
        kept = well_formed(text.translate(_UNSEEN | _LIGATURES))[0][:left]
        left -= len(kept)
        texts.append(kept)
    notes = [found.note] if found.note else []
    if left <= 0:
        notes.append(f"Only the first {counted(MOST_CHARACTERS, 'character', 'characters')} were read.")
    if not any(text.strip() for text in texts) and not notes:
        notes.append(f"“{one_line(name, 80)}” has no text: it may be a picture of a page.")
    return Words(tuple(texts), found.reader, found.paged, " ".join(notes))
