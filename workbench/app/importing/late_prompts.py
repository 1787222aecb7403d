"""Prompts that come later than their answers, and what has to be said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.requests import JoinReport
from workbench.core.model import Corpus, Facts, Response, Source
from workbench.core.prepared_answers import facts_stated
from workbench.core.progress import Progress, part
from workbench.core.text import counted, one_line
from workbench.importers.containers.open import open_file
from workbench.store import Case, Joining, facts_gathered

if TYPE_CHECKING:
    from workbench.importers.base import Question
    from workbench.store import CorpusCounts


def join_prompts(case: Case, path: Path, corpus: str, progress: Progress) -> JoinReport:
    """Join prompts that came later to the answers of a corpus; what has a prompt keeps it.

    Raises BadInputError for a file of prompts that is none, UsageError for a corpus that is none.
    """
    source = case.take(path, part(progress, 0, 0.5))
    try:
        return _joined(case, source, _questions(case, source), corpus)
    finally:
        case.release(source)  # kept where a join or an import names it


def join_waiting(case: Case, source: Source, names: Sequence[str]) -> tuple[str, ...]:
    """Join prompts that came with an import to the answers of some corpora that lack them; what was done in words."""
    if not names:
        return ()
    questions = _questions(case, source)
    reports = [_joined(case, source, questions, name) for name in names]
    return tuple(words for report in reports if report.joined for words in report.words())


def _questions(case: Case, source: Source) -> Mapping[str, Question]:
    from workbench.importers.mapping.prompt_files import questions_in

    return questions_in(open_file(case.original(source.sha256), source.name))


def _joined(case: Case, source: Source, questions: Mapping[str, Question], corpus: str) -> JoinReport:
    pairs = ((key, question.turns[0]) for key, question in questions.items())
    done = case.add_prompts(source, corpus, pairs, {key for key, q in questions.items() if q.extra.get("system")})
    (row,) = (row for row in case.catalogue() if row.corpus.name == corpus)
    name = one_line(source.name, 100)
    notices = [
        *_notices(name, done, row),
        *(_learnt(case, name, questions.values(), row.corpus) if done.joined else ()),
    ]
    return JoinReport(name, corpus, done.joined, row.unjoined, tuple(notices))


def _learnt(case: Case, name: str, questions: Iterable[Question], corpus: Corpus) -> Iterator[str]:
    """Keep what a batch's requests say of how they were asked, beside what is known; what is new in words."""
    rows = [
        Response("", q.turns[0], None, None, None, None, None, 0, 0, 0, extra=q.extra) for q in questions if q.extra
    ]
    stated = facts_stated(rows)
    known = corpus.facts
    asked_for = stated.claimed
    if known.claimed is not None or asked_for in (corpus.name, *known.named):
        stated = replace(stated, claimed=known.claimed)
    new = facts_gathered(known, stated)
    changes = {f.name: value for f in fields(Facts) if (value := getattr(new, f.name)) != getattr(known, f.name)}
    if changes:
        case.set_corpus(corpus.name, facts=changes, reason=f"stated by the requests in {name}")
        named = ", ".join(key.replace("_", " ") for key in changes)
        yield f"From the requests in “{name}”, {corpus.name} has its {named} now."
    if asked_for and asked_for not in (corpus.name, *known.named):
        yield f"The requests in “{name}” ask for {asked_for}, and the answers are those of {corpus.name}."


def _notices(name: str, done: Joining, row: CorpusCounts) -> list[str]:
    said = []
    if done.marked:
        few = counted(done.marked, "answer was", "answers were")
        said.append(f"{few} given under a system prompt; prompts are matched without it.")
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
        left = row.unjoined - done.same
        few = "1 answer" if left == 1 else f"{left:,} answers"
        said.append(f"{few} of {row.corpus.name} {'has' if left == 1 else 'have'} no prompt still.")
    return said
