"""Google AI Studio's prompts as they lie on Drive: `chunkedPrompt` with chunks of user and model."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.collection_times import split_settings
from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import APART, NOT_TEXT, Content
from workbench.importers.messages.trees import Message, answers_of_tree, in_a_row
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_FINISHED = {"MAX_TOKENS": "truncated", "SAFETY": "content filter", "PROHIBITED_CONTENT": "content filter"}


class AiStudio(RecordsImporter):
    """Chunks of the model that follow each other are one answer; those that are thoughts are kept apart."""

    key = "ai_studio"
    title = "Google AI Studio prompt (JSON)"
    suffixes = (".json",)
    why = "a prompt of Google AI Studio, with chunks of user and model"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A prompt in chunks."""
        prompt = record.get("chunkedPrompt")
        return isinstance(prompt, dict) and isinstance(prompt.get("chunks"), list)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a turn of the model."""
        prompt = fields.record.get("chunkedPrompt")
        chunks = prompt.get("chunks") if isinstance(prompt, dict) else None
        if not isinstance(chunks, list):
            raise RecordError("`chunkedPrompt.chunks` is missing")
        messages: list[Message] = []
        system = _said(fields.record.get("systemInstruction"))
        if system:
            turn = Turn("system", Content(fields.checked("systemInstruction", system)))
            messages.append(Message("system", None, turn))
        for at, chunk in enumerate(chunks):
            message = _message(fields, f"chunkedPrompt.chunks.{at}", chunk)
            before = messages[-1] if messages else None
            if before and before.turn and message.turn and before.turn.role == message.turn.role == "assistant":
                messages[-1] = before._replace(
                    turn=Turn("assistant", _together(before.turn.content, message.turn.content)),
                    flags=tuple(dict.fromkeys([*before.flags, *message.flags])),
                )
            else:
                messages.append(message)
        run = fields.record.get("runSettings")
        stated = run if isinstance(run, dict) else {}
        settings, _ = split_settings({key: value for key, value in stated.items() if key != "model"})
        model = fields.checked_label("runSettings.model", stated.get("model"))
        more = {"settings": settings} if settings else None
        yield from answers_of_tree(in_a_row(messages), None, None, model=_bare(model), more=more)


def _message(fields: Fields, path: str, chunk: Json) -> Message:
    if not isinstance(chunk, dict):
        raise RecordError(f"`{path}` is {kind_of(chunk)}, not an object")
    role = {"user": "user", "model": "assistant"}.get(str(chunk.get("role")))
    if role is None:
        raise RecordError(f"`{path}.role` is “{str(chunk.get('role'))[:40]}”, which is no speaker that is known")
    text = fields.checked(f"{path}.text", _said(chunk))
    flags = [] if "text" in chunk or "parts" in chunk else [NOT_TEXT]
    content = Content(text, flags=tuple(flags))
    if role == "assistant" and chunk.get("isThought") is True:
        content = Content("", text, flags=(APART,))
    elif flags and role == "user":
        kind = next((key for key in chunk if key not in ("role", "tokenCount")), "part")
        content = Content(f"[{fields.checked(path, kind)[:40]}]", flags=(NOT_TEXT,))
    finished = _FINISHED.get(str(chunk.get("finishReason")).upper())
    return Message(path, None, Turn(role, content), flags=(finished,) if finished else ())


def _said(chunk: Json) -> str:
    """The text of a chunk, or of the parts of one that are no thoughts."""
    if isinstance(chunk, str):
        return chunk
    if not isinstance(chunk, dict):
        return ""
    if isinstance(chunk.get("text"), str):
        return str(chunk["text"])
    parts = chunk.get("parts")
    listed = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return "".join(str(part.get("text", "")) for part in listed if part.get("thought") is not True)


def _together(one: Content, other: Content) -> Content:
    return Content(
        one.text + other.text,
        "\n".join(filter(None, [one.reasoning, other.reasoning])),
        (*one.tools, *other.tools),
        tuple(dict.fromkeys([*one.flags, *other.flags])),
    )


def _bare(model: str | None) -> str | None:
    return model.removeprefix("models/") if model else None
