"""What a small file after a program's public documentation holds, with the answers that a person reads in it.

The texts are invented. `Export.answers` holds prompt, answer and model of every answer in the order of the file; a
prompt of None is one that the file does not hold.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Right = tuple[str | None, str, str | None]


@dataclass(frozen=True, slots=True)
class Export:
    """A file of a program: its name, its text, and what must come of it."""

    name: str
    text: str
    answers: tuple[Right, ...]
    rejected: int = 0


def as_json(value: Any) -> str:
    """The value as an indented JSON document."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def as_lines(records: Sequence[Any]) -> str:
    """The records as JSON lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def as_table(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    """The rows as CSV, or with another sign between the cells."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


ASK, REPLY = "Why does bread rise?", "Yeast makes gas, and dough holds it."
MORE, THEN = "And without yeast?", "Then soda does the same."
THOUGHT = "The person wants one cause."
TWO: tuple[tuple[str, str], ...] = ((ASK, REPLY), (MORE, THEN))


def second_answer(model: str | None, turns: str = f"USER: {ASK}\n\nASSISTANT: {REPLY}\n\nUSER: {MORE}") -> Right:
    """The answer to the second question of the conversation, whose prompt is what was said before it."""
    return turns, THEN, model
