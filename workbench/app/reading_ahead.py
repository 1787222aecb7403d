"""Reading a large file in a process of its own, while this one writes what was read.

The reader sends batches that are ready to be written; a thread takes them off the pipe, at most a few at a time, so
that neither side waits for the other and memory stays bounded. It is started before it is needed, since that takes
longer than reading a small file. A library that ends its process over a damaged file ends the reader alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, NamedTuple, Self

from workbench.app.encodings import Encodings
from workbench.app.observed import Observed
from workbench.app.requests import ImportRequest
from workbench.app.workers import watch
from workbench.core.errors import BadInputError, WorkbenchError
from workbench.core.progress import Progress
from workbench.core.text import one_line
from workbench.importers import Importer, Opened, Options, by_key, open_file
from workbench.importers.reading import records_of
from workbench.store.preparing import Batch, batches

LARGE = 64 << 20
"""Bytes from which on a file is read by another process; starting one takes longer than reading a smaller file."""

_WAITING = 2
"""Batches that are read and not yet asked for."""

_LEAST = 0.002


class _Message(NamedTuple):
    """What the reader sends: a batch, progress, words for the end, or an error."""

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

    def batches(self, progress: Progress) -> Generator[Batch, None, None]:
        """The records in order of place, ready to be written."""
        read = records_of(self._importer, self._opened, self._options, progress)
        yield from batches(islice(self._observed.through(self._encodings.through(read)), self._skipped, None))

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return (*self._encodings.notices(), *self._observed.notices())


class Reader:
    """A process that waits for a file to read; it ends with the `with` that it is used in."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_read, args=(there, os.getpid()), daemon=True, name="reader")
        self._process.start()
        there.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.join()
        self._here.close()
        self._process.close()

    def reading(self, kept: Kept, skipped: int) -> ReadingAhead:
        """The reading of a file."""
        return ReadingAhead(self._process, self._here, kept, skipped)


class ReadingAhead:
    """A reading in another process; its batches must be read to their end, or closed."""

    def __init__(self, process: BaseProcess, pipe: Connection, kept: Kept, skipped: int) -> None:
        self._process = process
        self._pipe = pipe
        self._kept = kept
        self._skipped = skipped
        self._notices: tuple[str, ...] = ()

    def batches(self, progress: Progress) -> Generator[Batch, None, None]:
        """The records after those that are to be skipped. Raises what the reader raised, and Cancelled.

        Raises BadInputError where the reader came to a sudden end.
        """
        waiting: Queue[bytes] = Queue(_WAITING)
        thread = threading.Thread(target=_receive, args=(self._pipe, waiting), daemon=True)
        with suppress(BrokenPipeError):
            self._pipe.send_bytes(pickle.dumps((self._kept, self._skipped)))
        thread.start()
        try:
            while data := waiting.get():
                message = _Message(*pickle.loads(data))
                if message.kind == "batch":
                    yield message.content
                elif message.kind == "progress":
                    progress(*message.content)
                elif message.kind == "end":
                    self._notices = message.content
                    return
                else:
                    raise _raised(message)
            self._process.join()
            raise BadInputError(
                f"What read “{one_line(self._kept.name, 80)}” came to a sudden end (exit code "
                f"{self._process.exitcode}): the file is damaged in a way that its reader can't bear, or the memory "
                "did not suffice.",
                hint="Ask for the file again, or in another format. Nothing of it was taken in.",
            )
        finally:
            self._process.kill()
            while thread.is_alive():
                # It may wait to hand over what nobody wants any more.
                with suppress(Empty):
                    waiting.get_nowait()
                thread.join(0.01)

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return self._notices


def reader_for(path: Path) -> AbstractContextManager[Reader | None]:
    """A reader for a large file where there is a processor for it, and else none."""
    try:
        large = path.stat().st_size >= LARGE
    except OSError:
        large = False  # taking it in says in words what is wrong
    return Reader() if large and cores() > 1 else nullcontext()


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


def _read(pipe: Connection, parent: int) -> None:
    """What the reader does: it ends with the process that wants its batches."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process is asked, and ends this one
    watch(parent)

    def send(kind: str, content: object) -> None:
        pipe.send_bytes(pickle.dumps((kind, content), 5))

    try:
        _send_all(send, *pickle.loads(pipe.recv_bytes()))
    except WorkbenchError as error:
        send("error", (type(error), error.message, error.hint))
    except (BrokenPipeError, EOFError):
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

    for batch in reading.batches(tell):
        send("batch", batch)
    send("end", reading.notices())
