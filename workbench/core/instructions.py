"""Who asked for the examination, for which matter, and in which words; each statement is a line of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from workbench.core.documents import checked_day
from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.text import one_line, well_formed
from workbench.core.typed_json import plain, read

INSTRUCTIONS_STATED = "instructions stated"

_LONGEST = {"words": 6_000, "papers": 2_000}
_LINE = 200


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the report says of the matter and of those who instruct; what is empty was not stated.

    `words` are the instructions as they were given, and `papers` what was handed over with them. `received` is a date.
    """

    reference: str = ""
    court: str = ""
    parties: str = ""
    client: str = ""
    instructed_by: str = ""
    received: str = ""
    words: str = ""
    papers: str = ""

    @property
    def stated(self) -> bool:
        """Whether anything was stated."""
        return self != Instructions()

    def with_(self, given: Mapping[str, str]) -> Instructions:
        """The same with some of it stated otherwise; raises UsageError for a text that is too long."""
        for name, text in given.items():
            longest = _LONGEST.get(name, _LINE)
            if len(text) > longest:
                raise UsageError(
                    f"{name.replace('_', ' ').capitalize()}: {len(text):,} characters are too long.",
                    hint=f"At most {longest:,}. Take a longer text in as a document.",
                )
        kept = {
            name: well_formed(text)[0].strip() if name in _LONGEST else one_line(text.strip(), _LINE)
            for name, text in given.items()
        }
        return replace(
            self, **kept | ({"received": checked_day("The day", kept["received"])} if "received" in kept else {})
        )


NAMES = tuple(field.name for field in fields(Instructions))


def instructions_of(lines: Iterable[Json]) -> Instructions:
    """What the last of some lines of the ledger states; each holds all of it."""
    last = Instructions()
    for line in lines:
        if line["action"] == INSTRUCTIONS_STATED:
            last = read(Instructions, line["options"]["instructions"])
    return last


def stated_options(now: Instructions) -> Json:
    """What the line holds."""
    return {"instructions": plain(now)}
