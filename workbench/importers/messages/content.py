"""What a message holds: its text, and apart from it the reasoning, the tool calls, the parts that are no text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench.core.model import Json
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.tolerant_parse import RecordError

APART = "reasoning apart"
TOOLS = "tool call"
REFUSAL = "refusal"
NO_CONTENT = "null content"
NOT_TEXT = "not only text"

_TEXT_PARTS = ("text", "input_text", "output_text")
_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_CALL, _OUTPUT, _SERVED = "_call", "_call_output", "_tool_result"
_ARGUMENTS = ("arguments", "input", "args", "action", "code", "queries")
_NO_WORDS = ("container_upload", "compaction", "mcp_list_tools", "mcp_approval_request")
_THOUGHTS = ("thinking", "think", "reasoning", "text", "content", "summary")
_BESIDE = ("reasoning_content", "reasoning", "thinking", "audio", "tool_calls", "function_call", "refusal")
"""What may stand beside a message's text."""

_THINK = re.compile(
    r"\s*<(?:think|(thinking|thought|reasoning))>(?P<thoughts>.*?)(?(1)</\1>|(?:</think>|\Z))\s*", re.DOTALL
)
"""Thoughts before an answer. Where they were cut off, `<think>` alone is sure to begin some."""
_UNTHINK = re.compile(r"</think>[ \t]*\r?\n")
"""Where thoughts end whose first mark was in the prompt: such a mark ends its line."""


class Content(NamedTuple):
    """A message taken apart. `tools` are pairs of a name and its arguments; `flags` say what was met."""

    text: str
    reasoning: str = ""
    tools: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The text with its tool calls, as a later turn has them before it."""
        calls = [f"[call {name} {arguments}]" for name, arguments in self.tools]
        return "\n".join([*([self.text] if self.text or not calls else []), *calls])

    def without_thoughts(self) -> Content:
        """The same with a leading `<think>` block moved to the reasoning; its first mark may stand in the prompt."""
        if not has_thoughts(self.text):
            return self
        found = _THINK.match(self.text)
        if found:
            thoughts, rest = found["thoughts"], self.text[found.end() :]
        else:
            thoughts, rest = _UNTHINK.split(self.text, maxsplit=1)
        reasoning = "\n".join(filter(None, (self.reasoning, thoughts.strip())))
        return self._replace(text=rest.lstrip(), reasoning=reasoning, flags=_more(self.flags, APART))


def has_thoughts(text: str) -> bool:
    """Whether a text begins with a model's thoughts, as models write them that think aloud."""
    start = text[:64].lstrip()[:11]
    if start.startswith(("<think>", "<thinking>", "<thought>", "<reasoning>")):
        return _THINK.match(text) is not None
    return "</think>" in text and "<think>" not in text and _UNTHINK.search(text) is not None


_DETAILS = re.compile(
    r"<details\b(?P<attributes>[^>]*\btype=\"(?P<kind>reasoning|tool_calls|code_interpreter)\"[^>]*)>(?P<inside>.*?)</details>\s*",
    re.DOTALL,
)
_SUMMARY = re.compile(r"\s*<summary>.*?</summary>\s*", re.DOTALL)
_NAME = re.compile(r'\bname="([^"]*)"')
_ARGUMENTS_OF = re.compile(r'\barguments="([^"]*)"')
_QUOTED = re.compile(r"^> ?", re.MULTILINE)


def without_details(content: Content) -> Content:
    """The content with the thoughts and calls that Open WebUI writes into a text as `<details>` taken out of it."""
    thoughts, tools = [content.reasoning] if content.reasoning else [], list(content.tools)
    for found in _DETAILS.finditer(content.text):
        if found["kind"] == "reasoning":
            thoughts.append(_QUOTED.sub("", html.unescape(_SUMMARY.sub("", found["inside"]))).strip())
        else:
            name, arguments = _NAME.search(found["attributes"]), _ARGUMENTS_OF.search(found["attributes"])
            called = html.unescape(arguments[1]) if arguments else _SUMMARY.sub("", found["inside"]).strip()
            tools.append((html.unescape(name[1]) if name else found["kind"], called))
    flags = [*content.flags, *([APART] if thoughts else []), *([TOOLS] if tools else [])]
    text = _DETAILS.sub("", content.text)
    return Content(text, "\n".join(thoughts), tuple(tools), tuple(dict.fromkeys(flags)))


def content_of(
    fields: Fields, path: str, message: Mapping[str, Json], name: str = "content", *, of_model: bool = False
) -> Content:
    """The content of a message in the forms of OpenAI, Anthropic and those who write like them.

    In an answer, as `of_model` says that it is one, what a tool gave back is not the model's words. Raises RecordError
    for a content that is neither text, nor parts, nor null.
    """
    value = message.get(name)
    if isinstance(value, str) and not any(map(message.get, _BESIDE)):
        return Content(fields.sound(value))
    found = _Found(fields, of_model=of_model)
    if value is None and name not in message and not _speaks_otherwise(message):
        raise RecordError(f"`{path}.{name}` is missing")
    found.take(f"{path}.{name}", value)
    for key in ("reasoning_content", "reasoning", "thinking"):
        if message.get(key) and not found.reasoning:
            found.think(f"{path}.{key}", message[key])
    found.hear(f"{path}.audio", message.get("audio"))
    found.calls(f"{path}.tool_calls", message.get("tool_calls"))
    if message.get("function_call"):
        found.call(f"{path}.function_call", message["function_call"])
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal and not found.text:
        found.text.append(fields.checked(f"{path}.refusal", refusal))
        found.flag(REFUSAL)
    elif value is None:
        found.flag(NO_CONTENT)
    return found.content()


