"""The members of an archive of answers; what is wrong with its directory is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.text import one_line
from workbench.core.zip_directory import ZipDamageError, ZipEntry, zip_end, zip_entries


def entries(file: BinaryIO) -> Iterator[ZipEntry]:
    """The members in the order of the directory. Raises BadInputError for a directory that can't be read."""
    try:
        yield from zip_entries(file, zip_end(file))
    except ZipDamageError as damage:
        raise _refused(damage) from None


def comment(file: BinaryIO) -> bytes:
    """What the archive says of itself as a whole. Raises BadInputError for a directory that can't be read."""
    try:
        return zip_end(file).comment
    except ZipDamageError as damage:
        raise _refused(damage) from None


def _refused(damage: ZipDamageError) -> BadInputError:
    if damage.missing:
        return BadInputError(
            "The zip archive has no directory: it was cut off, or is no zip archive.", hint="Ask for the file again."
        )
    return BadInputError(f"The zip archive is damaged: {one_line(str(damage))}.", hint="Ask for the file again.")
