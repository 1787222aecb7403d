"""How much more probable are the suspect's answers if the protected model is among its sources than if it is not?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.analyses.scoring.parameters import CALIBRATION, CONFIDENCE
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection
from workbench.core.statistics.fitted_calibration import RESOURCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.weigh.compute import WeighMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known
    from workbench.core.reading import Reading


class Weigh(Analysis["WeighMaterial"]):
    """How much more probable are the findings if the suspect comes from the protected model than if it does not?

    What the suspect shares with the protected model beyond all that the controls share with either is turned into a
    likelihood ratio by a calibration, which was fitted on other suspects whose sources are documented.
    """

    key: ClassVar[str] = "weigh"
    title: ClassVar[str] = "Weight of the evidence"
    version: ClassVar[int] = 3
    chart_table: ClassVar[str] = "lrs"
    needs_similarities: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "A likelihood ratio weighs these answers alone. It is not the probability that the suspect was trained on the "
        "protected model, which depends on everything else that is known.",
        "It is relative to the two accounts: if neither holds (another model of the protected model's maker, say, is "
        "the source), it can be large all the same. A sibling of the true source is the commonest wrong answer.",
        "It is worth what its calibration is worth: the rates stated are those of the calibration's panels, most of "
        "whose documented sources are of one maker.",
        "Text can't tell the direction, nor a direct descent from one through a third model that is not among the "
        "controls.",
        "An LR below 1 does not clear the suspect: paraphrase and later training hide a source from every comparison "
        "of texts.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Brümmer and du Preez (2006), Application-independent evaluation of speaker detection, "
        "doi:10.1016/j.csl.2005.08.001",
        "Dempster (1972), Covariance selection, doi:10.2307/2528966",
        "ENFSI (2015), Guideline for Evaluative Reporting in Forensic Science",
        "Morrison (2013), Tutorial on logistic-regression calibration and fusion, doi:10.1080/00450618.2012.733025",
        "Vergeer and others (2016), Numerical likelihood ratios outputted by LR systems are often based on "
        "extrapolation: when to stop extrapolating?, doi:10.1016/j.scijus.2016.06.003",
    )

    replicates = param(
        300,
        "Replicates",
        low=100,
        high=5_000,
        help="How often prompts, controls and the calibration's suspects are drawn again for the intervals.",
    )
    confidence = CONFIDENCE
    calibration = CALIBRATION

    def gather(self, selection: Selection) -> WeighMaterial:
        """The seat and its calibration; refuses too few controls or prompts, or a calibration for another score."""
        from workbench.analyses.weigh.compute import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The most prompts and controls that it can rest on."""
        from workbench.analyses.scoring.comparable_material import at_most
        from workbench.analyses.weigh.compute import refuse_too_few_controls

        refuse_too_few_controls(known.question)
        return at_most(known)

    def compute(self, material: WeighMaterial, seed: int, progress: Progress) -> Computed:
        """The LR of each question, and what it is with other models in the seats."""
        from workbench.analyses.weigh.compute import scores
        from workbench.analyses.weigh.tables import checks_of, lrs_of, tables, values, warnings

        confidence = float(self.values["confidence"])
        found = scores(material, int(self.values["replicates"]), seed, part(progress, 0.1, 0.95))
        progress(0.95, "writing tables")
        lrs, compared = lrs_of(material, found, confidence), checks_of(material)
        question = material.question
        return Computed(
            question=f"How much more probable are the answers of {question.suspect.name} if {question.protected_name} "
            "is among its sources than if it is not?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=values(material, found, lrs, compared, confidence),
            tables=tables(material, found, lrs, compared),
            warnings=warnings(material, found, compared),
            resources={RESOURCE: material.calibration.sha256},
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: the LR first, then what it rests on and what would change it."""
        from workbench.analyses.weigh.narrative import narrative

        return narrative(finding, Weigh.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.weigh.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.weigh.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The chart in words, with its numbers."""
        from workbench.analyses.weigh.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A scale of log10 LRs: the suspect's with intervals and caps, and those of the controls in either seat."""
        from workbench.analyses.weigh.chart import draw

        draw(finding, figure)
