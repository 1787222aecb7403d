"""Server-sent events put together into the body that the same call would have had without streaming."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from workbench.core.model import Json

_LINE_END = re.compile(r"\r\n|\n|\r")
_PART = "/message/content/parts/0"
_PREFERRED = ("model", "id", "created", "created_at", "modelVersion")

Object = dict[str, Any]


def events_in(text: str) -> Iterator[Json]:
    """The data of each event that is JSON; `[DONE]`, comments and pings are none."""
    data: list[str] = []
    for line in [*_LINE_END.split(text), ""]:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            try:
                yield orjson.loads("\n".join(data).encode("utf-8", "surrogatepass"))
            except ValueError:
                # Some write one line an event, without the blank line between them.
                yield from _one_by_one(data)
            data = []


def lines_in(text: str) -> list[Json]:
    """The values of a stream of JSON lines; empty where it is none, or one value alone."""
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        return [orjson.loads(line.encode("utf-8", "surrogatepass")) for line in lines] if len(lines) > 1 else []
    except ValueError:
        return []


def body_of(events: Iterator[Json]) -> Object | None:
    """The body that the events make together; None when they are of no kind that is known."""
    body: Object = {}
    putters: dict[str, Callable[[Object, Mapping[str, Json]], bool]] = {
        "choices": _openai, "type": _typed, "completion": _old_anthropic, "candidates": _google,
        "message": _snapshot, "v": _patch, "done": _ollama,
    }  # fmt: skip
    known = False
    patching = [""]
    for event in filter(lambda event: isinstance(event, dict), events):
        if isinstance(event.get("error"), dict | str):
            body["error"] = event["error"]
        for key in _PREFERRED:
            if event.get(key) and not body.get(key):
                body[key] = event[key]
        done = [put(body, _pathed(event, patching)) for key, put in putters.items() if key in event]
        known = known or any(done)
    return _grown(body) if known or "error" in body else None


def _one_by_one(data: list[str]) -> Iterator[Json]:
    for line in data:
        try:
            yield orjson.loads(line.encode("utf-8", "surrogatepass"))
        except ValueError:
            continue


def _pathed(event: Mapping[str, Json], patching: list[str]) -> Mapping[str, Json]:
    """A patch without a path goes on where the one before it was."""
    if "v" not in event:
        return event
    patching[0] = event.get("p", patching[0])
    return {**event, "p": patching[0]}


class _Pieces(list[str]):
    """A text that is still growing: joined once, however many pieces it has."""


class _Indexed(dict[int | str, Object]):
    """A list of objects that is still growing, by their indexes."""


def _add(target: Object, key: str, piece: Json) -> None:
    if isinstance(piece, str):
        held = target.get(key)
        if not isinstance(held, _Pieces):
            held = target[key] = _Pieces([held] if isinstance(held, str) else [])
        held.append(piece)


def _at(target: Object, key: str, index: Json, kind: str = "") -> Object:
    """The element of that index in a list of objects, made when it is not there."""
    found = target.get(key)
    if not isinstance(found, _Indexed):
        found = target[key] = _Indexed()
    index = index if isinstance(index, int | str) else 0
    return found.setdefault(index, {"index": index, **({"type": kind} if kind else {})})


def _grown(value: Any) -> Any:
    """The value with what was growing in it as plain texts and lists."""
    if isinstance(value, _Pieces):
        return "".join(value)
    if isinstance(value, _Indexed):
        return [_grown(element) for element in value.values()]
    if isinstance(value, dict):
        return {key: _grown(inner) for key, inner in value.items()}
    return value


def _openai(body: Object, event: Mapping[str, Json]) -> bool:
    choices = event["choices"]
    for choice in choices if isinstance(choices, list) else ():
        if not isinstance(choice, dict):
            continue
        target = _at(body, "choices", choice.get("index", 0))
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            message = target.setdefault("message", {"role": "assistant", "content": None})
            for key in ("content", "reasoning", "reasoning_content", "refusal"):
                _add(message, key, delta.get(key))
            _calls(message, delta.get("tool_calls"))
        _add(target, "text", choice.get("text"))
        if choice.get("finish_reason"):
            target["finish_reason"] = choice["finish_reason"]
    return isinstance(choices, list)


def _calls(message: Object, calls: Json) -> None:
    for call in calls if isinstance(calls, list) else ():
        inner = call.get("function") if isinstance(call, dict) else None
        if isinstance(inner, dict):
            target = _at(message, "tool_calls", call.get("index", 0))
            _add(target, "name", inner.get("name"))
            _add(target, "arguments", inner.get("arguments"))


def _typed(body: Object, event: Mapping[str, Json]) -> bool:
    """Events of Anthropic's Messages and of OpenAI's Responses."""
    kind = event["type"]
    if kind == "message_start" and isinstance(event.get("message"), dict):
        body |= {key: event["message"][key] for key in ("id", "model") if event["message"].get(key)}
        body |= {"type": "message", "role": "assistant", "content": _Indexed()}
    elif kind == "content_block_start" and isinstance(event.get("content_block"), dict):
        _at(body, "content", event.get("index")).update(event["content_block"])
    elif kind == "content_block_delta" and isinstance(event.get("delta"), dict):
        _block(_at(body, "content", event.get("index"), "text"), event["delta"])
    elif kind == "message_delta" and isinstance(event.get("delta"), dict):
        body["stop_reason"] = event["delta"].get("stop_reason")
    else:
        return _of_responses(body, event)
    body.setdefault("type", "message")
    return True


def _block(block: Object, delta: Mapping[str, Json]) -> None:
    for key in ("text", "thinking"):
        _add(block, key, delta.get(key))
    _add(block, "input", delta.get("partial_json"))


def _of_responses(body: Object, event: Mapping[str, Json]) -> bool:
    kind, whole = event["type"], event.get("response")
    if kind == "response.output_text.delta":
        item = _at(body, "output", event.get("output_index", 0), "message")
        part = _at(item, "content", event.get("content_index", 0), "output_text")
        _add(part, "text", event.get("delta"))
    elif kind in ("response.completed", "response.incomplete", "response.failed") and isinstance(whole, dict):
        body |= {key: value for key, value in whole.items() if value is not None}
    else:
        return False
    return True


def _old_anthropic(body: Object, event: Mapping[str, Json]) -> bool:
    if not isinstance(event["completion"], str):
        return False
    _add(body, "completion", event["completion"])
    if event.get("stop_reason"):
        body["stop_reason"] = event["stop_reason"]
    return True


def _ollama(body: Object, event: Mapping[str, Json]) -> bool:
    """Lines of Ollama's chat and generate calls; only the last of them is done."""
    message = event.get("message")
    if isinstance(message, dict):
        target = body.setdefault("message", {"role": "assistant", "content": None})
        for key in ("content", "thinking"):
            _add(target, key, message.get(key))
        if isinstance(message.get("tool_calls"), list):
            target.setdefault("tool_calls", []).extend(message["tool_calls"])
    _add(body, "response", event.get("response"))
    if event.get("done_reason"):
        body["done_reason"] = event["done_reason"]
    return isinstance(message, dict) or isinstance(event.get("response"), str)


