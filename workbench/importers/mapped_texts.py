"""What a mapping's paths lead to where it is no plain text, and what was meant where they lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from workbench.core.model import Json
from workbench.importers.mapping.fields_seen import fields_of, speakers
from workbench.importers.messages.chat import context_of, turns_of
from workbench.importers.messages.content import parts_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.parse import RecordError

_MOST = 3
_LIKE = 0.6


def asked_in(fields: Fields, path: str, value: Json) -> str:
    """The prompt at a path: a text, parts of a message, or messages, which are written as other formats write them.

    Raises RecordError for anything else.
    """
    keys = speakers(value)
    if keys is None:
        return text_in(fields, path, value)
    prompt = context_of(turns_of(fields, path, value, *keys)).prompt()
    if prompt is None:
        raise RecordError(f"`{path}` asks nothing")
    return prompt


def text_in(fields: Fields, path: str, value: Json) -> str:
    """The text at a path, or that of a message's parts; raises RecordError for anything else."""
    if not (isinstance(value, list) and value and all(isinstance(p, dict) and "type" in p for p in value)):
        return fields.checked(path, value)
    content = parts_of(fields, path, value)
    fields.flags.extend(flag for flag in content.flags if flag not in fields.flags)
    return content.text


def meant(word: str, known: Iterable[str]) -> str:
    """The known words that a misspelled one may stand for, as a question; empty where none is like it."""
    found = {name.casefold(): name for name in reversed(list(known))}
    last = {name.rpartition(".")[2].casefold(): name for name in reversed(list(found.values()))}
    lower = word.casefold()
    close = difflib.get_close_matches(lower, found, _MOST, _LIKE)
    names = [found[name] for name in close] or ([last[lower]] if lower in last else [])
    return f"Did you mean {' or '.join(f'“{name}”' for name in dict.fromkeys(names))}? " if names else ""


def paths_in(record: Json) -> list[str]:
    """The paths of a record that lead to a text or number."""
    return [field.path for field in fields_of([record]) if field.kind not in ("an object", "a list")]
