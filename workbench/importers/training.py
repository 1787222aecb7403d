"""Whether a file is a set that models are trained on, or an archive of such."""

from __future__ import annotations

import threading
from itertools import islice
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.importers.archive import Archive, holds_answers
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.choose import choose
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import Entry, entries
from workbench.importers.registry import claim

_FILES = 30


def is_training(opened: Opened, options: Options, key: str | None = None) -> bool:
    """Whether a file, or each of the first files in an archive that are known, is a set to train with.

    A file that nobody can read so is none; why it can't be read is said where it is read.
    """
    importer = _importer(opened, options, key)
    return importer is not None and _is_training(importer, opened, options)


def _is_training(importer: Importer, opened: Opened, options: Options) -> bool:
    if not isinstance(importer, Archive):
        return importer.training
    if importer.inner is not None:
        return importer.inner.training
    with opened.stream() as listing, opened.stream() as file:
        lock = threading.Lock()
        some = islice((entry for entry in entries(listing) if holds_answers(entry)), _FILES)
        found = [_of_member(opened, file, entry, lock, options) for entry in some]
    return True in found and False not in found


def _of_member(opened: Opened, file: BinaryIO, entry: Entry, lock: threading.Lock, options: Options) -> bool | None:
    """The same of a file in an archive; None where nobody reads it."""
    try:
        member = member_of(opened, file, entry, lock)
    except BadInputError:
        return None
    importer = _importer(member, options, None)
    return None if importer is None else _is_training(importer, member, options)


def _importer(opened: Opened, options: Options, key: str | None) -> Importer | None:
    """Who reads a file: as `choose` says, but without words for one that nobody knows."""
    try:
        if key is not None:
            return choose(opened, options, key)
        claims = claim(opened, options)
    except BadInputError:
        return None
    return claims[0][0] if len(claims) == 1 else None
