"""Requests to models and their replies, in the forms of OpenAI, Anthropic, Google and those who write like them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from workbench.core.model import Json
from workbench.core.text import remembered
from workbench.importers.messages.chat import Context, Turn, context_of, turn_of
from workbench.importers.messages.content import REFUSAL, Content, as_text, content_of, only_words, parts_of
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.fields import TRUNCATED, Fields, kind_of
from workbench.importers.reading.tolerant_parse import RecordError

FILTERED = "content filter"
SEVERAL = "several messages"
"""Flag of an answer that was put together from several messages, of which one may repeat another."""
PAUSED = "paused"
"""Flag of an answer that goes on in another call."""
SYSTEM = "system prompt"

_SETTINGS = frozenset({
    "temperature", "top_p", "top_k", "min_p", "max_tokens", "max_completion_tokens", "max_output_tokens", "n",
    "seed", "stop", "stop_sequences", "frequency_penalty", "presence_penalty", "repetition_penalty",
    "reasoning_effort", "reasoning", "reasoning_disabled", "thinking",
})  # fmt: skip
_SYSTEM = ("system", "instructions", "systemInstruction", "system_instruction")
_PROMPTS = ("messages", "input", "contents", "prompt", "inputText", "message")
_SAYING = {*_SYSTEM, *_PROMPTS}
_ASKING = {"role", "content"}
_AS_USUAL = ("stop", None)
_REASONS = ("stop_reason", "stopReason", "done_reason", "finish_reason", "status")
_UNUSUAL = {*_REASONS}
"""Where a reply may say otherwise why it ended."""
_FINISHED = {
    "length": TRUNCATED, "max_tokens": TRUNCATED, "model_length": TRUNCATED, "max_output_tokens": TRUNCATED,
    "incomplete": TRUNCATED, "model_context_window_exceeded": TRUNCATED,
    "pause_turn": PAUSED, "content_filter": FILTERED, "safety": FILTERED, "refusal": REFUSAL,
}  # fmt: skip


_WITHHELD = (
    "PROHIBITED_CONTENT",
    "SAFETY",
    "BLOCKLIST",
    "SPII",
    "RECITATION",
    "IMAGE_SAFETY",
    "MALFORMED_FUNCTION_CALL",
)
"""Why Gemini gives no answer."""


class Request(NamedTuple):
    """What a request asked for: its prompt, the system prompt, how to decode, and of which model."""

    prompt: str | None
    system: str
    settings: dict[str, Json]
    model: str | None


class Reply(NamedTuple):
    """One answer of a call: `sample` is its index where there are several."""

    content: Content
    sample: str | None = None


class ReplyBody(NamedTuple):
    """What came back from a call."""

    replies: tuple[Reply, ...]
    id: str | None = None
    model: str | None = None
    time: str | None = None


def opened_json(fields: Fields, path: str, value: Json) -> Json:
    """A value that some write as JSON inside a text; raises RecordError when the text is none."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        parsed, flags = tolerant_parse.parse(value.encode("utf-8", "surrogatepass"))
    except RecordError as refused:
        raise RecordError(f"`{path}` is {refused.reason}") from None
    fields.flags.extend(flag for flag in flags if flag not in fields.flags)
    return parsed


def request_of(fields: Fields, path: str, request: Json) -> Request:
    """What a request asked; raises RecordError when it is none or has no prompt."""
    if not isinstance(request, dict):
        raise RecordError(f"`{path}` is {kind_of(request)}, not an object")
    settings = {key: value for key, value in request.items() if key in _SETTINGS and value is not None}
    more = request.get("generationConfig")
    if isinstance(more, dict):
        settings |= more
    prompt, system = _said(fields, path, request)
    if prompt is None:
        raise RecordError(f"`{path}` holds no prompt")
    return Request(prompt, system, settings, fields.checked_label(f"{path}.model", request.get("model")))


