"""Logs of calls as many write them for themselves: the request and the whole response side by side."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.calls import answers_of
from workbench.importers.messages.bodies import asked_of, failure_of, replied_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.parse import RecordError
from workbench.importers.reading.records import Joined, RecordsImporter, Taken


class ChatLog(RecordsImporter):
    """Records with `request` (model, messages) and `response` (model, choices); others need a mapping."""

    key = "chat_log"
    title = "Log of chat completions: request and response (JSON or JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "records with a request that has messages, and its response"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A request with messages, and a response or null."""
        request, response = record.get("request"), record.get("response")
        if not isinstance(request, dict) or "custom_id" in record or _names_two_models(record):
            return False
        return isinstance(request.get("messages"), list) and (response is None or isinstance(response, dict))

    def answers(self, fields: Fields, joined: Joined) -> Taken:
        """One answer a choice; the time is the record's own, or else the response's."""
        record = fields.record
        if record.get("response") is None:
            raise RecordError(failure_of(record) or "`response` is missing: there is no answer in it")
        asked = asked_of(fields, "request", record.get("request"))
        replied = replied_of(fields, "response", record["response"])
        key = next((name for name in ("timestamp", "time", "created_at") if record.get(name)), "time")
        identity = fields.label("id") or fields.label("request_id")
        yield from answers_of(asked, replied, record=identity, time=fields.label(key), endpoint=record.get("url"))


def _names_two_models(record: Mapping[str, Json]) -> bool:
    return "requested_model" in record or "returned_model" in record
