"""The lock on a case: held by the operating system, so that it dies with the program that took it."""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from workbench.core.errors import CaseError
from workbench.store.places import disk_words

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(stream: BinaryIO) -> None:
        # flock, not lockf: two openings within one program must exclude each other as well.
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """One program's right to write to a case, from construction to `release`."""

    def __init__(self, folder: Path, account: str) -> None:
        self._holder = folder / "lock.json"
        try:
            self._stream = (folder / "lock").open("a+b")
        except OSError as error:
            raise disk_words(error, folder) from error
        try:
            _take(self._stream)
        except OSError as error:
            self._stream.close()
            raise CaseError(
                f"{folder.name} is being written by another program{_held_by(self._holder)}.",
                hint="Close it there first; looking at the case is possible all the time.",
            ) from error
        try:
            self._holder.write_text(_myself(account), encoding="utf-8")
        except OSError as error:
            self._stream.close()
            raise disk_words(error, folder) from error

    def release(self) -> None:
        """Give the right back; a second call does nothing."""
        if not self._stream.closed:
            self._holder.unlink(missing_ok=True)
            self._stream.close()


def _myself(account: str) -> str:
    # The machine's own clock: opening is no verb and must not advance an injected one.
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "user": account, "time": now})


def _held_by(holder: Path) -> str:
    try:
        held = json.loads(holder.read_text(encoding="utf-8"))
        return f": process {held['pid']} on {held['host']}, user {held['user']}, since {held['time']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
