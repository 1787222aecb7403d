"""OpenTelemetry spans of calls to models: `gen_ai` attributes and events, and OpenInference as Phoenix exports it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

import orjson

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import Request, opened_json, reply_of, request_of
from workbench.importers.messages.content import as_text
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_NUMBERED = re.compile(r"(?P<list>gen_ai\.prompt|gen_ai\.completion|llm\.input_messages|llm\.output_messages)"
                       r"\.(?P<at>\d{1,6})\.(?:message\.)?(?P<rest>.+)")  # fmt: skip
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue", "string_value", "int_value", "double_value",
           "bool_value")  # fmt: skip
_SETTINGS = "gen_ai.request."
_MODELS = ("gen_ai.response.model", "llm.model_name", "embedding.model_name", "gen_ai.request.model")
_NANOSECONDS = re.compile(r"\d{18,19}")
_DEEPEST = 8
_LONGEST_CELL = 1 << 20
_NO_ANSWER = "a span without messages of a model holds no answer"


class GenAiSpans(RecordsImporter):
    """A record is a span, or what holds spans; those of other steps are rejected."""

    key = "otel_spans"
    title = "OpenTelemetry gen_ai or OpenInference spans (JSON, JSON lines or CSV), also Phoenix"
    suffixes = (".json", ".jsonl", ".csv")
    tables = True
    why = "OpenTelemetry spans of calls to models"
    places = (("resourceSpans",), (), ("spans",))
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Spans with attributes of calls to models, alone or in what holds them."""
        return any(_is_span(span) for span in _spans(record, 0))

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a choice."""
        found = list(_spans(fields.record, 0))
        if not found:
            raise RecordError("there is no span in it")
        for span in found:
            try:
                yield from _answers(fields, span)
            except RecordError as refused:
                yield refused


def _spans(record: Json, depth: int) -> Iterator[Mapping[str, Json]]:
    """The spans in what an exporter wrote: a span, or resources, scopes or traces that hold them."""
    if not isinstance(record, dict) or depth > _DEEPEST:
        return
    inner = [record[key] for key in ("resourceSpans", "scopeSpans", "spans") if isinstance(record.get(key), list)]
    for listed in inner:
        for one in listed:
            yield from _spans(one, depth + 1)
    if not inner and any(key == "attributes" or key.startswith("attributes.") for key in record):
        yield record


def _is_span(span: Mapping[str, Json]) -> bool:
    named = any(name in span for name in ("spanId", "span_id", "context", "context.span_id", "name"))
    said = (key.removeprefix("attributes.") for key in (*attributes_of(span), *span))
    return named and any(key.startswith(("gen_ai.", "llm.", "openinference.")) for key in said)


def attributes_of(span: Mapping[str, Json]) -> dict[str, Json]:
    """The attributes of a span by their dotted names, however they were written."""
    found: dict[str, Json] = {}
    given = span.get("attributes")
    if isinstance(given, list):
        for one in given:
            if isinstance(one, dict) and isinstance(one.get("key"), str):
                found[one["key"]] = _value(one.get("value"), 0)
    elif isinstance(given, dict):
        _flatten(given, "", found, 0)
    for key, value in span.items():
        if key.startswith("attributes.") and value not in (None, ""):
            _flatten({key.removeprefix("attributes."): _of_cell(value)}, "", found, 0)
    return found


def _of_cell(value: Json) -> Json:
    """A list or object that a table holds as text, written as JSON or as Python writes it."""
    if not isinstance(value, str) or value[:2] not in ("[{", "{'", '{"') or len(value) > _LONGEST_CELL:
        return value
    try:
        return orjson.loads(value)
    except ValueError:
        pass
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return value


def _flatten(value: Json, above: str, found: dict[str, Json], depth: int) -> None:
    if above:
        found[above] = value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if depth < _DEEPEST:
        for key, inner in members:
            _flatten(inner, f"{above}.{key}" if above else str(key), found, depth + 1)


def _value(value: Json, depth: int) -> Json:
    """A value as OTLP writes it in JSON, as the plain one that it stands for."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value
    for name in _VALUES:
        if name in value:
            return value[name]
    listed = value.get("arrayValue") or value.get("array_value")
    if isinstance(listed, dict):
        return [_value(one, depth + 1) for one in listed.get("values") or []]
    pairs = value.get("kvlistValue") or value.get("kvlist_value")
    if isinstance(pairs, dict):
        return {one["key"]: _value(one.get("value"), depth + 1) for one in pairs.get("values") or [] if "key" in one}
    return None


