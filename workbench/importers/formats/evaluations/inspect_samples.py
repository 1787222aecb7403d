"""One sample of an Inspect AI log: what the model was asked last, and what came back.

The answer is the sample's output; what an agent said on its way there stands in the prompt, as the conversation so
far. Texts that a log keeps aside as attachments are put back. Samples that were invalidated give no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.core.collection_times import split_settings
from workbench.core.model import Json
from workbench.importers.messages.bodies import FILTERED, SYSTEM, extra_of
from workbench.importers.messages.chat import Context, context_of, turns_of
from workbench.importers.messages.content import Content, as_text, content_of
from workbench.importers.reading.fields import TRUNCATED, Fields, kind_of
from workbench.importers.reading.records_importer import Answer, Taken
from workbench.importers.reading.tolerant_parse import RecordError

INVALIDATED = "the sample was invalidated"
FAILED = "the sample failed afterwards"
MISSING = "attachment missing"

_HEADER = ("version", "status", "eval", "plan")


def lacks_samples(log: Mapping[str, Json]) -> bool:
    """Whether an object is a log of Inspect whose samples are not in it."""
    return all(name in log for name in _HEADER) and not log.get("samples")


_SCHEMES = ("attachment://", "tc://")
_STOPPED = {
    "max_tokens": TRUNCATED, "model_length": TRUNCATED, "content_filter": FILTERED,
}  # fmt: skip
_DEEPEST = 60


def sample_answers(fields: Fields, requested: Mapping[str, Json]) -> Taken:
    """The answers of a sample, one for each choice; `requested` is what the log says of model and settings.

    Raises RecordError for a sample that was invalidated, failed without an answer, or is none.
    """
    invalidation = fields.record.get("invalidation")
    if invalidation:
        raise RecordError(f"{INVALIDATED}{_why(invalidation, 'reason')}")
    resolve = _Resolver(fields)
    output = _object(fields, "output")
    choices = output.get("choices")
    if not isinstance(choices, list) or not choices:
        raise RecordError(f"the sample has no answer{_why(fields.record.get('error'), 'message')}")
    context = _request(fields, resolve, choices)
    identity, epoch = fields.label("id"), fields.label("epoch")
    if identity is None:
        raise RecordError("`id` is missing")
    model = fields.checked_label("output.model", output.get("model")) or _text(requested.get("requested_model"))
    prompt = context.prompt()
    for at, choice in enumerate(choices):
        content, flags = _choice(fields, resolve, f"output.choices.{at}", choice)
        turn = _turns_before(fields)
        yield Answer(
            content.text,
            prompt,
            identity,
            model,
            fields.label("uuid"),
            f"{epoch or 1}" if not at else f"{epoch or 1}/{at + 1}",
            fields.label("completed_at"),
            (
                *content.flags,
                *flags,
                *([f"turn {turn + 1}"] if turn else []),
                *([SYSTEM] if context.system else []),
                *([FAILED] if fields.record.get("error") else []),
            ),
            extra_of(content, system=context.system, **requested),
        )


def requested_by(header: Json) -> Mapping[str, Json]:
    """The model and the settings that a log's header asks for, as far as it holds them."""
    evaluation = header.get("eval") if isinstance(header, dict) else None
    if not isinstance(evaluation, dict):
        return {}
    plan, model = header.get("plan"), evaluation.get("model")
    settings = evaluation.get("model_generate_config") or (plan.get("config") if isinstance(plan, dict) else None)
    decoding, run = split_settings(settings)
    named = model if isinstance(model, str) else None
    stated = {"requested_model": named, "settings": decoding, "run_settings": run}
    return {key: value for key, value in stated.items() if value}


class _Resolver:
    """Puts the attachments of a sample back to where they were taken from."""

    def __init__(self, fields: Fields) -> None:
        held = fields.record.get("attachments")
        self._held: Mapping[str, Json] = held if isinstance(held, dict) else {}
        self._flags = fields.flags

    def __call__(self, value: Json, depth: int = 0) -> Json:
        if isinstance(value, str):
            return self._text(value)
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self(item, depth + 1) for key, item in value.items()}
        return value

    def _text(self, text: str) -> Json:
        for scheme in _SCHEMES:
            if text.startswith(scheme):
                found = self._held.get(text[len(scheme) :])
                if isinstance(found, str):
                    return found
                if MISSING not in self._flags:
                    self._flags.append(MISSING)
        return text


def _request(fields: Fields, resolve: _Resolver, choices: Sequence[Json]) -> Context:
    """What stood before the answer: the messages up to it, or where there are none the input."""
    messages = resolve(fields.record.get("messages"))
    if isinstance(messages, list) and messages:
        before = messages[:-1] if _is_answer(messages[-1], resolve(choices[0])) else messages
        if before:
            return context_of(turns_of(fields, "messages", [_plain(message) for message in before]))
    value = resolve(fields.record.get("input"))
    if isinstance(value, str):
        value = [{"role": "user", "content": value}]
    if not isinstance(value, list) or not value:
        raise RecordError(f"`input` is {kind_of(value)}, neither a text nor messages")
    return context_of(turns_of(fields, "input", [_plain(message) for message in value]))


def _is_answer(message: Json, choice: Json) -> bool:
    """Whether the last message is the answer itself, which a log gives twice."""
    answer = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict) or not isinstance(answer, dict) or message.get("role") != "assistant":
        return False
    ids = message.get("id"), answer.get("id")
    if None not in ids:
        return ids[0] == ids[1]
    return bool(message.get("content") == answer.get("content"))


def _plain(message: Json) -> Json:
    """A message with its tool calls as others write them."""
    calls = message.get("tool_calls") if isinstance(message, dict) else None
    if not isinstance(calls, list):
        return message
    named = [
        {"name": call["function"], "arguments": call.get("arguments", "")}
        if isinstance(call, dict) and isinstance(call.get("function"), str)
        else call
        for call in calls
    ]
    return message | {"tool_calls": named}


def _choice(fields: Fields, resolve: _Resolver, path: str, choice: Json) -> tuple[Content, list[str]]:
    if not isinstance(choice, dict) or not isinstance(choice.get("message"), dict):
        raise RecordError(f"`{path}.message` is missing")
    content = content_of(fields, f"{path}.message", _plain(resolve(choice["message"])))
    stopped = _STOPPED.get(as_text(choice.get("stop_reason") or ""))
    return content.without_thoughts(), [stopped] if stopped else []


def _turns_before(fields: Fields) -> int:
    """How many answers the model gave before this one: those that Inspect says it generated."""
    messages = fields.record.get("messages")
    if not isinstance(messages, list):
        return 0
    output = fields.record["output"]["choices"][0]
    before = messages[:-1] if messages and _is_answer(messages[-1], output) else messages
    return sum(isinstance(m, dict) and m.get("role") == "assistant" for m in before)


def _object(fields: Fields, name: str) -> Mapping[str, Json]:
    value = fields.record.get(name)
    if not isinstance(value, dict):
        raise RecordError(f"`{name}` is {kind_of(value)}, not an object")
    return value


def _why(value: Json, key: str) -> str:
    said = value.get(key) if isinstance(value, dict) else value
    return f": {said[:200]}" if isinstance(said, str) and said else ""


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
