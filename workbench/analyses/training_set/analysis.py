"""Is the protected model's text in what the suspect's makers published?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.core.model import Facts, Finding, Input, Narrative
from workbench.core.progress import Progress, part
from workbench.core.reading import Reading
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.training_set.tables import Material
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known


class TrainingSet(Analysis["Material"]):
    """Is the protected model's text in what the suspect's makers published?

    Published rows are compared with the protected model's answers: equal prompt and answer, equal long answer, near
    answer, long common run. The same is counted for every control, and how often the protected model repeats itself.
    """

    key: ClassVar[str] = "training_set"
    title: ClassVar[str] = "Published training sets"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "by_model"
    limits: ClassVar[tuple[str, ...]] = (
        "Equal text shows copying, not by whom: others may have published the protected model's answers before.",
        "Rewritten, translated and filtered answers are not found, and a published set may be part of what was used.",
        "Equal prompts alone never count: seed prompts are shared by many sets.",
        "Equality is worth something only where the protected model rarely repeats itself.",
        "Without dates of both, it is open which of the two texts was first.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Lee et al. (2022), Deduplicating training data makes language models better, ACL, arXiv:2107.06499",
        "Schleimer, Wilkerson and Aiken (2003), Winnowing, doi:10.1145/872757.872770",
        "Broder (1997), On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900",
    )

    def gather(self, selection: Selection) -> Material:
        """The published sets; refuses a case without any."""
        from workbench.analyses.training_set.tables import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The published rows and the answers that they are held against."""
        from workbench.analyses.training_set.tables import foreseen

        return foreseen(known.question)

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """The agreements of all models' answers with the published rows."""
        from workbench.analyses.training_set.tables import measure, tables, values

        question = material.question
        measured = measure(material, part(progress, 0.02, 0.98))
        sets = tuple(Input(c.name, str(c.role), c.answers, c.sha256, c.facts.released) for c in material.sets)
        return Computed(
            question=f"Is text of {question.protected_name} in what the makers of {question.suspect.name} published?",
            inputs=inputs_of(question) + sets,
            left_out=question.left_out,
            values=values(material, measured),
            tables=tables(material, measured),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: counts by kind, by model and in time."""
        from workbench.analyses.training_set.narrative import narrative

        return narrative(finding, TrainingSet.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.training_set.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.training_set.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The bars in words."""
        from workbench.analyses.training_set.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A bar a model: published rows that agree with its answers."""
        from workbench.analyses.training_set.chart import draw

        draw(finding, figure)
