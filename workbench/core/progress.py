"""How long work tells its progress and learns that it shall stop."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from workbench.core.errors import Cancelled


class Progress(Protocol):
    """Called with the fraction done, 0 to 1, and a note; raises `Cancelled` when asked to stop."""

    def __call__(self, fraction: float, note: str = "") -> None:
        """Report; the call is also the safe point at which work may be stopped."""


class Remembering:
    """A progress that can be asked once more where it stands, by whoever must know whether to stop."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._last = progress, (0.0, "")

    def __call__(self, fraction: float, note: str = "") -> None:
        """Report, and remember it."""
        self._last = fraction, note
        self._progress(fraction, note)

    def again(self, fraction: float, note: str = "") -> None:
        """Report what was reported last, whatever is said now."""
        self._progress(*self._last)


def silent(fraction: float, note: str = "") -> None:
    """Report nowhere and never stop."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """A progress whose 0 to 1 fills `start` to `end` of another one."""

    def inner(fraction: float, note: str = "") -> None:
        progress(start + (end - start) * min(1.0, max(0.0, fraction)), note)

    return inner


def without_stop(progress: Progress) -> Progress:
    """The same for what is done because the work was stopped: it is reported, and goes on."""

    def tell(fraction: float, note: str = "") -> None:
        with suppress(Cancelled):
            progress(fraction, note)

    return tell
