"""DeepSeek's data export: `conversations.json`, each a tree of messages in `mapping` that are made of fragments."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import APART, NOT_TEXT, Content
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class DeepSeek(RecordsImporter):
    """A fragment says whether it is a request, a thought or a response; every branch is read."""

    key = "deepseek"
    title = "DeepSeek data export (conversations.json)"
    suffixes = (".json",)
    why = "conversations of a DeepSeek export, each with a mapping of messages in fragments"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A mapping of nodes whose messages have fragments."""
        mapping = record.get("mapping")
        if not isinstance(mapping, dict) or "current_node" in record or "conversation_id" in record:
            return False
        messages = [node.get("message") for node in mapping.values() if isinstance(node, dict)]
        return any(isinstance(message, dict) and "fragments" in message for message in messages)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a message with a response."""
        mapping = fields.record.get("mapping")
        if not isinstance(mapping, dict):
            raise RecordError(f"`mapping` is {kind_of(mapping)}, not an object")
        messages = [_message(fields, key, node) for key, node in mapping.items()]
        yield from answers_of_tree(messages, None, fields.label("id"), time=fields.label("inserted_at"))


def _message(fields: Fields, key: str, node: Json) -> Message:
    path = f"mapping.{key}"
    if not isinstance(node, dict):
        raise RecordError(f"`{path}` is {kind_of(node)}, not an object")
    own, parent = fields.sound(key), fields.checked_label(f"{path}.parent", node.get("parent"))
    message = node.get("message")
    if message is None:
        return Message(own, parent)
    fragments = message.get("fragments") if isinstance(message, dict) else None
    if not isinstance(fragments, list):
        raise RecordError(f"`{path}.message.fragments` is {kind_of(fragments)}, not a list")
    said: dict[str, list[str]] = {"REQUEST": [], "THINK": [], "RESPONSE": []}
    flags: list[str] = []
    for at, fragment in enumerate(fragments):
        kind = str(fragment.get("type")) if isinstance(fragment, dict) else ""
        if kind in said:
            said[kind].append(fields.checked(f"{path}.message.fragments.{at}.content", fragment.get("content")))
        elif NOT_TEXT not in flags:
            flags.append(NOT_TEXT)  # what was searched for or read
    asked = bool(said["REQUEST"])
    if said["THINK"]:
        flags.append(APART)
    text = "".join(said["REQUEST" if asked else "RESPONSE"])
    return Message(
        own,
        parent,
        Turn("user" if asked else "assistant", Content(text, "\n".join(said["THINK"]), flags=tuple(flags))),
        fields.checked_label(f"{path}.message.model", message.get("model")),
        fields.checked_label(f"{path}.message.inserted_at", message.get("inserted_at")),
    )
