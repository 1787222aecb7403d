"""Is the suspect closer to the protected model than unrelated models are?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.analyses.scoring.parameters import BOOTSTRAP_REPLICATES, CONFIDENCE, MIN_COVERAGE
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.closest_source.compute import ClosenessMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known
    from workbench.core.reading import Reading


class ClosestSource(Analysis["ClosenessMaterial"]):
    """Are the suspect's answers closer to the protected model's than those of unrelated models are?

    Answers to the same prompts are compared in several ways (words, layout, openings and more), for the
    suspect and in exactly the same way for every control, so that its place among them can be seen.
    """

    key: ClassVar[str] = "closest_source"
    title: ClassVar[str] = "Closest source"
    version: ClassVar[int] = 3
    chart_table: ClassVar[str] = "models"
    needs_similarities: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "Closeness is not origin: text alone can't tell a suspect that learned from the protected model from one "
        "that learned from a third model with the same source, nor which of the two was first.",
        "The controls stand for unrelated models of the same kind; how well they do is a judgement, not a result.",
        "A suspect that is not closest is not cleared: paraphrase and later training hide a source from every "
        "comparison of texts.",
        "Lengths are reported and not evened out; only openings and endings compare pieces of one length.",
        "No likelihood ratio is stated: this comparison gives a rank among controls; `weigh` states one.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Besag and Clifford (1989), Generalized Monte Carlo significance tests, doi:10.1093/biomet/76.4.633",
        "Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13",
        "Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers",
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
    )

    replicates = BOOTSTRAP_REPLICATES
    confidence = CONFIDENCE
    min_coverage = MIN_COVERAGE

    def gather(self, selection: Selection) -> ClosenessMaterial:
        """The matched question; refuses too few controls or prompts, no prompt in common, or no spread."""
        from workbench.analyses.closest_source.compute import gather

        return gather(selection, float(self.values["min_coverage"]))

    def lost(self, material: ClosenessMaterial) -> float:
        """The share of the prompts that some control did not answer."""
        return 1 - len(material.matched.rows) / material.matched.asked

    def foresee(self, known: Known) -> Foreseen:
        """The prompts that all answered, and the controls that answered enough of them."""
        from workbench.analyses.scoring.comparable_material import foreseen

        return foreseen(known, float(self.values["min_coverage"]))

    def compute(self, material: ClosenessMaterial, seed: int, progress: Progress) -> Computed:
        """The suspect's closeness, its rank among the controls, and how sure both are."""
        from workbench.analyses.closest_source.compute import score
        from workbench.analyses.closest_source.tables import answer_texts, tables, values
        from workbench.analyses.closest_source.warnings import warnings

        confidence = float(self.values["confidence"])
        scores = score(material, int(self.values["replicates"]), seed, part(progress, 0.3, 0.95))
        progress(0.95, "writing tables")
        answers = answer_texts(material)
        stated = values(material, scores, confidence)
        return Computed(
            question=material.question.words(),
            inputs=inputs_of(material.question),
            left_out=material.question.left_out + material.matched.left_out,
            values=stated,
            tables=tables(material, scores, answers, confidence),
            warnings=warnings(material, scores, stated, answers),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: rank, numbers, what it rests on, and what it does not say."""
        from workbench.analyses.closest_source.narrative import narrative

        return narrative(finding, ClosestSource.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.closest_source.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.closest_source.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The forest plot in words, with its numbers."""
        from workbench.analyses.closest_source.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A forest plot of all models by their closeness to the protected side."""
        from workbench.analyses.closest_source.chart import forest

        forest(finding, figure)