def _said(fields: Fields, path: str, request: Mapping[str, Json]) -> tuple[str | None, str]:
    """The prompt of a request, None where it has none, and its system prompt."""
    said = _SAYING & request.keys()
    if len(said) == 1 and (question := _one_question(request, said.pop())) is not None:
        return fields.sound(question), ""  # as it is in a context of this one turn
    context = _context(fields, path, request)
    return context.prompt(), context.system


def _one_question(request: Mapping[str, Json], key: str) -> str | None:
    """The words of a request that is one text or one message of a user, as most are."""
    value = request[key]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        message = value[0]
        value = message["content"] if message.keys() == _ASKING and message["role"] == "user" else None
    return value if isinstance(value, str) and key in _PROMPTS else None


def _context(fields: Fields, path: str, request: Mapping[str, Json]) -> Context:
    turns = [Turn("system", _bare(fields, f"{path}.{key}", request[key])) for key in _SYSTEM if request.get(key)]
    for key in _PROMPTS:
        value = request.get(key)
        if value is not None:
            return context_of([*turns, *_asked_turns(fields, f"{path}.{key}", value)])
    return context_of(turns)


def _asked_turns(fields: Fields, path: str, value: Json) -> list[Turn]:
    if isinstance(value, str):
        return [Turn("user", parts_of(fields, path, value))]
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        if len(value) > 1:
            raise RecordError(f"`{path}` holds {len(value)} prompts at once: which answer is whose is not said")
        return [Turn("user", parts_of(fields, path, value))]
    if isinstance(value, list):
        return _messages(fields, path, value)
    raise RecordError(f"`{path}` is {kind_of(value)}, not a text or a list")


def _messages(fields: Fields, path: str, value: list[Json]) -> list[Turn]:
    """Messages of all kinds: with `content`, Google's with `parts`, and items of the Responses API."""
    turns: list[Turn] = []
    for at, message in enumerate(value):
        where = f"{path}.{at}"
        if isinstance(message, dict) and "parts" in message:
            google = {"role": message.get("role") or "user", "content": message["parts"]}
            turns.append(turn_of(fields, where, google))
        elif isinstance(message, dict) and "role" not in message and message.get("type") not in (None, "message"):
            speaker = "tool" if str(message["type"]).endswith("_output") else "assistant"
            turns.append(Turn(speaker, parts_of(fields, where, [message])))
        else:
            turns.append(turn_of(fields, where, message))
    return turns


def _bare(fields: Fields, path: str, value: Json) -> Content:
    return parts_of(fields, path, value["parts"] if isinstance(value, dict) and "parts" in value else value)


def reply_of(fields: Fields, path: str, body: Json) -> ReplyBody:
    """The answers in the body of a reply; raises RecordError where the call failed or the form is unknown."""
    if isinstance(body, str):
        return ReplyBody((Reply(parts_of(fields, path, body)),))
    if not isinstance(body, dict):
        raise RecordError(f"`{path}` is {kind_of(body)}: there is no answer in it")
    return _one_answer(fields, body) or _answers(fields, path, body)


def _one_answer(fields: Fields, body: Mapping[str, Json]) -> ReplyBody | None:
    """What came back where it is one choice of words alone, as most replies are; None where it is anything else."""
    choices = body.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        return None if choices or len(body) > 1 else _one_message(fields, body.get("message"))
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict) or choice.get("finish_reason") not in _AS_USUAL:
        return None
    text, own, model = message.get("content"), body.get("id"), body.get("model")
    if text.__class__ is not str or not only_words(message) or own.__class__ is not str or model.__class__ is not str:
        return None
    time, at = body.get("created"), choice.get("index")
    labels = time and time.__class__ is at.__class__ is int and model and own.isascii() and model.isascii()
    if not labels or not _UNUSUAL.isdisjoint(body):
        return None
    return ReplyBody((Reply(Content(fields.sound(text)), str(at)),), own, model, str(time))


def _one_message(fields: Fields, message: Json) -> ReplyBody | None:
    """What came back where it is one message of words and nothing else; None where it is anything else."""
    text = message.get("content") if isinstance(message, dict) else None
    if text.__class__ is not str or not only_words(message):
        return None
    return ReplyBody((Reply(Content(fields.sound(text))),))


