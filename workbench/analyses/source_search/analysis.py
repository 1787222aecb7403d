"""Which of all the candidate families in the case do the suspect's answers look like, if any?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed
from workbench.analyses.scoring.parameters import CALIBRATION, CONFIDENCE
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Facts, Finding, Input, LeftOut, LeftOutKind, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection
from workbench.core.statistics.fitted_calibration import RESOURCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.source_search.compute import SearchMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.reading import Reading


class SourceSearch(Analysis["SearchMaterial"]):
    """Which of all the candidate families in the case is the suspect's likely source, or is it none of them?

    The suspect is weighed against every family that is old enough, each with its own controls, and the likelihood
    ratios are ranked. Ties are said to be ties, and none of the candidates is an answer too.
    """

    key: ClassVar[str] = "source_search"
    title: ClassVar[str] = "Source search"
    version: ClassVar[int] = 2
    chart_table: ClassVar[str] = "candidates"
    needs_similarities: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "A search among many candidates finds the one that stands out; a source that is not in the case can't be "
        "found, and a relative of it may stand out in its place.",
        "Families of one developer are often indistinguishable; so are a family and another that learned from it.",
        "A likelihood ratio is not a probability, and those of several candidates do not add up to one.",
        "Text can't tell the direction: dates alone rule out a candidate, and an unknown date rules out nothing.",
        "None of the candidates does not mean that there is no source: paraphrase and later training hide it.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Dempster (1972), Covariance selection, doi:10.2307/2528966",
        "Morrison (2013), Tutorial on logistic-regression calibration and fusion, doi:10.1080/00450618.2012.733025",
    )

    replicates = param(
        200,
        "Replicates",
        low=100,
        high=5_000,
        help="How often prompts, controls and the calibration's suspects are drawn again for the intervals.",
    )
    confidence = CONFIDENCE
    calibration = CALIBRATION

    def gather(self, selection: Selection) -> SearchMaterial:
        """The candidates; refuses where none can be compared, and a calibration for another version of the score."""
        from workbench.analyses.source_search.compute import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The suspect's prompts, and the corpora that are searched."""
        from workbench.analyses.source_search.compute import refuse_too_small_pool

        question = known.question
        refuse_too_small_pool(question)
        own = int(known.prompts_of(question.suspect.name).sum())
        return Foreseen(rests_on=f"{own:,} prompts of {question.suspect.name}, {len(question.pool)} corpora to search.")

    def compute(self, material: SearchMaterial, seed: int, progress: Progress) -> Computed:
        """The candidates' LRs in order, and which of them are tied."""
        import numpy as np

        from workbench.analyses.scoring.likelihood_ratios import log10_lrs, replicated, weights_of
        from workbench.analyses.source_search.sets import searched
        from workbench.analyses.source_search.tables import ranked, tables, values, warnings

        confidence, count = float(self.values["confidence"]), int(self.values["replicates"])
        seats = [one.seat for one in material.compared()]
        weights = weights_of(material.calibration)
        lrs = np.array([log10_lrs(material.own, seat, weights) for seat in seats])
        again = replicated(material.own, seats, material.calibration, count, seed, part(progress, 0.05, 0.95))
        progress(0.95, "writing tables")
        order, made = ranked(material, lrs, again, confidence), searched(material)
        suspect = material.question.suspect.name
        return Computed(
            question=f"Which of the candidate families in the case do the answers of {suspect} look like, if any?",
            inputs=_inputs(material),
            left_out=_left_out(material),
            values=values(material, order, made, confidence),
            tables=tables(material, order, made),
            warnings=warnings(material, order),
            resources={RESOURCE: material.calibration.sha256},
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: who stands out, who else it could be, or that it is none."""
        from workbench.analyses.source_search.narrative import narrative

        return narrative(finding, SourceSearch.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.source_search.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.source_search.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The dot plot in words, with its numbers."""
        from workbench.analyses.source_search.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A dot plot of the candidates' log10 LRs, ranked, with intervals and caps."""
        from workbench.analyses.source_search.chart import draw

        draw(finding, figure)


def _inputs(material: SearchMaterial) -> tuple[Input, ...]:
    """Every corpus that was compared; a member of a family is a candidate, and a control of other candidates."""
    question = material.question
    named = [(question.suspect, "suspect")]
    named += [(c, "candidate" if c.facts.family else "control") for c in question.pool if c.name not in material.absent]
    protected = {c.name for c in question.protected}
    return tuple(
        Input(c.name, "protected" if c.name in protected else role, c.answers, c.sha256, c.facts.released)
        for c, role in named
    )


def _left_out(material: SearchMaterial) -> tuple[LeftOut, ...]:
    """What no candidate is compared with: corpora outside the pool, with the reason that the question gives."""
    pool = {corpus.name for corpus in material.question.pool}
    outside = [item for item in material.question.left_out if item.corpus not in pool]
    absent = [LeftOut(name, LeftOutKind.OTHER, "without similarities") for name in material.absent]
    return (*outside, *absent)
