"""Guesses for lists of messages that say who speaks: an exchange in one list, or what was asked beside an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.core.model import Json
from workbench.importers.mapping.field_names import spelled
from workbench.importers.mapping.fields_seen import Field, json_in, speakers

Said = tuple[str, str]
"""A path, and why it is not sure."""

_ROLES = {
    "user": "user", "human": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "model": "assistant", "bot": "assistant",
    "ai": "assistant",
}  # fmt: skip
_ANSWERED = frozenset(("response", "choices", "output", "candidates", "response_body", "completion"))


def exchange(fields: Sequence[Field]) -> dict[str, Said]:
    """Prompt and answer of a list that holds both."""
    for field, lists in _lists(fields):
        roles = [_spoken(turns) for turns in lists]
        answer = _place(roles, "assistant")
        asked = _place(roles, "user")
        if answer is None or asked is None:
            continue
        text = _text_key(lists[0])
        longer = max(map(len, lists)) > 2
        doubt = "some conversations are longer; each record gives its first or last answer" if longer else ""
        plain = all(isinstance(turn[text], str) for turns in lists for turn in turns[:2])
        if plain:
            return {
                "prompt": (f"{field.path}.{asked}.{text}", doubt),
                "response": (f"{field.path}.{answer}.{text}", doubt),
            }
    return {}


def messages(fields: Sequence[Field], answer: str) -> Said | None:
    """The prompt as a list of messages that ends with what was asked; `answer` is the path of the answer."""
    for field, lists in _lists(fields):
        above = {spelled(part) for part in field.parts}
        if above & _ANSWERED or answer.startswith(f"{field.path}."):
            continue
        if not all(_ROLES.get(_who(turns[-1])) == "user" for turns in lists):
            continue
        if not field.texts and not field.inside:
            return field.path, ""
        text = _text_key(lists[0])
        if all(isinstance(turns[-1][text], str) for turns in lists):
            longer = "what stands before the last message is left out" if max(map(len, lists)) > 1 else ""
            return f"{field.path}.-1.{text}", longer
    return None


def _lists(fields: Sequence[Field]) -> Iterator[tuple[Field, list[list[dict[str, Json]]]]]:
    """The fields that are lists of messages in all records, be they JSON in a text."""
    for field in fields:
        found = [json_in(value) if isinstance(value, str) else value for value in field.values]
        if found and all(speakers(value) for value in found):
            yield field, found


def _who(turn: dict[str, Json]) -> str:
    keys = speakers([turn])
    return str(turn[keys[0]]).strip().lower() if keys else ""


def _text_key(turns: list[dict[str, Json]]) -> str:
    keys = speakers(turns)
    return keys[1] if keys else "content"


def _spoken(turns: list[dict[str, Json]]) -> list[str]:
    return [_ROLES.get(_who(turn), "") for turn in turns]


def _place(roles: Sequence[Sequence[str]], role: str) -> int | None:
    """The index at which all lists have this role: the same from the start, or from the end; None where none is."""
    shortest: int = min(len(said) for said in roles)
    places: tuple[int, ...] = (*range(min(3, shortest)), -1, -2)
    for index in places:
        if all(-len(said) <= index < len(said) and said[index] == role for said in roles):
            return index
    return None
