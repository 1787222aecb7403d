"""What several verbs share: an open case, and the facts that options state."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.cli.output import note
from workbench.core.conditions import Conditions, of_this_machine
from workbench.core.model import Facts
from workbench.core.panel import checked_date

if TYPE_CHECKING:
    from workbench.app.session import Session


@contextmanager
def opened(options: Namespace, conditions: Conditions | None, *, writing: bool) -> Iterator[Session]:
    """An open case, closed at the end; what must be said of it is said first."""
    from workbench.app.session import Session

    session = Session.open(options.case, conditions=conditions or of_this_machine(), writing=writing)
    try:
        if session.case.notice:
            note(session.case.notice)
        yield session
    finally:
        session.close()


def facts_of(options: Namespace) -> Facts:
    """The facts that the options of a verb state; raises UsageError for a date that is none."""
    return Facts(
        developer=options.developer,
        released=checked_date(options.released) if options.released else None,
        base=options.base,
        family=options.family,
    )
