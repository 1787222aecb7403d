"""The rows of a CSV or TSV file, one by one, each with its place in bytes.

What a row is, the csv module says. It is handed the bytes up to the next line feed outside quotes as one piece;
where it finds more than one row in them (a quote in the middle of a bare cell), it is asked again line by line.
A quote inside a quoted cell is written twice (RFC 4180); some programs write a backslash before it instead, which is
seen by the first rows. A row that is neither is rejected, since its cells would be read otherwise than they were.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.importers import base
from workbench.importers.base import Opened
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.window import Span, Window

Row = tuple[list[str], list[str]]
"""The cells of a row, and its flags."""

MAX_ROW = base.MAX_RECORD // 4
"""A longer row is rejected: the csv module holds four bytes for each character."""

CUT_CELL = "the file ends inside a quoted cell"
ROW_TOO_LONG = f"the row is longer than {MAX_ROW >> 20} MB (a quote without its end?)"
_DELIMITERS = (",", "\t", ";", "|")
_SEPARATOR = re.compile(r"sep=([,;\t|:~^])")
_LOOKED_AT = 20
_PIECE = re.compile(rb'[^"\n]*+(?:"[^"]*+"[^"\n]*+)*+\n')
_PIECE_WITH_BACKSLASHES = re.compile(rb'[^"\n]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\n]*+)*+\n', re.DOTALL)
_CELL_WITH_BACKSLASHES = re.compile(
    r'(?:\A|[,;\t|\n])"(?:[^"\\]|\\[^"])*\\"(?:[^"\\]|\\.)*"(?=[,;\t|\r\n]|\Z)', re.DOTALL
)
_ESCAPED_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)\\"')
NOT_DOUBLED = "a quote inside a quoted cell is not doubled, so that its cells can't be told apart"


class _RowTooLongError(Exception):
    pass


def delimiter_of(head: bytes) -> str:
    """The delimiter that stands most often in the first line that has one, outside quotes; a comma where none does.

    A title may stand above the header, or `sep=;` as Excel writes it.
    """
    lines = head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:_LOOKED_AT]
    for line in lines:
        bare = b"".join(line.split(b'"')[::2]).decode("utf-8", "replace")
        if found := _SEPARATOR.fullmatch(bare.strip("\r\n")):
            return found.group(1)
        if any(delimiter in bare for delimiter in _DELIMITERS):
            return max(_DELIMITERS, key=bare.count)
    return ","


def has_delimiter(head: bytes) -> bool:
    """Whether the first line has a delimiter, or where it is a title two of the lines below it."""
    lines = head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:_LOOKED_AT]
    delimiter = delimiter_of(head).encode()
    return bool(lines) and (delimiter in lines[0] or sum(delimiter in line for line in lines) > 1)


def rows(window: Window, head: bytes) -> Iterator[Span[Row]]:
    """The rows, the header among them; blank lines are none. `number` counts the header as -1."""
    csv.field_size_limit(base.MAX_RECORD)
    end = b"\n" if b"\n" in head or b"\r" not in head else b"\r"
    number = -1
    for span in _Rows(window, delimiter_of(head), end, backslashes=writes_backslashes(head)).spans():
        yield Span(number, *span[1:])
        number += 1
    if window.damage:
        yield Span(number, window.end, 0, None, None, window.damage)


def writes_backslashes(head: bytes) -> bool:
    """Whether quotes in quoted cells are written with a backslash before them, as the first rows have them."""
    if b'\\"' not in head:
        return False
    text = head.decode("utf-8", "replace")
    if _CELL_WITH_BACKSLASHES.search(text) is None:
        return False
    lines = text.splitlines(keepends=True)[:-1] or [text]
    return not _is_strict("".join(lines), delimiter_of(head))


def _is_strict(text: str, delimiter: str) -> bool:
    """Whether all rows of a text are written as RFC 4180 has it."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return True


def records_of_rows(window: Window, opened: Opened) -> Iterator[Span[Json]]:
    """The rows below the first one, each as an object by its names. Raises BadInputError for a header that is none."""
    header: list[str] | None = None
    for span in rows(window, opened.head):
        if header is None:
            if span.value is None:
                raise BadInputError(f"The header of “{opened.name}” can't be read: {span.reason}.")
            header = [name.strip() for name in span.value[0]]
            continue
        cells = span.value[0] if span.value else []
        if span.value is not None and len(cells) != len(header):
            reason = f"the row has {len(cells)} cells where the header has {len(header)}"
            yield Span(span.number, span.offset, span.length, None, None, reason)
            continue
        record = None if span.value is None else dict(zip(header, cells, strict=True))
        yield Span(span.number, span.offset, span.length, None, record, span.reason)


