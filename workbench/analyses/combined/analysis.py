"""What do all findings on the question come to?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.progress import Progress
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.combined.compute import OpinionMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.reading import Reading


class Combined(Analysis["OpinionMaterial"]):
    """What do all findings on the question come to?

    A written rule makes one opinion of them: which finding carries the weight, what agrees with it and what does not,
    what was looked for and not found, and what else could explain it. Nothing is multiplied, nothing is left out.
    """

    key: ClassVar[str] = "combined"
    title: ClassVar[str] = "All findings together"
    version: ClassVar[int] = 3
    chart_table: ClassVar[str] = "closeness"
    opinion: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "Findings on the same answers are views of one thing: their weights are not multiplied.",
        "Closeness is not origin: text can’t tell who was first, nor by which way one model’s manner came into "
        "another.",
        "A ratio weighs two accounts. If neither holds, it can be large all the same.",
        "A finding of nothing clears no one: paraphrase and later training hide a source from any comparison of texts.",
    )
    references: ClassVar[tuple[str, ...]] = ("ENFSI (2015), Guideline for Evaluative Reporting in Forensic Science",)

    def gather(self, selection: Selection) -> OpinionMaterial:
        """The findings on the question; refuses where there is none."""
        from workbench.analyses.combined.compute import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The findings on the same question."""
        from workbench.analyses.combined.compute import NOTHING_YET

        if not known.findings:
            raise RefusedError(NOTHING_YET)
        return Foreseen(rests_on=f"{known.findings} findings on this question.")

    def compute(self, material: OpinionMaterial, seed: int, progress: Progress) -> Computed:
        """The opinion that the rule makes of them."""
        from workbench.analyses.combined.compute import combine
        from workbench.analyses.combined.tables import tables

        opinion = combine(material)
        suspect, protected = material.question.suspect.name, material.question.protected_name
        return Computed(
            question=f"Were the answers of {suspect} written by a model that learned from {protected}?",
            inputs=inputs_of(material.question),
            left_out=material.question.left_out,
            values=opinion.values,
            tables=tables(opinion, material),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The opinion in sentences: the answer, what it rests on, and what else could explain it."""
        from workbench.analyses.combined.narrative import narrative

        return narrative(finding, Combined.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading | None:
        """The opinion as it is read on a page; None where no finding places the models."""
        from workbench.analyses.combined.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The chart in words, with its numbers."""
        from workbench.analyses.combined.page import page

        drawing = page(finding, {}).picture
        return "No picture: no finding compares models." if drawing is None else drawing.description

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The suspect among the controls on one line."""
        from workbench.analyses.combined.chart import draw

        draw(finding, figure)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The opinion as a page of the report."""
        from workbench.analyses.combined.page import page

        return page(finding, models)
