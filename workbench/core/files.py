"""Files that this program writes for its user: whole or not at all, and never through a link that waits there."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path


def put(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file with these rights, in place of what is there; it appears whole or not at all. Raises OSError.

    It is written under a name that cannot be known beforehand, and that must be new: in a folder from somebody else a
    link could wait under any other. Where a link stands in its own place, the link goes and what it leads to stays.
    """
    draft = path.with_name(f".{uuid.uuid4().hex}.partial")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
