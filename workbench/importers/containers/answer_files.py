"""The files in an archive: which may hold answers, and which one gives the prompts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from workbench.core.zip_directory import ZipEntry
from workbench.importers.base import Opened
from workbench.importers.containers.har_attachments import attached_in
from workbench.importers.containers.open import member_of
from workbench.importers.containers.zip_directory import entries

_MOST_PROMPT_FILES = 30
_OF_THE_SYSTEM = re.compile(r"(^|/)(__MACOSX/|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_ABOUT_OTHERS = re.compile(r"(^|/)(manifest\.json(\.out)?|dataset_(info|dict)\.json|state\.json)$", re.IGNORECASE)
"""What batches and data sets keep beside the files that hold their records."""
_PROMPTS = re.compile(r"(^|/)(questions?|prompts?)\.(jsonl|ndjson|json|csv|tsv)$", re.IGNORECASE)


def holds_answers(entry: ZipEntry, prompts: Opened | None = None) -> bool:
    """Whether a member may hold answers: no folder, not the file of prompts, nothing that only tells of other files."""
    if entry.folder or _OF_THE_SYSTEM.search(entry.name) or _ABOUT_OTHERS.search(entry.name):
        return False
    return prompts is None or entry.name != prompts.name


def files_of_answers(opened: Opened, listing: BinaryIO) -> Iterator[ZipEntry]:
    """The members that may hold answers of their own: no file of prompts, and none that a capture names as its text."""
    attached = attached_in(opened)
    for entry in entries(listing):
        if holds_answers(entry) and not _PROMPTS.search(entry.name) and entry.name not in attached:
            yield entry


def count_files_of_answers(opened: Opened) -> int:
    """How many files of an archive may hold answers."""
    named = prompt_files(opened)
    with opened.stream() as listing:
        return sum(holds_answers(e) and (len(named) != 1 or e.name != named[0].name) for e in entries(listing))


def prompts_in(opened: Opened, file: BinaryIO, lock: threading.Lock) -> Opened | None:
    """The file of prompts in an archive, by its name; None where there is none, or more than one."""
    named = prompt_files(opened)
    return member_of(opened, file, named[0], lock) if len(named) == 1 else None


@lru_cache(maxsize=8)
def prompt_files(opened: Opened) -> tuple[ZipEntry, ...]:
    """The first files of an archive that are files of prompts, by their names."""
    with opened.stream() as listing:
        return tuple(islice((e for e in entries(listing) if _PROMPTS.search(e.name)), _MOST_PROMPT_FILES))
