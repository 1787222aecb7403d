"""Does the suspect carry the protected model's keyed signal?"""

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

    from workbench.analyses.keyed_signal.tables import Material
    from workbench.core.finding_page import FindingPage
    from workbench.core.foreseen import Foreseen, Known


class KeyedSignal(Analysis["Material"]):
    """Does the suspect carry the protected model's keyed signal?

    The protected model preferred certain words by a secret key. A model that learned from its answers learns some of
    that preference. Without the key the preference is chance, and its probability is known.
    """

    key: ClassVar[str] = "keyed_signal"
    title: ClassVar[str] = "Keyed signal (watermark)"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "by_model"
    compares: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "The signal must have been on when the suspect's makers collected answers.",
        "A wrong key, tokenizer, vocabulary, variant or device looks like text without a signal; the positive sample "
        "shows that this set-up sees it, at the time and from the system that made the sample.",
        "Paraphrase, translation, a small share of marked text and predictable text weaken it: nothing found clears "
        "no one.",
        "A suspect that relays the protected model carries its signal without having learned.",
        "Whoever has the key can mark text with it.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Kirchenbauer et al. (2023), A watermark for large language models, arXiv:2301.10226",
        "Kirchenbauer et al. (2023), On the reliability of watermarks for large language models, arXiv:2306.04634",
        "Zhao et al. (2023), Provable robust watermarking for AI-generated text, arXiv:2306.17439",
        "Fernandez et al. (2023), Three bricks to consolidate watermarks for large language models, arXiv:2308.00113",
        "Sander et al. (2024), Watermarking makes language models radioactive, arXiv:2402.14904",
        "Dathathri et al. (2024), Scalable watermarking for identifying large language model outputs, "
        "doi:10.1038/s41586-024-08025-4",
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
        "Sellke, Bayarri and Berger (2001), Calibration of p values, doi:10.1198/000313001300339950",
    )

    signal = param("", "Signal", help="Its name in this case; empty: the one that was set last.")
    positive = param(
        "",
        "Positive sample",
        help="A corpus of the marked system, protected or served; empty: the protected side.",
    )
    keys = param(999, "Random keys", low=199, high=9_999, help="Keys that the true one is held against.")
    windows = param(50_000, "Windows at most", low=1_000, high=1_000_000, help="Drawn at random from the suspect's.")

    def gather(self, selection: Selection) -> Material:
        """The windows of all models; refuses a set-up that does not find the signal in the positive sample."""
        from workbench.analyses.keyed_signal.tables import gather

        name, positive = str(self.values["signal"]), str(self.values["positive"])
        return gather(selection, name, positive, int(self.values["windows"]), seed=0)

    def foresee(self, known: Known) -> Foreseen:
        """The signals of the case."""
        from workbench.analyses.keyed_signal.tables import foreseen

        return foreseen(known)

    def compute(self, material: Material, seed: int, progress: Progress) -> Computed:
        """The marks of all models under the true key, and under random ones."""
        from workbench.analyses.keyed_signal.tables import measure, tables, values

        keys, question = int(self.values["keys"]), material.question
        measured = measure(material, keys, int(self.values["windows"]), seed, part(progress, 0.02, 0.98))
        stated = values(material, measured, keys)
        return Computed(
            question=f"Does {question.suspect.name} carry the keyed signal of {question.protected_name}?",
            inputs=inputs_of(question),
            left_out=question.left_out,
            values=stated,
            tables=tables(material, measured, stated),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: the marks, how probable they are without the key, and that the set-up works."""
        from workbench.analyses.keyed_signal.narrative import narrative

        return narrative(finding, KeyedSignal.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it says of the models what the Finding does."""
        from workbench.analyses.keyed_signal.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.keyed_signal.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The suspect among random keys and controls, in words."""
        from workbench.analyses.keyed_signal.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """The suspect's marks beside random keys and controls."""
        from workbench.analyses.keyed_signal.chart import draw

        draw(finding, figure)
