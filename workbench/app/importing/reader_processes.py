"""Reading a large file in processes of their own, while this one writes what was read.

A reader sends batches that are ready to be written; a thread takes them off its pipe, at most a few at a time, so
that neither side waits for the other and memory stays bounded. Where each line stands for itself several readers take
ranges of lines in turn, and their batches are put in order here. Readers are started before they are needed, since
that takes longer than reading a small file. A library that ends its process over a damaged file ends a reader alone.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, NamedTuple, Self

from workbench.app.importing.facts_in_records import Encodings, Provenance
from workbench.app.parallel import begin_work_of_parent, cores
from workbench.app.requests import ImportRequest
from workbench.core.errors import BadInputError, WorkbenchError
from workbench.core.prepared_answers import Batch, batches, moved
from workbench.core.progress import Progress, silent
from workbench.core.safe_start import start_children_safely
from workbench.core.text import one_line
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.reading.lines import ranges, within
from workbench.importers.reading.tolerant_parse import count_with_numpy

LARGE = 64 << 20
"""Bytes from which on a file is read by another process; starting one takes longer than reading a smaller file."""

_WAITING = 8
"""Batches that are read and not yet asked for."""

_LEAST = 0.002

_SELDOM = 20_000
"""New objects after which a reader looks for cycles: records make many objects and none."""


RANGE = 8 << 20
"""Bytes after which the next line begins another range."""

_MOST = 4
"""Readers at once: what they read is written by this process alone, and each takes its memory."""


class _Message(NamedTuple):
    """What a reader sends: a batch, progress, where a range begins and that it is done, an end, or an error."""

    kind: str
    content: Any


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A kept original and how to read it, in words that another process understands."""

    path: Path
    name: str
    importer: Importer
    request: ImportRequest
    prompts: tuple[Path, str] | None = None
    split: bool = False
    """Whether several readers may take a range of its lines each."""


class _Task(NamedTuple):
    """What one of `many` readers is to read: of a file that is split each range that is `at` among so many."""

    kept: KeptFile
    skipped: int
    at: int
    many: int
    range: int


_Send = Callable[..., None]


class FileReading:
    """The records of a file, under the model that the user named, and what is to be said of them afterwards.

    So many of them as are `skipped` were taken in before, and count only for what is said.
    """

    def __init__(self, importer: Importer, opened: Opened, options: Options, skipped: int) -> None:
        self._importer = importer
        self._opened = opened
        self._options = options
        self._encodings = Encodings(opened)
        self._observed = Provenance(options.model)
        self._skipped = skipped

    def batches(self, progress: Progress) -> Generator[Batch, None, None]:
        """The records in order of place, ready to be written."""
        yield from self.of(self._opened, progress, self._skipped)

    def of(self, opened: Opened, progress: Progress, skipped: int = 0) -> Generator[Batch, None, None]:
        """The same for a part of the file."""
        read = records_of(self._importer, opened, self._options, progress)
        yield from batches(islice(self._observed.through(self._encodings.through(read)), skipped, None))

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return (*self._encodings.notices(), *self._observed.notices())

    def said(self) -> tuple[tuple[str, ...], Provenance]:
        """The same as it can be sent to another process: of encodings in words, of all else as it was counted."""
        return self._encodings.notices(), self._observed


if sys.platform == "linux":
    _CONTEXT = get_context("forkserver")
else:
    _CONTEXT = get_context("spawn")

_FORKS = _CONTEXT.get_start_method() == "forkserver"
"""Whether readers are forked off a process that has loaded what they need; elsewhere each loads it for itself."""


