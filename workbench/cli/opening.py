"""What the verbs share: an open case."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.cli.output import note
from workbench.core.surroundings import Conditions, of_this_machine

if TYPE_CHECKING:
    from workbench.app.session import Session


@contextmanager
def opened(options: Namespace, conditions: Conditions | None, *, writing: bool) -> Iterator[Session]:
    """An open case, closed at the end; what must be said of it is said first."""
    from workbench.app.session import Session

    session = Session.open(options.case, conditions=conditions or of_this_machine(), writing=writing)
    try:
        if session.notice:
            note(session.notice)
        yield session
    finally:
        session.close()
