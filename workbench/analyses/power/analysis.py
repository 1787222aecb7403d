"""If nothing is found: what is the smallest share of relayed answers that this material would have shown?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.analyses.scoring.parameters import CALIBRATION, CONFIDENCE, MIN_COVERAGE
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection
from workbench.core.statistics.fitted_calibration import ANY, RESOURCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.power.compute import PowerMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known
    from workbench.core.reading import Reading

SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


class Power(Analysis["PowerMaterial"]):
    """If nothing is found: what is the smallest share of relayed answers that this material would have shown?

    A share of the protected model's answers is planted in controls, which are then scored in the suspect's place.
    The share from which on they are found says what a finding of nothing is worth. It is a share of answers relayed as
    they are, not of training data.
    """

    key: ClassVar[str] = "power"
    title: ClassVar[str] = "Power: what would have been found"
    version: ClassVar[int] = 2
    chart_table: ClassVar[str] = "curve"
    needs_similarities: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "The share is one of answers relayed word for word. Nothing follows for shares of training data: a model that "
        "learned from answers writes new ones.",
        "Absence of a finding exonerates nobody: paraphrase defeats every comparison of texts.",
        "Prompts are relayed at random here; a suspect that relays some kinds of question only may be found sooner or "
        "later than that.",
        "The planted controls stand for the suspect: one that writes unlike all of them may be harder or easier.",
        "A calibration may have been fitted on some of these very models; the planted answers were not in it.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Hoenig and Heisey (2001), The abuse of power, doi:10.1198/000313001300339897",
        "Meuwly, Ramos and Haraksim (2017), A guideline for the validation of likelihood ratio methods, "
        "doi:10.1016/j.forsciint.2016.03.048",
        "Dempster (1972), Covariance selection, doi:10.2307/2528966",
    )

    bound = param(
        1.0,
        "Found from this log10 LR on",
        low=0.0,
        high=6.0,
        help="A plant counts as found where the log10 LR that would be reported is at least this.",
    )
    about = param(ANY, "What the LR is about", choices=(ANY,), help="Which of the calibration's questions.")
    calibration = CALIBRATION
    planted = param(24, "Controls to plant in", low=2, high=1000, help="Drawn at random where there are more.")
    draws = param(5, "Draws of prompts", low=1, high=200, help="How often prompts are drawn for each control.")
    confidence = CONFIDENCE
    min_coverage = MIN_COVERAGE

    def gather(self, selection: Selection) -> PowerMaterial:
        """The matched question and whose answers are planted; refuses too few controls or prompts."""
        from workbench.analyses.power.compute import gather

        return gather(selection, float(self.values["min_coverage"]))

    def foresee(self, known: Known) -> Foreseen:
        """The same prompts and controls as a comparison, with one control more to plant answers in."""
        from workbench.analyses.power.compute import foreseen

        return foreseen(known, float(self.values["min_coverage"]))

    def compute(self, material: PowerMaterial, seed: int, progress: Progress) -> Computed:
        """How many plants of each share are found."""
        from workbench.analyses.power.compute import Design, plant
        from workbench.analyses.power.tables import Settings, outside, tables, values, warnings

        question, calibration = material.question, material.calibration
        confidence, about = float(self.values["confidence"]), str(self.values["about"])
        settings = Settings(SHARES, float(self.values["bound"]), seed, confidence, about, calibration)
        design = Design(SHARES, int(self.values["planted"]), int(self.values["draws"]), seed)
        share = 0.9 / len(material.scenarios)
        planted = [
            plant(
                material,
                scenario,
                settings.weighing,
                design,
                part(progress, 0.05 + share * at, 0.05 + share * (at + 1)),
            )
            for at, scenario in enumerate(material.scenarios)
        ]
        progress(0.95, "writing tables")
        beyond = outside(material)
        return Computed(
            question=f"If nothing is found: what share of answers relayed from {question.protected_name} would have "
            "been found?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=values(material, planted, settings, beyond),
            tables=tables(planted, settings),
            warnings=tuple(warnings(material, planted, settings, beyond)),
            resources={} if calibration is None else {RESOURCE: calibration.sha256},
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: the smallest shares, how they were found, and what they do not say."""
        from workbench.analyses.power.narrative import narrative

        return narrative(finding, Power.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.power.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.power.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The curves in words, with their numbers."""
        from workbench.analyses.power.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The share of plants found, and the mean log10 LR, against the share planted."""
        from workbench.analyses.power.chart import curves

        curves(finding, figure)
