"""Which field is probably what, by the names that people usually give."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

NAMES: Mapping[str, tuple[str, ...]] = {
    "prompt": ("prompt", "question", "instruction", "input", "query", "user", "problem", "request"),
    "response": (
        "response",
        "output",
        "answer",
        "completion",
        "text",
        "content",
        "generation",
        "output_text",
        "reply",
        "model_output",
        "generated_text",
        "prediction",
    ),
    "model": ("model", "generator", "model_id", "model_name", "engine"),
    "prompt_key": ("question_id", "prompt_id", "custom_id", "prompt_key", "doc_id", "id", "uid"),
    "time": ("time", "created", "timestamp", "created_at", "tstamp", "date", "datetime"),
    "sample": ("sample", "sample_index", "sample_id", "repeat", "epoch", "run", "index"),
}
_ASKED = {"request", "messages", "prompt", "input", "usage", "metadata", "instance", "doc"}
_ANSWERED = {"response", "choices", "output", "usage", "metadata", "message", "completion", "result"}
_TEXTS = ("prompt", "response", "model")


class Field(NamedTuple):
    """A path into the records, the type of what stands there, and an example of it."""

    path: str
    kind: str
    example: str
    parts: tuple[str, ...] = ()


def guess_of_names(key: str, names: Sequence[str]) -> str:
    """The name among these that most probably stands for `key`; empty when none does."""
    lower = {name.lower(): name for name in reversed(names)}
    return next((lower[usual] for usual in NAMES[key] if usual in lower), "")


def guessed(fields: Iterable[Field]) -> dict[str, str]:
    """A mapping for records with these fields, as far as their names tell."""
    known = [field for field in fields if field.kind not in ("an object", "a list")]
    found = _conversation(known)
    for key in ("prompt", "response", "model", "prompt_key", "time", "sample"):
        if key in found or (key == "prompt_key" and "prompt" in found):
            continue
        taken = set(found.values())
        ranked = sorted((rank, f.path) for f in known if (rank := _rank(key, f)) and f.path not in taken)
        if ranked:
            found[key] = ranked[0][1]
    return found


def map_line(mapping: Mapping[str, str]) -> str:
    """The mapping as words for the command line, quoted for a shell where needed."""
    return " ".join(f"--map {shlex.quote(f'{key}={path}')}" for key, path in mapping.items())


def _rank(key: str, field: Field) -> tuple[int, int, int] | None:
    """How well a field fits, smallest best; None when it does not."""
    parts = [part.lower() for part in field.parts]
    name, above = parts[-1], set(parts[:-1])
    if name not in NAMES[key] or (key in _TEXTS and field.kind not in ("a text", "null")):
        return None
    if (key == "response" and above & _ASKED) or (key == "prompt" and above & _ANSWERED):
        return None
    indexes = sum(part.isdigit() for part in parts)
    if key == "sample" and (indexes or len(parts) > 2):
        return None
    # An answer inside `choices` is the whole one; elsewhere the shallow field is the likelier.
    chat = 0 if key == "response" and parts[-3:-1] and "choices" in above and name == "content" else 1
    return chat, NAMES[key].index(name) + 10 * (len(parts) - 1), len(parts)


def _conversation(fields: Sequence[Field]) -> dict[str, str]:
    """Prompt and answer of a list of turns that say who speaks."""
    at = {field.parts: field for field in fields}
    found: dict[str, str] = {}
    for field in fields:
        if len(field.parts) < 3 or field.parts[-1] not in ("role", "from", "speaker"):
            continue
        key = {"user": "prompt", "human": "prompt", "assistant": "response", "gpt": "response"}.get(field.example)
        texts = (at.get((*field.parts[:-1], name)) for name in ("content", "value", "text"))
        text = next((t for t in texts if t is not None), None)
        if key and text and key not in found and "choices" not in field.parts:
            found[key] = text.path
    return found if len(found) == 2 else {}
