"""A Finding of `training_set` as a page of the report."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import direct_page, innocent_readings
from workbench.analyses.training_set.narrative import narrative
from workbench.analyses.training_set.values import TrainingSetValues
from workbench.core.finding_page import FindingPage
from workbench.core.model import Finding
from workbench.core.typed_json import read


def page(finding: Finding, limits: Sequence[str]) -> FindingPage:
    """The page; `limits` are those of the analysis."""
    values = read(TrainingSetValues, finding.values)
    words = narrative(finding, limits)
    equal = values.pairs + values.answers
    alike = equal + values.near + values.runs
    if values.log_rows:
        answer = f"{values.log_rows:,} of {values.n_rows:,} published rows are, word for word, answers in the log."
    elif alike:
        answer = f"{equal:,} of {values.n_rows:,} published rows are, word for word, answers of {values.protected}."
    else:
        answer = f"none of {values.n_rows:,} published rows agrees with an answer of {values.protected}."
    return direct_page(
        finding,
        words,
        answer=answer,
        brief=f"{equal:,} of {values.n_rows:,} rows word for word, {alike - equal:,} more close to an answer.",
        short="the published training set",
        found=words.rung >= 4,
        looked_for="Answers in the training set",
        not_said="Rewritten, translated and filtered answers are not found.",
        highest=5,
        change=(
            "A set of another origin that holds the same rows.",
            "Proof of which data the suspect was trained on.",
        ),
        innocent=innocent_readings(finding),
    )
