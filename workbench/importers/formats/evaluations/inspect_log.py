"""Inspect AI logs as they are written today, `.eval`: a zip archive with a file for each sample.

Each sample's file is one record, and its place is the whole file. A sample may also be spread over a folder of small
files; its place is then that of the file that holds its answer. Where a log was written to again, an earlier file of
the same name is superseded by the later one, as Inspect itself has it, and counts as rejected.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.model import Json, Rejected, Response
from workbench.core.progress import Progress
from workbench.core.zip_directory import ZipEntry
from workbench.importers import base
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.containers.decompress import BombError
from workbench.importers.containers.zip_directory import entries
from workbench.importers.containers.zip_members import member_bytes
from workbench.importers.formats.evaluations.inspect_samples import requested_by, sample_answers
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken, taken
from workbench.importers.reading.sample import close_json, first_megabytes
from workbench.importers.reading.tolerant_parse import RecordError, strict
from workbench.importers.reading.window import TOO_LONG, Span

SUPERSEDED = "a later file of the same name in the log takes its place"

_WHOLE = re.compile(r"samples/.+_epoch_\d+\.json")
_SHELL = re.compile(r"(samples/.+_epoch_\d+)/sample\.json")
_CHUNK = re.compile(r"(samples/.+_epoch_\d+/(?:messages|attachments))/(\d+)\.json")


class InspectLog(Importer):
    """The samples of a log, each an answer; its epoch is the number of the repetition."""

    key = "inspect_log"
    title = "Inspect AI log (.eval)"
    suffixes = (".eval",)
    container = "inspect"

    def sniff(self, opened: Opened) -> Claim | None:
        """A zip archive with the header and the samples of a log."""
        return Claim("an Inspect log: a zip archive with a header and samples") if opened.container else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One record a sample, in the order of the archive's directory."""
        with opened.stream() as file:
            log = _Log(file)
            requested = log.requested()
            index = 0
            for at, (entry, last) in enumerate(log.samples):
                progress(at / len(log.samples), f"{at:,} samples read")
                for record in log.records(opened, entry, index, requested, last=last):
                    yield record._replace(member=_place(opened, entry))
                    index += 1
            progress(1.0, f"{len(log.samples):,} samples read")


@dataclass(slots=True)
class _Log:
    """The members of a log by name, the later one of two, and its samples in order."""

    file: BinaryIO
    by_name: dict[str, ZipEntry] = field(default_factory=dict)
    samples: list[tuple[ZipEntry, bool]] = field(default_factory=list)
    chunks: dict[str, list[tuple[int, ZipEntry]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        listed = list(entries(self.file))
        self.by_name = {entry.name: entry for entry in listed}
        for entry in listed:
            chunk = _CHUNK.fullmatch(entry.name)
            if chunk and self.by_name[entry.name] is entry:
                self.chunks.setdefault(chunk.group(1), []).append((int(chunk.group(2)), entry))
            elif _SHELL.fullmatch(entry.name) or (not chunk and _WHOLE.fullmatch(entry.name)):
                self.samples.append((entry, self.by_name[entry.name] is entry))

    def requested(self) -> Mapping[str, Json]:
        """The model and the settings that the log's header states, as far as it can be read."""
        for name in ("header.json", "_journal/start.json"):
            try:
                header = self._json(name)
            except (RecordError, BadInputError):
                continue
            if isinstance(header, dict) and isinstance(header.get("eval"), dict):
                return requested_by(header)
        return {}

    def records(
        self, opened: Opened, entry: ZipEntry, index: int, requested: Mapping[str, Json], *, last: bool
    ) -> Iterator[Response | Rejected]:
        """The answers of one sample's file, or why there is none."""
        if not last:
            yield Rejected(SUPERSEDED, index, 0, entry.size)
            return
        try:
            raw = self._bytes(entry)
            value: Json = _parsed(raw)
            reason = ""
        except RecordError as refused:
            raw, value, reason = None, None, refused.reason

        def take(fields: Fields) -> Taken:
            shell = _SHELL.fullmatch(entry.name)
            if shell:
                fields.record.update(self._spread(shell.group(1), fields.record))
            return sample_answers(fields, requested)

        span = Span(index, 0, entry.size, raw, value, reason)
        yield from taken(opened, span, index, take)

    def _spread(self, prefix: str, shell: Mapping[str, Json]) -> dict[str, Json]:
        """The messages and attachments of a sample that is spread over a folder."""
        messages = self._sequence(f"{prefix}/messages")
        attachments = self._sequence(f"{prefix}/attachments")
        chosen: list[Json] = []
        for pair in shell.get("message_refs") or []:
            if not isinstance(pair, list) or not all(isinstance(number, int) for number in pair) or len(pair) != 2:
                raise RecordError("`message_refs` holds something that is no pair of numbers")
            chosen += messages[max(0, pair[0]) : pair[1]]
            if len(chosen) > len(messages):
                raise RecordError("`message_refs` names messages twice")
        held = {str(number): text for number, text in enumerate(attachments)}
        return {"messages": chosen, "attachments": held}

    def _sequence(self, path: str) -> list[Json]:
        found: list[Json] = []
        total = 0
        for _, entry in sorted(self.chunks.get(path, [])):
            total += entry.size
            if total > base.MAX_RECORD:
                raise RecordError(TOO_LONG)
            part = _parsed(self._bytes(entry))
            found += part if isinstance(part, list) else []
        return found

    def _json(self, name: str) -> Json:
        entry = self.by_name.get(name)
        return None if entry is None else _parsed(self._bytes(entry))

    def _bytes(self, entry: ZipEntry) -> bytes:
        """The bytes of a member; raises RecordError when they can't be had."""
        if entry.size > base.MAX_RECORD:
            raise RecordError(TOO_LONG)
        try:
            return member_bytes(self.file, entry, self.lock)
        except BombError:
            raise
        except BadInputError as error:
            raise RecordError(error.message) from None


def _parsed(raw: bytes) -> Json:
    try:
        return strict(raw)
    except (ValueError, RecursionError):
        return tolerant_parse.parse(raw)[0]


def _place(opened: Opened, entry: ZipEntry) -> str:
    return f"{opened.member}!/{entry.name}" if opened.member else entry.name


class InspectJson(RecordsImporter):
    """The object's `samples`, each an answer; its epoch is the number of the repetition."""

    key = "inspect_json"
    title = "Inspect AI log (JSON)"
    suffixes = (".json",)
    why = "an Inspect log: samples with id, epoch and output"
    places = (("samples",),)

    def __init__(self, requested: Mapping[str, Json] | None = None) -> None:
        """`requested` is what the log that is being read says of model and settings."""
        self.requested = requested

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An id, an epoch, and an output with choices or a model."""
        output = record.get("output")
        return "id" in record and "epoch" in record and "input" in record and isinstance(output, dict)

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, sample by sample, with what the start of the log says of all of them."""
        if self.requested is None:
            return InspectJson(_requested(opened)).read(opened, options, progress)
        return super().read(opened, options, progress)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice of the sample's output."""
        yield from sample_answers(fields, self.requested or {})


def _requested(opened: Opened) -> Mapping[str, Json]:
    """What stands before the samples, in the first bytes or, where they list very many samples, megabytes."""
    found = _header(opened.head)
    return requested_by(found if "plan" in found else _header(first_megabytes(opened)))


def _header(start: bytes) -> Mapping[str, Json]:
    """The keys of the log that its start holds; once the plan is there, what stands before it is whole."""
    try:
        value = tolerant_parse.parse(close_json(start))[0]
    except RecordError:
        return {}
    return value if isinstance(value, dict) and "plan" in value else {}
