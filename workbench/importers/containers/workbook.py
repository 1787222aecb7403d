"""The rows of an XLSX workbook as texts, after a look at how large its parts really are.

Formulas stay text and nothing is calculated. A workbook is a zip archive of XML: each part is unpacked once to nowhere,
so that its true size is known and no declaration of its own entities gets through, before any of it is parsed.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import BinaryIO, NamedTuple, Protocol, cast

from workbench.core.errors import BadInputError
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import CHUNK, damage_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.containers.zip_members import opened_member

LARGEST_PARTS = {"xl/worksheets/": 2 << 30, "xl/sharedstrings.xml": 256 << 20, "": 64 << 20}
"""Bytes that a part may have once it is unpacked, by the beginning of its name."""

MOST_ROWS = 1_048_576
MOST_CELLS = 1 << 28
"""Cells of a sheet, the blank ones before others in their rows among them: a few bytes may claim millions."""

_XML = (".xml", ".rels", ".vml")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_TELL_EVERY = 500
_AT_ONCE = 64
_WHOLE = 1e15
# What openpyxl and the parsers below it raise at a workbook that is none.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    RecursionError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class _Sheet(Protocol):
    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...
    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]: ...


class _Book(Protocol):
    worksheets: list[_Sheet]

    def close(self) -> None: ...


class SheetRow(NamedTuple):
    """A row with something in it: the sheet's name, its number as the sheet counts, and its cells as texts.

    `damage` says why the rest of the sheet can't be read; there are no cells then.
    """

    sheet: str
    number: int
    cells: list[str]
    damage: str = ""


def sheets(opened: Opened) -> list[tuple[str, bool]]:
    """The names of the sheets, and whether each is hidden. Raises BadInputError as `sheet_rows`."""
    with opened.stream() as stream:
        _look_over(opened, stream)
    with opened.stream() as stream, closing(_opened(opened, stream)) as book:
        return [(sheet.title, sheet.sheet_state != "visible") for sheet in book.worksheets]


def sheet_rows(
    opened: Opened, progress: Progress, most: int = MOST_ROWS, *, escaped: bool = False
) -> Iterator[SheetRow]:
    """The rows of all sheets in order, headers among them, blank ones not; of each sheet the first `most`.

    With `escaped` the escapes of texts are left as earlier versions left them. Raises BadInputError for a workbook that
    can't be opened or whose parts are too large.
    """
    with opened.stream() as stream:
        _look_over(opened, stream)
    with opened.stream() as stream, closing(_opened(opened, stream, escaped=escaped)) as book:
        for at, sheet in enumerate(book.worksheets):
            progress(at / len(book.worksheets), f"sheet “{one_line(sheet.title, 40)}”")
            yield from islice(_rows(sheet, at, len(book.worksheets), progress, _as_is if escaped else unescaped), most)
        progress(1.0, "all sheets read")


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text with the escapes of a workbook's strings read (ECMA-376, ST_Xstring): `_x000D_` is a carriage return.

    Each stands for a unit of UTF-16, and `_x005F_` for the underscore with which an escape would begin.
    """
    if "_x" not in text:
        return text
    found = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if found != text else text


def _as_is(text: str) -> str:
    return text


class _Shared(str):
    """A text that several cells share, whose escapes are read already."""

    __slots__ = ()


def _rows(sheet: _Sheet, at: int, count: int, progress: Progress, read: Callable[[str], str]) -> Iterator[SheetRow]:
    number = cells = 0
    for row in _read(sheet):
        if isinstance(row, str):
            yield SheetRow(sheet.title, number + 1, [], row)
            return
        number, cells = number + 1, cells + len(row)
        if reason := _beyond(number, cells):
            yield SheetRow(sheet.title, number, [], reason)
            return
        if number % _TELL_EVERY == 0:
            progress((at + number / MOST_ROWS) / count, f"{number:,} rows read")
        if row.count(None) < len(row) and any(texts := [_text(value, read) for value in row]):
            yield SheetRow(sheet.title, number, texts)


