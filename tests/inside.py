"""What tests may look at behind the door of a session, and nobody else."""

from __future__ import annotations

from workbench.app.session import Session
from workbench.store import Case


def case_of(session: Session) -> Case:
    """The stored case of an open session."""
    case = vars(session)["_case"]
    assert isinstance(case, Case)
    return case
