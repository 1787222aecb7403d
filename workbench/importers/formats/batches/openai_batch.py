"""OpenAI batch output: one reply a line, in any order, joined with the batch's input file by `custom_id`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.kit_ids import numbered, split_custom_id
from workbench.core.model import Json
from workbench.importers.base import Options
from workbench.importers.messages.bodies import extra_of, failure_of, reply_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class OpenAIBatch(RecordsImporter):
    """The output and error files of OpenAI's Batch API; one answer a choice, calls that failed are rejected."""

    key = "openai_batch"
    title = "OpenAI batch output (JSON lines), joined with the batch input"
    suffixes = (".jsonl",)
    why = "batch results with custom_id and response, which carry no prompts"

    def joins(self, options: Options) -> bool:
        """Always: the prompts are in the batch's input file."""
        return True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A custom_id with a response or an error, and no request."""
        return "custom_id" in record and "response" in record and "result" not in record and "body" not in record

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice."""
        key = fields.label("custom_id")
        if not key:
            raise RecordError("`custom_id` is missing")
        response = fields.record.get("response")
        if not isinstance(response, dict):
            failed = failure_of(fields.record)
            raise RecordError(failed or f"`response` is {kind_of(response)}: there is no answer in it")
        body = response.get("body")
        if response.get("status_code", 200) != 200:
            status = fields.checked_label("response.status_code", response["status_code"])
            # vLLM puts its words beside the response, whose body is null then.
            said = failure_of(body) or failure_of(fields.record)
            raise RecordError(said or f"the call failed: status {status}")
        replied = reply_of(fields, "response.body", body)
        key, number = split_custom_id(key)
        prompt = joined.find(key, fields.flags)
        for content, sample in replied.replies:
            yield Answer(
                content.text,
                prompt,
                key,
                replied.model,
                replied.id or fields.label("id"),
                numbered(number, sample),
                replied.time,
                content.flags,
                {**joined.beside(key), **extra_of(content)},
            )
