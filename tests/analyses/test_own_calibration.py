"""A calibration that no version shipped: its ratio never passes for a validated one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses.own_calibration import CAUTION, HEADLINE, told, told_on_page
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.analyses.weigh.analysis import Weigh
from workbench.core.finding_page import MOST_WORDS, words_in
from workbench.core.model import Finding
from workbench.core.progress import silent
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import KNOWN, Calibration, read_calibration


@dataclass
class Forged(Listed):
    """A Selection whose calibration adds to every log-odds, under the shipped name."""

    offset: float = 9.0

    def calibration(self) -> Calibration:
        """The shipped one with another constant, and no bounds to speak of."""
        real = super().calibration()
        raised = {
            key: replace(one, weights=(*one.weights[:-1], one.weights[-1] + self.offset), high=9.0, low=-9.0)
            for key, one in real.questions.items()
        }
        return replace(real, questions=raised)


def forged(offset: float) -> Forged:
    made = listed(speakers(24, 40, learned=0.0))
    return Forged(made.question, made.texts, offset=offset)


def test_the_shipped_calibration_is_known() -> None:
    assert read_calibration(resource("calibration.json")).sha256 in KNOWN


@pytest.mark.parametrize("analysis", [Weigh, SourceSearch])
def test_a_forged_calibration_is_called_the_examiners_own_before_the_answer(
    analysis: type[Weigh | SourceSearch],
) -> None:
    finding: Finding = analysis().run(forged(9.0), 1, silent)
    said = told(analysis.narrate(finding), finding)
    assert said.headline.startswith(HEADLINE)
    assert said.rung == 0
    page = told_on_page(analysis.page(finding, {}), finding)
    assert page.sentence.startswith(CAUTION)
    assert words_in(page.sentence) <= MOST_WORDS


def test_one_that_is_known_adds_no_word() -> None:
    finding = Weigh().run(listed(speakers(24, 40)), 1, silent)
    narrative = Weigh.narrate(finding)
    assert told(narrative, finding) == narrative
