"""Answers that decline: a first person, and a negated ability or willingness, at the start of the answer.

The rule is grammatical and names no vendor's phrase: in each language a pronoun (or a verb form that holds it)
before a negated modal, or the adjective of inability; in English also what a person may be asked for after it
(help, write, tell), or a word of declining. It flags answers for a reader to look at; no score, no selection and no
verdict reads it. What it misses: refusals without a first person ("This request ..."), later in a long answer, in
other languages, or with help all the same ("While I can't ..., I can ..."). In English it passes over what is
quoted, letters, dialogues, conditions and praise ("I can't recommend it enough"); it flags wrongly where an answer
writes in a person's name that he won't help, and such phrases in the other languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from workbench.core.model import Json
from workbench.core.resources import resource

REFUSALS = "inability-3"
"""Name of the rule; a change of any pattern changes the name."""

OPENING = 240
"""Characters at the start of an answer in which the statement must stand."""

_APOSTROPHES = str.maketrans("\u2019\u02bc\uff07", "'''")


class _Rule(NamedTuple):
    """Words without one of which nothing is looked for, the pattern, and what is taken out before; in lower case."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    aside: re.Pattern[str] | None


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[_Rule, ...]]:
    """The rules of each language."""
    stored = json.loads(resource("examination/refusals.json").read_text(encoding="utf-8"))
    return {name: tuple(_of(given)) for name, given in stored["languages"].items()}


def _of(given: Json) -> Iterator[_Rule]:
    aside = re.compile(given["aside"], re.MULTILINE) if "aside" in given else None
    for rule in (given, *given.get("more", ())):
        pattern = rule["pattern"]
        for name, part in given.get("parts", {}).items():
            pattern = pattern.replace(f"<{name}>", part)
        yield _Rule(tuple(rule["words"]), re.compile(pattern), aside)


@lru_cache(maxsize=1)
def _in_ascii() -> tuple[_Rule, ...]:
    """The rules that may hold for an opening in ASCII, by the words that may stand in it."""
    found = (rule._replace(words=tuple(word for word in rule.words if word.isascii())) for rule in _all())
    return tuple(rule for rule in found if rule.words)


@lru_cache(maxsize=1)
def _all() -> tuple[_Rule, ...]:
    return tuple(rule for rules in _rules().values() for rule in rules)


def languages() -> tuple[str, ...]:
    """The languages that the rule knows, by their ISO 639-1 codes."""
    return tuple(_rules())


def refuses(text: str) -> bool:
    """Whether the opening of an answer states, in the first person, that it can't or won't; a flag, never a weight."""
    opening = text[:OPENING].lower()
    if opening.isascii():
        tried = _in_ascii()
    else:
        opening, tried = opening.translate(_APOSTROPHES), _all()
    return any(_holds(rule, opening) for rule in tried)


def _holds(rule: _Rule, opening: str) -> bool:
    for word in rule.words:
        if word in opening:
            if rule.pattern.search(opening) is None:
                return False
            return rule.aside is None or rule.pattern.search(rule.aside.sub(" … ", opening)) is not None
    return False
