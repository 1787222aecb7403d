"""Reading an opened file by an importer, and reading the bytes again that a record came from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import CorpusFacts
from workbench.core.progress import Progress, silent
from workbench.importers.base import Importer, Opened, Options, Record
from workbench.importers.opening import INSIDE, member_of, open_file
from workbench.importers.tables import row_of
from workbench.importers.zip_directory import entries


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


def raw_bytes(path: Path, member: str, offset: int, length: int, *, name: str = "", encoding: str = "") -> bytes:
    """The bytes that a record was read from, by its place in the original at `path`.

    They are those of the unpacked member, as UTF-8 where the text was in another encoding (`encoding` is the one
    that the import names). A row of a Parquet file or a workbook has no bytes of its own: what is given is its JSON
    rendition, the same each time. Raises UsageError for a place that is not there, BadInputError for a file that
    can't be read.
    """
    opened = open_file(path, name, encoding)
    start = f"{opened.member}{INSIDE}" if opened.member else ""
    inside = "" if member == opened.member else member.removeprefix(start)
    if opened.container:
        data = _within(opened, inside, offset, length, encoding)
    else:
        data = _part(opened, offset, length) if not inside else None
    if data is None or len(data) != length:
        raise UsageError(f"There is no record at bytes {offset} to {offset + length} of “{member or opened.name}”.")
    return data


def _within(opened: Opened, inside: str, offset: int, length: int, encoding: str) -> bytes | None:
    """The bytes of a member or a row of a container; None when there is no such member."""
    if opened.container in ("parquet", "xlsx"):
        raw = _row(opened, inside)
        return None if raw is None else raw[offset : offset + length]
    with opened.stream() as file, opened.stream() as listing:
        for entry in entries(listing):
            rest = _after(inside, entry.name)
            if rest is None:
                continue
            try:
                found = member_of(opened, file, entry, threading.Lock(), encoding)
            except BadInputError:
                return None if entry.size else b""  # an empty file is an answer too
            below = found.member.removeprefix(f"{opened.member}{INSIDE}" if opened.member else "")
            rest = _after(inside, below)
            if found.container and rest:
                return _within(found, rest, offset, length, encoding)
            return _part(found, offset, length)
    return None


def _after(inside: str, name: str) -> str | None:
    """What of a place follows a member's name: nothing, or a place within it; None when it is another's."""
    if inside == name:
        return ""
    return inside[len(name) + len(INSIDE) :] if inside.startswith(f"{name}{INSIDE}") else None


def _part(opened: Opened, offset: int, length: int) -> bytes:
    with opened.stream() as stream:
        left = offset
        while left and (chunk := stream.read(min(left, 1 << 20))):
            left -= len(chunk)
        return stream.read(length)


def _row(opened: Opened, place: str) -> bytes | None:
    found = row_of(place)
    if found is None:
        return None
    sheet, number = found
    if opened.container == "parquet":
        from workbench.importers.parquet_rows import rows

        raw = next((raw for _, raw in rows(opened, silent, number - 1)), None)
        return raw if isinstance(raw, bytes) else None
    from workbench.importers.mapped_xlsx import row_json
    from workbench.importers.workbook import sheet_rows

    header: list[str] | None = None
    for row in sheet_rows(opened, silent):
        if row.sheet != sheet:
            continue
        if row.number == number and header is not None:
            return row_json(header, row.cells)
        header = header or [name.strip() for name in row.cells]
    return None
