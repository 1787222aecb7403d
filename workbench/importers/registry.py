"""All importers, and which of them reads a file."""

from __future__ import annotations

from workbench.core.errors import UsageError
from workbench.importers.alpaca_eval import AlpacaEval
from workbench.importers.base import Claim, Importer, Opened, Options
from workbench.importers.fastchat import FastChat
from workbench.importers.mapped_csv import MappedCsv
from workbench.importers.mapped_json import MappedJson
from workbench.importers.mapped_jsonl import MappedJsonLines
from workbench.importers.opening import text_only

IMPORTERS: tuple[Importer, ...] = (AlpacaEval(), FastChat(), MappedJson(), MappedJsonLines(), MappedCsv())


def claim(opened: Opened, options: Options | None = None) -> list[tuple[Importer, Claim]]:
    """The importers that recognise the content; with a mapping in the options only the mapped ones are asked.

    Raises BadInputError for a file that is not text.
    """
    text_only(opened)
    mapped = bool(options and options.mapping)
    asked = [(i, i.sniff(opened)) for i in IMPORTERS if i.asked_only is mapped]
    return [(importer, found) for importer, found in asked if found is not None]


def by_key(key: str) -> Importer:
    """The importer of that name; raises UsageError for an unknown one."""
    for importer in IMPORTERS:
        if importer.key == key:
            return importer
    known = ", ".join(importer.key for importer in IMPORTERS)
    raise UsageError(f"There is no format “{key}”.", hint=f"The formats are: {known}.")
