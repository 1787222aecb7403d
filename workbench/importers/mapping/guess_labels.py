"""Which fields are the model, the prompt's id, the time and the number of the sample, by name and by value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from workbench.core.model import Json
from workbench.importers.mapping.field_names import WEAK, likeness, spelled
from workbench.importers.mapping.fields_seen import (
    Field,
    is_label,
    is_model,
    is_prose,
    is_time,
    json_in,
    numbers,
    speakers,
)

Said = tuple[str, str]
"""A path, and why it is not sure."""

_OF_PROMPT = re.compile(r"prompt|question|quer|custom|^qid$|item|task|problem|example|instance|doc|frage|pregunta")
_ASKED = frozenset(("request", "request_body", "params", "messages", "usage", "metadata", "input",
                    "inputs"))  # fmt: skip
_SPEAKERS = frozenset(("role", "from", "speaker"))
_ENOUGH = 30.0
_SMALL = 10_000
_FEW = 3


def labels(fields: Sequence[Field], texts: Mapping[str, str]) -> dict[str, Said]:
    """The labels among these fields; `texts` are the paths of prompt and answer, as far as they are known."""
    found: dict[str, Said] = {}
    for key, of in _OF.items():
        taken = {*texts.values(), *(path for path, _ in found.values())}
        free = [field for field in fields if (field.path not in taken and not field.inside) or key == "model"]
        ranked = sorted(((-score, at) for at, f in enumerate(free) if (score := _score(key, f)) >= _ENOUGH))
        said = of([free[at] for _, at in ranked], fields, texts)
        if said is not None:
            found[key] = said
    return found


def _score(key: str, field: Field) -> float:
    parts = [spelled(part) for part in field.parts]
    if field.kind in ("an object", "a list", "true or false") or any(part in ("choices", "parts") for part in parts):
        return 0.0
    below = len(parts) - 1
    asked = 20.0 if key == "model" and _ASKED & set(parts[:-1]) else 0.0
    return likeness(key, parts[-1]) - 10.0 * below - asked - (100.0 if key == "sample" and below > 1 else 0.0)


def _model(ranked: Sequence[Field], fields: Sequence[Field], texts: Mapping[str, str]) -> Said | None:
    for field in ranked:
        short = field.kind in ("a text", "null") and all(0 < len(t) <= 200 for t in field.texts)
        few = len(field.values) < 8 or field.distinct <= max(_FEW, len(field.values) // 2)
        if (short and few and not is_prose(field)) or is_model(field):
            return field.path, ""
    rest = [f for f in fields if f.path not in texts.values() and not f.inside and f.parts[-1] not in _SPEAKERS]
    named = [f for f in rest if is_model(f)]
    if len(named) == 1 and len(named[0].values) > 1 and len(named[0].parts) <= _FEW:
        return named[0].path, "by its values alone"
    return None


def _prompt_key(ranked: Sequence[Field], fields: Sequence[Field], texts: Mapping[str, str]) -> Said | None:
    """An id that goes with the prompt: beside a prompt it must have one value for each prompt, and no other."""
    at = {field.path: field for field in fields}
    prompt = at.get(texts.get("prompt", ""))
    for field in ranked:
        if not is_label(field):
            continue
        if "prompt" not in texts:
            sure = field.distinct == len(field.values) or bool(_OF_PROMPT.search(spelled(field.parts[-1])))
            return field.path, "" if sure else "it is not different in all records"
        if prompt is not None and _goes_with(field, prompt):
            return field.path, ""
    return None


def _pairs(one: Field, other: Field) -> set[tuple[str, str]]:
    """The different pairs of texts and numbers; lists and objects may be nested too deeply to be written."""
    both = zip(one.values, other.values, strict=True)
    return {(str(a), str(b)) for a, b in both if not isinstance(a, dict | list) and not isinstance(b, dict | list)}


def _goes_with(field: Field, prompt: Field) -> bool:
    of_prompt = bool(_OF_PROMPT.search(spelled(field.parts[-1]))) and len(field.parts) == 1
    if len(field.values) != len(prompt.values):
        return False
    pairs = _pairs(field, prompt)
    one_each = len(pairs) == field.distinct == prompt.distinct
    return one_each and (of_prompt or field.distinct < len(field.values))


def _time(ranked: Sequence[Field], fields: Sequence[Field], texts: Mapping[str, str]) -> Said | None:
    for field in ranked:
        trusted = len(field.values) < _FEW and spelled(field.parts[-1]) not in WEAK
        if is_time(field) or (trusted and is_label(field)):
            return field.path, ""
    return None


def _sample(ranked: Sequence[Field], fields: Sequence[Field], texts: Mapping[str, str]) -> Said | None:
    """A small number that differs between answers; one that is the same everywhere numbers nothing."""
    prompt = next((f for f in fields if f.path == texts.get("prompt", texts.get("prompt_key"))), None)
    for field in ranked:
        found, weak = numbers(field), spelled(field.parts[-1]) in WEAK
        if found is None and (weak or not is_label(field)):
            continue
        if field.constant or (weak and len(found or ()) < 2):
            continue
        rows = prompt is not None and prompt.distinct == len(prompt.values) > _FEW
        if (rows and field.distinct == len(field.values)) or (found and max(found) > _SMALL and weak):
            continue
        if prompt is not None and len(prompt.values) == len(field.values):
            pairs = _pairs(prompt, field)
            if len(pairs) == prompt.distinct < len(field.values):
                continue
        return field.path, ""
    return None


_OF: Mapping[str, Callable[[Sequence[Field], Sequence[Field], Mapping[str, str]], Said | None]] = {
    "model": _model,
    "prompt_key": _prompt_key,
    "time": _time,
    "sample": _sample,
}


"""A path, and why it is not sure."""

_ROLES = {
    "user": "user", "human": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "model": "assistant", "bot": "assistant",
    "ai": "assistant",
}  # fmt: skip
_KNOWN = {*_ROLES, "system", "developer", "tool", "function"}
_WHO = _SPEAKERS | {"sender", "author", "type", "sender_type", "message_type", "author_role"}
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


def who_speaks(fields: Sequence[Field], answer: str) -> Said | None:
    """The field beside the answer that says of each record who speaks, with the value that means the model."""
    own = next((field for field in fields if field.path == answer), None)
    if own is None:
        return None
    for field in fields:
        if field.parts[:-1] != own.parts[:-1] or field is own or spelled(field.parts[-1]) not in _WHO:
            continue
        roles = {str(value).strip().lower() for value in field.texts}
        of_model = sorted(role for role in roles if _ROLES.get(role) == "assistant")
        if len(of_model) == 1 and len(roles) > 1 and 2 * sum(role in _KNOWN for role in roles) > len(roles):
            return f"{field.path}={of_model[0]}", f"“{field.path}” says who speaks: only the model's words are answers"
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
