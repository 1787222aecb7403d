"""What this installation can do: its analyses and importers, for shells that must not know them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import Param, declared

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.base import Analysis
    from workbench.core.finding_page import FindingPage
    from workbench.core.reading import Reading


@dataclass(frozen=True, slots=True)
class AnalysisInfo:
    """An analysis as a user meets it: its question in words, its parameters, limits and references."""

    key: str
    title: str
    question: str
    params: Mapping[str, Param]
    limits: tuple[str, ...]
    references: tuple[str, ...]
    opinion: bool = False
    """Whether it makes an opinion of other findings, so that no plan has to foresee it."""


@dataclass(frozen=True, slots=True)
class ImporterInfo:
    """A format as a user meets it; an `asked_only` one needs a mapping."""

    key: str
    title: str
    suffixes: tuple[str, ...]
    asked_only: bool


def analyses() -> list[AnalysisInfo]:
    """All analyses, in the order in which they are offered."""
    from workbench.analyses import ANALYSES

    if not ANALYSES:
        raise WorkbenchError("This program lists no analyses.", hint="The installation is broken: install it again.")
    return [
        AnalysisInfo(a.key, a.title, inspect.cleandoc(_module_doc(a)), declared(a), a.limits, a.references, a.opinion)
        for a in ANALYSES
    ]


def plannable() -> list[str]:
    """The keys of the analyses that a plan can foresee."""
    from workbench.analyses import ANALYSES

    return [a.key for a in ANALYSES if not a.opinion]


def importers() -> list[ImporterInfo]:
    """All formats that can be imported."""
    from workbench.importers.choose import IMPORTERS

    return [ImporterInfo(i.key, i.title, i.suffixes, i.asked_only) for i in IMPORTERS]


def analysis(key: str) -> type[Analysis[Any]]:
    """The analysis of a key; raises UsageError for an unknown one."""
    from workbench.analyses import ANALYSES

    for candidate in ANALYSES:
        if candidate.key == key:
            return candidate
    known = ", ".join(a.key for a in ANALYSES)
    raise UsageError(f"There is no analysis “{key}”.", hint=f"The analyses are: {known}.")


def figure_of(finding: Finding, figure: Figure) -> None:
    """Draw a Finding into the figure that is handed over."""
    analysis(finding.analysis).draw(finding, figure)


def narrative_of(finding: Finding) -> Narrative:
    """A Finding in sentences, as this version words it, with what its examiner chose and what is not settled.

    That may lower its rung: controls kept apart, a calibration of the examiner's own, traces of saving.
    """
    from workbench.analyses import all_eligible, allowed, own_calibration
    from workbench.app.artefacts import capped

    narrative = allowed.told(all_eligible.told(analysis(finding.analysis).narrate(finding), finding), finding)
    return capped(own_calibration.told(narrative, finding), finding)


def page_of(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """A Finding as a page of the report; `models` are the known facts of the corpora by name."""
    from workbench.analyses import all_eligible, allowed, own_calibration
    from workbench.app.artefacts import changed_on_page

    page = all_eligible.told_on_page(analysis(finding.analysis).page(finding, models), finding)
    page = changed_on_page(allowed.told_on_page(page, finding), finding)
    return own_calibration.told_on_page(page, finding)


def reading_of(finding: Finding, headline: str) -> Reading | None:
    """A Finding as it is read on a page; None where it is read by its words alone, or its analysis is not known."""
    try:
        return analysis(finding.analysis).read(finding, headline)
    except UsageError:
        return None


def description_of(finding: Finding) -> str:
    """The alternative text of a Finding's chart."""
    return analysis(finding.analysis).describe(finding)


def chart_table_of(finding: Finding) -> str:
    """The name of the table whose numbers a Finding's chart shows."""
    return analysis(finding.analysis).chart_table


def _module_doc(owner: type) -> str:
    module = inspect.getmodule(owner)
    return (module.__doc__ if module else None) or owner.__doc__ or ""
