"""The words of a text file, in whatever encoding it is."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import BadInputError, UsageError
from workbench.importers.containers.encoding import as_utf8, by_mark, guess, named
from workbench.importers.documents.words import MOST_CHARACTERS, NO_FORMAT, Words

_MOST = 4 * MOST_CHARACTERS
"""Bytes that are read: no character has more."""

_CONTROLS = frozenset(map(chr, {*range(32)} - {*b"\t\n\f\r"}))
_SHARE = 0.01
_LOOK = 65_536


def words_of_plain(path: Path) -> Words:
    """The text of a file. Raises BadInputError for one that is no text."""
    text, encoding = decoded(path)
    return Words((text,), f"Python's decoder of {encoding}")


def decoded(path: Path, stated: str = "") -> tuple[str, str]:
    """The beginning of a file as text, and its encoding, where it states none a guess.

    Raises BadInputError for a file that is no text.
    """
    with path.open("rb") as file:
        data = file.read(_MOST)
    name = (not by_mark(data) and _known(stated)) or guess(data).name or "utf-8"
    text = b"".join(as_utf8(iter([data]), name)).decode("utf-8", "replace").removeprefix("\ufeff")
    if sum(map(text[:_LOOK].count, _CONTROLS)) > _SHARE * len(text[:_LOOK]):
        raise BadInputError(NO_FORMAT)
    return text, name


def _known(stated: str) -> str:
    """An encoding that a file states, as Python calls it; empty where there is none of that name."""
    try:
        return named(stated) if stated else ""
    except UsageError:
        return ""
