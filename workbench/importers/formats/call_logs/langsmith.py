"""LangSmith's runs: what a chain or an agent did, of which the calls of a model hold answers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import Request, failure_of, opened_json, reply_of, request_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool"}
_CLASSES = {"HumanMessage": "user", "AIMessage": "assistant", "SystemMessage": "system", "ToolMessage": "tool",
            "FunctionMessage": "tool", "HumanMessageChunk": "user", "AIMessageChunk": "assistant"}  # fmt: skip


class LangSmith(RecordsImporter):
    """Only runs of the type llm hold answers; the others are rejected."""

    key = "langsmith"
    tables = True
    title = "LangSmith runs (JSON or JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "LangSmith runs with run_type, inputs and outputs"
    places = ((), ("runs",))

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A type of run with inputs and outputs."""
        return all(name in record for name in ("run_type", "inputs", "outputs"))

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a generation."""
        record = fields.record
        kind = fields.label("run_type") or "?"
        if kind != "llm":
            raise RecordError(f"a run of the type {kind[:40]} holds no answer of a model")
        outputs = opened_json(fields, "outputs", record.get("outputs"))
        if not outputs:
            raise RecordError(failure_of(record) or "`outputs` is empty: there is no answer in it")
        asked = _request(fields, opened_json(fields, "inputs", record.get("inputs")))
        replied = reply_of(fields, "outputs", _body(outputs))
        model = _model(fields, outputs) or asked.model
        time = fields.label("start_time")
        yield from answers_of(asked._replace(model=model), replied, model=model, record=fields.label("id"), time=time)


def _request(fields: Fields, inputs: Json) -> Request:
    if not isinstance(inputs, dict):
        return request_of(fields, "inputs", {"prompt": inputs})
    messages, prompts = inputs.get("messages"), inputs.get("prompts")
    if isinstance(messages, list) and messages and isinstance(messages[0], list):
        messages = messages[0]
    if isinstance(messages, list):
        return request_of(fields, "inputs", {**inputs, "messages": [_message(message) for message in messages]})
    if isinstance(prompts, list):
        return request_of(fields, "inputs", {"prompt": prompts})
    return request_of(fields, "inputs", inputs)


def _message(message: Json) -> Json:
    """A message as others write it; LangChain names its class, or its type."""
    if isinstance(message, list) and len(message) == 2:
        return {"role": _ROLES.get(str(message[0]), message[0]), "content": message[1]}
    if not isinstance(message, dict):
        return message
    named = message.get("id")
    held = next((message[key] for key in ("kwargs", "data") if isinstance(message.get(key), dict)), message)
    role = _CLASSES.get(str(named[-1])) if isinstance(named, list) and named else None
    role = role or _ROLES.get(str(held.get("type") or message.get("type"))) or held.get("role")
    more = held.get("additional_kwargs")
    calls = held.get("tool_calls") or (more.get("tool_calls") if isinstance(more, dict) else None)
    found = {"role": role, "content": held.get("content")}
    return found | ({"tool_calls": calls} if calls and role == "assistant" else {})


def _body(outputs: Json) -> Json:
    if not isinstance(outputs, dict):
        return outputs
    listed = outputs.get("generations")
    if isinstance(listed, list) and listed:
        inner = listed[0] if isinstance(listed[0], list) else listed
        return {"choices": [_choice(generation) for generation in inner]}
    for name in ("output", "message"):
        if isinstance(outputs.get(name), dict):
            return {"message": _message(outputs[name])}
    if isinstance(outputs.get("output"), str):
        return outputs["output"]
    messages = outputs.get("messages")
    if isinstance(messages, list) and messages:
        return {"message": _message(messages[-1])}
    return {"message": _message(outputs)} if "content" in outputs else outputs


def _choice(generation: Json) -> Json:
    if not isinstance(generation, dict):
        return {"text": generation}
    info = generation.get("generation_info")
    reason = info.get("finish_reason") if isinstance(info, dict) else None
    if isinstance(generation.get("message"), dict):
        return {"message": _message(generation["message"]), "finish_reason": reason}
    return {"text": generation.get("text"), "finish_reason": reason}


def _model(fields: Fields, outputs: Json) -> str | None:
    said = outputs.get("llm_output") if isinstance(outputs, dict) else None
    extra = opened_json(fields, "extra", fields.record.get("extra"))
    held = extra if isinstance(extra, dict) else {}
    places = ((said, "model_name"), (said, "model"), (held.get("metadata"), "ls_model_name"),
              (held.get("invocation_params"), "model"), (held.get("invocation_params"), "model_name"))  # fmt: skip
    for place, name in places:
        if isinstance(place, dict) and place.get(name):
            return fields.checked_label(name, place[name])
    return None
