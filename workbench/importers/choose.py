"""Which importer reads a file: the one that was named, or the one that knows its content."""

from __future__ import annotations

from workbench.core.errors import BadInputError, UsageError
from workbench.importers.archive import Archive
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.formats.text_files import TextFiles
from workbench.importers.mapping.json_files import MappedObject
from workbench.importers.mapping.mapped import PLACE
from workbench.importers.preview import refusal
from workbench.importers.reading.sample import begins_with
from workbench.importers.recognise import ZIP, Known, Recognised
from workbench.importers.registry import FORMATS


def recognise(opened: Opened, known: Known | None = None, encoding: str = "") -> Recognised:
    """The file, ready to be asked about; `known` is what was found out about it before, `encoding` what was named."""
    return Recognised(opened, IMPORTERS, known, encoding)


def choose(recognised: Recognised, options: Options, key: str | None = None) -> Importer:
    """The importer named by `key`, or else the one that claims the file.

    Raises BadInputError, with what the file is and how it could be mapped, when there is none.
    """
    opened = recognised.opened
    if key is not None:
        return _named(opened, by_key(key))
    if options.mapping.get(PLACE) and opened.container != ZIP:
        return _holder_of_records(opened)
    claims = recognised.claims(options)
    if len(claims) == 1:
        return claims[0][0]
    raise refusal(recognised)


def by_key(key: str) -> Importer:
    """The importer of that name; raises UsageError for an unknown one.

    `archive:KEY` reads every file in an archive by the importer `KEY`.
    """
    outer, inside, inner = key.partition(":")
    if inside and outer == ARCHIVE.key:
        return ARCHIVE.of(by_key(inner))
    for importer in IMPORTERS:
        if importer.key == key:
            return importer
    known = ", ".join(importer.key for importer in IMPORTERS)
    raise UsageError(f"There is no format “{key}”.", hint=f"The formats are: {known}.")


def _choose_member(opened: Opened, known: Known | None, options: Options, key: str | None) -> Importer:
    return choose(recognise(opened, known, options.encoding), options, key)


def _holder_of_records(opened: Opened) -> Importer:
    """Who reads a file of which the mapping says where its records are."""
    if not opened.container and begins_with(opened) == "{":
        return by_key(MappedObject.key)
    raise UsageError(
        f"The mapping says where the records are, and “{opened.name}” is not one JSON object that holds them.",
        hint=f"Leave --map {PLACE}=PATH away.",
    )


def _named(opened: Opened, importer: Importer) -> Importer:
    """The importer that was named, or for an archive the one that reads each file in it by that importer."""
    if importer.container == opened.container:
        return importer
    if opened.container == ZIP:
        return ARCHIVE.of(importer)
    kind = opened.container or "text"
    raise BadInputError(
        f"“{opened.name}” is of the kind {kind}, which the format {importer.key} is not.",
        hint="Leave --format away; `workbench preview FILE` shows what the file is.",
    )


ARCHIVE = Archive(_choose_member)
IMPORTERS: tuple[Importer, ...] = (*FORMATS, ARCHIVE, TextFiles())
