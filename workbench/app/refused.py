"""Why records of an import were not taken, gathered by reason after it."""

from __future__ import annotations

from dataclasses import replace

from workbench.app.requests import ImportReport
from workbench.store import Case

_MOST = 100


def with_reasons(case: Case, report: ImportReport) -> ImportReport:
    """The report with the reasons of its rejected records, each with how many share it."""
    if not report.rejections:
        return report
    done = [row for row in case.import_log() if row.state == "done" and row.source.sha256 == report.source]
    found = case.rejection_reasons(done[-1].id, _MOST)
    return replace(report, reasons=tuple((why, count, first.place) for why, count, first in found))
