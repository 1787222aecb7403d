"""A Finding of `canaries` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.canaries.narrative import narrative
from workbench.analyses.canaries.values import CanaryValues
from workbench.analyses.direct_page import direct_page, innocent_readings
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.printed import counted
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(CanaryValues, finding.values)
    words = narrative(finding, limits)
    known = words.rung >= 4
    told = f"{counted(values.first, values.n_ranked)} planted markers"
    word_for_word = f"{counted(values.markers_hit, values.n_markers)} planted markers stand word for word in"
    if values.n_hits:
        answer = f"{word_for_word} texts of {values.suspect}."
    elif known:
        answer = f"{values.suspect} ranks {told} first among {values.candidates:,} candidates each."
    else:
        answer = f"no sign was found that {values.suspect} knows any of {values.n_markers} planted markers."
    return direct_page(
        finding,
        words,
        answer=answer,
        brief=f"{counted(values.markers_hit, values.n_markers)} stand word for word, {told} rank first.",
        short="planted markers",
        found=known,
        looked_for="Planted markers",
        not_said="A relay of the protected model brings up its markers without having learned them.",
        highest=5,
        change=(
            "A place where these markers were public before the suspect was asked.",
            "The same probes put to more controls.",
        ),
        innocent=innocent_readings(finding),
    )
