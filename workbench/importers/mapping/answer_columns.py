"""Columns that hold answers of answer_columns models to one prompt, each of which comes in under a name of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.importers.mapping.field_names import names_something_else, spelled
from workbench.importers.mapping.fields_seen import Field, is_label, names_a_model
from workbench.importers.mapping.guess import map_line

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_PAIRS = ({"chosen", "rejected"}, {"preferred", "dispreferred"}, {"winner", "loser"})
_MOST = 12


class AnswerColumn(NamedTuple):
    """A column of answers, the field that names its model where there is one, and else what to call it for now.

    `map_line` is the mapping that reads it, as words for the command line.
    """

    path: str
    model_path: str
    name: str
    map_line: str


def answer_columns(fields: Sequence[Field], mapping: Mapping[str, str]) -> tuple[AnswerColumn, ...]:
    """The columns of answers where there are more than one; `mapping` is the guess, which takes one of them."""
    best = next((field for field in fields if field.path == mapping.get("response")), None)
    if best is None:
        return ()
    taken = {path for key, path in mapping.items() if key not in ("response", "model")}
    found = [field for field in fields if field is best or (field.path not in taken and _answers_too(best, field))]
    if len(found) < 2:
        return ()
    return tuple(_column(f, _model_of(f, found, fields), mapping) for f in found[:_MOST])


def _column(own: Field, model_path: str, mapping: Mapping[str, str]) -> AnswerColumn:
    kept = {key: path for key, path in mapping.items() if key != "model"}
    mapped = {**kept, "response": own.path} | ({"model": model_path} if model_path else {})
    return AnswerColumn(own.path, model_path, own.parts[-1], map_line(mapped))


def _answers_too(best: Field, other: Field) -> bool:
    """Whether another field beside this one holds answers too: other texts, under a name of the same kind."""
    if other.parts[:-1] != best.parts[:-1] or other.inside != best.inside:
        return False
    if other.share() <= 0.5 or other.values == best.values or (is_label(other) and not is_label(best)):
        return False
    one, two = best.parts[-1], other.parts[-1]
    if {one.lower(), two.lower()} in _PAIRS or (names_a_model(one) and names_a_model(two)):
        return True
    return not names_something_else(spelled(two)) and _difference(one, two) is not None


def _difference(one: str, other: str) -> tuple[str, str] | None:
    """The parts in which two names differ, where that is one part of several, or a letter or number at the end."""
    mine, yours = ([token.lower() for token in _TOKEN.findall(name)] for name in (one, other))
    if len(mine) == len(yours) > 1:
        apart = [(a, b) for a, b in zip(mine, yours, strict=True) if a != b]
        return apart[0] if len(apart) == 1 else None
    short, long = sorted((mine, yours), key=len)
    if short and long[:-1] == short and (long[-1].isdigit() or len(long[-1]) == 1):
        return ("", long[-1]) if short is mine else (long[-1], "")
    return None


def _model_of(column: Field, columns: Sequence[Field], fields: Sequence[Field]) -> str:
    """The field that names the model of a column, as `model_a` does that of `response_a`; empty where there is none."""
    other = next(field for field in columns if field is not column)
    apart = _difference(column.parts[-1], other.parts[-1])
    if apart is None:
        return ""
    for field in fields:
        tokens = [token.lower() for token in _TOKEN.findall(field.parts[-1])]
        beside = field.parts[:-1] == column.parts[:-1] and field not in columns and is_label(field)
        if (
            beside
            and "model" in tokens
            and [t for t in tokens if t not in ("model", "name")] == [*filter(None, apart[:1])]
        ):
            return field.path
    return ""
