"""Is this material fit to answer the question?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed, inputs_of
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Facts, Finding, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress
from workbench.core.selection import Selection, examination_of, pairing_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.analyses.fitness.compute import Counts
    from workbench.core.finding_page import FindingPage
    from workbench.core.reading import Reading


@dataclass(frozen=True, slots=True)
class FitnessMaterial:
    """The selection as it is: its answers are counted as they stream past."""

    selection: Selection


class Fitness(Analysis[FitnessMaterial]):
    """Is this material fit to answer the question?

    Each corpus is counted: prompts in common with the suspect, empty, repeated, cut and quoting answers,
    scripts, lengths, dates. Thresholds turn the counts into fit, doubtful or unfit, with the reasons.
    """

    key: ClassVar[str] = "fitness"
    title: ClassVar[str] = "Fitness of the material"
    version: ClassVar[int] = 4
    chart_table: ClassVar[str] = "corpora"
    names_traces: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "Fit material can still mislead: the counts see form, not how the answers were collected.",
        "The language of an answer is a model's guess from its first 200 characters; code and short texts mislead it.",
        "Answers that decline are flagged by a rule of grammar (a first person and a negated ability, in 15 languages) "
        "and by what their records say; the flag weighs nothing, misses other wordings and has false alarms.",
        "That an answer looks cut off is a guess from how it ends beside how the rest of it is written, with false "
        "alarms; one that was cut after a sentence, an item or a few words does not look it.",
        "Decoding settings (temperature, system prompt, length limit) are known only where a file or the examiner "
        "states them.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), on the suitability of material",
    )

    min_prompts = param(30, "Least prompts in common", low=1, high=100_000, help="Below it a corpus is unfit.")
    min_coverage = param(0.8, "Least share of the suspect's prompts", low=0.0, high=1.0, help="Below it: doubtful.")
    near_empty = param(
        3, "Nearly empty below", unit="characters", low=1, high=1000, help="Shorter answers are counted."
    )
    near_empty_share = param(0.05, "Most nearly empty answers", low=0.0, high=1.0, help="Above it: doubtful.")
    repeated_share = param(0.1, "Most repeated answers", low=0.0, high=1.0, help="Above it: doubtful.")
    cut_share = param(0.3, "Most answers that look cut off", low=0.0, high=1.0, help="Above it: doubtful.")
    quoting_share = param(0.2, "Most answers that quote the prompt", low=0.0, high=1.0, help="Above it: doubtful.")
    script_share = param(0.1, "Most answers in another script", low=0.0, high=1.0, help="Above it: doubtful.")
    length_factor = param(3.0, "Largest factor in length", low=1.0, high=1000.0, help="Against the suspect's answers.")

    def gather(self, selection: Selection) -> FitnessMaterial:
        """The selection; nothing is refused, because material that can't be used is what this analysis reports."""
        return FitnessMaterial(selection)

    def foresee(self, known: Known) -> Foreseen:
        """All corpora that take part."""
        from workbench.analyses.fitness.tables import corpora_of

        named = len(corpora_of(known.question))
        return Foreseen(rests_on=f"{named} corpora with their answers.")

    def compute(self, material: FitnessMaterial, seed: int, progress: Progress) -> Computed:
        """The counts of every corpus, judged; nothing is drawn at random."""
        from workbench.analyses.fitness.compute import judge
        from workbench.analyses.fitness.tables import corpora_of, tables, values, warnings

        selection = material.selection
        question = selection.question
        counts = self._count(selection, progress)
        asked = counts[question.suspect.name].prompts
        limits = {name: float(value) for name, value in self.values.items()}
        judged = {
            c.name: judge(c, c.name == question.suspect.name, counts[c.name], asked, limits)
            for c, _ in corpora_of(question)
        }
        examined = examination_of(selection)
        return Computed(
            question=f"Is the material fit to answer the question “{question.words()}”",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=values(question, counts, judged, limits, examined, pairing_of(selection)),
            tables=tables(question, counts, judged, examined),
            warnings=warnings(question, judged, examined),
            resources={} if examined is None else {"examination": examined.sha256},
        )

    def _count(self, selection: Selection, progress: Progress) -> dict[str, Counts]:
        from workbench.analyses.fitness.compute import count
        from workbench.analyses.fitness.tables import corpora_of

        corpora = [corpus for corpus, _ in corpora_of(selection.question)]
        names = [corpus.name for corpus in corpora]
        most = max((corpus.answers for corpus in corpora), default=0)
        counts: dict[str, Counts] = {}
        suspect = selection.question.suspect.name
        for counts in count(selection.blocks(corpora), suspect, names, int(self.values["near_empty"])):
            seen = max((found.answers for found in counts.values()), default=0)
            progress(0.95 * min(1.0, seen / max(1, most)), "counting answers")
        return counts

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The verdict, what it rests on, and each corpus that is not fit; the rung is always 0."""
        from workbench.analyses.fitness.narrative import narrative

        return narrative(finding, Fitness.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.fitness.page import page

        return page(finding, models)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.fitness.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The charts in words, with their numbers."""
        from workbench.analyses.fitness.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """Two dot charts: the share of the suspect's prompts answered, and lengths of the answers."""
        from workbench.analyses.fitness.chart import draw

        draw(finding, figure)
