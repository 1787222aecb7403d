"""ChatGPT's data export: `conversations.json`, each a tree of messages in `mapping`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import NOT_TEXT, Content, as_text
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_ROLES = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}
_THOUGHTS = ("thoughts", "reasoning_recap")
_INSTRUCTIONS = ("user_editable_context", "model_editable_context")
_TO_ALL = ("all", None, "")


class ChatGpt(RecordsImporter):
    """Every branch is read. Thoughts and calls of tools belong to the answer that follows them."""

    key = "chatgpt"
    title = "ChatGPT data export (conversations.json)"
    suffixes = (".json",)
    why = "conversations of a ChatGPT export, each with a mapping of messages"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A mapping of nodes with parents and children."""
        mapping = record.get("mapping")
        if not isinstance(mapping, dict) or not ("current_node" in record or "conversation_id" in record):
            return False
        first = next(iter(mapping.values()), None)
        return first is None or (isinstance(first, dict) and "message" in first and "children" in first)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message of the assistant that says something to the person."""
        mapping = fields.record.get("mapping")
        if not isinstance(mapping, dict):
            raise RecordError(f"`mapping` is {kind_of(mapping)}, not an object")
        messages = [_message(fields, key, node) for key, node in mapping.items()]
        identity = fields.label("conversation_id") or fields.label("id")
        time, model = fields.label("create_time"), fields.label("default_model_slug")
        yield from answers_of_tree(messages, fields.label("current_node"), identity, model=model, time=time)


def _message(fields: Fields, key: str, node: Json) -> Message:
    path = f"mapping.{key}"
    if not isinstance(node, dict):
        raise RecordError(f"`{path}` is {kind_of(node)}, not an object")
    own = fields.sound(key)
    parent = fields.checked_label(f"{path}.parent", node.get("parent"))
    message = node.get("message")
    if message is None:
        return Message(own, parent)
    if not isinstance(message, dict):
        raise RecordError(f"`{path}.message` is {kind_of(message)}, not an object")
    author, metadata = _object(message.get("author")), _object(message.get("metadata"))
    role = _ROLES.get(str(author.get("role")))
    if role is None:
        raise RecordError(f"`{path}.message.author.role` is “{str(author.get('role'))[:40]}”, which is not known")
    content, kind = _content(fields, f"{path}.message.content", message.get("content"))
    if kind in _INSTRUCTIONS:
        role = "system"
    spoken = content.text or content.flags
    hidden = metadata.get("is_visually_hidden_from_conversation") is True
    within = role == "assistant" and (kind in _THOUGHTS or message.get("recipient") not in _TO_ALL)
    if within and kind not in _THOUGHTS:
        name = fields.checked(path, as_text(message.get("recipient")))
        content = Content("", "", ((name, content.text),))
    if not (spoken or within) or (hidden and role != "system"):
        return Message(own, parent)
    return Message(
        own,
        parent,
        Turn(role, content),
        fields.checked_label(f"{path}.message.metadata.model_slug", metadata.get("model_slug")),
        fields.checked_label(f"{path}.message.create_time", message.get("create_time")),
        ("truncated",) if _object(metadata.get("finish_details")).get("type") == "max_tokens" else (),
        open=within,
    )


def _content(fields: Fields, path: str, value: Json) -> tuple[Content, str]:
    """What a message says, and the kind of its content."""
    content = _object(value)
    kind = str(content.get("content_type") or "text")
    if kind in _THOUGHTS:
        thoughts = content.get("thoughts")
        said = [
            "\n".join(as_text(thought[key]) for key in ("summary", "content") if thought.get(key))
            for thought in (thoughts if isinstance(thoughts, list) else [])
            if isinstance(thought, dict)
        ]
        return Content("", fields.checked(path, "\n".join(said))), kind
    if "parts" not in content:
        found = next((content[key] for key in ("text", "result", "model_set_context") if content.get(key)), "")
        if kind in _INSTRUCTIONS:
            stated = [content.get(key) for key in ("user_profile", "user_instructions", "model_set_context")]
            found = "\n\n".join(as_text(text) for text in stated if text)
        return Content(fields.checked(f"{path}.text", as_text(found))), kind
    parts = content["parts"]
    if not isinstance(parts, list):
        raise RecordError(f"`{path}.parts` is {kind_of(parts)}, not a list")
    texts = [_part(fields, f"{path}.parts.{at}", part) for at, part in enumerate(parts)]
    other = any(not isinstance(part, str) for part in parts)
    return Content("".join(texts), flags=(NOT_TEXT,) if other else ()), kind


def _part(fields: Fields, path: str, part: Json) -> str:
    if isinstance(part, str):
        return fields.checked(path, part)
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        return fields.checked(path, part["text"])  # what was said aloud
    kind = _object(part).get("content_type")
    return f"[{fields.checked(path, as_text(kind or 'part'))[:40]}]"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
