"""The Selection that a stored case offers to an analysis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.core.hashing import sha256_lines
from workbench.core.model import Corpus, Role
from workbench.core.progress import Progress
from workbench.core.selection import Answer, Block, Question, Similarities
from workbench.store import Case


class CaseSelection:
    """A question over a case: answers as streams, view blocks from the cache or built on the way."""

    def __init__(self, case: Case, question: Question, cache: Path | None, workers: int, progress: Progress) -> None:
        self._case = case
        self._question = question
        self._cache = cache
        self._workers = workers
        self._progress = progress
        self._similarities: Similarities | None = None

    @property
    def question(self) -> Question:
        """Who is compared with whom."""
        return self._question

    def blocks(self, corpora: Sequence[Corpus]) -> Iterator[Block]:
        """The answers of some corpora, some hundred prompts at a time, ordered by prompt digest."""
        return self._case.blocks([c.name for c in corpora])

    def answers(self, corpus: Corpus) -> Iterator[Answer]:
        """The accepted answers of one corpus, ordered by prompt digest and sample."""
        return self._case.answers(corpus.name)

    def similarities(self) -> Similarities:
        """The view blocks of all corpora of the case that are not set aside.

        They are made once a case and not once a run: every question is answered from the same blocks.
        """
        if self._similarities is None:
            from workbench.app.views import similarities

            rows = [row for row in self._case.catalogue() if row.corpus.role is not Role.ASIDE]
            rows.sort(key=lambda row: row.corpus.name)
            names = [row.corpus.name for row in rows]
            self._similarities = similarities(
                self._case.blocks(names),
                names,
                max(row.prompts for row in rows),
                sha256_lines(row.corpus.sha256 for row in rows),
                self._cache,
                self._workers,
                self._progress,
            )
        return self._similarities
