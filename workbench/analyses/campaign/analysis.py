"""Do the usage logs show systematic extraction by accounts that act together?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, Computed
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.logs import Logs, logs_of
from workbench.core.model import Facts, Finding, Input, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.reading import Reading
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.finding_page import FindingPage

_NO_LOG, _ADD_LOG = "The case has no usage log.", "`workbench logs CASE add FILE` takes one in."


class Campaign(Analysis[Logs]):
    """Do the usage logs show systematic extraction by accounts that act together?

    Calls with the same masked text, and templates that the same accounts use, make clusters. Each is tested for moving
    together, sharing payments, devices and networks, sharing out the work, turning to a new model, and replacing banned
    accounts; and each is held against the innocent groups that look alike.
    """

    key: ClassVar[str] = "campaign"
    title: ClassVar[str] = "Campaigns in usage logs"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "tests"
    about_logs: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "A log says what an account did, not who holds it. Nothing here is about a suspect's training.",
        "Moving together tells no campaign from an evaluation harness or a labelling vendor: they move together too.",
        "Random delays defeat the test of moving together, and rewritten templates defeat the clusters.",
        "Sampled logs and logs without prompts show less, and what they do not show is not absent.",
        "Separate customers with data of their own never send the same items either: without a known pool, sharing out "
        "the work is not tested.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Schluter (1984), A variance test for detecting species associations, doi:10.2307/1938071",
        "Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x",
        "Benjamini and Yekutieli (2001), doi:10.1214/aos/1013699998",
        "Besag and Clifford (1991), Sequential Monte Carlo p-values, doi:10.1093/biomet/78.2.301",
    )

    accounts = param(5, "Least accounts of a cluster", low=3, high=1_000, help="Smaller clusters are not tested.")
    calls = param(50, "Least calls of a cluster", low=10, high=1_000_000, help="Smaller clusters are not tested.")
    draws = param(999, "Draws of each null", low=99, high=9_999, help="A test stops early where the answer is clear.")
    pool = param(
        0, "Items in the known pool", low=0, high=100_000_000, help="How many items there are to share out; 0: unknown."
    )
    level = param(
        0.05, "False discovery rate", low=0.001, high=0.2, help="The level after correction for all clusters."
    )

    def gather(self, selection: Selection) -> Logs:
        """The case's logs; refuses a case without any."""
        logs = logs_of(selection)
        if logs is None:
            raise RefusedError(_NO_LOG, hint=_ADD_LOG)
        return logs

    def foresee(self, known: Known) -> Foreseen:
        """The usage logs of the case."""
        if not known.logs:
            raise RefusedError(_NO_LOG, hint=_ADD_LOG)
        return Foreseen(rests_on="The usage logs of the case.")

    def compute(self, material: Logs, seed: int, progress: Progress) -> Computed:
        """The tests of every cluster."""
        from workbench.analyses.campaign.compute import Settings, measure
        from workbench.analyses.campaign.tables import tables, values

        settings = Settings(
            int(self.values["accounts"]),
            int(self.values["calls"]),
            int(self.values["draws"]),
            int(self.values["pool"]),
            float(self.values["level"]),
        )
        measured = measure(material, settings, seed, part(progress, 0.01, 0.97))
        found = values(material, measured, settings)
        return Computed(
            question="Do the usage logs show systematic extraction by accounts that act together?",
            inputs=(Input("usage logs", "log", found.rows, material.sha256),),
            left_out=(),
            values=found,
            tables=tables(material, measured, settings),
        )

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: clusters that stand out, with their innocent explanations."""
        from workbench.analyses.campaign.narrative import narrative

        return narrative(finding, Campaign.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report; it is about accounts, not about models."""
        from workbench.analyses.campaign.page import page

        return page(finding, cls.limits)

    @staticmethod
    def read(finding: Finding, headline: str) -> Reading:
        """The Finding as it is read."""
        from workbench.analyses.campaign.reading import reading

        return reading(finding, headline)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The dots of synchrony in words."""
        from workbench.analyses.campaign.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """How the accounts of each cluster move together, and the calls of the first cluster by day."""
        from workbench.analyses.campaign.chart import draw

        draw(finding, figure)
