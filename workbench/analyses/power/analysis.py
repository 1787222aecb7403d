"""If nothing is found: what is the smallest share of relayed answers that this material would have shown?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, inputs_of, left_out_of, software
from workbench.analyses.weigh.analysis import CALIBRATION_HELP
from workbench.core.errors import RefusedError
from workbench.core.finding_page import FindingPage
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection
from workbench.core.statistics.calibration import ANY, QUESTIONS, RESOURCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


class Power(Analysis):
    """If nothing is found: what is the smallest share of relayed answers that this material would have shown?

    A share of the protected model's answers is planted in controls, which are then scored in the suspect's place.
    The share from which on they are found says what a finding of nothing is worth. It is a share of answers relayed as
    they are, not of training data.
    """

    key: ClassVar[str] = "power"
    title: ClassVar[str] = "Power: what would have been found"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "curve"
    needs_similarities: ClassVar[bool] = True
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
    about = param(ANY, "What the LR is about", choices=tuple(QUESTIONS), help="Which of the calibration's questions.")
    calibration = param("shipped", "Calibration", help=CALIBRATION_HELP)
    planted = param(24, "Controls to plant in", low=2, high=1000, help="Drawn at random where there are more.")
    draws = param(5, "Draws of prompts", low=1, high=200, help="How often prompts are drawn for each control.")
    confidence = param(
        0.95, "Confidence of the intervals", low=0.5, high=0.999, help="The share of replicates inside an interval."
    )
    min_coverage = param(
        0.8,
        "Least share of prompts answered",
        low=0.05,
        high=1.0,
        help="Controls and protected models that answered a smaller share of the prompts are left out, and listed.",
    )

    def refuse(self, selection: Selection) -> str | None:
        """Too few controls or prompts, or no prompt in common."""
        from workbench.analyses.power.compute import gather

        found = gather(selection, float(self.values["min_coverage"]))
        return found if isinstance(found, str) else None

    def run(self, selection: Selection, seed: int, progress: Progress) -> Finding:
        """The Finding; raises RefusedError with the words of `refuse`."""
        from workbench.analyses.power.compute import Design, calibration_of, gather, plant
        from workbench.analyses.power.tables import Settings, outside, tables, values, warnings

        progress(0.0, "matching prompts")
        material = gather(selection, float(self.values["min_coverage"]))
        if isinstance(material, str):
            raise RefusedError(material)
        calibration, why = calibration_of(selection)
        settings = Settings(
            SHARES,
            float(self.values["bound"]),
            seed,
            float(self.values["confidence"]),
            str(self.values["about"]),
            calibration,
            why,
        )
        design = Design(SHARES, int(self.values["planted"]), int(self.values["draws"]), seed)
        number = len(material.scenarios)
        planted = [
            plant(
                material,
                scenario,
                selection.similarities(),
                settings.weighing,
                design,
                part(progress, 0.05 + 0.9 * at / number, 0.05 + 0.9 * (at + 1) / number),
            )
            for at, scenario in enumerate(material.scenarios)
        ]
        progress(0.95, "writing tables")
        question = material.question
        beyond = outside(material, selection.similarities(), settings)
        used = {} if calibration is None else {RESOURCE: calibration.sha256}
        finding = Finding(
            analysis=self.key,
            version=self.version,
            question=f"If nothing is found: what share of answers relayed from {question.protected_name} would have "
            "been found?",
            parameters=self.values | used,
            seed=str(seed),
            inputs=inputs_of(question),
            left_out=left_out_of(question),
            values=values(material, planted, settings) | {"outside": beyond},
            tables=tables(planted, settings),
            warnings=tuple(warnings(material, planted, settings, beyond)),
            software=software(),
            resources=used,
        )
        progress(1.0, "done")
        return finding

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
    def describe(finding: Finding) -> str:
        """The curves in words, with their numbers."""
        from workbench.analyses.power.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The share of plants found, and the mean log10 LR, against the share planted."""
        from workbench.analyses.power.chart import curves

        curves(finding, figure)
