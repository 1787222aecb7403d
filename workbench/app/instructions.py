"""Who asked for the examination, as a session states and reads it: each statement is a line of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.core.errors import UsageError
from workbench.core.instructions import INSTRUCTIONS_STATED, Instructions, instructions_of, stated_options
from workbench.core.secrets.typed import refuse_secrets
from workbench.core.wording_check import check_typed
from workbench.store import Case


def instructions_at(case: Case, until: int | None = None) -> Instructions:
    """What is stated, as of a line of the ledger."""
    return instructions_of(line.as_json() for line in case.notes.read(INSTRUCTIONS_STATED, until=until))


class InstructionsOfCase:
    """The instructions of a case; `changed` is called after they were stated otherwise."""

    def __init__(self, case: Case, changed: Callable[[], None]) -> None:
        self._case, self._changed = case, changed

    def stated(self) -> Instructions:
        """What is stated now."""
        return instructions_at(self._case)

    def state(self, given: Mapping[str, str], reason: str = "") -> Instructions:
        """State some of it; what was stated before is changed for a reason alone. Raises UsageError."""
        before = self.stated()
        now = before.with_(given)
        if now == before:
            return before
        if any(getattr(before, name) for name in given) and not reason.strip():
            raise UsageError("A change needs a reason.", hint="Give one with --reason; it stands in the ledger.")
        # The words of those who instruct are quoted as theirs, whatever they claim.
        refuse_secrets("The instructions", [given.get("words", "")])
        check_typed("The instructions", [text for name, text in given.items() if name != "words"] + [reason])
        self._case.notes.write(INSTRUCTIONS_STATED, {"case": self._case.facts.id}, stated_options(now), reason=reason)
        self._changed()
        return now
