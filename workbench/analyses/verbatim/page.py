"""A Finding of `verbatim` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import direct_page
from workbench.analyses.verbatim.narrative import narrative
from workbench.analyses.verbatim.values import VerbatimValues
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.printed import number
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(VerbatimValues, finding.values)
    first = values.rank == 1 and values.score > 0
    models_compared = values.n_controls + 1
    place = f"rank {values.rank} of {models_compared} models by {number(values.score, 0)} bits of unpredictable text."
    found = f"{values.suspect} shares more unpredictable text with {values.protected} than each of "
    return direct_page(
        finding,
        narrative(finding, limits),
        answer=(
            f"{found}{values.n_controls} controls does."
            if first
            else f"{values.suspect} shares no more unpredictable text with {values.protected} than controls do."
        ),
        brief=place,
        short="passages that no other model writes?",
        found=first,
        looked_for="Shared passages",
        not_said="Which of the two wrote a passage first is not visible in the text.",
        highest=4,
        change=(
            "A public source that has these passages.",
            "More controls that learned from the same public texts.",
        ),
        innocent=(
            "Innocent readings: a quotation that both know, boilerplate, idioms of program code, a page that only "
            "these two learned, and a common base.",
        ),
    )
