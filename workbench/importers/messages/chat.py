"""Conversations: who said what, and what stood before each answer.

The prompt of an answer is the conversation so far, so that only equal contexts match. One question alone is
its own prompt, word for word. A longer conversation is written as `USER: ...`, `ASSISTANT: ...`, with a blank
line between the turns; beyond `LONGEST` characters what stands before the last turn is named by its number of
turns and its SHA-256, which keeps a conversation of many turns from being held once for each of them.
System prompts are kept apart, since they belong to how the answers were collected.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.importers.messages.content import Content, content_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.tolerant_parse import RecordError

LONGEST = 65_536
NO_QUESTION = "no question before it"

_ROLES = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant",
    "bard": "assistant", "model": "assistant", "bot": "assistant", "ai": "assistant",
    "claude": "assistant", "gemini": "assistant",
    "tool": "tool", "function": "tool", "function_call": "tool", "observation": "tool", "function_response": "tool",
}  # fmt: skip


class Turn(NamedTuple):
    """What one speaker said: `role` is system, user, assistant or tool, `speaker` as the file names it."""

    role: str
    content: Content
    speaker: str = ""
    weight: str | None = None


class Context:
    """The conversation so far, turn by turn."""

    def __init__(self) -> None:
        self._system: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._count = 0
        self._first: Turn | None = None
        self._last = ""
        self._before = hashlib.sha256()

    @property
    def system(self) -> str:
        """The system prompts, one after the other."""
        return "\n\n".join(self._system)

    def add(self, turn: Turn) -> None:
        """One turn more."""
        if turn.role == "system":
            self._system.append(turn.content.text)
            return
        self._count += 1
        if self._first is None:
            self._first = turn
            if turn.role == "user":
                return  # as a rule it is the only one, and then its own words are all that is asked for
        elif self._count == 2 and self._first.role == "user":
            self._write(self._first)
        if self._count > 1:
            self._before.update(self._last.encode("utf-8", "surrogatepass") + b"\n\n")
        self._write(turn)

    def _write(self, turn: Turn) -> None:
        self._last = f"{turn.role.upper()}: {turn.content.spoken}"
        self._length += len(self._last) + 2
        if self._length <= LONGEST:
            self._parts.append(self._last)
        else:
            self._parts.clear()

    def copy(self) -> Context:
        """The same conversation, which goes on for itself."""
        other = Context()
        other._system, other._parts = list(self._system), list(self._parts)
        other._length, other._count, other._first, other._last = self._length, self._count, self._first, self._last
        other._before = self._before.copy()
        return other

    def prompt(self) -> str | None:
        """The prompt of an answer that comes now; None when nothing was said before it."""
        if self._first is None:
            return f"SYSTEM: {self.system}" if self._system else None
        if self._count == 1 and self._first.role == "user":
            return self._first.content.spoken
        if self._parts:
            return "\n\n".join(self._parts)
        before = f"{self._count - 1} turns before, SHA-256 {self._before.hexdigest()}"
        return f"[{before}]\n\n{self._last}"


class SpokenAnswer(NamedTuple):
    """An answer within a conversation: its number among the answers from 1, what it answers, the system prompt."""

    number: int
    turn: Turn
    prompt: str | None
    system: str


def turns_of(fields: Fields, path: str, value: object, speaker: str = "role", text: str = "content") -> list[Turn]:
    """The turns of a list of messages; raises RecordError for one that is none."""
    if not isinstance(value, list):
        raise RecordError(f"`{path}` is {kind_of(value)}, not a list")
    return [turn_of(fields, f"{path}.{at}", message, speaker, text) for at, message in enumerate(value)]


def answers_in(turns: Sequence[Turn]) -> Iterator[SpokenAnswer]:
    """Each answer of a conversation with what stood before it."""
    context = Context()
    number = 0
    for turn in turns:
        if turn.role == "assistant":
            number += 1
            yield SpokenAnswer(number, turn, context.prompt(), context.system)
        context.add(turn)


def context_of(turns: Sequence[Turn]) -> Context:
    """The whole conversation, as what stands before the answer to it."""
    context = Context()
    for turn in turns:
        context.add(turn)
    return context


def role_of(name: str) -> str:
    """The role that the name of a speaker stands for, in small letters; empty for a name that is not known."""
    return _ROLES.get(name, "")


def turn_of(fields: Fields, path: str, message: object, speaker: str = "role", text: str = "content") -> Turn:
    """The turn of one message; raises RecordError when it is none."""
    if not isinstance(message, dict):
        raise RecordError(f"`{path}` is {kind_of(message)}, not an object")
    named = fields.checked(f"{path}.{speaker}", message.get(speaker))
    role = _ROLES.get(named.strip().lower())
    if role is None:
        raise RecordError(f"`{path}.{speaker}` is “{named[:40]}”, which is no speaker that is known")
    content = content_of(fields, path, message, text, of_model=role == "assistant")
    if role == "assistant":
        content = content.without_thoughts()
    weight = message.get("weight")
    return Turn(role, content, named, None if weight is None else fields.checked_label(f"{path}.weight", weight))
