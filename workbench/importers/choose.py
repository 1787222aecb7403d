"""Which importer reads a file: the one that was named, or the one that knows its content."""

from __future__ import annotations

from workbench.core.errors import BadInputError, UsageError
from workbench.importers.archive import Archive
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.mapping.json_files import MappedObject
from workbench.importers.mapping.mapped import PLACE
from workbench.importers.reading.sample import begins_with
from workbench.importers.registry import ARCHIVE, by_key, claim


def choose(opened: Opened, options: Options, key: str | None = None) -> Importer:
    """The importer named by `key`, or else the one that claims the file.

    Raises BadInputError, with what the file is and how it could be mapped, when there is none.
    """
    if key is not None:
        return _asked_for(opened, by_key(key))
    if options.mapping.get(PLACE) and opened.container != ARCHIVE:
        return _holder_of_records(opened)
    claims = claim(opened, options)
    if len(claims) == 1:
        return claims[0][0]
    from workbench.importers.preview import refusal

    raise refusal(opened)


def _holder_of_records(opened: Opened) -> Importer:
    """Who reads a file of which the mapping says where its records are."""
    if not opened.container and begins_with(opened) == "{":
        return by_key(MappedObject.key)
    raise UsageError(
        f"The mapping says where the records are, and “{opened.name}” is not one JSON object that holds them.",
        hint=f"Leave --map {PLACE}=PATH away.",
    )


def _asked_for(opened: Opened, importer: Importer) -> Importer:
    """The importer that was named, or for an archive the one that reads each file in it by that importer."""
    if importer.container == opened.container:
        return importer
    if opened.container == ARCHIVE:
        return by_key(f"{Archive.key}:{importer.key}")
    kind = opened.container or "text"
    raise BadInputError(
        f"“{opened.name}” is of the kind {kind}, which the format {importer.key} is not.",
        hint="Leave --format away; `workbench preview FILE` shows what the file is.",
    )
