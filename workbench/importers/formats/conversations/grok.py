"""Grok's data export: conversations with their responses, of which `sender` says who wrote them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn, role_of
from workbench.importers.messages.content import content_of
from workbench.importers.messages.trees import Message, answers_of_tree, in_a_row
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class Grok(RecordsImporter):
    """Only responses of the sender assistant are answers, whatever the field that holds them is called."""

    key = "grok"
    title = "Grok data export (prod-grok-backend.json)"
    suffixes = (".json",)
    why = "conversations of a Grok export, with responses and their senders"
    places = (("conversations",), ())

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A conversation beside responses, the first of which says who sent it."""
        responses = record.get("responses")
        if not isinstance(responses, list) or "conversation" not in record:
            return False
        return not responses or "sender" in _response(responses[0])

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a response of the assistant."""
        listed = fields.record.get("responses")
        if not isinstance(listed, list):
            raise RecordError(f"`responses` is {kind_of(listed)}, not a list")
        messages = [_message(fields, f"responses.{at}", _response(one)) for at, one in enumerate(listed)]
        if not any(message.parent for message in messages):
            messages = in_a_row(messages)
        conversation = fields.record.get("conversation")
        known = conversation if isinstance(conversation, dict) else {}
        identity = fields.checked_label("conversation.id", known.get("id"))
        yield from answers_of_tree(messages, None, identity, time=_time(fields, known))


def _response(one: Json) -> Mapping[str, Json]:
    inner = one.get("response") if isinstance(one, dict) else None
    return inner if isinstance(inner, dict) else {}


def _message(fields: Fields, path: str, response: Mapping[str, Json]) -> Message:
    sender = fields.checked(f"{path}.sender", response.get("sender"))
    role = role_of(sender.lower())
    if role not in ("user", "assistant"):
        raise RecordError(f"`{path}.sender` is “{sender[:40]}”, which is no sender that is known")
    content = content_of(fields, path, response, "message", of_model=role == "assistant")
    return Message(
        fields.checked_label(f"{path}._id", response.get("_id")) or path,
        fields.checked_label(f"{path}.parent_response_id", response.get("parent_response_id")),
        Turn(role, content.without_thoughts() if role == "assistant" else content),
        fields.checked_label(f"{path}.model", response.get("model")) if role == "assistant" else None,
        _time(fields, response),
    )


def _time(fields: Fields, held: Mapping[str, Json]) -> str | None:
    """A time, also as MongoDB writes it: milliseconds since 1970, within `$date` and `$numberLong`."""
    value = held.get("create_time")
    for name in ("$date", "$numberLong"):
        value = value.get(name) if isinstance(value, dict) else value
    label = fields.checked_label("create_time", value)
    return f"{label[:-3]}.{label[-3:]}" if label and label.isdigit() and len(label) == 13 else label
