"""Reading an opened file by an importer, and reading the bytes again that a record came from."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import CorpusFacts, Response
from workbench.core.progress import Progress, silent
from workbench.importers.base import Importer, Opened, Options, Record
from workbench.importers.containers.open import INSIDE, member_of, open_file
from workbench.importers.containers.rendered_rows import row_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.mapping.headers import LOOKED_AT


def records_of(importer: Importer, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
    """The records of a file, each with the member that it stands in, where the file is one in an archive."""
    records = importer.read(opened, options, progress)
    if not opened.member:
        yield from records
        return
    for record in records:
        if isinstance(record, CorpusFacts) or record.member:
            yield record
        else:
            yield record._replace(member=opened.member)


def raw_bytes(
    path: Path, member: str, offset: int, length: int, *, name: str = "", options: Options | None = None
) -> bytes:
    """The bytes that a record was read from, by its place in the original at `path`.

    They are those of the unpacked member, as UTF-8 where the text was in another encoding (`options` are those of the
    import). A row of a Parquet file or a workbook has no bytes of its own: what is given is its JSON rendition, the
    same each time. Raises UsageError for a place that is not there, BadInputError for a file that
    can't be read.
    """
    options = options or Options()
    opened = open_file(path, name, options.encoding)
    start = f"{opened.member}{INSIDE}" if opened.member else ""
    inside = "" if member == opened.member else member.removeprefix(start)
    if opened.container:
        data = _within(opened, inside, offset, length, options)
    else:
        data = part_of(opened, offset, length) if not inside else None
    if data is None or len(data) != length:
        raise UsageError(f"There is no record at bytes {offset} to {offset + length} of “{member or opened.name}”.")
    return data


def _within(opened: Opened, inside: str, offset: int, length: int, options: Options) -> bytes | None:
    """The bytes of a member or a row of a container; None when there is no such member."""
    if opened.container in ("parquet", "arrow", "xlsx"):
        raw = _row(opened, inside, options.mapping)
        if raw is not None and len(raw) != offset + length and opened.container == "xlsx":
            # Earlier versions took the escapes of a workbook's texts as they stand.
            raw = _row(opened, inside, options.mapping, escaped=True)
        return None if raw is None else raw[offset : offset + length]
    with opened.stream() as file, opened.stream() as listing:
        for entry in entries(listing):
            rest = _after(inside, entry.name)
            if rest is None:
                continue
            try:
                found = member_of(opened, file, entry, threading.Lock(), options.encoding)
            except BadInputError:
                return None if entry.size else b""  # an empty file is an answer too
            below = found.member.removeprefix(f"{opened.member}{INSIDE}" if opened.member else "")
            rest = _after(inside, below)
            if found.container and rest:
                return _within(found, rest, offset, length, options)
            return part_of(found, offset, length)
    return None


def _after(inside: str, name: str) -> str | None:
    """What of a place follows a member's name: nothing, or a place within it; None when it is another's."""
    if inside == name:
        return ""
    return inside[len(name) + len(INSIDE) :] if inside.startswith(f"{name}{INSIDE}") else None


def part_of(opened: Opened, offset: int, length: int) -> bytes:
    """Some bytes of a file's stream; fewer where it ends before."""
    with opened.stream() as stream:
        left = offset
        while left and (chunk := stream.read(min(left, 1 << 20))):
            left -= len(chunk)
        return stream.read(length)


def _row(opened: Opened, place: str, mapping: Mapping[str, str], *, escaped: bool = False) -> bytes | None:
    found = row_of(place)
    if found is None:
        return None
    sheet, number = found
    if opened.container in ("parquet", "arrow"):
        from workbench.importers.containers import arrow_rows, parquet_rows

        rows = parquet_rows.rows if opened.container == "parquet" else arrow_rows.rows
        raw = next((raw for _, raw in rows(opened, silent, number - 1)), None)
        return raw if isinstance(raw, bytes) else None
    return _sheet_row(opened, sheet, number, mapping, escaped=escaped)


def _sheet_row(opened: Opened, sheet: str, number: int, mapping: Mapping[str, str], *, escaped: bool) -> bytes | None:
    from workbench.importers.containers.workbook import sheet_rows
    from workbench.importers.formats.kit_sheet import COLUMNS
    from workbench.importers.mapping.tables import header_of, row_json

    of_sheet = (row for row in sheet_rows(opened, silent, escaped=escaped) if row.sheet == sheet)
    first = list(islice(of_sheet, LOOKED_AT))
    # Without a mapping a workbook is read as an answer sheet alone.
    found = header_of(first, mapping or COLUMNS) if first else None
    if found is None:
        return None
    header, at = found
    for index, row in enumerate(chain(first, of_sheet)):
        if row.number == number:
            return row_json(header, row.cells) if index > at and not row.damage else None
    return None


LARGEST = 8 << 20
"""A record of more bytes is not read for itself."""


def read_alone(importer: Importer, opened: Opened, options: Options, offset: int, length: int) -> list[Response] | None:
    """The answers that some bytes of a file give; None where its records can't be read one by one.

    They can where each line is a record: then a line alone gives what it gives in the whole file.
    """
    apart = opened.container or opened.member or length > LARGEST
    if apart or importer.container or not importer.by_lines(opened, options):
        return None
    data = part_of(opened, offset, length)
    line = replace(opened, stream=lambda: io.BytesIO(data), begins=offset)
    return [record for record in importer.read(line, options, silent) if isinstance(record, Response)]
