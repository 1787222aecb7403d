"""What a container holds, for a preview: in words, and its first records as far as there are any without a mapping."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import groupby, islice

import orjson

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import silent
from workbench.core.text import one_line
from workbench.importers.archive import answer_files, holds_answers, mostly_text
from workbench.importers.base import Opened
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import entries

_LOOKED_AT = 30
Seen = tuple[str, list[Json]]


def seen_in(opened: Opened, seen: Callable[[Opened], Seen], count: int) -> Seen:
    """What a container is in words, and its first records; `seen` says the same of a text.

    Of an archive it is the records of the first file that an importer knows, or else of the first.
    """
    if opened.container == "inspect":
        return "Inspect AI log", []
    if opened.container == "parquet":
        return "Parquet table", _rows(opened, count)
    if opened.container == "xlsx":
        return "XLSX workbook", _sheet(opened, count)
    if mostly_text(opened):
        return f"zip archive of {answer_files(opened):,} text files, one answer each", []
    with opened.stream() as listing:
        files = sum(not entry.folder for entry in entries(listing))
    kind, records = _first_file(opened, seen, count)
    return f"zip archive of {files:,} files{kind}", records


def _first_file(opened: Opened, seen: Callable[[Opened], Seen], count: int) -> Seen:
    from workbench.importers.registry import claim

    first: Seen = ("", [])
    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        for entry in islice((e for e in entries(listing) if holds_answers(e)), _LOOKED_AT):
            try:
                member = member_of(opened, file, entry, lock)
                known = bool(claim(member))
                if known or not first[0]:
                    kind, records = seen_in(member, seen, count) if member.container else seen(member)
                    first = f"; “{one_line(entry.name, 60)}” in it: {kind}", records
            except BadInputError:
                continue
            if known:
                break
    return first


def _rows(opened: Opened, count: int) -> list[Json]:
    from workbench.importers.containers.parquet_rows import rows

    return [orjson.loads(raw) for _, raw in islice(rows(opened, silent), count) if isinstance(raw, bytes)]


def _sheet(opened: Opened, count: int) -> list[Json]:
    """The first rows of the first sheet with a prompt and an answer, or else of the first."""
    from workbench.importers.containers.workbook import sheet_rows
    from workbench.importers.mapping.fields_seen import fields_of
    from workbench.importers.mapping.guess import guessed

    first: list[Json] = []
    for _, rows in groupby(sheet_rows(opened, silent), lambda row: row.sheet):
        records = _under_header([row.cells for row in islice(rows, count) if not row.damage])
        first = first or records
        if {"prompt", "response"} <= set(guessed(fields_of(records))):
            return records
    return first


def _under_header(rows: list[list[str]]) -> list[Json]:
    from workbench.importers.mapping.headers import NONE, likely_header, names_of, numbered
    from workbench.importers.mapping.tables import row_json

    at = likely_header(rows)
    header = names_of(rows[at]) if at != NONE else numbered(max(map(len, rows), default=0))
    return [orjson.loads(row_json(header, cells)) for cells in rows[at + 1 :]]