def _read(sheet: _Sheet) -> Iterator[tuple[object, ...] | str]:
    """The rows as the library gives them, blank ones among them; then why the rest can't be read, if it can't."""
    sheet.reset_dimensions()
    found = sheet.iter_rows(values_only=True)
    while True:
        some: list[tuple[object, ...] | str] = []
        try:
            # Some at once: a damaged row number makes a million blank rows, and silence takes longer than one of them.
            with _quiet():
                some.extend(islice(found, _AT_ONCE))
        except _BROKEN as error:
            some.append(f"the rest of the sheet can't be read: {_said(error)}")
        yield from some
        if len(some) < _AT_ONCE or isinstance(some[-1], str):
            return


def _beyond(rows: int, cells: int) -> str:
    """Why a sheet is not read on, where it counts too much to be a table."""
    if rows > MOST_ROWS:
        return f"the rest of the sheet is not read: it counts more than {MOST_ROWS:,} rows"
    if cells > MOST_CELLS:
        return f"the rest of the sheet is not read: it counts more than {MOST_CELLS:,} cells"
    return ""


def _text(value: object, read: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, _Shared):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))  # some programs write each number with a point, which no sheet shows
    # A formula over several cells is an object that holds its text.
    return read(str(getattr(value, "text", value)))


def _opened(opened: Opened, stream: BinaryIO, *, escaped: bool = False) -> _Book:
    from xml.etree.ElementTree import iterparse

    from openpyxl.cell.text import Text
    from openpyxl.packaging.manifest import Manifest
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

    class Reader(ExcelReader):
        """Reads the escapes of shared texts, of which the library leaves out all underscores that are escaped."""

        package: Manifest

        def __init__(self, stream: BinaryIO) -> None:
            ExcelReader.__init__(self, stream, read_only=True, data_only=False, keep_links=False)

        def read_strings(self) -> None:
            part = self.package.find(SHARED_STRINGS)
            if part is None or escaped:
                ExcelReader.read_strings(self)
                return
            with self.archive.open(part.PartName[1:]) as source:
                for _, node in iterparse(source):
                    if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                        self.shared_strings.append(_Shared(unescaped(Text.from_tree(node).content)))
                        node.clear()

    try:
        with _quiet():
            reader = Reader(stream)
            ExcelReader.read(reader)
            return cast(_Book, reader.wb)
    except _BROKEN as error:
        raise BadInputError(
            f"The workbook “{opened.name}” can't be read: {_said(error)}.",
            hint="Save it again as XLSX, or as CSV in UTF-8.",
        ) from None


def _look_over(opened: Opened, stream: BinaryIO) -> None:
    for entry in entries(stream):
        if entry.folder or not entry.name.lower().endswith(_XML):
            continue
        most = next(size for start, size in LARGEST_PARTS.items() if entry.name.lower().startswith(start))
        with opened.stream() as file, opened_member(file, entry) as part:
            _checked(opened, entry, part, most)


def _checked(opened: Opened, entry: ZipEntry, part: BinaryIO, most: int) -> None:
    size, tail = 0, b""
    name = one_line(entry.name, 100)
    while chunk := part.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise BadInputError(
                f"“{name}” in the workbook “{opened.name}” unpacks to more than {most >> 20:,} MB.",
                hint="If it is a real table, save it as CSV or JSON lines.",
            )
        held = tail + chunk
        if any(word in held for word in _FORBIDDEN):
            raise BadInputError(
                f"“{name}” in the workbook “{opened.name}” declares entities of its own, as no workbook needs.",
                hint="It was made to do harm: ask where it comes from.",
            )
        tail = held[-32:]
    if damage := damage_of(part):
        raise BadInputError(f"The workbook “{opened.name}” is damaged: in “{name}”, {damage}.")


def _said(error: BaseException) -> str:
    return one_line(str(error) or type(error).__name__, 160).rstrip(".")


@contextmanager
def _quiet() -> Iterator[None]:
    """What a workbook has beside its cells, such as filters and validations, is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
