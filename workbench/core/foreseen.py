"""What a run would rest on, known from counts alone before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workbench.core.model import LeftOut
from workbench.core.selection import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Answered(Protocol):
    """Which of some models answered which prompts; `present` has shape (prompts, models)."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models, in the order of the columns."""

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """Whether a model answered a prompt."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case without reading an answer: who answered what, markers, signals, logs, findings."""

    question: Question
    models: tuple[str, ...]
    present: npt.NDArray[np.bool_]
    markers: int = 0
    signals: int = 0
    logs: bool = False
    findings: int = 0

    def prompts_of(self, name: str) -> npt.NDArray[np.bool_]:
        """Which prompts a model answered; none for a model that is not compared."""
        if name in self.models:
            flags: npt.NDArray[np.bool_] = self.present[:, self.models.index(name)]
            return flags
        import numpy as np

        return np.zeros(len(self.present), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a run will use: prompts of those that the suspect answered, controls, and whom coverage leaves out.

    `prompts` is None where the analysis does not compare prompt by prompt. Without `exact` the numbers are the most
    that it can come to: lengths and languages of the answers may leave out more.
    """

    prompts: int | None = None
    of: int = 0
    controls: int = 0
    left_out: tuple[LeftOut, ...] = ()
    exact: bool = True
    rests_on: str = ""
    """What it rests on in words, where prompts and controls do not say it."""

    def words(self) -> str:
        """The same in a sentence or two."""
        if self.prompts is None:
            return self.rests_on
        most = "" if self.exact else "At most "
        controls = f"{self.controls} {'control' if self.controls == 1 else 'controls'}"
        said = f"{most}{self.prompts:,} of the suspect's {self.of:,} prompts, {controls}."
        if self.left_out:
            said += f" Left out for too few answers: {', '.join(sorted(item.corpus for item in self.left_out))}."
        return said