def _answers(fields: Fields, path: str, body: Mapping[str, Json]) -> ReplyBody:
    found: tuple[Reply, ...] = ()
    for key, read in _FORMS:
        if key in body and isinstance(body[key], list) and not found:
            found = tuple(read(fields, f"{path}.{key}", body[key]))
    if not found:
        found = tuple(_single(fields, path, body))
    if not found and isinstance(feedback := body.get("promptFeedback"), dict) and feedback.get("blockReason"):
        said = feedback.get("blockReasonMessage") or feedback["blockReason"]
        raise RecordError(f"the call failed: {' '.join(as_text(said).split())[:200]}")
    if not found:
        raise RecordError(failure_of(body) or f"`{path}` holds no answer in a form that is known")
    model = body.get("model") or body.get("modelVersion") or None
    time = body.get("created") or body.get("created_at") or body.get("createTime") or None
    replied = ReplyBody(
        found,
        fields.checked_label(f"{path}.id", body.get("id")),
        fields.checked_label(f"{path}.model", model),
        fields.checked_label(f"{path}.created", time),
    )
    return _with_finish(replied, next((body[key] for key in _REASONS if body.get(key)), None))


_MESSAGES_OF_ERRORS = ("message", "error_message", "errorMessage", "content", "code", "errorCode", "type")


def failure_of(body: Json) -> str:
    """What a reply says of a failed call, in words; empty when it speaks of none."""
    error: Json = body.get("error") if isinstance(body, dict) else None
    if not error:
        return ""
    if isinstance(error, dict):
        inner = error.get("error")
        error = inner if isinstance(inner, dict) else error
        error = next((error[key] for key in _MESSAGES_OF_ERRORS if error.get(key)), error)
    return f"the call failed: {' '.join(as_text(error).split())[:200]}"


_ERRORS = ("error", "error_message", "errorMessage", "error_str", "exception", "failure_reason", "status_message")
_AROUND = ("response", "result", "body", "output", "modelOutput", "data")


def failure_in(record: Json, depth: int = 0) -> str:
    """What a record of any form says of a failed call, in words; empty when it speaks of none."""
    if not isinstance(record, dict) or depth > 2:
        return ""
    said = next((record[name] for name in _ERRORS if record.get(name)), None)
    if said is not None:
        return failure_of({"error": said})
    inside = (failure_in(record.get(name), depth + 1) for name in _AROUND)
    return next(filter(None, inside), "")


def extra_of(
    content: Content | None = None, asked: Request | None = None, endpoint: Json = None, **more: Json
) -> dict[str, Json]:
    """What stands beside an answer; nothing that is empty."""
    found = {key: value for key, value in more.items() if value not in (None, "", [], {})} if more else {}
    if content is not None:
        if content.reasoning:
            found["reasoning"] = content.reasoning
        if content.tools:
            found["tools"] = [{"name": name, "arguments": arguments} for name, arguments in content.tools]
    if asked is not None:
        _, system, settings, model = asked
        if system:
            found["system"] = system
        if settings:
            found["settings"] = settings
        if model:
            found["requested_model"] = model
    if isinstance(endpoint, str) and (address := bare_address(endpoint)):
        found["endpoint"] = address
    return found


