"""The Selection that a stored case offers to an analysis."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.artefacts import Traces
from workbench.core.hashing import sha256_lines
from workbench.core.logs import Logs
from workbench.core.markers import Planted
from workbench.core.model import Corpus
from workbench.core.pairing import SetCounts
from workbench.core.progress import Progress, silent
from workbench.core.selection import Answer, Block, ExaminedCounts, Question, Similarities, StatedFinding
from workbench.core.signals import SignalSetup
from workbench.core.statistics.fitted_calibration import Calibration
from workbench.store import Case
from workbench.store.notes import LOGS_ADDED

if TYPE_CHECKING:
    from workbench.store.logs.engine import Engine
    from workbench.store.logs.tables import LogTables


class CaseSelection:
    """A question over a case: answers as streams, view blocks from the cache or built on the way."""

    def __init__(
        self,
        case: Case,
        question: Question,
        cache: Path | None,
        workers: int,
        progress: Progress,
        calibration: Calibration | None = None,
    ) -> None:
        self._case = case
        self._question = question
        self._cache = cache
        self._workers = workers
        self._progress = progress
        self._calibration = calibration
        self._similarities: Similarities | None = None
        self._engine: Engine | None = None
        self._logs: LogTables | None = None
        self.stopping: Progress = silent
        """Asked while the logs' engine works, so that a long question can be stopped."""

    @property
    def question(self) -> Question:
        """Who is compared with whom."""
        return self._question

    def asking(self, question: Question) -> CaseSelection:
        """The same material, asked another question: controls that are set aside may be among it."""
        return CaseSelection(self._case, question, self._cache, self._workers, self.stopping, self._calibration)

    def blocks(self, corpora: Sequence[Corpus]) -> Iterator[Block]:
        """The answers of some corpora, some hundred prompts at a time, ordered by prompt digest."""
        return self._case.blocks([c.name for c in corpora])

    def answers(self, corpus: Corpus) -> Iterator[Answer]:
        """The accepted answers of one corpus, ordered by prompt digest and sample."""
        return self._case.answers(corpus.name)

    def examination(self) -> ExaminedCounts | None:
        """The counts of the last examination; None where there was none."""
        last = self._case.examinations.last()
        if last is None:
            return None
        from workbench.app.examination.run import outdated

        return ExaminedCounts(last.sha256, last.counts["corpora"], outdated(self._case))

    def pairing(self) -> tuple[SetCounts, ...]:
        """What is counted of each set of ids by which answers are paired; empty where all is paired by text."""
        found = self._case.pairing()
        return found.counts if found else ()

    def findings(self) -> list[StatedFinding]:
        """The findings on the same question that stand, in order of number."""
        from workbench.app.opinions import stated

        return stated(self._case, self._question.suspect.name, self._question.protected_name)

    def withdrawn(self) -> list[StatedFinding]:
        """The findings on the same question that were withdrawn, in order of number."""
        from workbench.app.opinions import stated

        return stated(self._case, self._question.suspect.name, self._question.protected_name, withdrawn=True)

    def beside(self) -> list[StatedFinding]:
        """The findings on the same suspect and a protected side of another name that shares a model, by number."""
        from workbench.app.opinions import stated_beside

        return stated_beside(self._case, self._question.suspect.name, self._question.protected_name)

    def calibration(self) -> Calibration:
        """The calibration that was chosen, or the shipped one; raises a WorkbenchError where that is missing."""
        if self._calibration is None:
            from workbench.app.calibrations import shipped

            self._calibration = shipped()
        return self._calibration

    def markers(self) -> tuple[Planted, ...]:
        """The planted markers with their decoys; none where there are none."""
        from workbench.app.direct_evidence.markers import planted_markers

        return planted_markers(self._case)

    def signal(self, name: str) -> SignalSetup | None:
        """A keyed signal of the case by its name, the last one for an empty name; None where there is none."""
        from workbench.app.direct_evidence.signals import signal_of_case

        return signal_of_case(self._case, name)

    def logs(self) -> Logs | None:
        """The usage logs of the case as tables; None where it has none."""
        if self._engine is None:
            from workbench.app.direct_evidence.logs import tables_of
            from workbench.store.logs.engine import Engine

            if not self._case.notes.read(LOGS_ADDED):
                return None
            self._engine = Engine(self._case.notes.folder / "temporary")
            self._logs = tables_of(self._case, self._engine)
            if self._logs is not None:
                self._logs.progress = self.stopping
        return self._logs

    def close(self) -> None:
        """Give back what the logs' engine holds."""
        if self._engine is not None:
            self._engine.close()
            self._engine = self._logs = None

    def similarities(self) -> Similarities:
        """The view blocks of all corpora of the case that are compared.

        They are made once a case and not once a run: every question is answered from the same blocks.
        """
        if self._similarities is None:
            also = [c.name for c in self._question.controls if not c.role.compared]
            self._similarities = similarities_of(self._case, self._cache, self._workers, self._progress, also)
        return self._similarities


def similarities_of(
    case: Case, cache: Path | None, workers: int, progress: Progress, also: Collection[str] = ()
) -> Similarities:
    """The view blocks of all corpora of a case that are compared, and of some that are set aside, in order of name."""
    from workbench.app.similarity_cache import similarities

    rows = [row for row in case.catalogue() if row.corpus.role.compared or row.corpus.name in also]
    rows.sort(key=lambda row: row.corpus.name)
    names = [row.corpus.name for row in rows]
    prompts = max(row.prompts for row in rows)
    traces = Traces(case)
    pairing = case.pairing()
    by_ids = pairing.sha256 if pairing else ""
    key = sha256_lines([*(row.corpus.sha256 for row in rows), *filter(None, [traces.key, by_ids])])
    return similarities(traces.blocks(case.blocks(names)), names, prompts, key, cache, workers, progress)
