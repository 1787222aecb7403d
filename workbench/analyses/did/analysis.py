"""Is the suspect's closeness to the protected model more than its base, its siblings and its date explain?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.analyses.scoring.parameters import BOOTSTRAP_REPLICATES, CONFIDENCE, MIN_COVERAGE
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.did.compute import DidMaterial
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known
    from workbench.core.reading import Reading


class Did(Analysis["DidMaterial"]):
    """Is the suspect's closeness to the protected model more than its base, its siblings and its date explain?

    How much closer is the suspect to the protected model than its base, sibling or earlier version is, beyond what
    has changed towards every control? Each control takes the protected model's place in turn, as a placebo. And
    where the protected family has an older and a newer version: does the suspect lean to one of them more than
    the controls do?
    """

    key: ClassVar[str] = "did"
    title: ClassVar[str] = "Difference in differences"
    version: ClassVar[int] = 3
    chart_table: ClassVar[str] = "models"
    needs_similarities: ClassVar[bool] = True
    compares: ClassVar[bool] = True
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "What is taken off is what the base or sibling shows in its own answers; where it was taught little or not to "
        "chat, much of the suspect's closeness to any chat model remains.",
        "A control that learned from the same source as the suspect moves with the protected model, as a placebo and "
        "in the mean that is taken off: the difference then says too little.",
        "That the suspect changed towards the protected model does not say how: both may have learned from a third "
        "model, and text alone does not tell who was first.",
        "Nothing found is no clearance: a baseline that already had the protected model's ways hides them.",
        "The flips of sign assume that without any relation a prompt's difference is as likely to be above nought as "
        "below; the placebos do not need that, and bound what it is worth.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Abadie, Diamond and Hainmueller (2010), Synthetic control methods, doi:10.1198/jasa.2009.ap08746",
        "Bertrand, Duflo and Mullainathan (2004), How much should we trust differences-in-differences estimates?, "
        "doi:10.1162/003355304772839588",
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
    )

    baseline = param(
        "",
        "Base or sibling",
        help="The one corpus in the role base or sibling to take the difference from; empty: each of them.",
    )
    flips = param(9999, "Flips of sign", low=99, high=1_000_000, help="Random flips of sign by prompt.")
    replicates = BOOTSTRAP_REPLICATES
    confidence = CONFIDENCE
    min_coverage = MIN_COVERAGE

    def gather(self, selection: Selection) -> DidMaterial:
        """The contrasts; refuses too little material or spread, and a case with no base, sibling or second version."""
        from workbench.analyses.did.compute import gather

        return gather(selection, float(self.values["min_coverage"]), str(self.values["baseline"]))

    def foresee(self, known: Known) -> Foreseen:
        """The same prompts and controls as a comparison; refuses where there is nothing to take a difference from."""
        from workbench.analyses.did.compute import foreseen

        return foreseen(known, float(self.values["min_coverage"]), str(self.values["baseline"]))

    def compute(self, material: DidMaterial, seed: int, progress: Progress) -> Computed:
        """Each contrast's difference of differences, with its place among the placebos."""
        from workbench.analyses.did.compute import by_member, result
        from workbench.analyses.did.tables import stated, strange_baselines, tables, values, warnings
        from workbench.analyses.did.values import BASELINE

        flips, confidence = int(self.values["flips"]), float(self.values["confidence"])
        numbers = material.groups, flips, int(self.values["replicates"]), confidence, seed
        share = 0.8 / len(material.contrasts)
        results = [
            result(one, *numbers, part(progress, 0.1 + share * at, 0.1 + share * (at + 1)))
            for at, one in enumerate(material.contrasts)
        ]
        question, chosen = material.question, results[stated(results)].contrast
        alone = []
        if chosen.kind == BASELINE and len(question.protected) > 1:
            alone = by_member(chosen, question, material.found, material.rows)
        tick = part(progress, 0.9, 0.98)
        members = [
            result(one, *numbers, part(tick, at / len(alone), (at + 1) / len(alone))) for at, one in enumerate(alone)
        ]
        strange = strange_baselines(material, results)
        return Computed(
            question=f"Is the closeness of {question.suspect.name} to {question.protected_name} more than its base, "
            "its siblings and its date explain?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=values(material, results, strange, confidence, flips),
            tables=tables(results, members),
            warnings=tuple(warnings(material, results, strange)),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: each baseline, the versions, and what they do not say."""
        from workbench.analyses.did.narrative import narrative

        return narrative(finding, Did.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.did.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.did.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The forest plot in words, with its numbers."""
        from workbench.analyses.did.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A forest plot: the real seat, a black diamond on a band, among the placebos, open circles."""
        from workbench.analyses.did.chart import forest

        forest(finding, figure)
