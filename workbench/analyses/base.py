"""What an analysis is: a question with parameters; what it gathers and computes; and what it makes of a Finding."""

from __future__ import annotations

import platform
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from workbench.analyses.all_eligible import (
    KEY,
    OTHERWISE,
    Added,
    AllEligible,
    Otherwise,
    Standing,
    eligible,
    standing,
    variations,
)
from workbench.analyses.allowed import allowed
from workbench.analyses.own_calibration import OWN_CALIBRATION, is_own
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Facts, Finding, Input, LeftOut, Narrative, Table
from workbench.core.params import Value, resolve
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection, Widenable
from workbench.core.typed_json import plain

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from matplotlib.figure import Figure

    from workbench.core.finding_page import FindingPage
    from workbench.core.reading import Reading

Gathered = TypeVar("Gathered")
"""What an analysis computes from."""

LOST = 0.1
"""From this share of the prompts on that controls lack, a comparison is made without those controls, too."""

WHOLE = 0.98
"""A control that answered so large a share of the prompts decides nothing about which count."""

COVERAGE = "min_coverage"
"""The parameter that leaves out controls which answered a smaller share of the prompts."""

BASELINE = "baseline"
"""The parameter that picks one baseline of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What an analysis says of its material: all of a Finding but its parameters, its seed and the versions.

    A resource that has a parameter's name is what the parameter chose: its digest takes the parameter's place.
    """

    question: str
    inputs: tuple[Input, ...]
    left_out: tuple[LeftOut, ...]
    values: DataclassInstance
    tables: Mapping[str, Table]
    warnings: tuple[str, ...] = ()
    resources: Mapping[str, str] = field(default_factory=dict)


