"""Does the suspect know secrets that were planted in the protected model's answers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Facts, Finding, Input, Narrative, Role
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.reading import Reading
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.canaries.tables import Material
    from workbench.core.finding_page import FindingPage


class Canaries(Analysis["Material"]):
    """Does the suspect know secrets that were planted in the protected model's answers?

    Each marker was drawn at random among 1,000 candidates, and only the marker was served. Where the suspect brings up
    the marker rather than its decoys, chance is the only other account, and its probability is exact.
    """

    key: ClassVar[str] = "canaries"
    title: ClassVar[str] = "Planted markers"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "ranks"
    limits: ClassVar[tuple[str, ...]] = (
        "A marker must be planted before the suspect was trained; what was not planted can't be found.",
        "Models remember what they met often: in one model of 1.3 billion parameters, markers of medium length seen "
        "100 times were not found, and long ones seen some 1,000 times gave an area under the curve of .75.",
        "Nothing found clears no one.",
        "A marker that became public, or that its probe gives away, shows nothing.",
        "A suspect that relays the protected model brings up its markers without having learned them.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Carlini et al. (2019), The secret sharer, USENIX Security Symposium",
        "Meeus et al. (2024), Copyright traps for large language models, arXiv:2402.09363",
        "Zhang et al. (2024), Membership inference attacks cannot prove that a model was trained on your data, "
        "arXiv:2409.19798",
        "Sellke, Bayarri and Berger (2001), Calibration of p values, doi:10.1198/000313001300339950",
    )

    within = param(
        1, "Rank that counts", low=1, high=100, help="A marker counts if it ranks within the first so many candidates."
    )

    def gather(self, selection: Selection) -> Material:
        """The markers with the suspect's answers to their probes; refuses a case without markers."""
        from workbench.analyses.canaries.tables import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The markers that were planted."""
        from workbench.analyses.canaries.tables import refuse_without_markers

        refuse_without_markers(known.markers)
        return Foreseen(rests_on=f"{known.markers} planted markers.")

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """Ranks, hits and their probabilities."""
        from workbench.analyses.canaries.tables import measure, tables, values

        within, question = int(self.values["within"]), material.question
        measured = measure(material, within, seed, part(progress, 0.02, 0.98))
        sets = question.in_role(Role.TRAINING)
        return Computed(
            question=f"Does {question.suspect.name} know secrets that were planted in the protected model's answers?",
            inputs=inputs_of(question)
            + tuple(Input(c.name, str(c.role), c.answers, c.sha256, c.facts.released) for c in sets),
            left_out=question.left_out,
            values=values(material, measured, within),
            tables=tables(material, measured),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: how many markers are known, and how probable that is by chance."""
        from workbench.analyses.canaries.narrative import narrative

        return narrative(finding, Canaries.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.canaries.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.canaries.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The line of ranks in words."""
        from workbench.analyses.canaries.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The ranks of all markers on one line."""
        from workbench.analyses.canaries.chart import draw

        draw(finding, figure)
