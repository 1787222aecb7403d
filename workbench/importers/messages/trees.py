"""Conversations whose messages name the one before them, so that several may follow one: a tree.

Chat programs keep every answer that was asked for again and every question that was asked otherwise. All of them are
read. The shown branch is the one that the program had open; an answer beside it for which the same model has another
one on it carries the flag `other branch`, and so do the answers that follow such a one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.core.model import OTHER_BRANCH, Json
from workbench.importers.messages.bodies import SYSTEM, extra_of
from workbench.importers.messages.chat import NO_QUESTION, Context, Turn
from workbench.importers.messages.content import APART, TOOLS, Content
from workbench.importers.reading.records_importer import Answer, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class Message(NamedTuple):
    """A message of a tree. Without a turn it is there for the ones that follow it; `failed` says why it is no answer.

    A message that is `open` belongs to the answer that follows it: thoughts, or the call of a tool within an answer.
    """

    id: str
    parent: str | None
    turn: Turn | None = None
    model: str | None = None
    time: str | None = None
    flags: tuple[str, ...] = ()
    open: bool = False
    failed: str = ""


class _Place(NamedTuple):
    """Where a walk through the tree is: what was said before, in how many answers, and what waits for its answer."""

    message: Message
    context: Context
    number: int
    left: bool
    waiting: Content


def answers_of_tree(
    messages: Sequence[Message],
    shown: str | None,
    identity: str | None,
    *,
    model: str | None = None,
    time: str | None = None,
    more: Mapping[str, Json] | None = None,
) -> Taken:
    """One answer a message of the assistant, branch by branch; `shown` is the last message of the shown branch.

    `model` and `time` are those of the whole conversation, for messages that do not state theirs.
    """
    tree = _Tree(messages, shown)
    nothing = Content("")
    stack = [_Place(m, Context(), 0, False, nothing) for m in reversed(tree.roots)]
    reached = 0
    while stack:
        place = stack.pop()
        reached += 1
        message, context = place.message, place.context
        number, waiting = place.number, place.waiting
        left = place.left or tree.is_left(message)
        after = tree.after.get(message.id, [])
        if message.failed:
            yield RecordError(message.failed)
        elif message.turn is not None and message.turn.role == "assistant":
            content = _joined(waiting, message.turn.content)
            if message.open and after and not _ends(after):
                waiting = content
            else:
                number += context.prompt() is not None
                sample = tree.sample(message)
                yield _answer(message, content, context, number, sample, identity, left, model, time, more)
                # A greeting is no part of what the questions after it ask.
                context = _with(context, Turn("assistant", content), after) if number else context
                waiting = nothing
        elif message.turn is not None and not (message.turn.role == "tool" and waiting is not nothing):
            # What a tool gave back in the midst of an answer belongs to that answer, and is passed over.
            context = _with(context, message.turn, after)
        for at, child in enumerate(reversed(after)):
            own = context if at == len(after) - 1 else context.copy()
            stack.append(_Place(child, own, number, left, waiting))
    if reached < len(messages):
        yield RecordError(f"{len(messages) - reached} messages follow each other in a circle")


def _with(context: Context, turn: Turn, after: Sequence[Message]) -> Context:
    """The conversation with one turn more; calls of tools within an answer are no words of it."""
    if after or turn.role == "system":
        content = turn.content._replace(tools=()) if turn.content.text else turn.content
        context.add(turn._replace(content=content))
    return context


def _ends(after: Iterable[Message]) -> bool:
    """Whether a person speaks next."""
    return all(message.turn is not None and message.turn.role == "user" for message in after)


def _joined(before: Content, content: Content) -> Content:
    """An answer with the thoughts and calls that led to it."""
    if not (before.text or before.reasoning or before.tools):
        return content
    flags = [*before.flags, *content.flags, *([APART] if before.reasoning else []), *([TOOLS] if before.tools else [])]
    return Content(
        "\n\n".join(filter(None, [before.text, content.text])),
        "\n".join(filter(None, [before.reasoning, content.reasoning])),
        (*before.tools, *content.tools),
        tuple(dict.fromkeys(flags)),
    )


def _answer(
    message: Message,
    content: Content,
    context: Context,
    number: int,
    sample: str | None,
    identity: str | None,
    left: bool,
    model: str | None,
    time: str | None,
    more: Mapping[str, Json] | None,
) -> Answer:
    prompt = context.prompt()
    flags = [*content.flags, *message.flags]
    flags += [f"turn {number}"] if number > 1 else []
    flags += [NO_QUESTION] if prompt is None else []
    flags += [OTHER_BRANCH] if left else []
    flags += [SYSTEM] if context.system else []
    record = f"{identity}/{message.id}" if identity else message.id
    return Answer(
        content.text,
        prompt,
        record if prompt is None else None,
        message.model or model,
        record,
        sample,
        message.time or time,
        tuple(dict.fromkeys(flags)),
        extra_of(content, system=context.system, **(more or {})),
    )


class _Tree:
    """Messages by the one that they follow."""

    def __init__(self, messages: Sequence[Message], shown: str | None) -> None:
        self.by_id = {message.id: message for message in messages}
        if len(self.by_id) < len(messages):
            raise RecordError("two messages of the conversation have one id")
        self.roots: list[Message] = []
        self.after: dict[str, list[Message]] = {}
        for message in messages:
            if message.parent is None or message.parent not in self.by_id:
                self.roots.append(message)
            else:
                self.after.setdefault(message.parent, []).append(message)
        self._tops = {message.id for message in self.roots}
        self._shown = set(self._above(shown))

    def is_left(self, message: Message) -> bool:
        """Whether it stands beside the shown branch, which has another message in its place."""
        if not self._shown or message.id in self._shown:
            return False
        beside = [other for other in self._beside(message) if other.id in self._shown]
        asked = message.turn is None or message.turn.role != "assistant"
        return any(asked or other.turn is None or other.model == message.model for other in beside)

    def sample(self, message: Message) -> str | None:
        """The number of an answer among those of its model to the same question; None where it is the only one."""
        same = [
            m.id for m in self._beside(message) if m.turn and m.turn.role == "assistant" and m.model == message.model
        ]
        return str(same.index(message.id)) if len(same) > 1 else None

    def _beside(self, message: Message) -> Sequence[Message]:
        """The messages that follow the same one, itself among them."""
        return self.roots if message.id in self._tops else self.after[message.parent or ""]

    def _above(self, leaf: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while leaf is not None and leaf in self.by_id and leaf not in seen:
            seen.add(leaf)
            yield leaf
            leaf = self.by_id[leaf].parent


def in_a_row(turns: Sequence[Message]) -> list[Message]:
    """Messages of which each follows the one before it."""
    return [message._replace(parent=turns[at - 1].id if at else None) for at, message in enumerate(turns)]
