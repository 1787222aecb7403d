"""What is said of a Finding whose likelihood ratio comes from a calibration that no version of the workbench shipped.

Whoever writes a calibration writes the ratios. So it is known by its digest, and one that is not known is called the
examiner's own before the answer, and keeps the Finding off every rung.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.model import Finding, Narrative
from workbench.core.statistics.fitted_calibration import KNOWN, RESOURCE

if TYPE_CHECKING:
    from workbench.core.finding_page import FindingPage

OWN_CALIBRATION = "own_calibration"
"""Where the values of a Finding say so."""

CAUTION = "By an unvalidated calibration:"
"""Opens the sentence of a page."""

HEADLINE = "By a calibration of the examiner’s own, which is not validated:"

_SAID = (
    "The likelihood ratio comes from a calibration of the examiner’s own. No version of the workbench shipped it, and "
    "no trial of the workbench stands behind it: the ratio is what its file makes it. No rung rests on it."
)


def is_own(resources: Mapping[str, str]) -> bool:
    """Whether a Finding's resources hold a calibration that no version of the workbench shipped."""
    digest = resources.get(RESOURCE)
    return digest is not None and digest not in KNOWN


def told(narrative: Narrative, finding: Finding) -> Narrative:
    """The sentences of a Finding with what its calibration is."""
    if not finding.values.get(OWN_CALIBRATION):
        return narrative
    return replace(
        narrative,
        rung=0,
        headline=f"{HEADLINE} {narrative.headline}",
        sentences=(_SAID, *narrative.sentences),
    )


def told_on_page(page: FindingPage, finding: Finding) -> FindingPage:
    """The page of a Finding with what its calibration is."""
    if not finding.values.get(OWN_CALIBRATION):
        return page
    limit = ("The calibration is not validated.", _SAID, "the calibration that comes with the workbench.")
    return replace(page, caution=CAUTION, against=(_SAID, *page.against), limits=(limit, *page.limits))
