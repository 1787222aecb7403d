"""Going on with an import that was interrupted, as it was begun."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.errors import UsageError
from workbench.core.progress import Progress

if TYPE_CHECKING:
    from workbench.app.requests import ImportReport
    from workbench.app.session import Session
    from workbench.gui.dialogs.resume import Known


def resume(session: Session, number: int, known: Known, progress: Progress) -> ImportReport:
    """Import the kept original again with the options it was begun with; raises UsageError when it is gone."""
    from workbench.app.importing.resume import as_begun
    from workbench.app.requests import ImportRequest

    for begun in session.open_imports():
        if begun.id == number:
            request = as_begun(session.case, begun, ImportRequest(role=known.role, facts=known.facts, note=known.note))
            report = session.import_file(session.case.original(begun.source.sha256), request, progress)
            return replace(report, unnamed=report.unnamed and request.model is None)
    raise UsageError("That import is not open any more.")
