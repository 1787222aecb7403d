"""Prompts that come later than their answers, and what has to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.requests import JoinReport
from workbench.core.model import Source
from workbench.core.progress import Progress, part
from workbench.core.text import one_line
from workbench.importers import open_file
from workbench.store import Case, Joining

if TYPE_CHECKING:
    from workbench.store import CorpusCounts


def join_prompts(case: Case, path: Path, corpus: str, progress: Progress) -> JoinReport:
    """Join prompts that came later to the answers of a corpus; what has a prompt keeps it.

    Raises BadInputError for a file of prompts that is none, UsageError for a corpus that is none.
    """
    source = case.take(path, part(progress, 0, 0.5))
    try:
        return _joined(case, source, _prompts_of(case, source), corpus)
    finally:
        case.release(source)  # kept where a join or an import names it


def join_waiting(case: Case, source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """Join prompts that came with an import to the answers of some corpora that lack them; what was done in words."""
    if not names:
        return ()
    texts = _prompts_of(case, source)
    reports = [_joined(case, source, texts, name) for name in names]
    return tuple(words for report in reports if report.joined for words in report.words())


def _prompts_of(case: Case, source: Source) -> Mapping[str, str]:
    from workbench.importers.prompts import prompt_texts

    return prompt_texts(open_file(case.original(source.sha256), source.name))


def _joined(case: Case, source: Source, texts: Mapping[str, str], corpus: str) -> JoinReport:
    done = case.add_prompts(source, corpus, texts.items())
    (row,) = (row for row in case.catalogue() if row.corpus.name == corpus)
    name = one_line(source.name, 100)
    return JoinReport(name, corpus, done.joined, row.unjoined, tuple(_notices(name, done, row)))


def _notices(name: str, done: Joining, row: CorpusCounts) -> list[str]:
    said = []
    if done.other:
        said.append(
            f"{done.other:,} answers of {row.corpus.name} have another prompt than “{name}” gives under their id; "
            "they keep the one that they have."
        )
    if done.same:
        said.append(
            f"{done.same:,} answers stay without a prompt: the same records are in {row.corpus.name} with theirs, "
            "and no record counts twice."
        )
    if row.unjoined > done.same:
        said.append(f"{row.unjoined - done.same:,} answers of {row.corpus.name} have no prompt still.")
    return said
