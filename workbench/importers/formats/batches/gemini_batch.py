"""Batches of Gemini, by Vertex AI or its own API: a line has a request and its response, or a key and the response."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.kit_ids import numbered, split_custom_id
from workbench.core.model import Json
from workbench.importers.base import Options
from workbench.importers.messages.bodies import extra_of, failure_of, reply_of, request_of
from workbench.importers.messages.content import as_text
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class GeminiBatch(RecordsImporter):
    """Thoughts are kept apart. What the service says of a failed request is the reason of the rejected record."""

    key = "gemini_batch"
    title = "Vertex AI or Gemini API batch results (JSON lines)"
    suffixes = (".jsonl",)
    why = "results of a batch of Gemini, with requests or keys and responses"

    def joins(self, options: Options) -> bool:
        """Where the file has keys and no requests, the prompts are in the file of requests."""
        return True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A request with contents and the response or status; or a key with a response of candidates, or an error."""
        request, response = record.get("request"), record.get("response")
        if isinstance(request, dict) and "contents" in request:
            return "response" in record or "status" in record or "error" in record
        if "key" not in record or "custom_id" in record:
            return False
        return (isinstance(response, dict) and "candidates" in response) or isinstance(record.get("error"), dict)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a candidate."""
        record = fields.record
        request, response = record.get("request"), record.get("response")
        key = fields.label("key")
        asked = request_of(fields, "request", request) if isinstance(request, dict) else None
        status = record.get("status")
        failed = failure_of(record) or (f"the call failed: {_words(status)}" if status else "")
        if not response or (failed and not (isinstance(response, dict) and response.get("candidates"))):
            raise RecordError(failed or "`response` is missing: there is no answer in it")
        if asked is not None and asked.prompt is None and not key:
            raise RecordError("`request.contents` holds no prompt")
        if asked is None and not key:
            raise RecordError("`request` is missing, and there is no key to find the prompt by")
        replied = reply_of(fields, "response", response)
        own, number = split_custom_id(key) if key else (None, None)
        prompt = asked.prompt if asked else joined.find(own or "", fields.flags)
        beside = joined.beside(own) if own and not asked else {}
        for content, sample in replied.replies:
            yield Answer(
                content.text,
                prompt,
                own if prompt is None or own else None,
                replied.model,
                replied.id or key,
                numbered(number, sample) if len(replied.replies) > 1 or number else None,
                replied.time or fields.label("processed_time"),
                content.flags,
                {**beside, **extra_of(content, asked)},
            )


def _words(status: Json) -> str:
    """A status in words; some hold JSON with a message."""
    return " ".join(as_text(status).split())[:200]
