"""Looks into every file of a redacted copy as it is written: nothing that was taken out may be left in any form."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from workbench.core.errors import RefusedError
from workbench.evidence.redacted.codes import Codes
from workbench.evidence.redacted.redactor import Redactor

_CODE = re.compile(r"\[R-\d{3,6}\]")
_XML = re.compile(r"<[^<>]*>")
_PACKED = (".docx", ".xlsx")
_LISTS = (".jsonl", "rejected.csv", "duplicates.csv")
"""Files with a line for each answer, or for each record: they may be large, and no line goes over its end."""
_PACKED_TEXT = b"zTXt"
_CHUNK_TEXT = (b"tEXt", b"iTXt", _PACKED_TEXT)


class Watch:
    """Reads what is written, counts the codes in it, and stops at what should not be there."""

    def __init__(self, redactor: Redactor, codes: Codes) -> None:
        self._redactor = redactor
        self._codes = codes

    def file(self, path: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of a file as they come; raises RefusedError where it holds what was taken out."""
        self._text(path, path)
        if path.endswith(_LISTS):
            yield from self._lines(path, chunks)
            return
        data = b"".join(chunks)
        for text in _texts(path, data):
            self._text(path, text)
        yield data

    def log(self) -> bytes:
        """The log of redactions, as far as files were written."""
        return self._codes.log()

    def _lines(self, path: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        rest = b""
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._text(path, line.decode("utf-8", "replace"))
            yield chunk
        self._text(path, rest.decode("utf-8", "replace"))

    def _text(self, path: str, text: str) -> None:
        for code in _CODE.findall(text):
            known = self._codes.by_code.get(code)
            if known is not None:
                known.times[path] += 1
        left = self._redactor.left_in(text)
        if left:
            raise RefusedError(
                f"What is to be taken out still stands in {path} (“{left}”); no copy was written.",
                hint="It may be a word of the program itself: choose a longer name or a narrower pattern.",
            )


def _texts(path: str, data: bytes) -> Iterator[str]:
    if path.endswith(".pdf"):
        yield from _of_pdf(data)
    elif path.endswith(_PACKED):
        with zipfile.ZipFile(io.BytesIO(data)) as inner:
            for name in inner.namelist():
                said = inner.read(name).decode("utf-8", "replace")
                yield from (name, unescape(_XML.sub("", said)), unescape(said))
    elif path.endswith(".png"):
        yield from _of_png(data)
    else:
        yield data.decode("utf-8", "replace")


def _of_pdf(data: bytes) -> Iterator[str]:
    """Words, facts, marks and alternative texts of a PDF."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    yield " ".join(map(str, (reader.metadata or {}).values()))
    if reader.xmp_metadata is not None:
        yield reader.xmp_metadata.stream.get_data().decode("utf-8", "replace")
    yield from _strings(reader.root_object, set())
    for page in reader.pages:
        yield page.extract_text()


def _strings(value: Any, seen: set[int]) -> Iterator[str]:
    """Every text in the objects of a PDF: outlines, alternative texts, labels of structure."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, TextStringObject

    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        if isinstance(one, TextStringObject):
            yield str(one)
        elif isinstance(one, DictionaryObject):
            waiting += one.values()
        elif isinstance(one, ArrayObject):
            waiting += one


def _of_png(data: bytes) -> Iterator[str]:
    at = 8
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] in _CHUNK_TEXT:
            inside = data[at + 8 : at + 8 + size]
            yield inside.decode("latin-1")
            if data[at + 4 : at + 8] == _PACKED_TEXT:
                yield zlib.decompress(inside.partition(b"\0")[2][1:]).decode("latin-1")
        at += 12 + size
