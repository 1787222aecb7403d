"""LiteLLM's logging payload: messages and response with what the gateway knows of the call."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import failure_of, opened_json, reply_of, request_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_REDACTED = "redacted-by-litellm"
_OWN = ("startTime", "call_type", "api_base", "model_group", "litellm_call_id")


class LiteLlm(RecordsImporter):
    """LiteLLM's `StandardLoggingPayload`; calls whose status is failure are rejected."""

    key = "litellm"
    title = "LiteLLM logging payloads (JSON or JSON lines)"
    suffixes = (".jsonl", ".json", ".csv")
    tables = True
    why = "LiteLLM payloads with messages, response and startTime"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Messages and a response, with fields that LiteLLM alone writes."""
        both = "messages" in record and "response" in record and "request" not in record
        if both and "proxy_server_request" in record:
            return True
        return both and sum(name in record for name in _OWN) >= 2

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice."""
        record = fields.record
        if record.get("status") == "failure":
            stated = opened_json(fields, "metadata", record.get("metadata"))
            beside = stated.get("error_information") if isinstance(stated, dict) else None
            error = record.get("error_str") or record.get("error_information") or beside
            raise RecordError(failure_of({"error": error}) or "the call failed")
        request, response = _request(fields), opened_json(fields, "response", record.get("response"))
        if response in ({}, None):
            nothing = "" if request else " nor the prompt"
            raise RecordError(f"LiteLLM kept neither the answer{nothing}: its spend log was set not to store them")
        parameters = record.get("model_parameters")
        asked = request_of(fields, "messages", (parameters if isinstance(parameters, dict) else {}) | request)
        if asked.prompt == _REDACTED:
            raise RecordError("LiteLLM was set not to log texts: the prompt and the answer are not in the file")
        asked = asked._replace(model=fields.label("model_group") or fields.label("model"))
        replied = reply_of(fields, "response", response)
        yield from answers_of(
            asked,
            replied,
            model=fields.label("model"),
            record=fields.label("id") or fields.label("request_id"),
            time=fields.label("startTime"),
            endpoint=record.get("api_base"),
            more={"provider": fields.label("custom_llm_provider")},
        )


def _request(fields: Fields) -> dict[str, Json]:
    """What was asked: as `messages` have it, or else as the proxy received it; empty where neither was kept."""
    messages = opened_json(fields, "messages", fields.record.get("messages"))
    if isinstance(messages, str):
        return {"prompt": messages}
    if messages not in (None, {}, []):
        return messages if isinstance(messages, dict) else {"messages": messages}
    received = opened_json(fields, "proxy_server_request", fields.record.get("proxy_server_request"))
    if isinstance(received, dict) and isinstance(received.get("body"), dict):
        received = received["body"]
    return dict(received) if isinstance(received, dict) else {}