def _answers(fields: Fields, span: Mapping[str, Json]) -> Iterator[Answer | RecordError]:
    said = attributes_of(span)
    asked, replied = _messages(fields, said)
    if not replied:
        events_asked, replied = _of_events(fields, span)
        asked = asked or events_asked
    kind = said.get("openinference.span.kind") or span.get("span_kind")
    if not replied and kind in ("LLM", None) and "output.value" in said:
        given, got = (opened_json(fields, name, said.get(name)) for name in ("input.value", "output.value"))
        if isinstance(given, dict | str) and isinstance(got, dict | str):
            request = request_of(fields, "input.value", given if isinstance(given, dict) else {"prompt": given})
            model = _label(fields, said, _MODELS) or request.model
            yield from answers_of(request._replace(model=model), reply_of(fields, "output.value", got), model=model,
                                  record=_label(fields, span, ("spanId", "span_id", "context.span_id")),
                                  time=time_of(fields, span))  # fmt: skip
            return
    if not replied:
        yield RecordError(_failure(span) or _NO_ANSWER)
        return
    request = request_of(fields, "messages", {"messages": [*_system(fields, said), *asked]})
    settings = {key.removeprefix(_SETTINGS): v for key, v in said.items() if key.startswith(_SETTINGS)}
    settings.pop("model", None)
    requested = _label(fields, said, ("gen_ai.request.model",))
    request = Request(request.prompt, request.system, settings, requested)
    body = reply_of(fields, "messages", {"choices": replied})
    yield from answers_of(
        request,
        body,
        model=_label(fields, said, _MODELS),
        record=_label(fields, said, ("gen_ai.response.id",)) or _label(fields, span, ("spanId", "span_id")),
        time=time_of(fields, span),
    )


def _messages(fields: Fields, said: Mapping[str, Json]) -> tuple[list[Json], list[Json]]:
    """What was asked, as messages, and the replies, as choices."""
    asked = _listed(opened_json(fields, "gen_ai.input.messages", said.get("gen_ai.input.messages")))
    got = _listed(opened_json(fields, "gen_ai.output.messages", said.get("gen_ai.output.messages")))
    if asked or got:
        return [_message(m) for m in asked], [_choice(_message(m), m) for m in got]
    lists: dict[str, dict[int, dict[str, Json]]] = {}
    for key, value in said.items():
        if found := _NUMBERED.fullmatch(key):
            lists.setdefault(found["list"], {}).setdefault(int(found["at"]), {})[found["rest"]] = value
    first = [one for name in ("gen_ai.prompt", "llm.input_messages") for _, one in sorted(lists.get(name, {}).items())]
    last = [
        one for name in ("gen_ai.completion", "llm.output_messages") for _, one in sorted(lists.get(name, {}).items())
    ]
    return [_of_parts(one) for one in first], [_choice(_of_parts({"role": "assistant", **one}), one) for one in last]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _message(message: Json) -> Json:
    """A message in the form of `gen_ai.input.messages`: a role, and parts with their content."""
    if not isinstance(message, dict) or "parts" not in message:
        return message
    parts = []
    for part in message["parts"] if isinstance(message["parts"], list) else []:
        held = part if isinstance(part, dict) else {"type": "text", "content": part}
        kind = held.get("type")
        if kind == "text":
            parts.append({"type": "text", "text": held.get("content", held.get("text"))})
        elif kind == "reasoning":
            parts.append({"type": "reasoning", "text": held.get("content")})
        elif kind == "tool_call_response":
            parts.append({"type": "tool_result", "content": as_text(held.get("response", held.get("result", "")))})
        else:
            parts.append(held)
    return {"role": message.get("role"), "content": parts}


