"""Which importer reads a file: the one that was named, or the one that knows its content."""

from __future__ import annotations

from workbench.core.errors import BadInputError
from workbench.importers.archive import Archive
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.registry import ARCHIVE, by_key, claim


def choose(opened: Opened, options: Options, key: str | None = None) -> Importer:
    """The importer named by `key`, or else the one that claims the file.

    Raises BadInputError, with what the file is and how it could be mapped, when there is none.
    """
    if key is not None:
        return _asked_for(opened, by_key(key))
    claims = claim(opened, options)
    if len(claims) == 1:
        return claims[0][0]
    from workbench.importers.preview import refusal

    raise refusal(opened)


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
