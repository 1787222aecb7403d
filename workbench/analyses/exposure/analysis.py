"""Did the suspect learn what certain accounts were served, rather than what the protected model would say?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed
from workbench.core.model import Facts, Finding, Input, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.reading import Reading
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.exposure.tables import Material
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known


class Exposure(Analysis["Material"]):
    """Did the suspect learn what certain accounts were served, rather than what the protected model would say?

    The suspect's answers are compared with the answers that were served and with fresh answers of the same model that
    were delivered to no one. Only who met the served ones has a reason to be closer to them.
    """

    key: ClassVar[str] = "exposure"
    title: ClassVar[str] = "Served answers against unserved siblings"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "by_rarity"
    limits: ClassVar[tuple[str, ...]] = (
        "The siblings must be of the same version and settings, made and sealed before the suspect is asked.",
        "Predictable answers carry nothing: the test works where answers were long, rare or repeated.",
        "Nothing found is the expected result for a large suspect that met each answer once; it clears no one.",
        "Served answers that became public give the same effect without any account.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
        "Zhang et al. (2024), Membership inference attacks cannot prove that a model was trained on your data, "
        "arXiv:2409.19798",
        "Sellke, Bayarri and Berger (2001), Calibration of p values, doi:10.1198/000313001300339950",
    )

    draws = param(
        9_999, "Random assignments", low=999, high=99_999, help="How many, where all of them would be too many."
    )

    def gather(self, selection: Selection) -> Material:
        """The prompts with a served answer, siblings and the suspect's answer; refuses siblings that are none."""
        from workbench.analyses.exposure.tables import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The served answers and their siblings."""
        from workbench.analyses.exposure.tables import foreseen

        return foreseen(known.question)

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """The effect and its p-value."""
        from workbench.analyses.exposure.tables import measure, tables, values

        question = material.question
        measured = measure(material, int(self.values["draws"]), seed, part(progress, 0.02, 0.98))
        corpora = ((question.suspect, "suspect"), *((c, str(c.role)) for c in (*material.served, *material.siblings)))
        return Computed(
            question=f"Did {question.suspect.name} learn what certain accounts were served?",
            inputs=tuple(Input(c.name, role, c.answers, c.sha256, c.facts.released) for c, role in corpora),
            left_out=(),
            values=values(material, measured),
            tables=tables(material, measured),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: the effect, its p-value, and what was detectable."""
        from workbench.analyses.exposure.narrative import narrative

        return narrative(finding, Exposure.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.exposure.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.exposure.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The dots by rarity in words."""
        from workbench.analyses.exposure.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The effect by how rare the served answer is."""
        from workbench.analyses.exposure.chart import draw

        draw(finding, figure)
