"""What a verb takes from its surroundings, injected so that the same verbs give the same bytes."""

from __future__ import annotations

import getpass
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.core.text import well_formed


@dataclass(frozen=True, slots=True)
class Conditions:
    """Clock (aware, UTC), examiner, account of the operating system, and the maker of case ids."""

    clock: Callable[[], datetime]
    examiner: str
    account: str
    new_id: Callable[[], str]

    def now(self) -> str:
        """The time as ISO 8601 in UTC to the millisecond, such as 2026-03-01T12:00:00.000Z."""
        return self.clock().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_this_machine(examiner: str = "") -> Conditions:
    """The real clock, account and random case ids; unnamed, the examiner is left to the case, or empty."""
    account = _account()
    named = well_formed(examiner)[0]
    return Conditions(lambda: datetime.now(UTC), named, account, lambda: str(uuid.uuid4()))


def _account() -> str:
    try:
        return well_formed(f"{getpass.getuser()}@{socket.gethostname()}")[0]
    except (OSError, KeyError):
        return f"unknown@{socket.gethostname()}"
