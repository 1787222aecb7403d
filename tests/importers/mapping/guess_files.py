"""What invented files of answers are made of, and how they are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

ASKED = (
    "Why is the sky blue?",
    "Write a short poem about winter.",
    "Explain how a heat pump works.",
    "Translate “good morning” into Spanish.",
    "What should I pack for a week at sea?",
    "Summarise the causes of the First World War.",
)
SAID = (
    "Because the air scatters short waves more than long ones, and blue is short.",
    "Snow has the last word,\nthe gate keeps quiet,\nand so do I.",
    "It moves heat from outside to inside by boiling and condensing a refrigerant, over and over.",
    "Buenos días.",
    "Sunscreen, a warm layer, something against sickness, and fewer clothes than you think you need.",
    "Alliances, armaments, nationalism and a murder in Sarajevo, in an order that historians still argue about.",
)
MORE = (
    "The atmosphere scatters blue light most of all.",
    "White on the window, white on the hill.",
    "A compressor pumps the heat uphill, so to speak.",
    "“Buenos días” is what you say.",
    "Bring layers, and a good book.",
    "It was a chain of promises that nobody dared to break.",
)
SHORT = ("Rayleigh scattering", "(a poem)", "Vapour compression", "Buenos días", "(a list)", "Alliances")
IDS = tuple(f"7f3c{n:02d}a1-90b{n}-4c1e-8d55-0b1c2d3e4f{n:02d}" for n in range(6))
TIMES = tuple(f"2025-03-0{n + 1}T10:0{n}:00Z" for n in range(6))


class Case(NamedTuple):
    """A file, the mapping that reads it, and which of the guesses must be called unsure."""

    name: str
    data: bytes
    mapping: dict[str, str]
    unsure: frozenset[str] = frozenset()


Make = Callable[[Sequence[dict[str, object]]], bytes]


def lines(records: Sequence[object]) -> bytes:
    """JSON lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def array(records: Sequence[object]) -> bytes:
    """A JSON array."""
    return json.dumps(records, ensure_ascii=False, indent=2).encode()


def table(records: Sequence[dict[str, object]], delimiter: str = ",", header: bool = True) -> bytes:
    """CSV, or what is like it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    if header:
        writer.writerow(records[0])
    writer.writerows(record.values() for record in records)
    return out.getvalue().encode()


def semicolons(records: Sequence[dict[str, object]]) -> bytes:
    """CSV as a German spreadsheet writes it."""
    return b"\xef\xbb\xbf" + table(records, ";")


def rows(**columns: Sequence[object] | Callable[[int], object]) -> list[dict[str, object]]:
    """Six records of these columns."""
    return [{name: column(n) if callable(column) else column[n] for name, column in columns.items()} for n in range(6)]


def named(columns: dict[str, Sequence[object] | Callable[[int], object]]) -> list[dict[str, object]]:
    """Six records of columns whose names are no words of Python."""
    return rows(**columns)


def case(name: str, data: bytes, unsure: str = "", **mapping: str) -> Case:
    """A case; `unsure` are keys with spaces between them."""
    return Case(name, data, mapping, frozenset(unsure.split()))


def plain(question: str, answer: str, make: Make = table, **more: Sequence[object] | Callable[[int], object]) -> bytes:
    """A file with these names for prompt and answer."""
    return make(named({question: ASKED, answer: SAID, **more}))


def gpt(n: int) -> str:
    """A model's name, the same in each record."""
    return "gpt-4o-mini"


TURNS = [[{"role": "system", "content": "Be brief."}, {"role": "user", "content": asked}] for asked in ASKED]
OPENAI = [
    {
        "id": f"chatcmpl-{n}",
        "created": 1740000000 + n,
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 20},
    }
    for n, said in enumerate(SAID)
]
GEMINI = [
    {
        "request": {"contents": [{"role": "user", "parts": [{"text": asked}]}]},
        "response": {
            "candidates": [{"content": {"role": "model", "parts": [{"text": said}]}}],
            "modelVersion": "gemini-1.5-pro",
        },
    }
    for asked, said in zip(ASKED, SAID, strict=True)
]
ANTHROPIC = [
    {
        "params": {"model": "claude-3-5-sonnet", "messages": [{"role": "user", "content": asked}]},
        "reply": {
            "id": f"msg_{n}",
            "model": "claude-3-5-sonnet-20241022",
            "content": [{"type": "text", "text": SAID[n]}],
        },
    }
    for n, asked in enumerate(ASKED)
]
PAIRS = rows(prompt=ASKED, response=SAID)
