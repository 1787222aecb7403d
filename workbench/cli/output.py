"""How the command line speaks: text or one JSON document, words for errors, exit codes."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.text import visible

DONE, REFUSED, USAGE, BUG, CANCELLED = 0, 1, 2, 3, 130


@dataclass(frozen=True, slots=True)
class Result:
    """What a verb answers: the JSON document, the same in lines of text, and the exit code."""

    document: Any
    lines: Sequence[str]
    code: int = DONE


def show(result: Result, *, as_json: bool) -> int:
    """Write a result to standard output and return its exit code."""
    if as_json:
        _write(sys.stdout, json.dumps(result.document, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        for line in result.lines:
            _write(sys.stdout, visible(line))
    sys.stdout.flush()
    return result.code


def show_error(error: WorkbenchError, *, as_json: bool) -> int:
    """Say an error in words (and as the one JSON document) and return its exit code."""
    _write(sys.stderr, "workbench: " + visible(error.message))
    if error.hint:
        _write(sys.stderr, "  " + visible(error.hint))
    if as_json:
        _write(sys.stdout, json.dumps({"error": error.as_json()}, ensure_ascii=False, indent=2))
    return USAGE if isinstance(error, UsageError) else REFUSED


def show_cancelled(*, as_json: bool) -> int:
    """Say that the work was stopped and return exit code 130."""
    words = {"kind": "cancelled", "message": "Cancelled: nothing of it is kept.", "hint": ""}
    _write(sys.stderr, "workbench: " + words["message"])
    if as_json:
        _write(sys.stdout, json.dumps({"error": words}))
    return CANCELLED


def show_bug(error: Exception, *, as_json: bool) -> int:
    """Keep the trace of a fault of ours in the log folder, say where, and return exit code 3."""
    log = keep_trace(error)
    hint = f"The trace is kept in {log}."
    _write(sys.stderr, f"workbench: a fault of the workbench itself: {type(error).__name__}: {visible(str(error))}")
    _write(sys.stderr, "  " + hint)
    if as_json:
        document = {"kind": "bug", "message": f"{type(error).__name__}: {error}", "hint": hint}
        _write(sys.stdout, json.dumps({"error": document}, ensure_ascii=False, indent=2))
    return BUG


def keep_trace(error: Exception) -> Path:
    """Write a fault's trace into the user's log folder and return the file's path."""
    from platformdirs import user_log_path

    folder = user_log_path("distillation-workbench", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"fault-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    file.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    return file


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows as aligned columns under a header; numbers stand to the right."""
    cells = [[visible(str(cell), keep="") for cell in row] for row in [header, *rows]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    right = [bool(rows) and all(isinstance(row[at], int | float) for row in rows) for at in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


class Meter:
    """Progress on standard error where a person looks at it; stops the work once `stopped` is set."""

    def __init__(self) -> None:
        self.stopped = False
        self._last = ""
        self._shown = sys.stderr.isatty()

    def __call__(self, fraction: float, note: str = "") -> None:
        """Show the fraction and the note; raises Cancelled after an interrupt."""
        from workbench.core.errors import Cancelled

        if self.stopped:
            raise Cancelled
        line = f"{fraction:4.0%} {visible(note, keep='')}"[:78]
        if self._shown and line != self._last:
            sys.stderr.write(f"\r{line:<78}")
            sys.stderr.flush()
            self._last = line

    def clear(self) -> None:
        """Take the progress line away."""
        if self._last:
            sys.stderr.write(f"\r{'':<78}\r")
            sys.stderr.flush()


def _write(stream: TextIO, line: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
