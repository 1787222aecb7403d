"""Reading the words of a document in a process of its own, which is given so much time and memory and no more.

A file that somebody else made may keep its reader busy for ever, or end it: the document is kept then without words.
"""

from __future__ import annotations

import signal
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from workbench.app.parallel import begin_work_of_parent
from workbench.core.progress import Progress
from workbench.core.safe_start import start_children_safely
from workbench.importers.documents.read import words_of
from workbench.importers.documents.words import Words

SECONDS = 60.0
"""How long a document may be read."""

_MEMORY = 2 << 30
"""Bytes of address space that the reader may have, where the system counts them."""

_LOOK = 0.1


def read_words(path: Path, name: str, progress: Progress, seconds: float = SECONDS) -> Words:
    """The words of a file, or none and a note that says why. Raises Cancelled where `progress` does, and OSError."""
    start_children_safely()
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(there, path.absolute(), name), daemon=True, name="document reader")
    reader.start()
    there.close()
    try:
        return _heard(here, progress, seconds)
    except EOFError:
        return _nothing("What read it came to a sudden end: it is damaged, or the memory did not suffice.")
    finally:
        reader.kill()
        reader.join()
        reader.close()
        here.close()


def _heard(here: Connection, progress: Progress, seconds: float) -> Words:
    begun = time.monotonic()
    while not here.poll(_LOOK):
        spent = time.monotonic() - begun
        if spent > seconds:
            return _nothing(f"Reading it was given up after {seconds:,.0f} seconds.")
        progress(min(1.0, spent / seconds), "reading its words")
    found = here.recv()
    if isinstance(found, Words):
        return found
    return _nothing(str(found))


def _nothing(why: str) -> Words:
    return Words((), "", note=f"Its text can't be read: {why[:1].lower()}{why[1:]}")


def _read(pipe: Connection, path: Path, name: str) -> None:
    """What the reader does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process is asked, and ends this one
    begin_work_of_parent()
    _bound_memory()
    try:
        found: Words | str = words_of(path, name)
    except (MemoryError, RecursionError):
        found = "it is too large or too deeply nested to be read here."
    except OSError as error:
        found = f"{error.strerror or error}."
    with suppress(BrokenPipeError):
        pipe.send(found)


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        with suppress(OSError, ValueError):
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
