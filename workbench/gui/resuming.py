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
    from workbench.app.requests import ImportRequest

    for begun in session.open_imports():
        if begun.id == number:
            options = begun.options
            encoding = options.get("encoding", {})
            request = ImportRequest(
                role=known.role,
                model=options["model"],
                facts=known.facts,
                note=known.note,
                format=begun.importer,
                prompts=session.case.original(options["prompts"]["sha256"]) if options["prompts"] else None,
                mapping=options["mapping"],
                encoding=encoding["name"] if encoding.get("how") == "given" else "",
            )
            report = session.import_file(session.case.original(begun.source.sha256), request, progress)
            return replace(report, unnamed=report.unnamed and request.model is None)
    raise UsageError("That import is not open any more.")
