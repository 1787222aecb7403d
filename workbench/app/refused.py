"""What an import did not take in, gathered after it: why records were rejected, and which were duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbench.app.importing import duplicates
from workbench.app.requests import ImportReport
from workbench.core.text import one_line
from workbench.store import Case

_MOST = 100
_NAMED = 5


def of_no_corpus(strays: Mapping[str, int]) -> str:
    """What is said of rejected records whose models have no answer; nothing where there are none."""
    if not strays:
        return ""
    named = ", ".join(f"{one_line(name, 60)} ({count:,})" for name, count in list(strays.items())[:_NAMED])
    others = " and others" if len(strays) > _NAMED else ""
    return f"Rejected records of {named}{others}, of which no answer came in, are counted with another corpus."


def with_refused(case: Case, report: ImportReport) -> ImportReport:
    """The report with reasons of rejected records, each with how many share it, and with the first duplicates."""
    doubled = not report.known and any(corpus.duplicate for corpus in report.corpora)
    if not (report.rejections or doubled):
        return report
    done = [row for row in case.import_log() if row.state == "done" and row.source.sha256 == report.source]
    found = case.rejection_reasons(done[-1].id, _MOST) if report.rejections else []
    return replace(
        report,
        reasons=tuple((why, count, first.place) for why, count, first in found),
        duplicates=duplicates.first(case, done[-1].id, _MOST) if doubled else (),
    )