class Readers:
    """Processes that wait for a file to read; they end with the `with` that they are used in."""

    def __init__(self, many: int) -> None:
        self._many = many
        start_children_safely()
        if _FORKS:
            _CONTEXT.set_forkserver_preload([__name__, "numpy"])
            forkserver.ensure_running()  # it loads them while the original is copied
            self._all: list[_ReaderProcess] = []
        else:
            self._all = [_ReaderProcess() for _ in range(many)]

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, whatever they are at."""
        for reader in self._all:
            reader.end()

    def reading(self, kept: KeptFile, skipped: int) -> ReadingAhead | None:
        """The reading of a file; None where no process can be had, for want of memory or of a place for a socket."""
        many = self._many if kept.split else 1
        with suppress(OSError, EOFError):
            while len(self._all) < many:
                self._all.append(_ReaderProcess())
            return ReadingAhead(self._all[:many], kept, skipped)
        return None


class _ReaderProcess:
    """A process and the pipe to it."""

    def __init__(self) -> None:
        self._here, there = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_read, args=(there,), daemon=True, name="reader")
        self._process.start()
        self._waiting: Queue[_Message | None] = Queue(_WAITING)
        self._thread = threading.Thread(target=_receive, args=(self._here, self._waiting), daemon=True)
        there.close()

    def begin(self, task: _Task) -> None:
        """Have it read; what it says of that is heard by `messages`."""
        with suppress(BrokenPipeError):
            self._here.send_bytes(pickle.dumps(task))
        self._thread.start()

    def messages(self, name: str, progress: Progress) -> Iterator[_Message]:
        """Ranges, batches and ends; raises what the reader raised, BadInputError where it came to a sudden end."""
        while message := self._waiting.get():
            if message.kind == "progress":
                progress(*message.content)
            elif message.kind in ("error", "fault"):
                raise _raised(message)
            else:
                yield message
        self._process.join()
        raise BadInputError(
            f"What read “{one_line(name, 80)}” came to a sudden end (exit code {self._process.exitcode}): the file is "
            "damaged in a way that its reader can't bear, or the memory did not suffice.",
            hint="Ask for the file again, or in another format. Nothing of it was taken in.",
        )

    def stop(self) -> None:
        """Stop reading, whatever it is at."""
        self._process.kill()
        while self._thread.is_alive():
            # It may wait to hand over what is not wanted any more.
            with suppress(Empty):
                self._waiting.get_nowait()
            self._thread.join(0.01)

    def end(self) -> None:
        """End the process for good."""
        self._process.kill()
        self._process.join()
        self._here.close()
        self._process.close()


class ReadingAhead:
    """A reading in other processes; its batches must be read to their end, or closed."""

    def __init__(self, readers: Sequence[_ReaderProcess], kept: KeptFile, skipped: int) -> None:
        self._readers = readers
        self._kept = kept
        self._skipped = skipped
        self._items = 0
        self._notices: tuple[str, ...] = ()

    def batches(self, progress: Progress) -> Generator[Batch, None, None]:
        """The records after those that are to be skipped. Raises what a reader raised, and Cancelled.

        Raises BadInputError where a reader came to a sudden end.
        """
        many = len(self._readers)
        try:
            for at, reader in enumerate(self._readers):
                reader.begin(_Task(self._kept, self._skipped, at, many, RANGE))
            heard = [reader.messages(self._kept.name, progress) for reader in self._readers]
            yield from self._in_turn(heard) if self._kept.split else self._whole(heard[0])
        finally:
            for reader in self._readers:
                reader.stop()

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, once all is read."""
        return self._notices

    def _whole(self, heard: Iterator[_Message]) -> Iterator[Batch]:
        """All that the one reader sends."""
        for message in heard:
            if message.kind == "end":
                self._conclude([message])
                return
            yield message.content

    def _in_turn(self, heard: Sequence[Iterator[_Message]]) -> Iterator[Batch]:
        """What several readers send of a range each, range after range."""
        for at in count():
            messages = heard[at % len(heard)]
            message = next(messages)
            if message.kind == "end":
                self._conclude([message, *(next(other) for other in heard if other is not messages)])
                return
            yield from self._range(message.content, messages)

    def _conclude(self, ends: Sequence[_Message]) -> None:
        words, observed = ends[0].content
        for end in ends[1:]:
            observed.add(end.content[1])
        self._notices = (*words, *observed.notices())

    def _range(self, place: tuple[int, int], messages: Iterator[_Message]) -> Iterator[Batch]:
        first, read_here = self._items, False
        for message in messages:
            if message.kind == "done":
                return
            before = self._items
            self._items += message.content.items
            if self._items <= self._skipped or read_here:
                continue
            if before >= self._skipped:
                yield moved(message.content, first)
                continue
            # What was taken in before ends within this batch: it was written by another number of readers.
            read_here = True
            reading, opened = _reading(self._kept)
            for batch in reading.of(within(opened, *place), silent, self._skipped - first):
                yield moved(batch, first)


def readers_for(path: Path) -> AbstractContextManager[Readers | None]:
    """Readers for a large file where there are processors for them, and else none."""
    try:
        large = path.stat().st_size >= LARGE
        if not large or cores() == 1:
            return nullcontext()
        with path.open("rb") as file:
            lines = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        return Readers(min(cores(), _MOST) if lines else 1)
    except OSError:
        return nullcontext()  # this process reads it, and says in words what is wrong with the file


def _receive(receiving: Connection, waiting: Queue[_Message | None]) -> None:
    """Take messages off the pipe as they come; None stands for its end."""
    try:
        while True:
            # Made whole here, while the other thread waits for the disk.
            waiting.put(_Message(*pickle.loads(receiving.recv_bytes())))
    except (EOFError, OSError):
        waiting.put(None)


def _raised(message: _Message) -> Exception:
    if message.kind == "error":
        kind, words, hint = message.content
        error: WorkbenchError = kind(words, hint=hint)
        return error
    return RuntimeError(message.content)


def _read(pipe: Connection) -> None:
    """What a reader does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process is asked, and ends this one
    begin_work_of_parent()

    def send(kind: str, content: object = None) -> None:
        pipe.send_bytes(pickle.dumps((kind, content), 5))

    count_with_numpy()
    gc.freeze()
    gc.set_threshold(_SELDOM, 50, 100)
    try:
        _send_all(send, pickle.loads(pipe.recv_bytes()))
    except WorkbenchError as error:
        send("error", (type(error), error.message, error.hint))
    except (BrokenPipeError, EOFError):
        return
    except BaseException:
        send("fault", traceback.format_exc())
        raise


def _reading(kept: KeptFile, skipped: int = 0) -> tuple[FileReading, Opened]:
    opened = open_file(kept.path, kept.name, kept.request.encoding)
    prompts = PromptFile(open_file(*kept.prompts)) if kept.prompts else None
    request = kept.request
    options = Options(mapping=request.mapping, prompts=prompts, model=request.model, encoding=request.encoding)
    return FileReading(kept.importer, opened, options, skipped), opened


def _send_all(send: _Send, task: _Task) -> None:
    reached = -1.0

    def tell(fraction: float, note: str = "") -> None:
        nonlocal reached
        if fraction >= reached + _LEAST or fraction >= 1.0 > reached:
            reached = fraction
            send("progress", (fraction, note))

    kept = task.kept
    reading, opened = _reading(kept, task.skipped)
    if not kept.split:
        for batch in reading.batches(tell):
            send("batch", batch)
    for begin, end in islice(ranges(opened.path, task.range), task.at, None, task.many) if kept.split else ():
        send("range", (begin, end))
        for batch in reading.of(within(opened, begin, end), tell):
            send("batch", batch)
        send("done")
    send("end", reading.said())
