"""Anthropic Message Batches results: one reply a line, in any order, joined with the batch's requests by id."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.kit_ids import numbered, split_custom_id
from workbench.core.model import Json
from workbench.importers.base import Options
from workbench.importers.messages.bodies import extra_of, failure_of, reply_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_FAILED = {"canceled": "the call was cancelled", "expired": "the call expired before it was made"}


class AnthropicBatch(RecordsImporter):
    """The results file of a message batch; errored, cancelled and expired requests are rejected."""

    key = "anthropic_batch"
    title = "Anthropic message batch results (JSON lines), joined with the batch's requests"
    suffixes = (".jsonl",)
    why = "message batch results with custom_id and result, which carry no prompts"

    def joins(self, options: Options) -> bool:
        """Always: the prompts are in the batch's requests."""
        return True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A custom_id with a result that has a type."""
        result = record.get("result")
        return "custom_id" in record and isinstance(result, dict) and "type" in result

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a request that succeeded."""
        key, result = fields.label("custom_id"), fields.record.get("result")
        if not key:
            raise RecordError("`custom_id` is missing")
        if not isinstance(result, dict):
            raise RecordError(f"`result` is {kind_of(result)}, not an object")
        kind = fields.checked_label("result.type", result.get("type"))
        if kind != "succeeded":
            raise RecordError(failure_of(result) or _FAILED.get(kind or "", f"the call failed: {(kind or '')[:40]}"))
        replied = reply_of(fields, "result.message", result.get("message"))
        key, number = split_custom_id(key)
        prompt = joined.find(key, fields.flags)
        for content, sample in replied.replies:
            yield Answer(
                content.text,
                prompt,
                key,
                replied.model,
                replied.id,
                numbered(number, sample),
                replied.time,
                content.flags,
                {**joined.beside(key), **extra_of(content)},
            )
