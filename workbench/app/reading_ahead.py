"""Reading a large file in a process of its own, while this one writes what was read.

The reader sends its records in batches; a thread takes them off the pipe, at most a few at a time, so that neither
side waits for the other and memory stays bounded. A library that ends its process over a damaged file ends the
reader alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

from workbench.app.encodings import Encodings
from workbench.app.observed import Observed
from workbench.app.requests import ImportRequest
from workbench.app.workers import watch
from workbench.core.errors import BadInputError, WorkbenchError
from workbench.core.model import CorpusFacts, Rejected, Response
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.importers import Importer, Opened, Options, Record, by_key, open_file
from workbench.importers.reading import records_of

LARGE = 64 << 20
"""Bytes from which on a file is read by another process; starting one takes longer than reading a smaller file."""

_ROWS = 4_000
_SIZE = 8 << 20
_WAITING = 2
"""Batches that are read and not yet asked for."""

_LEAST = 0.002
_KINDS: tuple[type[Record], ...] = (Response, Rejected, CorpusFacts)


class _Message(NamedTuple):
    """What the reader sends: records, progress, words for the end, or an error."""

    kind: str
    content: Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept original and how to read it, in words that another process understands."""

    path: Path
    name: str
    importer: str
    request: ImportRequest
    prompts: tuple[Path, str] | None = None


class Reading:
    """The records of a file, under the model that the user named, and what is to be said of them afterwards.

    So many of them as are `skipped` were taken in before, and count only for what is said.
    """

    def __init__(self, importer: Importer, opened: Opened, options: Options, skipped: int) -> None:
        self._importer = importer
        self._opened = opened
        self._options = options
        self._encodings = Encodings(opened)
        self._observed = Observed(options.model)
        self._skipped = skipped

    def records(self, progress: Progress) -> Generator[Record, None, None]:
        """The records in order of place."""
        read = records_of(self._importer, self._opened, self._options, progress)
        yield from islice(self._observed.through(self._encodings.through(read)), self._skipped, None)

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return (*self._encodings.notices(), *self._observed.notices())


class ReadingAhead:
    """A reading in a process of its own; its records must be read to their end, or closed."""

    def __init__(self, kept: Kept, skipped: int) -> None:
        self._kept = kept
        self._skipped = skipped
        self._notices: tuple[str, ...] = ()

    def records(self, progress: Progress) -> Generator[Record, None, None]:
        """The records after those that are to be skipped. Raises what the reader raised, and Cancelled.

        Raises BadInputError where the reader came to a sudden end.
        """
        context = get_context("spawn")
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(
            target=_read, args=(sending, self._kept, self._skipped, os.getpid()), daemon=True, name="reader"
        )
        waiting: Queue[bytes] = Queue(_WAITING)
        process.start()
        sending.close()
        thread = threading.Thread(target=_receive, args=(receiving, waiting), daemon=True)
        thread.start()
        try:
            while data := waiting.get():
                message = _Message(*pickle.loads(data))
                if message.kind == "records":
                    yield from (_KINDS[kind](*row) for kind, row in message.content)
                elif message.kind == "progress":
                    progress(*message.content)
                elif message.kind == "end":
                    self._notices = message.content
                    return
                else:
                    raise _raised(message)
            process.join()
            raise BadInputError(
                f"What read “{one_line(self._kept.name, 80)}” came to a sudden end (exit code {process.exitcode}): the "
                "file is damaged in a way that its reader can't bear, or the memory did not suffice.",
                hint="Ask for the file again, or in another format. Nothing of it was taken in.",
            )
        finally:
            process.kill()
            process.join()
            while thread.is_alive():
                # It may wait to hand over what nobody wants any more.
                with suppress(Exception):
                    waiting.get_nowait()
                thread.join(0.01)
            receiving.close()
            process.close()

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return self._notices


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _receive(receiving: Connection, waiting: Queue[bytes]) -> None:
    """Take messages off the pipe as they come; nothing stands for its end."""
    try:
        while True:
            waiting.put(receiving.recv_bytes())
    except (EOFError, OSError):
        waiting.put(b"")


def _raised(message: _Message) -> Exception:
    if message.kind == "error":
        kind, words, hint = message.content
        error: WorkbenchError = kind(words, hint=hint)
        return error
    return RuntimeError(message.content)


def _read(sending: Connection, kept: Kept, skipped: int, parent: int) -> None:
    """What the reader does: it ends with the process that wants its records."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process is asked, and says so here by ending this one
    watch(parent)

    def send(kind: str, content: object) -> None:
        sending.send_bytes(pickle.dumps((kind, content), 5))

    try:
        _send_all(send, kept, skipped)
    except WorkbenchError as error:
        send("error", (type(error), error.message, error.hint))
    except BrokenPipeError:
        return
    except BaseException:
        send("fault", traceback.format_exc())
        raise


def _send_all(send: Callable[[str, object], None], kept: Kept, skipped: int) -> None:
    opened = open_file(kept.path, kept.name, kept.request.encoding)
    prompts = open_file(*kept.prompts) if kept.prompts else None
    request = kept.request
    options = Options(mapping=request.mapping, prompts=prompts, model=request.model, encoding=request.encoding)
    reading = Reading(by_key(kept.importer), opened, options, skipped)
    told = -1.0

    def tell(fraction: float, note: str = "") -> None:
        nonlocal told
        if fraction >= told + _LEAST or fraction >= 1.0 > told:
            told = fraction
            send("progress", (fraction, note))

    batch: list[tuple[int, tuple[Any, ...]]] = []
    size = 0
    for record in reading.records(tell):
        if type(record) is Response:
            batch.append((0, tuple(record)))
            size += len(record[0]) + len(record[1] or "")
        else:
            batch.append(_plain(record))
        if size >= _SIZE or len(batch) == _ROWS:
            send("records", batch)
            batch, size = [], 0
    send("records", batch)
    send("end", reading.notices())


def _plain(record: Record) -> tuple[int, tuple[Any, ...]]:
    if isinstance(record, CorpusFacts):
        return 2, (record.name, record.facts)
    return _KINDS.index(type(record)), tuple(record)
