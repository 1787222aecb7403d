"""A Finding of `keyed_signal` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import direct_page, innocent_readings
from workbench.analyses.keyed_signal.narrative import chance, narrative
from workbench.analyses.keyed_signal.values import SignalValues
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.number_format import percent
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(SignalValues, finding.values)
    carries = f"on {values.n_windows:,} windows of tokens, the text of {values.suspect}"
    share = "" if values.share_needed is None else f" Here about {percent(values.share_needed)} would be found."
    return direct_page(
        finding,
        narrative(finding, limits),
        answer=(
            f"{carries} carries the keyed signal of {values.protected}."
            if values.found
            else f"{carries} does not show the keyed signal of {values.protected}."
        ),
        brief=f"Signal {values.scheme}: {chance(values)}.",
        short=f"keyed signal {values.signal}",
        found=values.found and values.alone,
        looked_for="A keyed signal",
        not_said=(
            "A relay of the protected model, or marked text on the web, carries it as well."
            if values.found
            else "Paraphrase and a small share of marked text hide a signal."
        ),
        highest=5,
        change=(
            "A place where marked text of the protected model was public.",
            f"More text of the suspect: a smaller share of marked text may be missed.{share}",
        ),
        innocent=innocent_readings(finding),
    )
