"""Helicone's JSON export: the bodies of request and response of each call. Its CSV export holds no answers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import failure_of, opened_json, reply_of, request_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class Helicone(RecordsImporter):
    """Records with `request_body` and `response_body`; calls with another status than 200 are rejected."""

    key = "helicone"
    title = "Helicone export (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "Helicone records with request_body and response_body"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """The bodies of request and response."""
        return "request_body" in record and "response_body" in record

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice."""
        record = fields.record
        body = opened_json(fields, "response_body", record.get("response_body"))
        status = fields.label("response_status") or fields.label("status") or "200"
        if status not in ("200", "success"):
            raise RecordError(
                failure_of(body if isinstance(body, dict) else None) or f"the call failed: status {status}"
            )
        if record.get("signed_body_url") and not body:
            raise RecordError("the export was made without its bodies: export it with them (`--include-body`)")
        asked = request_of(fields, "request_body", opened_json(fields, "request_body", record.get("request_body")))
        replied = reply_of(fields, "response_body", body)
        yield from answers_of(
            asked,
            replied,
            model=fields.label("response_model") or fields.label("model"),
            record=fields.label("response_id") or fields.label("request_id"),
            time=fields.label("request_created_at"),
            endpoint=record.get("target_url") or record.get("request_path"),
            more={"provider": fields.label("provider")},
        )
