"""Answers that decline: a first person, and a negated ability or willingness, at the start of the answer.

The rule is grammatical and names no vendor's phrase: in each language a pronoun (or a verb form that holds
it) before a negated modal, or the adjective of inability. It flags answers for a reader to look at; no score,
no selection and no verdict reads it. What it misses: refusals without a first person ("This request ..."),
later in a long answer, or in other languages. In English it passes over what is quoted, over conditions and
over praise ("I can't recommend it enough"); it flags wrongly where an answer writes in somebody's name that he
can't, and such phrases in the other languages.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from workbench.core.resources import resource

REFUSALS = "inability-2"
"""Name of the rule; a change of any pattern changes the name."""

OPENING = 240
"""Characters at the start of an answer in which the statement must stand."""

_APOSTROPHES = str.maketrans("\u2019\u02bc\uff07", "'''")


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[tuple[str, ...], re.Pattern[str]]]:
    """For each language words without one of which nothing is looked for, and the pattern, both in lower case."""
    told = json.loads(resource("examination/refusals.json").read_text(encoding="utf-8"))
    return {name: (tuple(rule["words"]), re.compile(rule["pattern"])) for name, rule in told["languages"].items()}


@lru_cache(maxsize=1)
def _in_ascii() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """The rules that may hold for an opening in ASCII, by the words that may stand in it."""
    found = ((tuple(word for word in words if word.isascii()), pattern) for words, pattern in _rules().values())
    return tuple((words, pattern) for words, pattern in found if words)


def languages() -> tuple[str, ...]:
    """The languages that the rule knows, by their ISO 639-1 codes."""
    return tuple(_rules())


def refuses(text: str) -> bool:
    """Whether the opening of an answer states, in the first person, that it can't or won't; a flag, never a weight."""
    opening = text[:OPENING].lower()
    if opening.isascii():
        tried = _in_ascii()
    else:
        opening, tried = opening.translate(_APOSTROPHES), tuple(_rules().values())
    for words, pattern in tried:
        for word in words:
            if word in opening:
                if pattern.search(opening):
                    return True
                break
    return False
