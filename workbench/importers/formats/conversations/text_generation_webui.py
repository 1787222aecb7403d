"""text-generation-webui's chats: pairs of question and answer in `internal`, with older answers in `metadata`."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import Content
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_GREETING = ("<|BEGIN-VISIBLE-CHAT|>", "")
_NAMES = (("internal", "visible"), ("data", "data_visible"))
"""The lists of pairs as the model had them and as they were shown, today and in older versions."""


class TextGenerationWebUi(RecordsImporter):
    """A greeting of the character, which answers no question, is kept under an id."""

    key = "text_generation_webui"
    title = "text-generation-webui chat (JSON)"
    suffixes = (".json",)
    why = "a chat of text-generation-webui, with pairs of question and answer"
    note = "Chats of text-generation-webui may not say which model answered: give its name with --model."
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Two lists of pairs."""
        return any(_are_pairs(record.get(own)) and _are_pairs(record.get(shown)) for own, shown in _NAMES)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a pair, and each older version of it."""
        name = next((own for own, _ in _NAMES if own in fields.record), "internal")
        pairs = fields.record.get(name)
        if not isinstance(pairs, list):
            raise RecordError(f"`{name}` is {kind_of(pairs)}, not a list")
        metadata = fields.record.get("metadata")
        beside = metadata if isinstance(metadata, dict) else {}
        messages: list[Message] = []
        parent: str | None = None
        for at, pair in enumerate(pairs):
            if not isinstance(pair, list) or len(pair) != 2:
                raise RecordError(f"`{name}.{at}` is no pair of question and answer")
            asked = fields.checked(f"{name}.{at}.0", pair[0])
            if asked not in _GREETING:
                messages.append(Message(f"user_{at}", parent, Turn("user", Content(asked))))
                parent = f"user_{at}"
            found = _versions(fields, f"{name}.{at}.1", at, pair[1], beside.get(f"assistant_{at}"), parent)
            messages += found
            parent = found[-1].id
        yield from answers_of_tree(messages, parent, None)


def _are_pairs(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in value[:20])


def _versions(fields: Fields, path: str, at: int, value: Json, beside: Json, parent: str | None) -> list[Message]:
    """The answer of a pair, which comes last, after its other versions."""
    facts = beside if isinstance(beside, dict) else {}
    model = fields.checked_label(f"metadata.assistant_{at}.model_name", facts.get("model_name"))
    time = fields.checked_label(f"metadata.assistant_{at}.timestamp", facts.get("timestamp"))
    text = fields.checked(path, value)
    listed = facts.get("versions")
    others = [v.get("content") for v in listed if isinstance(v, dict)] if isinstance(listed, list) else []
    texts = [fields.checked(path, other) for other in others if other != text]
    return [
        Message(
            f"assistant_{at}" if n == len(texts) else f"assistant_{at}.{n}",
            parent,
            Turn("assistant", Content(one).without_thoughts()),
            model,
            time,
        )
        for n, one in enumerate([*texts, text])
    ]
