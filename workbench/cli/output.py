"""How the command line speaks: text or one JSON document, words for errors, exit codes."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.text import visible

DONE, REFUSED, USAGE, BUG, CANCELLED = 0, 1, 2, 3, 130

_WIDEST = 60
"""Characters of a table's cell; JSON has the whole."""


class UnheardError(Exception):
    """Standard output can't be written; its cause is what the system said."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a verb answers: the JSON document, the same in lines of text, and the exit code."""

    document: Any
    lines: Sequence[str]
    code: int = DONE


def show(result: Result, *, as_json: bool) -> int:
    """Write a result, its secrets masked, to standard output and return its exit code; raises UnheardError."""
    from workbench.core.secrets.find import masked, masked_json

    if as_json:
        _answer(json.dumps(masked_json(result.document), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _answer(masked("\n".join(visible(line) for line in result.lines)))
    return result.code


def note(words: str) -> None:
    """Say beside the result what a person should know of it."""
    _say("workbench: " + words)


def show_error(error: WorkbenchError, *, as_json: bool) -> int:
    """Say an error in words (and as the one JSON document) and return its exit code."""
    from workbench.core.secrets.find import masked, masked_json

    _say("workbench: " + masked(error.message))
    if error.hint:
        _say("  " + masked(error.hint))
    if as_json:
        _answer_error(masked_json(error.as_json()))
    return USAGE if isinstance(error, UsageError) else REFUSED


def show_cancelled(kept: str = "", *, as_json: bool, at_once: bool = False) -> int:
    """Say that the work was stopped and return exit code 130.

    `kept` says what stays, where anything does; `at_once` says that nothing was cleared away.
    """
    hint = "`workbench corpora CASE` says whether an import was left open." if at_once and not kept else ""
    message = f"Cancelled: {kept or 'what was under way is not kept.'}"
    words = {"kind": "cancelled", "message": message, "hint": hint}
    _say("workbench: " + words["message"])
    if hint:
        _say("  " + hint)
    if as_json:
        _answer_error(words)
    return CANCELLED


def show_unheard(error: UnheardError) -> int:
    """Let the rest of the answer go; a reader who went away (`| head`) had what he wanted, a full disk had not."""
    _let_go()
    if isinstance(error.__cause__, BrokenPipeError):
        return DONE
    _say(f"workbench: what was to be said can't be written: {error}. The verb itself was done.")
    return REFUSED


def show_bug(error: Exception, *, as_json: bool) -> int:
    """Keep the trace of a fault of ours in the log folder, say where, and return exit code 3."""
    try:
        hint = f"The trace is kept in {keep_trace(error)}."
    except OSError as failed:
        hint = f"The trace can't be kept ({failed.strerror}): " + "".join(traceback.format_exception(error)).strip()
    _say(f"workbench: a fault of the workbench itself: {type(error).__name__}: {error}")
    _say("  " + hint)
    if as_json:
        _answer_error({"kind": "bug", "message": f"{type(error).__name__}: {error}", "hint": hint})
    return BUG


def keep_trace(error: Exception) -> Path:
    """Write a fault's trace into the user's log folder and return the file's path."""
    from platformdirs import user_log_path

    from workbench.core.secrets.find import masked

    folder = user_log_path("distillation-workbench", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"fault-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    file.write_text(masked("".join(traceback.format_exception(error))), encoding="utf-8", errors="backslashreplace")
    return file


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows as aligned columns under a header; numbers stand to the right."""
    cells = [[_cell(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    right = [bool(rows) and all(isinstance(row[at], int | float) for row in rows) for at in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


def _cell(value: Any) -> str:
    text = visible(str(value), keep="")
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


class Meter:
    """Progress on standard error where a person looks at it; stops the work once `stopped` is set."""

    def __init__(self) -> None:
        self.stopped = False
        self.closed = False
        self._last = ""
        self._shown = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, fraction: float, note: str = "") -> None:
        """Show the fraction and the note; raises Cancelled after an interrupt, then too only once they are shown."""
        from workbench.core.errors import Cancelled

        line = f"{fraction:4.0%} {visible(note, keep='')}"[:78]
        if self._shown and line != self._last:
            sys.stderr.write(f"\r{line:<78}")
            sys.stderr.flush()
            self._last = line
        if self.stopped:
            raise Cancelled

    def clear(self) -> None:
        """Take the progress line away."""
        if self._last:
            sys.stderr.write(f"\r{'':<78}\r")
            sys.stderr.flush()
            self._last = ""

    def close(self) -> None:
        """The work is over: from now on nothing is left to be stopped."""
        self.closed = True
        self.clear()


def _answer_error(document: dict[str, str]) -> None:
    """Write the one JSON document of a failure; where it can't be read, the exit code must do."""
    try:
        _answer(json.dumps({"error": document}, ensure_ascii=False, indent=2))
    except UnheardError:
        _let_go()


def _answer(text: str) -> None:
    # Without a standard output (`>&-`) Python has None in its place.
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(_encodable(text, sys.stdout) + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise UnheardError(error.strerror or str(error)) from error


def _say(text: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(_encodable(visible(text), sys.stderr) + "\n")
            sys.stderr.flush()


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _let_go() -> None:
    """What waits in the buffer goes nowhere, so that the interpreter's end does not stumble over it."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