def only_words(message: Mapping[str, Json]) -> bool:
    """Whether a message whose content is a text holds nothing else, no thoughts in front of it either."""
    return not any(map(message.get, _BESIDE)) and not has_thoughts(message["content"])


def parts_of(fields: Fields, path: str, value: Json) -> Content:
    """The content of a text or of a list of parts; raises RecordError."""
    if isinstance(value, str):
        return Content(fields.sound(value))
    found = _Found(fields)
    found.take(path, value)
    return found.content()


def as_text(value: Json) -> str:
    """A text as it is, anything else as JSON."""
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "…"


def _speaks_otherwise(message: Mapping[str, Json]) -> bool:
    return any(message.get(key) for key in ("tool_calls", "function_call", "refusal", "reasoning_content", "reasoning"))


def _more(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    return flags if flag in flags else (*flags, flag)


class _Found:
    def __init__(self, fields: Fields, *, of_model: bool = False) -> None:
        self.fields = fields
        self.of_model = of_model
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.tools: list[tuple[str, str]] = []
        self.flags: list[str] = []

    def content(self) -> Content:
        if self.reasoning:
            self.flag(APART)
        if self.tools:
            self.flag(TOOLS)
        return Content("".join(self.text), "\n".join(self.reasoning), tuple(self.tools), tuple(self.flags))

    def flag(self, flag: str) -> None:
        if flag not in self.flags:
            self.flags.append(flag)

    def take(self, path: str, value: Json) -> None:
        if value is None:
            return
        if isinstance(value, str):
            self.text.append(self.fields.checked(path, value))
        elif isinstance(value, list):
            for at, part in enumerate(value):
                self._part(f"{path}.{at}", part)
        elif isinstance(value, dict):
            self._part(path, value)
        else:
            raise RecordError(f"`{path}` is {kind_of(value)}, not a text")

    def think(self, path: str, value: Json) -> None:
        text = next((value[key] for key in _THOUGHTS if value.get(key)), None) if isinstance(value, dict) else value
        if text:
            self.reasoning.append(self.fields.checked(path, as_text(text)))

    def hear(self, path: str, value: Json) -> None:
        """The transcript of an answer that was spoken aloud, where there is no text."""
        said = value.get("transcript") if isinstance(value, dict) else None
        if said and not any(self.text):
            self.text.append(self.fields.checked(f"{path}.transcript", said))
            self.flag(NOT_TEXT)

    def calls(self, path: str, value: Json) -> None:
        if not isinstance(value, list):
            return
        for at, call in enumerate(value):
            self.call(f"{path}.{at}", call)

    def call(self, path: str, value: Json) -> None:
        if not isinstance(value, dict):
            raise RecordError(f"`{path}` is {kind_of(value)}, not an object")
        named = (value.get(key) for key in ("function", "custom"))
        inner: Mapping[str, Json] = next((call for call in named if isinstance(call, dict)), value)
        arguments = next((inner[key] for key in _ARGUMENTS if inner.get(key) is not None), "")
        kind = as_text(value.get("type") or "").removesuffix(_CALL)
        name = self.fields.checked(f"{path}.name", as_text(inner.get("name") or kind or "?"))
        self.tools.append((name, self.fields.checked(path, as_text(arguments))))

    def _part(self, path: str, part: Json) -> None:
        if isinstance(part, str):
            self.text.append(self.fields.checked(path, part))
            return
        if not isinstance(part, dict):
            raise RecordError(f"`{path}` is {kind_of(part)}, not a text or an object")
        kind = part.get("type") or ("text" if "text" in part else "")
        if part.get("thought") is True:
            self.think(path, part.get("text"))
        elif kind in _TEXT_PARTS:
            self.text.append(self.fields.checked(f"{path}.text", _value_of(part.get("text"))))
            if part.get("refusal") is True:
                self.flag(REFUSAL)
        elif "functionCall" in part or _is_call(kind):
            self.call(path, part.get("functionCall", part))
        else:
            self._other(path, as_text(kind), part)

    def _other(self, path: str, kind: str, part: Mapping[str, Json]) -> None:
        if kind in ("thinking", "reasoning", "think"):
            self.think(path, _joined(_thoughts(part)))
        elif kind == "redacted_thinking":
            self.reasoning.append("[redacted]")
        elif kind == "refusal":
            self.text.append(self.fields.checked(f"{path}.refusal", part.get("refusal")))
            self.flag(REFUSAL)
        elif kind == "tool_result" and self.of_model:
            self.flag(NOT_TEXT)
        elif kind == "tool_result" or kind.endswith(_OUTPUT):
            self.take(f"{path}.content", part.get("content", part.get("output")))
        elif kind in _NO_WORDS or kind.endswith(_SERVED):
            self.flag(NOT_TEXT)  # what a service found or ran in the midst of the answer is not the model's words
        else:
            self.text.append(f"[{self.fields.checked(path, kind)[:40] or 'part'}]")
            self.flag(NOT_TEXT)


def _is_call(kind: Json) -> bool:
    return isinstance(kind, str) and (kind in _CALLS or kind.endswith(_CALL))


def _value_of(text: Json) -> Json:
    """The words of a text part; messages of threads have them beside their annotations."""
    return text["value"] if isinstance(text, dict) and "value" in text else text


def _thoughts(part: Mapping[str, Json]) -> Json:
    if part.get("redacted") is True:
        return part.get("summary") or "[redacted]"
    return next((part[key] for key in _THOUGHTS if part.get(key)), None)


def _joined(value: Json) -> Json:
    """Reasoning summaries are lists of texts with a type."""
    if isinstance(value, list):
        return "\n".join(as_text(v.get("text", "")) if isinstance(v, dict) else as_text(v) for v in value)
    return value
