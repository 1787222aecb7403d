"""The prompt kit's answer sheet, filled: JSON lines or CSV, one row for each answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice

from workbench.core.errors import BadInputError
from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress, silent
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.rendered_rows import row_place, span_of
from workbench.importers.containers.workbook import SheetRow, sheet_rows
from workbench.importers.mapping.headers import ABOVE, LOOKED_AT
from workbench.importers.mapping.tables import header_of, row_json
from workbench.importers.reading.csv_rows import Row, delimiter_of, rows
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken, taken
from workbench.importers.reading.sample import begins_with
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Span, Window

COLUMNS = {"prompt_key": "prompt_id", "sample": "sample", "response": "response"}
"""The columns by which the sheet is known, as a mapping names them."""

_NAMES = tuple(COLUMNS.values())


class KitSheet(RecordsImporter):
    """Rows of prompt_id, sample, prompt, response, model and time; rows that were left empty are rejected."""

    key = "kit_sheet"
    title = "The prompt kit's answer sheet (JSON lines or CSV)"
    suffixes = (".jsonl", ".csv")
    why = "rows with prompt_id, sample and response, as in the prompt kit's answer sheet"

    def joins(self, options: Options) -> bool:
        """Always: rows may have left their prompts out."""
        return True

    def sniff(self, opened: Opened) -> Claim | None:
        """The sheet's names, as the keys of most records or in the header of a table."""
        if begins_with(opened) in ("[", "{"):
            return super().sniff(opened)
        return Claim(self.why) if set(_NAMES) <= set(_header_of(opened)) else None

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An object with the sheet's names."""
        return all(name in record for name in _NAMES)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """The answer of a row."""
        yield answer_of(fields, joined)

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, row by row. Raises BadInputError for a header that can't be read."""
        if begins_with(opened) in ("[", "{"):
            yield from super().read(opened, options, progress)
            return
        joined, index = JoinedPrompts(options), 0
        header: list[str] = []
        with Window(opened, progress) as window:
            for span in rows(window, opened.head):
                if not header:
                    header = _names(opened, span)
                    continue
                for record in self._row(opened, span, index, header, joined):
                    yield record
                    index += 1

    def _row(
        self, opened: Opened, span: Span[Row], index: int, header: list[str], joined: JoinedPrompts
    ) -> Iterator[Record]:
        cells, flags = span.value or ([], [])
        record: dict[str, Json] = dict(zip(header, cells, strict=False))
        reason = f"the row has {len(cells)} cells where the header has {len(header)}"

        def take(fields: Fields) -> Taken:
            if len(cells) != len(header):
                raise RecordError(reason)
            fields.flags.extend(flags)
            return self.answers(fields, joined)

        value = None if span.value is None else record
        row: Span[Json] = Span(span.number, span.offset, span.length, span.raw, value, span.reason)
        yield from taken(opened, row, index, take)


def answer_of(fields: Fields, joined: JoinedPrompts) -> Answer:
    """The answer of a row; an empty one counts where the row says when it came. Raises RecordError."""
    key, time = fields.label("prompt_id"), fields.label("time") or None
    if not key:
        raise RecordError("`prompt_id` is missing")
    text = "" if fields.record.get("response") is None else fields.text("response")
    if not text and not time:
        raise RecordError("this row was left empty: it has neither an answer nor a time")
    prompt = fields.text("prompt") if fields.record.get("prompt") else joined.find(key, fields.flags)
    model, sample = (fields.label(name) or None for name in ("model", "sample"))
    return Answer(text, prompt, key, model, None, sample, time)


def _header_of(opened: Opened) -> list[str]:
    first = opened.head.lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:1]
    text = (first or [b""])[0].decode("utf-8", "replace")
    return [name.strip().strip('"') for name in text.split(delimiter_of(opened.head))]


def _names(opened: Opened, span: Span[Row]) -> list[str]:
    if span.value is None:
        raise BadInputError(f"The header of “{opened.name}” can't be read: {span.reason}.")
    return [name.strip() for name in span.value[0]]


class KitXlsx(Importer):
    """Rows as in the CSV sheet, also below a title and beside other columns; each sheet that has no such header is
    one rejected record."""

    key = "kit_xlsx"
    title = "The prompt kit's answer sheet, saved as a workbook (XLSX)"
    suffixes = (".xlsx", ".xlsm")
    container = "xlsx"

    def joins(self, options: Options) -> bool:
        """Always: rows may have left their prompts out."""
        return True

    def sniff(self, opened: Opened) -> Claim | None:
        """A sheet has a header with the sheet's names. Raises BadInputError for a workbook that can't be opened."""
        for _, sheet in groupby(sheet_rows(opened, silent, LOOKED_AT), lambda row: row.sheet):
            if _header(list(sheet)) is not None:
                return Claim("a workbook with prompt_id, sample and response, as in the prompt kit's answer sheet")
        return None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, row by row, sheet by sheet. Raises BadInputError for a file of prompts that is none."""
        joined, index = JoinedPrompts(options), 0
        for _, sheet in groupby(sheet_rows(opened, progress), lambda row: row.sheet):
            for record in _sheet(opened, sheet, joined):
                yield record._replace(number=index)
                index += 1


def _header(first: list[SheetRow]) -> tuple[list[str], int] | None:
    found = header_of(first, COLUMNS)
    return found if found is not None and set(_NAMES) <= set(found[0]) else None


def _sheet(opened: Opened, rows: Iterator[SheetRow], joined: JoinedPrompts) -> Iterator[Response | Rejected]:
    """The records of one sheet."""
    first = list(islice(rows, LOOKED_AT))
    found = _header(first)
    if found is None:
        reason = first[0].damage or f"the sheet has not the columns of an answer sheet: {', '.join(_NAMES)}"
        yield Rejected(reason, 0, 0, 0, row_place(opened, first[0].number, first[0].sheet))
        return
    header, at = found
    for number, row in enumerate(chain(first, rows)):
        reason = row.damage or (ABOVE if number < at else "")
        if reason:
            yield Rejected(reason, 0, 0, 0, row_place(opened, row.number, row.sheet))
        elif number != at:
            yield from _row(opened, header, row, joined)


def _row(opened: Opened, header: list[str], row: SheetRow, joined: JoinedPrompts) -> Iterator[Response | Rejected]:
    span, _ = span_of(0, row_json(header, row.cells))

    def take(fields: Fields) -> Taken:
        yield answer_of(fields, joined)

    for record in taken(opened, span, 0, take):
        yield record._replace(member=row_place(opened, row.number, row.sheet))
