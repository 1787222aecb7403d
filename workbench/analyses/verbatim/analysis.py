"""Does the suspect repeat passages of the protected model that no other model would write?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.reading import Reading
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.verbatim.tables import Material
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known


class Verbatim(Analysis["Material"]):
    """Does the suspect repeat passages of the protected model that no other model would write?

    Runs of words that the suspect and the protected model share, and no control and no prompt has, are weighed by how
    surprising they are to the controls. Each control takes the suspect's place in turn.
    """

    key: ClassVar[str] = "verbatim"
    title: ClassVar[str] = "Shared passages"
    version: ClassVar[int] = 2
    needs_similarities: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    chart_table: ClassVar[str] = "by_model"
    limits: ClassVar[tuple[str, ...]] = (
        "Shared passages show relays and derived weights; a model that learned from answers writes its own words and "
        "is hardly found: on 66 models and 805 prompts the area under the curve was .995 for derived models, .999 for "
        "relays and .62 for distilled ones.",
        "A short run means nothing: unrelated models share a run of 12 words on a median of 8 of 805 prompts.",
        "Which of the two models wrote a passage first is not visible in the text.",
        "A passage may come from a public source that only these two have learned.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Kneser and Ney (1995), Improved backing-off for m-gram language modeling, doi:10.1109/ICASSP.1995.479394",
        "Abouelhoda, Kurtz and Ohlebusch (2004), Replacing suffix trees with enhanced suffix arrays, "
        "doi:10.1016/S1570-8667(03)00065-0",
        "Liu et al. (2025), OLMoTrace: tracing language model outputs back to training tokens, arXiv:2504.07096",
    )

    least = param(8, "Least passage", unit="tokens", low=4, high=200, help="Shorter runs are not looked at.")
    pairs = param(
        60,
        "Pairs of controls",
        unit="pairs",
        low=10,
        high=2_000,
        help="How many random pairs of controls set the threshold, where there are more.",
    )
    strong = param(60.0, "Many bits", unit="bits", low=20.0, high=500.0, help="Passages above are counted apart.")
    searched = param(
        "", "Public sources searched", help="Where passages were searched for and not found; empty: not searched."
    )

    def gather(self, selection: Selection) -> Material:
        """The answers to the prompts that both sides answered; refuses too few controls or prompts."""
        from workbench.analyses.verbatim.tables import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The prompts that the suspect and the protected side answered."""
        from workbench.analyses.verbatim.tables import foreseen

        return foreseen(known)

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """The scores of all models in the suspect's place."""
        from workbench.analyses.verbatim.compute import measure
        from workbench.analyses.verbatim.tables import tables, values

        question, strong = material.question, float(self.values["strong"])
        measured = measure(
            material.texts, int(self.values["least"]), int(self.values["pairs"]), seed, part(progress, 0.02, 0.98)
        )
        return Computed(
            question=f"Does {question.suspect.name} repeat passages of {question.protected_name} that no other model "
            "would write?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=values(material, measured, strong, str(self.values["searched"])),
            tables=tables(material, measured, strong),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: bits, rank, and the most surprising passage."""
        from workbench.analyses.verbatim.narrative import narrative

        return narrative(finding, Verbatim.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.verbatim.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.verbatim.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The strip of scores in words."""
        from workbench.analyses.verbatim.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A bar a model: bits of unpredictable text shared with the protected side."""
        from workbench.analyses.verbatim.chart import draw

        draw(finding, figure)
