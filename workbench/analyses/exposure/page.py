"""A Finding of `exposure` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import direct_page, innocent_readings
from workbench.analyses.exposure.narrative import narrative
from workbench.analyses.exposure.values import ExposureValues
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.printed import number, p_value
from workbench.core.text import counted
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(ExposureValues, finding.values)
    words = narrative(finding, limits)
    found = words.rung > 0
    on = f"on {counted(values.n_prompts, 'prompt', 'prompts')}, {values.suspect} is"
    return direct_page(
        finding,
        words,
        answer=(
            f"{on} closer to the answers that were served than to answers that were not."
            if found
            else f"{on} not found to be closer to the answers that were served than to others."
        ),
        brief=f"{number(values.mean)} standard deviations, p = {p_value(values.p)}.",
        short="served answers or their siblings?",
        found=found,
        looked_for="Closeness to served answers",
        not_said="Served answers that became public give the same effect without any account.",
        highest=5,
        change=(
            "Served answers that turn out to have been public.",
            f"More prompts: an effect under {number(values.detectable)} standard deviations may be missed.",
        ),
        innocent=innocent_readings(finding),
    )