@remembered(64)
def bare_address(address: str) -> str:
    """An address without user, query and fragment, where keys and tokens may stand."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme and host else parts.path


def _with_finish(replied: ReplyBody, reason: Json) -> ReplyBody:
    flag = _FINISHED.get(reason.lower()) if reason and isinstance(reason, str) else None
    if flag is None:
        return replied
    return replied._replace(replies=tuple(flagged(reply, reason) for reply in replied.replies))


def flagged(reply: Reply, reason: Json) -> Reply:
    """The reply with the flag that its reason to stop stands for."""
    flag = _FINISHED.get(reason.lower()) if isinstance(reason, str) else None
    if flag is None or flag in reply.content.flags:
        return reply
    return reply._replace(content=reply.content._replace(flags=(*reply.content.flags, flag)))


def _choices(fields: Fields, path: str, choices: list[Json]) -> Iterator[Reply]:
    for at, choice in enumerate(choices):
        where = f"{path}.{at}"
        if not isinstance(choice, dict):
            raise RecordError(f"`{where}` is {kind_of(choice)}, not an object")
        sample = fields.checked_label(f"{where}.index", choice.get("index"))
        if isinstance(choice.get("message"), dict):
            content = content_of(fields, f"{where}.message", choice["message"], of_model=True)
        elif failure_of(choice) and "text" not in choice:
            raise RecordError(failure_of(choice))
        else:
            content = content_of(fields, where, choice, "text")
        content = content.without_thoughts()
        yield flagged(Reply(content, sample or str(at)), choice.get("finish_reason"))


def _candidates(fields: Fields, path: str, candidates: list[Json]) -> Iterator[Reply]:
    for at, candidate in enumerate(candidates):
        inner = candidate.get("content") if isinstance(candidate, dict) else None
        parts = inner.get("parts") if isinstance(inner, dict) else None
        if parts is None and isinstance(candidate, dict) and candidate.get("finishReason") in _WITHHELD:
            raise RecordError(f"the call failed: {candidate.get('finishMessage') or candidate['finishReason']}")
        content = content_of(fields, f"{path}.{at}.content", {"parts": parts}, "parts")
        yield flagged(Reply(content, str(at)), candidate.get("finishReason") if isinstance(candidate, dict) else None)


def _output(fields: Fields, path: str, items: list[Json]) -> Iterator[Reply]:
    """The items of OpenAI's Responses API are one answer."""
    parts: list[Json] = []
    messages = 0
    for item in items:
        message = isinstance(item, dict) and item.get("type") == "message"
        messages += message
        inner = item.get("content") if message else item
        parts += inner if isinstance(inner, list) else [inner]
    if parts:
        content = parts_of(fields, path, parts)
        yield Reply(content._replace(flags=(*content.flags, SEVERAL)) if messages > 1 else content)


def _makers(fields: Fields, path: str, listed: list[Json]) -> Iterator[Reply]:
    """Answers in a list as Titan, Mistral, Cohere and others write them on Bedrock."""
    for at, item in enumerate(listed):
        held = item if isinstance(item, dict) else {"text": item}
        name = next((key for key in ("outputText", "text", "generated_text") if isinstance(held.get(key), str)), "text")
        reply = Reply(content_of(fields, f"{path}.{at}", held, name).without_thoughts(), str(at))
        reasons = ("completionReason", "stop_reason", "finish_reason")
        yield flagged(reply, next((held[key] for key in reasons if held.get(key)), None))


def _single(fields: Fields, path: str, body: Mapping[str, Json]) -> Iterator[Reply]:
    """Bodies with one answer: Anthropic's message, a chat message, Ollama's, and old completions."""
    message = body.get("message")
    output = body.get("output")
    if isinstance(output, dict) and isinstance(output.get("message"), dict):
        message = output["message"]  # Converse
    if "content" in body and (body.get("role") == "assistant" or body.get("type") == "message"):
        yield Reply(content_of(fields, path, body, of_model=True).without_thoughts())
    elif isinstance(message, dict):
        yield Reply(content_of(fields, f"{path}.message", message, of_model=True).without_thoughts())
    else:
        name = next(
            (key for key in ("completion", "response", "generation", "text") if isinstance(body.get(key), str)), None
        )
        if name is not None:
            yield Reply(content_of(fields, path, body, name).without_thoughts())


_FORMS: tuple[tuple[str, Callable[[Fields, str, list[Json]], Iterator[Reply]]], ...] = (
    ("choices", _choices),
    ("candidates", _candidates),
    ("output", _output),
    ("results", _makers),
    ("outputs", _makers),
    ("generations", _makers),
)
"""Where replies hold their answers, and what reads them there."""
