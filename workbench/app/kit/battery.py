"""The battery of prompts that ships with the workbench, and the part of it that somebody chooses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from workbench.core.errors import UsageError
from workbench.core.resources import resource


@dataclass(frozen=True, slots=True)
class KitPrompt:
    """One prompt: `repeats` is the suggested number of samples, `reference` the right answer where there is one."""

    id: str
    kind: str
    topic: str
    language: str
    length: str
    repeats: int
    prompt: str
    reference: str = ""


@cache
def kinds() -> dict[str, str]:
    """The kinds of prompt in their order, each with what it shows."""
    return {k["kind"]: k["shows"] for k in json.loads(resource("kit/kinds.json").read_text("utf-8"))}


@cache
def battery() -> tuple[KitPrompt, ...]:
    """All prompts, by kind and number."""
    lines = (line for kind in kinds() for line in resource(f"kit/battery/{kind}.jsonl").read_text("utf-8").splitlines())
    return tuple(KitPrompt(**json.loads(line)) for line in lines)


def chosen(kinds_: Sequence[str], topics: Sequence[str], languages: Sequence[str]) -> tuple[KitPrompt, ...]:
    """The prompts of these kinds, topics and languages; an empty list means all.

    Raises UsageError for a name that the battery does not have, and where no prompt is left.
    """
    known = {"kind": list(kinds()), "topic": _values("topic"), "language": _values("language")}
    asked = {"kind": kinds_, "topic": topics, "language": languages}
    for what, names in asked.items():
        unknown = [name for name in names if name not in known[what]]
        if unknown:
            raise UsageError(
                f"The battery has no {what} “{unknown[0]}”.", hint=f"It has: {', '.join(known[what])}."
            )  # fmt: skip
    found = tuple(p for p in battery() if all(not names or getattr(p, what) in names for what, names in asked.items()))
    if not found:
        raise UsageError("No prompt is of that kind, topic and language at once.", hint="Ask for less at a time.")
    return found


def _values(what: str) -> list[str]:
    return sorted({getattr(prompt, what) for prompt in battery()})
