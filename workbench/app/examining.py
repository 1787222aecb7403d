"""The examination of a case: every file, answer and prompt looked at once, in steps that a kill does not undo."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.app.inspecting import FoundIn, Inspected, Item, inspect, rules
from workbench.app.near import across, within
from workbench.app.raw_search import Searched, search_file
from workbench.app.workers import Workers, in_turn
from workbench.core.inspection import quotes
from workbench.core.model import Json, Source
from workbench.core.progress import Progress, part
from workbench.core.secrets import digest, find
from workbench.store import Case, Examination, FoundSecret, Seen, Unexamined

CHUNK = 250
"""Answers that a worker is handed at once; the results do not depend on it."""

_ROUND = 16
"""Chunks that are read at once: while the workers do them, the next ones are read."""

_SMALL = 500
"""Answers up to which starting workers would take longer than the work."""

_LARGE = 32 << 20
"""Bytes from which on a file is searched here, with progress, and not by a worker."""

_LITTLE = 4 << 20
"""Bytes in all files up to which they are searched here."""

_KEPT = 1000
"""Answers that are kept at once."""


@dataclass(frozen=True, slots=True)
class ExaminationReport:
    """What an examination came to; `new` is False where everything had been examined before."""

    counts: Json
    rules: Json
    ended: str
    line: int
    new: bool


def is_current(case: Case) -> bool:
    """Whether everything in the case was examined by the rules of this program."""
    return case.examinations.is_current(rules())


def examine(case: Case, workers: int, progress: Progress) -> ExaminationReport:
    """Examine what was not examined yet and write one ledger line; broken off, it goes on where it was.

    Raises CaseError when the disk is full, Cancelled when `progress` does: what was seen is kept.
    """
    new = not is_current(case)
    if new:
        _Job(case, workers).run(progress)
    last = case.examinations.last()
    assert last is not None
    progress(1.0, "examined")
    return ExaminationReport(last.counts, last.rules, last.ended, last.line, new)


class _Job:
    def __init__(self, case: Case, workers: int) -> None:
        self._case = case
        self._exam: Examination = case.examinations.begin(rules())
        self._workers = workers

    def run(self, progress: Progress) -> None:
        """All steps; each is done once, however often the whole is begun."""
        self._sources(part(progress, 0.0, 0.2))
        self._answers(part(progress, 0.2, 0.8))
        for joining in self._exam.joins():
            self._join(joining)
        self._likeness(part(progress, 0.8, 0.97))
        progress(0.98, "sealing")
        self._exam.finish()

    # --- files

    def _sources(self, progress: Progress) -> None:
        waiting = self._exam.sources()
        done, total = 0, sum(source.size for source in waiting) or 1
        for source in (s for s in waiting if s.size >= _LARGE):
            inner = part(progress, done / total, (done + source.size) / total)
            self._saw_source(source, search_file(self._case.original(source.sha256), source.name, inner))
            done += source.size
        small = [s for s in waiting if s.size < _LARGE]
        many = self._workers if sum(s.size for s in small) > _LITTLE else 1
        named = [(str(self._case.original(s.sha256)), s.name) for s in small]
        for source, (_, searched) in zip(small, in_turn(Workers(_search, many), _rounds(named)), strict=True):
            self._saw_source(source, searched)
            done += source.size
            progress(min(1.0, done / total), "searching files for secrets")

    def _saw_source(self, source: Source, searched: Searched) -> None:
        secrets = [FoundSecret("source", source.id, one.member, *one.secret, one.sha256) for one in searched.secrets]
        self._exam.saw_source(source.id, searched.encoding, secrets, whole=searched.whole)

    # --- answers

    def _answers(self, progress: Progress) -> None:
        total = self._exam.waiting()
        workers = Workers(_inspect, self._workers if total > _SMALL else 1)
        begun = deque[list[Unexamined]]()
        done = 0
        rows, seen = list[Unexamined](), list[Inspected]()
        for _, looked in in_turn(workers, self._packed(begun)):
            some = begun.popleft()
            rows += some
            seen += map(Inspected._make, looked)
            if len(rows) >= _KEPT:
                self._keep(rows, seen)
                rows, seen = [], []
            done += len(some)
            progress(min(1.0, done / max(1, total)), f"examining: {done:,} of {total:,} answers")
        if rows:
            self._keep(rows, seen)
        self._exam.parts_done()

    def _packed(self, begun: deque[list[Unexamined]]) -> Iterator[list[_Packed]]:
        """The rounds as they are handed over; `begun` gets the chunks that they hold."""
        for held in self._chunks():
            begun.extend(held)
            yield [_handed(rows) for rows in held]

    def _chunks(self) -> Iterator[list[list[Unexamined]]]:
        """Rounds of chunks; a prompt is new in the first chunk that it comes in, which is the first that is kept."""
        held: list[list[Unexamined]] = []
        met = set[int]()
        size = 0
        for page in self._exam.answers():
            for at, row in enumerate(page):
                if row.prompt_key in met:
                    page[at] = row._replace(prompt_key=None)
                elif row.prompt_key is not None:
                    met.add(row.prompt_key)
            held += [page[at : at + CHUNK] for at in range(0, len(page), CHUNK)]
            size += sum(len(row.text) for row in page)
            if len(held) >= _ROUND or size > _LARGE:
                yield held
                held, size = [], 0
        if held:
            yield held

    def _keep(self, rows: list[Unexamined], seen: list[Inspected]) -> None:
        kept, secrets = [], []
        for row, one in zip(rows, seen, strict=True):
            kept.append(Seen(row.id, row.part, one.language, one.sure, one.marks, *one.hidden, one.bands))
            secrets += [_found(row, item) for item in one.secrets]
        self._exam.saw_answers(kept, sorted(row.prompt_key for row in rows if row.prompt_key is not None), secrets)

    # --- prompts that came later

    def _join(self, joining: int) -> None:
        quoting, secrets, prompts = 0, list[FoundSecret](), set[int]()
        for _, text, prompt, asked in self._exam.joined(joining):
            quoting += quotes(text.strip(), asked)
            if prompt not in prompts:
                secrets += [FoundSecret("prompt", prompt, "", *one, digest(asked, one)) for one in find(asked)]
                prompts.add(prompt)
        self._exam.saw_join(joining, quoting, sorted(prompts), secrets)

    # --- likeness

    def _likeness(self, progress: Progress) -> None:
        self._exam.forget_likeness()
        groups = self._exam.corpora()
        corpus_of = {own: at for at, (_, parts) in enumerate(groups) for own in parts}
        answers = done = 0
        for at, (name, parts) in enumerate(groups):
            progress(0.5 * at / len(groups), f"near duplicates in {name}")
            sketches = list(self._exam.sketches(parts))
            answers += len(sketches)
            self._exam.saw_alike(within(sketches, self._exam.texts))
        for rows in self._exam.on_prompts():
            done += len(rows)
            said = f"near duplicates across corpora: {done:,} of {answers:,} answers"
            progress(0.5 + 0.5 * min(1.0, done / max(1, answers)), said)
            self._exam.saw_alike(across(rows, corpus_of, self._exam.texts))


def _found(row: Unexamined, item: FoundIn) -> FoundSecret:
    owner = row.prompt_key if item.field == "prompt" and row.prompt_key is not None else row.id
    return FoundSecret(item.field, owner, "", *item.secret, item.sha256)


_Packed = list[tuple[Any, ...]]
"""Rows as plain tuples: named ones take several times as long to hand over."""


def _handed(rows: list[Unexamined]) -> _Packed:
    return [(r.text, r.prompt, r.flags, r.extra, r.prompt_key is not None) for r in rows]


def _inspect(rows: _Packed) -> _Packed:
    return [tuple(one) for one in inspect([Item._make(row) for row in rows])]


def _search(named: tuple[str, str]) -> Searched:
    return search_file(Path(named[0]), named[1])


def _rounds(named: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    for at in range(0, len(named), _ROUND):
        yield named[at : at + _ROUND]