def _of_parts(one: Mapping[str, Json]) -> Json:
    """A message whose fields stand under numbered names."""
    content = one.get("content")
    if content is None:
        texts = [v for k, v in sorted(one.items()) if re.fullmatch(r"contents\.\d+\.message_content\.text", k)]
        content = "".join(as_text(text) for text in texts) if texts else None
    calls: dict[str, dict[str, Json]] = {}
    for key, value in one.items():
        if found := re.fullmatch(r"tool_calls\.(\d+)\.(?:tool_call\.)?(?:function\.)?(name|arguments)", key):
            calls.setdefault(found[1], {})[found[2]] = value
    return {"role": one.get("role"), "content": content} | ({"tool_calls": list(calls.values())} if calls else {})


def _choice(message: Json, given: Json) -> Json:
    reason = given.get("finish_reason") if isinstance(given, dict) else None
    return {"message": message, "finish_reason": reason}


def _of_events(fields: Fields, span: Mapping[str, Json]) -> tuple[list[Json], list[Json]]:
    """The same from the events of a span."""
    asked: list[Json] = []
    got: list[Json] = []
    for event in _listed(span.get("events")):
        if not isinstance(event, dict):
            continue
        name = str(event.get("name", ""))
        said = attributes_of(event)
        held = said.get("gen_ai.event.content", event.get("body"))
        body = opened_json(fields, name, held) if held is not None else said
        if name == "gen_ai.content.prompt":
            asked += _listed(opened_json(fields, name, said.get("gen_ai.prompt")))
        elif name == "gen_ai.content.completion":
            got += [_choice(m, m) for m in _listed(opened_json(fields, name, said.get("gen_ai.completion")))]
        elif name == "gen_ai.choice" and isinstance(body, dict):
            message = opened_json(fields, name, body.get("message", {"content": body.get("content")}))
            got.append(_choice({"role": "assistant", **message} if isinstance(message, dict) else message, body))
        elif found := re.fullmatch(r"gen_ai\.(system|user|assistant|tool)\.message", name):
            asked.append({"role": found[1], "content": body.get("content") if isinstance(body, dict) else body})
    return asked, got


def _system(fields: Fields, said: Mapping[str, Json]) -> list[Json]:
    parts = _listed(opened_json(fields, "gen_ai.system_instructions", said.get("gen_ai.system_instructions")))
    texts = [as_text(part.get("content", "")) for part in parts if isinstance(part, dict)]
    return [{"role": "system", "content": "\n\n".join(texts)}] if texts else []


def _failure(span: Mapping[str, Json]) -> str:
    status = span.get("status")
    said = (
        status.get("message") or status.get("description") if isinstance(status, dict) else span.get("status_message")
    )
    return f"the call failed: {' '.join(as_text(said).split())[:200]}" if said else ""


def _label(fields: Fields, held: Mapping[str, Json], names: tuple[str, ...]) -> str | None:
    for name in names:
        if held.get(name):
            return fields.checked_label(name, held[name])
    context = held.get("context")
    if isinstance(context, dict) and context.get("span_id"):
        return fields.checked_label("context.span_id", context["span_id"])
    return None


def time_of(fields: Fields, span: Mapping[str, Json]) -> str | None:
    """When a span began; nanoseconds since 1970 as seconds with a fraction."""
    names = ("startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime")
    found = next((fields.checked_label(name, span[name]) for name in names if span.get(name)), None)
    if found is None or not _NANOSECONDS.fullmatch(found):
        return found
    return f"{found[:-9]}.{found[-9:]}"
