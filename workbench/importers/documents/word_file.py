"""The words of a Word file (.docx): its text, foot notes, headers and footers, as they stand after all changes."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from workbench.core.errors import BadInputError
from workbench.core.text import one_line
from workbench.core.zip_directory import ZipEntry
from workbench.importers.containers.decompress import damage_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.containers.zip_members import opened_member, survey
from workbench.importers.documents.words import MOST_CHARACTERS, NO_FORMAT, Words

_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|header\d{0,3}|footer\d{0,3})\.xml")
_ORDER = ("document", "footnotes", "endnotes", "header", "footer")
_MOST_BYTES = 256 << 20
"""Bytes that the parts that are read may have together once they are unpacked."""

_PIECE = 1 << 16
_DEEPEST = 2_000
_PREFIXES = ("http://schemas.openxmlformats.org/wordprocessingml/", "http://purl.oclc.org/ooxml/wordprocessingml/")
_OFF = frozenset(("0", "false", "off"))


def words_of_word_file(path: Path) -> Words:
    """The text of the parts that a reader sees; what was deleted or hidden is left out, and the note says so.

    Raises BadInputError for what is no Word file, is damaged, or unpacks to too much.
    """
    with path.open("rb") as file:
        survey(file, path.name)
        found = [entry for entry in entries(file) if _PARTS.fullmatch(entry.name)]
    parts = sorted(found, key=lambda entry: (_place(entry), entry.name))
    if not parts or parts[0].name != "word/document.xml":
        raise BadInputError(NO_FORMAT)
    if sum(entry.size for entry in parts) > _MOST_BYTES:
        raise BadInputError(f"it unpacks to more than {_MOST_BYTES >> 20:,} MB.")
    read = [_Part() for _ in parts]
    for entry, part in zip(parts, read, strict=True):
        with path.open("rb") as file, opened_member(file, entry) as stream:
            part.feed(stream, entry)
    said = {note for part in read for note in part.notes}
    text = "\n\n".join(dict.fromkeys(filter(None, (part.text() for part in read))))
    return Words((text,), f"expat of Python {platform.python_version()}", note=" ".join(sorted(said)))


def _place(entry: ZipEntry) -> int:
    return next(at for at, word in enumerate(_ORDER) if entry.name.startswith(f"word/{word}"))


class _Part:
    """Reads one part; a document type, which could declare entities of its own, ends it."""

    def __init__(self) -> None:
        self.notes: set[str] = set()
        self._pieces: list[str] = []
        self._characters = 0
        self._open: list[str] = []
        self._skipped = 0
        self._hidden = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = _refuse

    def text(self) -> str:
        """All that was read."""
        return re.sub(r"\n{3,}", "\n\n", "".join(self._pieces)).strip()

    def feed(self, stream: BinaryIO, entry: ZipEntry) -> None:
        """Read a part to its end, or as far as words are kept. Raises BadInputError for what is no XML of its kind."""
        name = one_line(entry.name, 60)
        try:
            for chunk in _chunks(stream):
                self._parser.Parse(chunk, False)
                if self._characters > MOST_CHARACTERS:
                    return
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BadInputError(f"“{name}” in it is no well-formed XML: {error}.") from None
        if damage := damage_of(stream):
            raise BadInputError(f"“{name}” in it is damaged: {damage}.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise BadInputError("it is nested too deeply.")
        tag = _word_tag(name)
        self._open.append(tag)
        if self._skipped or tag in ("del", "moveFrom") or name.endswith(" Fallback"):
            self._skipped += 1
            if tag in ("del", "moveFrom"):
                self.notes.add("What was deleted with changes tracked is left out.")
        elif tag == "r":
            self._hidden = False
        elif tag == "vanish" and "rPr" in self._open[-2:]:
            self._hidden = self._hidden or _is_on(attributes)
        elif tag in ("tab", "br", "cr") and not self._hidden and self._open[-2:-1] == ["r"]:
            self._add("\t" if tag == "tab" else "\n")

    def _end(self, name: str) -> None:
        tag = self._open.pop()
        if self._skipped:
            self._skipped -= 1
        elif tag == "r":
            self._hidden = False
        elif tag in ("p", "tr"):
            self._add("\n")
        elif tag == "tc":
            self._add("\t")

    def _data(self, data: str) -> None:
        if self._skipped or self._open[-1:] != ["t"]:
            return
        if self._hidden:
            self.notes.add("What is formatted as hidden is left out.")
        else:
            self._add(data)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._characters += len(text)


def _word_tag(name: str) -> str:
    """The name of an element of the word-processing vocabulary; empty for one of another."""
    space, _, tag = name.rpartition(" ")
    return tag if space.startswith(_PREFIXES) else ""


def _is_on(attributes: dict[str, str]) -> bool:
    return not any(name.endswith(" val") and value in _OFF for name, value in attributes.items())


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


def _refuse(*_: object) -> None:
    raise BadInputError("it declares a document type of its own, as no Word file needs: it was made to do harm.")
