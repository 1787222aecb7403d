"""Files in an archive that belong to a HAR capture in it, as Playwright writes the texts of calls beside it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import BinaryIO

from workbench.core.errors import BadInputError
from workbench.core.zip_directory import ZipEntry
from workbench.importers import base
from workbench.importers.base import Opened
from workbench.importers.containers.decompress import CHUNK
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import entries
from workbench.importers.containers.zip_members import member_bytes

_NAMED = re.compile(rb'"_file"\s{0,8}:\s{0,8}"([^"\\]{1,250})"')
_LONGEST = 300
Beside = Callable[[str], bytes | None]
"""The bytes of a file by the name that a capture gives it; None where there is no such file."""


@lru_cache(maxsize=8)
def attached_in(opened: Opened) -> frozenset[str]:
    """The members of an archive that captures in it name as holding their texts."""
    with opened.stream() as listing:
        captures = [entry for entry in entries(listing) if entry.name.lower().endswith(".har")]
    if not captures:
        return frozenset()
    named: set[str] = set()
    with opened.stream() as file:
        lock = threading.Lock()
        for entry in captures:
            named.update(beside(entry.name, name) for name in _names(opened, file, entry, lock))
    with opened.stream() as listing:
        return frozenset(entry.name for entry in entries(listing) if entry.name in named)


def beside(capture: str, name: str) -> str:
    """The member that a capture means by a name: one in the same folder."""
    return str(PurePosixPath(capture).parent / name)


def reader_beside(opened: Opened, file: BinaryIO, capture: ZipEntry, lock: threading.Lock) -> Beside:
    """Reads the files beside a capture in an archive; `file` is the archive's stream, shared under the lock."""
    held: dict[str, ZipEntry] = {}
    attached = attached_in(opened)
    if attached:
        with opened.stream() as listing:
            held = {entry.name: entry for entry in entries(listing) if entry.name in attached}

    def read(name: str) -> bytes | None:
        entry = held.get(beside(capture.name, name))
        if entry is None or entry.size > base.MAX_RECORD:
            return None
        return member_bytes(file, entry, lock)

    return read


def _names(opened: Opened, file: BinaryIO, entry: ZipEntry, lock: threading.Lock) -> Iterator[str]:
    """The names that a capture gives; of one that can't be read there are none, which is said where it is read."""
    try:
        member = member_of(opened, file, entry, lock)
        if member.container:
            return
        with member.stream() as stream:
            tail = b""
            while chunk := stream.read(CHUNK):
                held = tail + chunk
                yield from (name.decode("utf-8", "replace") for name in _NAMED.findall(held))
                tail = held[-_LONGEST:]
    except BadInputError:
        return
