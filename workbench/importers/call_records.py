"""Records of API calls with the model that was asked for and the one that answered, as OpenRouter's users keep them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.calls import answers_of
from workbench.importers.messages.bodies import Asked, Replied, asked_of, failure_of, replied_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.parse import RecordError
from workbench.importers.reading.records import Joined, RecordsImporter, Taken


class CallRecords(RecordsImporter):
    """One JSON line a call: request, response, `requested_model`, `returned_model`, `http_status`, `error`."""

    key = "call_records"
    title = "Call records with requested and returned model (JSON or JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "records of calls that name the model requested and the one returned"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A request, a response, and the name of either model."""
        named = "requested_model" in record or "returned_model" in record
        return named and isinstance(record.get("request"), dict) and "response" in record and "custom_id" not in record

    def answers(self, fields: Fields, joined: Joined) -> Taken:
        """One answer a choice; a call with an error, or with another status than 200, is rejected."""
        record = fields.record
        status = fields.label("http_status") or "200"
        if record.get("error") or status != "200":
            raise RecordError(failure_of(record) or f"the call failed: status {status}")
        prompt, system, settings, model = asked_of(fields, "request", record.get("request"))
        replies, own, returned, time = replied_of(fields, "response", record.get("response"))
        provider = _provider(fields)
        yield from answers_of(
            Asked(prompt, system, settings, fields.label("requested_model") or fields.label("model") or model),
            Replied(replies, own, fields.label("returned_model") or returned, time),
            record=fields.label("id"),
            time=fields.label("timestamp"),
            endpoint=record.get("url"),
            more={"provider": provider} if provider else None,
        )


def _provider(fields: Fields) -> str | None:
    response = fields.record.get("response")
    return fields.checked_label("response.provider", response.get("provider")) if isinstance(response, dict) else None
