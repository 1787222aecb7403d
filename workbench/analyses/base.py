"""What an analysis is: a question, its parameters, and four functions of which three need no data."""

from __future__ import annotations

import platform
from abc import ABC, abstractmethod
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.core.finding_page import FindingPage, Part, Says
from workbench.core.model import Facts, Finding, Input, Narrative
from workbench.core.params import Value, resolve
from workbench.core.progress import Progress
from workbench.core.selection import Question, Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Analysis(ABC):
    """One configured analysis, not yet run; subclasses declare parameters with `param`."""

    key: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[int]
    limits: ClassVar[tuple[str, ...]]
    references: ClassVar[tuple[str, ...]]
    chart_table: ClassVar[str]
    """The table whose numbers the chart shows."""
    needs_similarities: ClassVar[bool] = False
    opinion: ClassVar[bool] = False
    """Whether it makes an opinion of other findings, so that no plan has to foresee it."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Value] = resolve(type(self), given or {})

    @abstractmethod
    def refuse(self, selection: Selection) -> str | None:
        """Why the analysis can't run on this material, in words; None when it can."""

    @abstractmethod
    def run(self, selection: Selection, seed: int, progress: Progress) -> Finding:
        """The Finding; no I/O of its own, no clock, no globals."""

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
    @abstractmethod
    def describe(finding: Finding) -> str:
        """The alternative text of the chart, for a reader who can't see it."""


def inputs_of(question: Question) -> tuple[Input, ...]:
    """The corpora of a question as inputs of a Finding, each with its role in the run."""
    named = [(question.suspect, "suspect"), *((c, "protected") for c in question.protected)]
    named += [(c, "control") for c in question.controls] + [(c, str(c.role)) for c in question.others]
    return tuple(Input(c.name, role, c.answers, c.sha256, c.facts.released) for c, role in named)


def left_out_of(question: Question) -> tuple[Mapping[str, str], ...]:
    """The corpora that were left out of a question, with reasons."""
    return tuple({"corpus": name, "reason": reason} for name, reason in question.left_out)


def software() -> dict[str, str]:
    """The versions that a Finding's numbers depend on."""
    return {
        "distillation-workbench": version("distillation-workbench"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "matplotlib": version("matplotlib"),
    }
