"""What went wrong, in words, in one place; and what to do with a mistake of the program itself."""

from __future__ import annotations

import re
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
    "--format and --map": "“Format” and the mapping",
    "--format KEY": "“Format”",
    "--format": "“Format”",
    "--encoding NAME": "“Encoding”",
    "--encoding": "“Encoding”",
    " (give it with --prompts)": ": give it as “Prompts” beside the answers",
    "give it with --prompts beside the file of answers": "give it as “Prompts” beside the file of answers",
    "--prompts": "“Prompts”",
    "--include-original": "what is withheld",
    "--reason TEXT": "Say why.",
    "`workbench examine CASE` lists them.": "The page Corpora lists them, under Examination.",
    "`workbench examine CASE` adds them.": "Examine adds them.",
    "`workbench preview` shows it.": "The import dialog shows its first records.",
    "`workbench preview FILE` shows the paths.": "The choices beside each field list the paths.",
    "`workbench preview FILE` shows": "the import dialog shows",
    "`workbench preview FILE` suggests them": "the import dialog suggests them",
    "`workbench preview FILE` says what it is.": "The import dialog says what it is.",
    "; `preview` shows": "; the preview shows",
    "`workbench import CASE FOLDER` takes": "Import a folder takes",
    "`workbench corpora CASE` lists": "The page Corpora lists",
    "use `set`": "use Correct",
    "`set`": "Correct",
}
"""What texts call the options of the command line, and what stands for them here; longer ones first."""

_VERBS = (
    (
        re.compile(r"`workbench prompts CASE FILE --for [^`]*` joins them"),
        "Join prompts on the page Corpora joins them",
    ),
    (re.compile(r"`import CASE FILE [^`]*` goes on"), "Resume on the page Case goes on"),
    (re.compile(r"`workbench verify [^`]*` checks it"), "Verify a folder checks it"),
    (re.compile(r"`import CASE --discard \d+` drops"), "Discard on the page Case drops"),
    (re.compile(r"`(workbench )?set CASE [^`]*`"), "Correct on the page Corpora"),
)
_MAPPING = re.compile(r"--map (\w+=\S+)")


def in_window(text: str) -> str:
    """A text of the workbench as it reads in the window: what it says of the command line is said of this one."""
    for verb, here in _VERBS:
        text = verb.sub(here, text)
    for option, here in _IN_THE_WINDOW.items():
        text = text.replace(option, here)
    return _MAPPING.sub(r"\1", text)


def hint_of(error: WorkbenchError) -> str:
    """The hint of an error as it reads in the window."""
    hint = in_window(error.hint)
    return hint[:1].upper() + hint[1:]


def words(error: BaseException) -> str:
    """An error in words: what happened, and what to do about it."""
    if isinstance(error, WorkbenchError):
        said = in_window(error.message)
        return f"{said}\n\n{hint_of(error)}" if error.hint else said
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
            self._box(
                QMessageBox.Icon.Warning, _TITLES.get(error.kind, "Not done"), in_window(error.message), hint_of(error)
            )
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
