"""What went wrong, in words, in one place; and what to do with a mistake of the program itself."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.core.errors import WorkbenchError

_TITLES = {
    "usage": "That does not fit",
    "refused": "Refused",
    "bad_input": "This file can't be taken in",
    "case": "The case",
    "verification": "Verification failed",
}


_IN_THE_WINDOW = {
    "--despite-date REASON": "give a reason under “Despite the dates”",
    "--suspect NAME": "“Suspect” on the page Run",
    "--protected NAME": "“Protected” on the page Run",
    "--protected": "“Protected” on the page Run",
    "--format KEY": "“Format”",
    "`workbench preview` shows it.": "The import dialog shows its first records.",
    "use `set`": "use Correct",
    "`set`": "Correct",
}
"""What hints call the options of the command line, and what stands for them here; longer ones first."""


def hint_of(error: WorkbenchError) -> str:
    """The hint of an error as it reads in the window."""
    hint = error.hint
    for option, here in _IN_THE_WINDOW.items():
        hint = hint.replace(option, here)
    return hint


def words(error: BaseException) -> str:
    """An error in words: what happened, and what to do about it."""
    if isinstance(error, WorkbenchError):
        return f"{error.message}\n\n{hint_of(error)}" if error.hint else error.message
    if isinstance(error, MemoryError):
        return "There is not enough memory for this.\n\nClose other programs and try again."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{type(error).__name__}: {error}"


def log_path() -> Path:
    """Where crashes are written: in the log folder of this user."""
    from platformdirs import user_log_path

    return user_log_path("distillation-workbench", appauthor=False) / "window.log"


def write_log(trace: str, path: Path) -> str:
    """Append a trace to the log; returns where it is, or why it could not be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{trace}\n")
    except OSError as error:
        return f"The log could not be written ({error})."
    return f"The log is {path}."


class Trouble:
    """Tells of errors in boxes that block nothing; `shown` holds the last one's text."""

    def __init__(self, parent: QWidget, log: Path | None = None) -> None:
        self._parent = parent
        self._log = log
        self.shown = ""

    def tell(self, error: BaseException) -> None:
        """Word an error: what the user can act on as a message, all else as a crash."""
        if isinstance(error, WorkbenchError):
            self._box(QMessageBox.Icon.Warning, _TITLES.get(error.kind, "Not done"), error.message, hint_of(error))
        elif isinstance(error, OSError | MemoryError):
            self._box(QMessageBox.Icon.Warning, "Not done", words(error), "")
        else:
            self.crash(error)

    def crash(self, error: BaseException) -> None:
        """A mistake of ours: what it was, its trace, and where the log is."""
        trace = "".join(traceback.format_exception(error))
        where = write_log(trace, self._log or log_path())
        hint = f"Nothing that was finished is lost. {where}\nPlease send the details below to the makers."
        said = f"A mistake in the program: {type(error).__name__}."
        self._box(QMessageBox.Icon.Critical, "Mistake in the program", said, hint, trace)

    def inform(self, title: str, text: str, more: str = "") -> None:
        """Say something that is no error but should not be missed."""
        self._box(QMessageBox.Icon.Information, title, text, more)

    def _box(self, icon: QMessageBox.Icon, title: str, text: str, more: str, trace: str = "") -> None:
        box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Ok, self._parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        if trace:
            box.setDetailedText(trace)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.shown = f"{text}\n{more}"
        box.open()


Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def catch_all(trouble: Trouble) -> Hook:
    """Send exceptions that nobody caught to the crash box; returns the hook that was there before."""
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            before(kind, error, trace)
        else:
            trouble.tell(error)

    sys.excepthook = hook
    return before
