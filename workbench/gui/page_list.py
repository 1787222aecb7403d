"""The pages of the window, in the order of their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from workbench.gui.pages.answers import AnswersPage
from workbench.gui.pages.base import Desk, Page
from workbench.gui.pages.corpora import CorporaPage
from workbench.gui.pages.findings import FindingsPage
from workbench.gui.pages.ledger import LedgerPage
from workbench.gui.pages.library import LibraryPage
from workbench.gui.pages.overview import OverviewPage
from workbench.gui.pages.packs import PacksPage
from workbench.gui.pages.plan import PlanPage
from workbench.gui.pages.run import RunPage


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages; none of them knows another."""

    overview: OverviewPage
    corpora: CorporaPage
    answers: AnswersPage
    plan: PlanPage
    analyses: RunPage
    findings: FindingsPage
    packs: PacksPage
    ledger: LedgerPage
    library: LibraryPage

    @classmethod
    def of(cls, desk: Desk, open_case: Callable[[Path], None]) -> Self:
        """Make all pages."""
        library = LibraryPage(desk)
        library.opened.connect(lambda folder: open_case(Path(folder)))
        return cls(
            overview=OverviewPage(desk),
            corpora=CorporaPage(desk),
            answers=AnswersPage(desk),
            plan=PlanPage(desk),
            analyses=RunPage(desk),
            findings=FindingsPage(desk),
            packs=PacksPage(desk),
            ledger=LedgerPage(desk),
            library=library,
        )

    def all(self) -> Sequence[Page]:
        """The pages in their order."""
        return tuple(getattr(self, each.name) for each in fields(self))