class Analysis(ABC, Generic[Gathered]):
    """One configured analysis, not yet run; subclasses declare parameters with `param`."""

    key: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[int]
    limits: ClassVar[tuple[str, ...]]
    references: ClassVar[tuple[str, ...]]
    chart_table: ClassVar[str]
    """The table whose numbers the chart shows."""
    needs_similarities: ClassVar[bool] = False
    names_traces: ClassVar[bool] = False
    """Whether its findings name what programs left in the answers that they saved."""

    opinion: ClassVar[bool] = False
    """Whether it makes an opinion of other findings, so that no plan has to foresee it."""
    compares: ClassVar[bool] = False
    """Whether its answer rests on which corpora are controls, so that it also answers for all eligible ones."""

    about_logs: ClassVar[bool] = False
    """Whether the analysis asks of usage logs alone, so that no suspect need be named."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Value] = resolve(type(self), given or {})

    @abstractmethod
    def gather(self, selection: Selection) -> Gathered:
        """What the analysis computes from; raises RefusedError, in words, where it can't run on this material."""

    @abstractmethod
    def compute(self, material: Gathered, seed: int, progress: Progress) -> Computed:
        """What the material comes to; no I/O of its own, no clock, no globals."""

    def foresee(self, known: Known) -> Foreseen:
        """What a run would rest on, from counts alone; raises RefusedError, in words, where it can't run.

        It refuses nothing that `gather` would not refuse; what only the answers show, `gather` finds alone.
        """
        return Foreseen()

    def refuse(self, selection: Selection) -> str | None:
        """Why the analysis can't run on this material, in words; None when it can."""
        try:
            self.gather(selection)
        except RefusedError as refused:
            return refused.message
        return None

    def run(self, selection: Selection, seed: int, progress: Progress) -> Finding:
        """Gather the material and make the Finding; raises RefusedError where there is none."""
        progress(0.0, "gathering the material")
        return self.answered(self.gather(selection), selection, seed, progress)

    def answered(self, material: Gathered, selection: Selection, seed: int, progress: Progress) -> Finding:
        """The Finding of material that was gathered, with what it comes to when it is asked in other ways."""
        if not self.compares or not isinstance(selection, Widenable):
            return self.finding(material, seed, progress)
        usual = self._asked_otherwise(self.lost(material))
        question, more = selection.question, eligible(selection)
        controls = [one.corpus for one in more]
        wider = bool(more) or usual is not self
        others = list(variations(question, controls, self._copied(selection)))
        runs = 1 + wider + len(others)
        finding = self.finding(material, seed, part(progress, 0.0, 1 / runs))
        values = dict(finding.values) | allowed(selection)
        if runs == 1:
            return replace(finding, values=values)
        own = standing(finding, self.narrate(finding).rung)
        if wider:
            asked = selection.asking(question.widened(controls))
            wide, refused = usual.standing_among(asked, seed, part(progress, 1 / runs, 2 / runs))
            added = tuple(Added(one.corpus.name, one.why) for one in more)
            values[KEY] = plain(AllEligible(added, own, wide, refused, *self._chosen(usual)))
        found = []
        for at, one in enumerate(others, runs - len(others)):
            other, refused = None, "no other model of the protected side is left."
            if one.question is not None:
                inner = part(progress, at / runs, (at + 1) / runs)
                other, refused = usual.standing_among(selection.asking(one.question), seed, inner)
            found.append(plain(Otherwise(one.start, one.caution, own, other, refused, one.lowers)))
        if found:
            values[OTHERWISE] = found
        progress(1.0, "done")
        return replace(finding, values=values)

    def _copied(self, selection: Selection) -> set[str]:
        """The protected models whose answers are nearly the suspect's own."""
        if not self.needs_similarities:
            return set()
        from workbench.analyses.scoring.independent import near_copies

        question = selection.question
        names = [c.name for c in question.protected]
        return near_copies(selection.similarities(), question.suspect.name, names)

    def standing_among(self, selection: Selection, seed: int, progress: Progress) -> tuple[Standing | None, str]:
        """Where the suspect stands among other controls; None, and why in words, where that is refused."""
        try:
            material = self.gather(selection)
        except RefusedError as error:
            return None, error.message
        finding = self.finding(material, seed, progress)
        return standing(finding, self.narrate(finding).rung), ""

    def lost(self, material: Gathered) -> float:
        """The share of the prompts that a comparison leaves out because a control did not answer them."""
        return 0.0

    def _asked_otherwise(self, lost: float) -> Analysis[Gathered]:
        """The same analysis with every baseline and another least share of the prompts that a control answered; itself
        where none is due.

        Controls that cost many prompts decide which prompts count; else the usual share is the other one.
        """
        rest = {name: value for name, value in self.values.items() if name not in {COVERAGE, BASELINE}}
        if COVERAGE in self.values and lost > LOST:
            rest[COVERAGE] = max(WHOLE, float(self.values[COVERAGE]))
        other = type(self)(rest)
        return self if other.values == self.values else other

    def _chosen(self, usual: Analysis[Gathered]) -> tuple[tuple[float, float] | None, str]:
        """The least share of the prompts as asked and as usual, and the only baseline asked for, where these differ."""
        shares = None
        if self.values.get(COVERAGE) != usual.values.get(COVERAGE):
            shares = float(self.values[COVERAGE]), float(usual.values[COVERAGE])
        same = self.values.get(BASELINE) == usual.values.get(BASELINE)
        return shares, "" if same else str(self.values[BASELINE])

    def finding(self, material: Gathered, seed: int, progress: Progress) -> Finding:
        """The Finding of material that was gathered."""
        found = self.compute(material, seed, progress)
        finding = Finding(
            analysis=self.key,
            version=self.version,
            question=found.question,
            parameters={name: found.resources.get(name, value) for name, value in self.values.items()},
            seed=str(seed),
            inputs=found.inputs,
            left_out=found.left_out,
            values=plain(found.values) | ({OWN_CALIBRATION: True} if is_own(found.resources) else {}),
            tables=found.tables,
            warnings=found.warnings,
            software=software(),
            resources=found.resources,
        )
        progress(1.0, "done")
        return finding

    @staticmethod
    @abstractmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """Draw the Finding into the figure that is handed over."""

    @staticmethod
    @abstractmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences; rounding happens here and nowhere else."""

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; `models` are the known facts of the corpora by name.

        This one is made of the sentences; an analysis that has a page of its own says more with less.
        """
        from workbench.core.finding_page import FindingPage, Part, Says

        words = cls.narrate(finding)
        values = finding.values
        return FindingPage(
            part=Part.OTHER,
            says=Says.NOT_ASKED,
            suspect=str(values.get("suspect", "")),
            protected=str(values.get("protected", "")),
            question=finding.question,
            short=cls.title.lower(),
            brief=words.headline,
            answer=words.headline,
            not_said="",
            steady=words.sentences[:4],
            against=(*finding.warnings, *words.limits[:3]),
        )

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading | None:
        """The Finding as it is read on a page: question, answer, pictures, doubt; the headline is the stored one.

        None where it is read by its narrative and its tables alone.
        """
        return None

    @staticmethod
    @abstractmethod
    def describe(finding: Finding) -> str:
        """The alternative text of the chart, for a reader who can't see it."""


def inputs_of(question: Question) -> tuple[Input, ...]:
    """The corpora of a question as inputs of a Finding, each with its role in the run."""
    named = [(question.suspect, "suspect"), *((c, "protected") for c in question.protected)]
    named += [(c, "control") for c in question.controls] + [(c, str(c.role)) for c in question.others]
    return tuple(Input(c.name, role, c.answers, c.sha256, c.facts.released) for c, role in named)


def software() -> dict[str, str]:
    """The versions that a Finding's numbers depend on."""
    from importlib.metadata import version

    return {
        "distillation-workbench": version("distillation-workbench"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "matplotlib": version("matplotlib"),
    }
