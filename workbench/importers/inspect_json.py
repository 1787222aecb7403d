"""Inspect AI logs as one JSON object, `.json`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.fields import Fields
from workbench.importers.inspect_samples import sample_answers
from workbench.importers.records import Joined, RecordsImporter, Taken


class InspectJson(RecordsImporter):
    """The object's `samples`, each an answer; its epoch is the number of the repetition."""

    key = "inspect_json"
    title = "Inspect AI log (JSON)"
    suffixes = (".json",)
    why = "an Inspect log: samples with id, epoch and output"
    inside = ("samples",)

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An id, an epoch, and an output with choices or a model."""
        output = record.get("output")
        return "id" in record and "epoch" in record and "input" in record and isinstance(output, dict)

    def answers(self, fields: Fields, joined: Joined) -> Taken:
        """One answer a choice of the sample's output."""
        yield from sample_answers(fields, {})
