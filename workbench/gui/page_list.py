"""The pages of the window, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbench.gui.pages.base import Desk, Page

if TYPE_CHECKING:
    from workbench.gui.pages.analyses import AnalysesPage
    from workbench.gui.pages.answers import AnswersPage
    from workbench.gui.pages.corpora import CorporaPage
    from workbench.gui.pages.documents import DocumentsPage
    from workbench.gui.pages.exhibits import ExhibitsPage
    from workbench.gui.pages.findings import FindingsPage
    from workbench.gui.pages.help import HelpPage
    from workbench.gui.pages.ledger import LedgerPage
    from workbench.gui.pages.library import LibraryPage
    from workbench.gui.pages.overview import OverviewPage
    from workbench.gui.pages.packs import PacksPage
    from workbench.gui.pages.plan import PlanPage
    from workbench.gui.pages.report import ReportPage
    from workbench.gui.pages.settings import SettingsPage

Made = TypeVar("Made", bound=Page)

ACTS: Mapping[str, tuple[str, ...]] = {
    "overview": ("import.resume", "import.discard", "case.backup", "case.instructions"),
    "corpora": ("corpora.import", "corpora.import_folder", "corpora.join", "corpora.examine", "corpora.correct"),
    "answers": (
        "answers.find",
        "answers.before",
        "answers.after",
        "answers.raw",
        "answers.mark",
        "answers.looked_at",
    ),
    "documents": ("documents.add", "documents.quote", "documents.open", "documents.retract"),
    "plan": ("plan.lock", "plan.open", "plan.save"),
    "analyses": ("run.run", "plan.run"),
    "findings": ("finding.copy", "finding.save", "finding.withdraw"),
    "exhibits": (
        "exhibits.propose",
        "exhibits.check",
        "exhibits.dispute",
        "exhibits.earlier",
        "exhibits.later",
        "exhibits.withdraw",
        "exhibits.restore",
    ),
    "packs": ("pack.export", "pack.rebuild", "verify.case", "verify.file", "verify.folder"),
    "ledger": (),
    "library": (),
    "report": (),
    "settings": (),
    "help": (),
}
"""The actions that each page binds once it is there; until then they lead to the page."""

WITHOUT_CASE = ("library", "packs", "settings", "help")
"""The pages that have something to show where no case is open."""


class Pages:
    """All pages; none of them knows another. One that was not shown yet is not there yet: it costs nothing."""

    def __init__(self, desk: Desk, keep: Callable[[Page], None], open_case: Callable[[Path], None]) -> None:
        self._desk, self._keep_page, self._open_case = desk, keep, open_case
        self.built: list[Page] = []

    def page(self, key: str) -> Page | None:
        """A page by its key, made now if need be; None for a key that no page has."""
        found = getattr(self, key) if key in ACTS else None
        return found if isinstance(found, Page) else None

    def has(self, key: str) -> bool:
        """Whether a page was made already."""
        return any(page.key == key for page in self.built)

    def _keep(self, page: Made) -> Made:
        self.built.append(page)
        self._keep_page(page)
        return page

    @cached_property
    def overview(self) -> OverviewPage:
        """The case at a glance."""
        from workbench.gui.pages.overview import OverviewPage

        return self._keep(OverviewPage(self._desk))

    @cached_property
    def corpora(self) -> CorporaPage:
        """Whose answers are in the case."""
        from workbench.gui.pages.corpora import CorporaPage

        return self._keep(CorporaPage(self._desk))

    @cached_property
    def answers(self) -> AnswersPage:
        """The answers, side by side."""
        from workbench.gui.pages.answers import AnswersPage

        return self._keep(AnswersPage(self._desk))

    @cached_property
    def documents(self) -> DocumentsPage:
        """What others wrote about the matter."""
        from workbench.gui.pages.documents import DocumentsPage

        return self._keep(DocumentsPage(self._desk))

    @cached_property
    def plan(self) -> PlanPage:
        """The plan."""
        from workbench.gui.pages.plan import PlanPage

        return self._keep(PlanPage(self._desk))

    @cached_property
    def analyses(self) -> AnalysesPage:
        """What can be asked, and the queue."""
        from workbench.gui.pages.analyses import AnalysesPage

        return self._keep(AnalysesPage(self._desk))

    @cached_property
    def findings(self) -> FindingsPage:
        """What was found."""
        from workbench.gui.pages.findings import FindingsPage

        return self._keep(FindingsPage(self._desk))

    @cached_property
    def exhibits(self) -> ExhibitsPage:
        """What is shown of the case."""
        from workbench.gui.pages.exhibits import ExhibitsPage

        return self._keep(ExhibitsPage(self._desk))

    @cached_property
    def packs(self) -> PacksPage:
        """What is handed over."""
        from workbench.gui.pages.packs import PacksPage

        return self._keep(PacksPage(self._desk))

    @cached_property
    def ledger(self) -> LedgerPage:
        """Every act in its line."""
        from workbench.gui.pages.ledger import LedgerPage

        return self._keep(LedgerPage(self._desk))

    @cached_property
    def library(self) -> LibraryPage:
        """All cases on this computer."""
        from workbench.gui.pages.library import LibraryPage

        page = LibraryPage(self._desk)
        page.opened.connect(lambda folder: self._open_case(Path(folder)))
        return self._keep(page)

    @cached_property
    def report(self) -> ReportPage:
        """The report as it will be printed."""
        from workbench.gui.pages.report import ReportPage

        return self._keep(ReportPage(self._desk))

    @cached_property
    def settings(self) -> SettingsPage:
        """Examiner, looks, times, folders and keys."""
        from workbench.gui.pages.settings import SettingsPage

        return self._keep(SettingsPage(self._desk))

    @cached_property
    def help(self) -> HelpPage:
        """The manual, the glossary and the keys."""
        from workbench.gui.pages.help import HelpPage

        return self._keep(HelpPage(self._desk))
