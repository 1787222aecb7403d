"""A Finding of `campaign` as a page of the report: it speaks of accounts in a log, and of no suspect."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.campaign.narrative import narrative
from workbench.analyses.campaign.values import CampaignValues
from workbench.core.finding_page import FindingPage, Part, Says
from workbench.core.model import Finding
from workbench.core.text import counted
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(CampaignValues, finding.values)
    words = narrative(finding, limits)
    standing = counted(len(values.coordinated), "stands", "stand") if values.coordinated else "none stands"
    clusters = counted(values.clusters, "cluster of calls", "clusters of calls")
    return FindingPage(
        part=Part.OTHER,
        says=Says.NOT_ASKED,
        suspect="",
        protected="",
        question=finding.question,
        short="accounts that move together?",
        brief=f"{len(values.coordinated)} of {clusters} stand out.",
        answer=f"of {clusters} in the log, {standing} out in two tests or more.",
        not_said="A log says what an account did, not who holds it, and nothing about what was done with the answers.",
        seen=words.headline,
        steady=words.sentences[:3],
        against=(*finding.warnings, *words.limits[:3]),
        change=(
            "Accounts that are known to be innocent and do the same.",
            "Who holds the accounts.",
        ),
    )
