"""What can go wrong, as fields first and words second; each shell words it in one place."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Something that the user can act on: what happened, and what to do about it."""

    kind = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_json(self) -> dict[str, str]:
        """The three fields that a shell prints: kind, message and hint."""
        return {"kind": self.kind, "message": self.message, "hint": self.hint}


class UsageError(WorkbenchError):
    """The words of the call do not fit: an unknown verb, option, corpus or parameter value."""

    kind = "usage"


class RefusedError(WorkbenchError):
    """The material does not allow what was asked; nothing was computed or changed."""

    kind = "refused"


class BadInputError(WorkbenchError):
    """A file cannot be taken in: missing, empty, of no known format, or beyond a limit."""

    kind = "bad_input"


class CaseError(WorkbenchError):
    """A case cannot be opened or written: missing, locked, too new, read-only, or no space left."""

    kind = "case"


class VerificationError(WorkbenchError):
    """Something that was sealed no longer agrees with its seal."""

    kind = "verification"


class Cancelled(BaseException):
    """The user asked to stop; what was begun has left nothing behind. Its words, if any, say what else is lost."""
