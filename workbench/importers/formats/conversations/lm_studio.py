"""LM Studio's conversations: a file each, in which every message has versions and an answer has steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.importers.messages.chat import Turn
from workbench.importers.messages.content import APART, NOT_TEXT, TOOLS, Content, as_text
from workbench.importers.messages.trees import Message, answers_of_tree
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_CUT = ("maxPredictedTokensReached", "contextLengthReached", "userStopped")


class LmStudio(RecordsImporter):
    """What follows a message follows the version of it that is selected; the other versions are kept and marked."""

    key = "lm_studio"
    title = "LM Studio conversation (.conversation.json)"
    suffixes = (".json",)
    why = "an LM Studio conversation, whose messages have versions"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Messages with versions, one of which is selected."""
        listed = record.get("messages")
        if not isinstance(listed, list) or not listed:
            return False
        return isinstance(listed[0], dict) and "versions" in listed[0] and "currentlySelected" in listed[0]

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a version of a message of the assistant."""
        listed = fields.record.get("messages")
        if not isinstance(listed, list):
            raise RecordError(f"`messages` is {kind_of(listed)}, not a list")
        messages: list[Message] = []
        parent: str | None = None
        system = fields.record.get("systemPrompt")
        if isinstance(system, str) and system:
            messages.append(Message("system", None, Turn("system", Content(fields.checked("systemPrompt", system)))))
            parent = "system"
        for at, message in enumerate(listed):
            versions, selected = _versions(f"messages.{at}", message)
            found = [_version(fields, f"messages.{at}.versions.{n}", v, parent) for n, v in enumerate(versions)]
            messages += found
            parent = found[selected].id if found else parent
        yield from answers_of_tree(messages, parent, fields.label("name"), time=fields.label("createdAt"))


def _versions(path: str, message: Json) -> tuple[list[Json], int]:
    versions = message.get("versions") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(versions, list):
        raise RecordError(f"`{path}.versions` is {kind_of(versions)}, not a list")
    selected = message.get("currentlySelected")
    return versions, selected if isinstance(selected, int) and 0 <= selected < len(versions) else 0


def _version(fields: Fields, path: str, version: Json, parent: str | None) -> Message:
    if not isinstance(version, dict):
        raise RecordError(f"`{path}` is {kind_of(version)}, not an object")
    role = fields.checked(f"{path}.role", version.get("role"))
    if role not in ("user", "assistant", "system"):
        raise RecordError(f"`{path}.role` is “{role[:40]}”, which is no speaker that is known")
    text: list[str] = []
    thoughts: list[str] = []
    tools: list[tuple[str, str]] = []
    flags: list[str] = []
    model = None
    for where, step in _steps(path, version):
        thinking = _object(step.get("style")).get("type") == "thinking"
        made = _object(step.get("genInfo"))
        model = fields.checked_label(where, made.get("identifier") or made.get("indexedModelIdentifier")) or model
        flags += ["truncated"] if _object(made.get("stats")).get("stopReason") in _CUT else []
        content = step.get("content")
        for part in content if isinstance(content, list) else []:
            kind, said = _object(part).get("type"), _object(part).get("text")
            if kind == "text" and isinstance(said, str):
                (thoughts if thinking else text).append(fields.checked(where, said))
            elif kind == "toolCallRequest":
                call = _object(part)
                tools.append((str(call.get("name") or "?"), fields.checked(where, as_text(call.get("parameters", "")))))
            else:
                flags.append(NOT_TEXT)
    if model is None and role == "assistant":
        model = fields.checked_label(path, _object(version.get("senderInfo")).get("senderName"))
    flags += [APART] if thoughts else []
    flags += [TOOLS] if tools else []
    content = Content("".join(text), "\n".join(thoughts), tuple(tools), tuple(dict.fromkeys(flags)))
    if role == "assistant":
        content = content.without_thoughts()
    return Message(path, parent, Turn(role, content), model if role == "assistant" else None)


def _steps(path: str, version: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The blocks of content of a version; what is for finding faults is none."""
    if version.get("type") != "multiStep":
        yield path, version
        return
    steps = version.get("steps")
    for at, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict) and step.get("type") == "contentBlock":
            yield f"{path}.steps.{at}", step


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
