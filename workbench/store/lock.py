"""The lock on a case: held by the operating system, so that it dies with the program that took it."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from workbench.core.errors import CaseError
from workbench.core.text import one_line
from workbench.store.disk_state import disk_words, in_words
from workbench.store.folder import HOLDER, LOCK, CaseFolder

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    _try = _take

else:
    import fcntl

    def _take(stream: BinaryIO) -> None:
        # flock, not lockf: two openings within one program must exclude each other as well.
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _try(stream: BinaryIO) -> None:
        # Shared, since the file is open for reading alone, which network shares hold against the other kind.
        fcntl.flock(stream.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)


_DRAFT = "lock.new"
_LONGEST = 1_000_000
"""Bytes that are read of what a holder says of itself."""

_UNREADABLE = (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError, CaseError)
"""What may come of reading what a holder says of itself, should somebody else have written it."""

_MOMENT = 0.05
"""Seconds after which the lock is tried again: whoever looks if it is held takes it for less."""


class Lock:
    """One program's right to write to a case, from construction to `release`."""

    def __init__(self, folder: Path, account: str) -> None:
        self._files = CaseFolder(folder)
        self._said = _myself(account)
        try:
            self._stream = self._files.open_to_write(LOCK)
        except OSError as error:
            raise disk_words(error, folder) from error
        try:
            _take_soon(self._stream)
        except OSError as error:
            self._stream.close()
            raise CaseError(
                f"{folder.name} is being written by another program{_held_by(self._files)}.",
                hint="Close it there first; looking at the case is possible all the time.",
            ) from error
        try:
            self._say()
        except BaseException as error:
            self._stream.close()
            if isinstance(error, OSError):
                raise disk_words(error, folder) from error
            raise

    def took_up(self, number: int) -> None:
        """Let others know that an import is under way, begun or gone on with by this program."""
        self._said["imports"] = [*self._said.get("imports", []), number]
        with in_words(self._files.path):
            self._say()

    def _say(self) -> None:
        # In one stroke: others read it at any moment.
        self._files.remove(_DRAFT)
        with self._files.create(_DRAFT) as draft:
            draft.write(json.dumps(self._said).encode("utf-8"))
        self._files.rename(_DRAFT, HOLDER)

    def release(self) -> None:
        """Give the right back; a second call does nothing."""
        if not self._stream.closed:
            self._files.remove(HOLDER)
            self._stream.close()


def under_way(folder: Path) -> frozenset[int]:
    """The imports that a program which writes to a case has taken up; none where no program writes to it."""
    files = CaseFolder(folder)
    try:
        taken_up = frozenset(map(int, _said_in(files)["imports"]))
    except _UNREADABLE:
        return frozenset()
    return taken_up if taken_up and _is_held(files) else frozenset()


def _said_in(files: CaseFolder) -> Any:
    with files.open(HOLDER) as stream:
        return json.loads(stream.read(_LONGEST))


def _is_held(files: CaseFolder) -> bool:
    """Whether some program holds a lock; what a killed one said of itself outlives it, its lock does not."""
    try:
        with files.open(LOCK) as stream:
            _try(stream)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _take_soon(stream: BinaryIO) -> None:
    try:
        _take(stream)
    except OSError:
        time.sleep(_MOMENT)
        _take(stream)


def _myself(account: str) -> dict[str, Any]:
    # The machine's own clock: opening is no verb and must not advance an injected one.
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"pid": os.getpid(), "host": socket.gethostname(), "user": account, "time": now}


def _held_by(files: CaseFolder) -> str:
    try:
        held = _said_in(files)
        said = f"process {held['pid']} on {held['host']}, user {held['user']}, since {held['time']}"
        return f": {one_line(said)}"
    except _UNREADABLE:
        return ""
