"""JSON lines of any records, read with a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import Progress, silent
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapping.layout import ARRAY, COLUMNS, KEYED, LINES, LIST, OBJECTS, SPLIT, layout_of
from workbench.importers.mapping.mapped import Mapped, all_found
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.columns import column_spans, split_spans
from workbench.importers.reading.lines import line_spans
from workbench.importers.reading.nested import Walker, nested_spans
from workbench.importers.reading.objects import member_spans, object_spans
from workbench.importers.reading.paths import Path
from workbench.importers.reading.sample import begins_with, first_records
from workbench.importers.reading.window import Span, Window

_FIRST = 20


class MappedJsonLines(Importer):
    """One record a line; the mapping's paths go into it."""

    key = "mapped_jsonl"
    title = "JSON lines, with a mapping"
    suffixes = (".jsonl", ".ndjson")
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def by_lines(self, opened: Opened, options: Options) -> bool:
        """Where the first records have all that the mapping names: whether any has it is asked of the whole file."""
        return all_found(options.mapping, first_records(opened, _FIRST, array=False, cut=True))

    def sniff(self, opened: Opened) -> Claim | None:
        """Lines of JSON, also below a first line that is none, but not one object that holds many records."""
        layout = layout_of(opened)
        return Claim("JSON lines, read by the mapping") if layout and layout.kind == LINES else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a line. Raises UsageError for a mapping that doesn't say enough."""
        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            yield from mapped.answers(line_spans(window, mapped.parse_lines))


class MappedJson(Importer):
    """One record an element; the mapping's paths go into it."""

    key = "mapped_json"
    title = "JSON array, with a mapping"
    suffixes = (".json",)
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def sniff(self, opened: Opened) -> Claim | None:
        """Anything that begins with a bracket, but not lines that are lists."""
        layout = layout_of(opened)
        return Claim("a JSON array, read by the mapping") if layout and layout.kind == ARRAY else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer an element. Raises UsageError for a mapping that doesn't say enough."""
        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            yield from mapped.answers(array_spans(window, mapped.parse))


class MappedObject(Importer):
    """One record an element of the list, a key, or an object; `records` in the mapping says where they are."""

    key = "mapped_object"
    title = "JSON object that holds the records, or objects over several lines, with a mapping"
    suffixes = (".json",)
    asked_only = True

    def joins(self, options: Options) -> bool:
        """Where the mapping says which id a record has."""
        return "prompt_key" in options.mapping

    def sniff(self, opened: Opened) -> Claim | None:
        """Anything that begins with a brace and is no line of JSON."""
        layout = layout_of(opened) if begins_with(opened) == "{" else None
        if layout is None or layout.kind not in (LIST, KEYED, OBJECTS, SPLIT, COLUMNS):
            return None
        return Claim(f"{layout.words()}, read by the mapping")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer a record. Raises UsageError for a mapping that doesn't say enough, BadInputError without list."""
        mapped = Mapped(opened, options)
        with Window(opened, progress) as window:
            yield from mapped.answers(object_records(window, opened, options.mapping.get("records", ""), mapped.parse))


def object_records(
    window: Window, opened: Opened, records: str, parse: Callable[[bytes], Json]
) -> Iterator[Span[Json]]:
    """The records where the path says, or else where the file's beginning shows them to be.

    Raises BadInputError where there are none at the path.
    """
    layout = layout_of(opened)
    if not records:
        if layout is not None and layout.kind == SPLIT:
            return split_spans(window, layout.names, parse)
        if layout is not None and layout.kind == COLUMNS:
            return column_spans(window, parse)
        if layout is None or layout.kind not in (LIST, KEYED):
            return object_spans(window, parse)
        if layout.kind == KEYED:
            return member_spans(window, layout.path, parse)
        return nested_spans(window, layout.path, parse)
    parts = Path(records).parts
    with Window(opened, silent) as sight:
        walker = Walker(sight)
        there = chr(max(0, walker.byte())) if walker.follow(parts) else ""
    if there == "{":
        return member_spans(window, parts, parse)
    if there == "[":
        return nested_spans(window, parts, parse)
    known = f" It has “{layout.records}”." if layout and layout.path else ""
    raise BadInputError(
        f"“{opened.name}” has no list and no object at “{records}”, which the mapping gives as records.{known}",
        hint="`workbench preview FILE` shows what it holds.",
    )
