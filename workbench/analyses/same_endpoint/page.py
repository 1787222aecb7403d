"""A Finding of `same_endpoint` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import direct_page, innocent_readings
from workbench.analyses.same_endpoint.narrative import narrative
from workbench.analyses.same_endpoint.values import EndpointValues
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.printed import number, p_value
from workbench.core.text import counted
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(EndpointValues, finding.values)
    on = f"on {counted(values.n_prompts, 'prompt', 'prompts')}"
    if values.apart:
        answer = f"{on}, repeated answers of {values.suspect} are told from those of {values.protected}."
    elif values.same:
        answer = f"{on}, repeated answers of {values.suspect} can’t be told from those of {values.member}."
    else:
        answer = f"{on}, {values.suspect} is neither told from {values.member} nor shown to be the same."
    margin = "" if values.margin is None else f", against {number(values.margin, 3)} of the protected model from itself"
    return direct_page(
        finding,
        narrative(finding, limits),
        answer=answer,
        brief=f"MMD² {number(values.mean, 3)}{margin}; p = {p_value(values.p)}.",
        short="the protected model under another name?",
        found=values.same and values.alone,
        looked_for="A relay of the protected model",
        not_said=(
            "Whether it relays the protected model or runs a copy of it is not visible in the answers."
            if values.same
            else "A relay with a system prompt, other settings or another version is told apart as well."
        ),
        highest=2,
        change=(
            "Answers to the same prompts, collected at the same time with the same settings.",
            "More answers to each prompt, of controls as well.",
        ),
        innocent=innocent_readings(finding),
    )
