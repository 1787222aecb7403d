"""Logs of calls as many write them for themselves: the request and the whole response side by side."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, ReplyBody, Request, extra_of, failure_of, reply_of, request_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


def answers_of(
    asked: Request,
    replied: ReplyBody,
    *,
    model: str | None = None,
    record: str | None = None,
    time: str | None = None,
    endpoint: Json = None,
    flags: tuple[str, ...] = (),
    more: Mapping[str, Json] | None = None,
) -> Taken:
    """One answer a reply. The model is the one that the reply names, or else the one that was asked for."""
    flags = (*flags, SYSTEM) if asked.system else flags
    for content, sample in replied.replies:
        yield Answer(
            content.text,
            asked.prompt,
            None,
            replied.model or model or asked.model,
            replied.id or record or time,
            sample,
            time or replied.time,
            (*content.flags, *flags),
            extra_of(content, asked, endpoint, **(more or {})),
        )


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

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice; the time is the record's own, or else the response's."""
        record = fields.record
        if record.get("response") is None:
            raise RecordError(failure_of(record) or "`response` is missing: there is no answer in it")
        asked = request_of(fields, "request", record.get("request"))
        replied = reply_of(fields, "response", record["response"])
        key = next((name for name in ("timestamp", "time", "created_at") if record.get(name)), "time")
        identity = fields.label("id") or fields.label("request_id")
        yield from answers_of(asked, replied, record=identity, time=fields.label(key), endpoint=record.get("url"))


def _names_two_models(record: Mapping[str, Json]) -> bool:
    return "requested_model" in record or "returned_model" in record


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

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice; a call with an error, or with another status than 200, is rejected."""
        record = fields.record
        status = fields.label("http_status") or "200"
        if record.get("error") or status != "200":
            raise RecordError(failure_of(record) or f"the call failed: status {status}")
        prompt, system, settings, model = request_of(fields, "request", record.get("request"))
        replies, own, returned, time = reply_of(fields, "response", record.get("response"))
        provider = _provider(fields)
        yield from answers_of(
            Request(prompt, system, settings, fields.label("requested_model") or fields.label("model") or model),
            ReplyBody(replies, own, fields.label("returned_model") or returned, time),
            record=fields.label("id"),
            time=fields.label("timestamp"),
            endpoint=record.get("url"),
            more={"provider": provider} if provider else None,
        )


def _provider(fields: Fields) -> str | None:
    response = fields.record.get("response")
    return fields.checked_label("response.provider", response.get("provider")) if isinstance(response, dict) else None
