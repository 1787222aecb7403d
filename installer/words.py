"""How the set-up speaks: what it does on standard output, what went wrong as one kind of error."""

from __future__ import annotations

import sys


class SetupError(Exception):
    """Something that the user can act on: what happened, then what to do."""

    def __init__(self, what: str, *todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        """What happened, and below it what to do."""
        return "\n".join([self.what, *(f"  {line}" for line in self.todo)])


def say(line: str = "") -> None:
    """One line for the user, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