def _google(body: Object, event: Mapping[str, Json]) -> bool:
    candidates = event["candidates"]
    for candidate in candidates if isinstance(candidates, list) else ():
        if not isinstance(candidate, dict):
            continue
        target = _at(body, "candidates", candidate.get("index", 0))
        inner = candidate.get("content")
        parts = inner.get("parts") if isinstance(inner, dict) else None
        target.setdefault("content", {"parts": []})["parts"].extend(parts if isinstance(parts, list) else [])
        if candidate.get("finishReason"):
            target["finishReason"] = candidate["finishReason"]
    return isinstance(candidates, list)


def _snapshot(body: Object, event: Mapping[str, Json]) -> bool:
    """ChatGPT's web page: each event holds the message as it stands so far."""
    message = event["message"]
    if not isinstance(message, dict) or not _is_answer(message):
        return False
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and metadata.get("model_slug"):
        body["model"] = metadata["model_slug"]
    parts = message["content"].get("parts")
    text = [part for part in parts if isinstance(part, str)] if isinstance(parts, list) else []
    body["message"] = {"role": "assistant", "content": "".join(text)}
    return True


def _is_answer(message: Mapping[str, Json]) -> bool:
    author, content = message.get("author"), message.get("content")
    if not isinstance(author, dict) or not isinstance(content, dict):
        return False
    return author.get("role") == "assistant" and content.get("content_type", "text") == "text"


def _patch(body: Object, event: Mapping[str, Json], depth: int = 0) -> bool:
    """ChatGPT's web page: changes to the message."""
    value = event["v"]
    if isinstance(value, dict) and isinstance(value.get("message"), dict):
        return _snapshot(body, value)
    if isinstance(value, list) and depth < 2:
        inner = [_patch(body, patch, depth + 1) for patch in value if isinstance(patch, dict) and "v" in patch]
        return any(inner)
    if event.get("p") != _PART or not isinstance(value, str):
        return False
    message = body.setdefault("message", {"role": "assistant", "content": ""})
    if event.get("o") == "replace":
        message["content"] = ""
    _add(message, "content", value)
    return True
