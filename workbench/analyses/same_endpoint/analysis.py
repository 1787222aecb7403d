"""Is the suspect simply serving the protected model?"""

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

    from workbench.analyses.same_endpoint.tables import Material
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known


class SameEndpoint(Analysis["Material"]):
    """Is the suspect simply serving the protected model?

    A model that is asked the same thing several times gives several answers. Where the suspect is the protected model
    behind another name, its answers and those of the protected model are drawn from one urn: exchanging them within
    each prompt changes nothing but by chance.
    """

    key: ClassVar[str] = "same_endpoint"
    title: ClassVar[str] = "One service under two names"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "by_model"
    compares: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "Told apart does not clear the suspect: another system prompt, another temperature or a newer version of the "
        "protected model differ as well.",
        "Not told apart is not sameness: it is said only where the distance lies within that of the protected model "
        "from itself.",
        "A copy of the protected model's weights answers as a relay does; answers can't tell the two.",
        "Repeated answers need an id or a sample number each: without one, answers that are equal come in once, and "
        "the model seems to vary more than it does.",
        "A suspect that relays is no student: what it answers it has not learned.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Gao, Liang and Guestrin (2025), Model equality testing: which model is this API serving?, ICLR, "
        "arXiv:2410.20247",
        "Gretton et al. (2012), A kernel two-sample test, Journal of Machine Learning Research 13, 723-773",
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
    )

    characters = param(
        200, "Characters compared", unit="characters", low=20, high=2_000, help="Of each answer from its beginning."
    )
    draws = param(999, "Random assignments", low=199, high=99_999, help="How many, where all would be too many.")

    def gather(self, selection: Selection) -> Material:
        """The repeated answers of all models; refuses too few prompts that have any."""
        from workbench.analyses.same_endpoint.tables import gather

        return gather(selection)

    def foresee(self, known: Known) -> Foreseen:
        """The prompts that both sides answered, and how often."""
        from workbench.analyses.same_endpoint.tables import foreseen

        return foreseen(known)

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """The distances of suspect and controls, and the tests of them."""
        from workbench.analyses.same_endpoint.tables import measure, tables, values

        characters, draws = int(self.values["characters"]), int(self.values["draws"])
        measured = measure(material, characters, draws, seed, part(progress, 0.02, 0.98))
        stated = values(material, measured, characters)
        question = material.question
        return Computed(
            question=f"Is {question.suspect.name} simply serving {question.protected_name}?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=stated,
            tables=tables(measured, stated),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: the distance, what chance allows, and what would have been found."""
        from workbench.analyses.same_endpoint.narrative import narrative

        return narrative(finding, SameEndpoint.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.same_endpoint.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.same_endpoint.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The distances in words."""
        from workbench.analyses.same_endpoint.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A row a model, the nearest to the protected one on top."""
        from workbench.analyses.same_endpoint.chart import draw

        draw(finding, figure)