def header_of_head(head: bytes) -> list[str]:
    """The names in the first row of a table, as far as its first bytes have them."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").lstrip("\r\n")
    try:
        return [
            name.strip() for name in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(head)), [])
        ]
    except csv.Error:
        return []


class _Rows:
    def __init__(self, window: Window, delimiter: str, end: bytes, *, backslashes: bool) -> None:
        self.window = window
        self.delimiter = delimiter
        self.end = end
        self.backslashes = backslashes
        self.piece = _PIECE_WITH_BACKSLASHES if backslashes else _PIECE
        self.at = window.start()
        self.taken = 0
        self.replaced = False
        self.ended = False
        self.lines = 0

    def spans(self) -> Iterator[Span[Row]]:
        quick = self.end == b"\n"
        while self.at < len(self.window.data) or self._more():
            span = (self._quick() if quick else None) or self._exact()
            if span.reason or (span.value and span.value[0]):
                yield span

    def _more(self) -> bool:
        if self.window.ended:
            return False
        grew = self.window.more(self.at)
        self.at = 0
        return grew

    def _quick(self) -> Span[Row] | None:
        found = self.piece.match(self.window.data, self.at)
        if found is None or found.end() - self.at > MAX_ROW:
            return None
        self.replaced = False
        text = self._text(found.group())
        try:
            cells = next(csv.reader([text], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        return self._span(found.end() - self.at, cells, "")

    def _exact(self) -> Span[Row]:
        self.taken, self.replaced, self.ended = 0, False, False
        try:
            cells = next(csv.reader(self._lines(), delimiter=self.delimiter), [])
        except _RowTooLongError:
            return self._passed()
        except csv.Error as error:
            bare = "new-line character" in str(error)
            words = "a carriage return in a cell without quotes" if bare else str(error)
            return self._span(self.taken, [], f"not valid CSV: {words}")
        # A row asks for another line only while a quote is open.
        if self.ended:
            return self._span(self.taken, cells, self._unclosed(cells))
        strict = _is_strict(self._text(self.window.data[self.at : self.at + self.taken]), self.delimiter)
        return self._span(self.taken, cells, "" if strict else NOT_DOUBLED)

    def _unclosed(self, cells: list[str]) -> str:
        """Why a row is none whose last cell has no end: with the line in which that cell begins."""
        through = self.window.data.count(self.end, self.at, self.at + self.taken)
        line = self.lines + 1 + through - cells[-1].count(self.end.decode())
        return f"{CUT_CELL}: nothing closes the quote that opens in line {line:,} (a stray quote?)"

    def _lines(self) -> Iterator[str]:
        while True:
            searched = self.taken
            while (found := self.window.data.find(self.end, self.at + searched)) < 0:
                searched = len(self.window.data) - self.at
                if searched > MAX_ROW:
                    raise _RowTooLongError
                if not self._more():
                    break
            begin = self.at + self.taken
            line = self.window.data[begin : found + 1 if found >= 0 else len(self.window.data)]
            if not line:
                self.ended = True
                return
            self.taken += len(line)
            if self.taken > MAX_ROW:
                raise _RowTooLongError
            yield self._text(line)

    def _passed(self) -> Span[Row]:
        """Pass over a row beyond the limit, to the end of the line that is too much."""
        offset = self.window.base + self.at
        begin = self.at
        self.at = max(self.at, min(self.at + self.taken, len(self.window.data)) - 1)
        reason = f"{ROW_TOO_LONG}; it begins in line {self.lines + 1:,}"
        self.lines += self.window.data.count(self.end, begin, self.at) + 1
        while (found := self.window.data.find(self.end, self.at)) < 0:
            self.at = len(self.window.data)
            if not self._more():
                return Span(0, offset, self.window.end - offset, None, None, reason)
        self.at = found + 1
        return Span(0, offset, self.window.base + found - offset, None, None, reason)

    def _text(self, data: bytes) -> str:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.replaced = True
            text = data.decode("utf-8", "replace")
        return _ESCAPED_QUOTE.sub(r'\1""', text) if self.backslashes and '\\"' in text else text

    def _span(self, taken: int, cells: list[str], reason: str) -> Span[Row]:
        begin, end = self.at, self.at + taken
        self.at = end
        self.lines += self.window.data.count(self.end, begin, end)
        while end > begin and self.window.data[end - 1] in b"\r\n":
            end -= 1
        flags = [tolerant_parse.INVALID_UTF8] if self.replaced else []
        value = None if reason else (cells, flags)
        return Span(0, self.window.base + begin, end - begin, None, value, reason)
