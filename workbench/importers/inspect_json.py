"""Inspect AI logs as one JSON object, `.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.core.progress import Progress
from workbench.importers.base import Opened, Options, Record
from workbench.importers.formats.inspect_samples import requested_by, sample_answers
from workbench.importers.partial import closed
from workbench.importers.reading import parse
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.parse import RecordError
from workbench.importers.reading.records import Joined, RecordsImporter, Taken
from workbench.importers.reading.sample import look


class InspectJson(RecordsImporter):
    """The object's `samples`, each an answer; its epoch is the number of the repetition."""

    key = "inspect_json"
    title = "Inspect AI log (JSON)"
    suffixes = (".json",)
    why = "an Inspect log: samples with id, epoch and output"
    inside = ("samples",)

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

    def answers(self, fields: Fields, joined: Joined) -> Taken:
        """One answer a choice of the sample's output."""
        yield from sample_answers(fields, self.requested or {})


def _requested(opened: Opened) -> Mapping[str, Json]:
    """What stands before the samples, in the first bytes or, where they list very many samples, megabytes."""
    found = _header(opened.head)
    return requested_by(found if "plan" in found else _header(look(opened)))


def _header(start: bytes) -> Mapping[str, Json]:
    """The keys of the log that its start holds; once the plan is there, what stands before it is whole."""
    try:
        value = parse.parse(closed(start))[0]
    except RecordError:
        return {}
    return value if isinstance(value, dict) and "plan" in value else {}
