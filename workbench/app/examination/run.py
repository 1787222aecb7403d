"""The examination of a case: every file, answer and prompt looked at once, in steps that a kill does not undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain

from workbench.app.examination.inspect_answer import rules
from workbench.app.examination.worker import (
    Across,
    File,
    Looked,
    Prompts,
    SeenAnswers,
    SeenFile,
    SeenPrompts,
    Task,
    Within,
    compare,
    look,
    look_at_file,
)
from workbench.app.parallel import in_turn
from workbench.core.answers.inspection import quotes
from workbench.core.model import Json, Source
from workbench.core.progress import Progress, part
from workbench.core.secrets.find import digest, find
from workbench.store import Case, Examination, Examined, FoundSecret, Seen

CHUNK = 500
"""Answers that a worker reads at one request; the results do not depend on it."""

_PROMPTS = 500
"""Prompts that are."""

_SMALL = 5_000
"""Answers up to which starting workers would take longer than the work."""

_LARGE = 32 << 20
"""Bytes from which on a file is searched here, with progress, and not by a worker."""

_LITTLE = 4 << 20
"""Bytes in all files up to which they are searched here."""

_KEPT = 1000
"""Answers that are kept at once."""

_COMPARED = 4000
"""Answers of small corpora that a worker compares at once."""

_CROWD = 250_000
"""Answers of one corpus from on which it is compared here: no two such corpora are held at once."""

_ASKED = 200
"""Prompts whose answers a worker compares at once."""


@dataclass(frozen=True, slots=True)
class ExaminationReport:
    """What an examination came to; `new` is False where everything had been examined before.

    `outdated` is when the last examination by other rules ended, where this one therefore looked at everything again.
    """

    counts: Json
    rules: Json
    ended: str
    line: int
    new: bool
    outdated: str = ""


def is_current(case: Case) -> bool:
    """Whether everything in the case was examined by the rules of this program."""
    return case.examinations.is_current(rules())


def outdated(case: Case) -> str:
    """When the last examination ended, if it was made by other rules than those of this program; empty otherwise."""
    last = case.examinations.last()
    return last.ended if last is not None and last.rules != rules() else ""


@dataclass(frozen=True, slots=True)
class ExaminationState:
    """How far a case is examined.

    `last` is the last finished examination or None; `withheld` are the files in which secrets were found, each by
    its SHA-256 with its name and how many secrets of each kind; `outdated` says when the last examination ended, if
    it was made by other rules than those of this program.
    """

    last: Examined | None
    current: bool
    outdated: str
    withheld: tuple[tuple[str, str, Mapping[str, int]], ...]


def state_of(case: Case) -> ExaminationState:
    """How far a case is examined, as of now."""
    names = {source.sha256: source.name for source in case.sources()}
    withheld = case.examinations.withheld()
    return ExaminationState(
        case.examinations.last(),
        is_current(case),
        outdated(case),
        tuple((digest, names.get(digest, digest), kinds) for digest, kinds in withheld.items()),
    )


def examine(case: Case, workers: int, progress: Progress) -> ExaminationReport:
    """Examine what was not examined yet and write one ledger line; broken off, it goes on where it was.

    Raises CaseError when the disk is full, Cancelled when `progress` does: what was seen is kept.
    """
    new, before = not is_current(case), outdated(case)
    if new:
        _Job(case, workers).run(progress)
    last = case.examinations.last()
    assert last is not None
    progress(1.0, "examined")
    return ExaminationReport(last.counts, last.rules, last.ended, last.line, new, before)


class _Job:
    def __init__(self, case: Case, workers: int) -> None:
        self._case = case
        self._exam: Examination = case.examinations.begin(rules())
        self._workers = workers
        self._rows, self._secrets = list[Seen](), list[FoundSecret]()

    def run(self, progress: Progress) -> None:
        """All steps; each is done once, however often the whole is begun."""
        large, small = self._files()
        self._large(large, part(progress, 0.0, 0.1))
        self._look(small, part(progress, 0.1, 0.8))
        for joining in self._exam.joins():
            self._join(joining)
        self._likeness(part(progress, 0.8, 0.97))
        progress(0.98, "sealing")
        self._exam.finish()

    # --- files, prompts, answers

    def _files(self) -> tuple[list[Source], list[Source]]:
        waiting = self._exam.sources()
        return [s for s in waiting if s.size >= _LARGE], [s for s in waiting if s.size < _LARGE]

    def _file(self, source: Source) -> File:
        return File(source.id, str(self._case.original(source.sha256)), source.name)

    def _large(self, sources: list[Source], progress: Progress) -> None:
        done, total = 0, sum(source.size for source in sources)
        for source in sources:
            inner = part(progress, done / total, (done + source.size) / total)
            self._keep(look_at_file(self._file(source), inner))
            done += source.size

    def _look(self, sources: list[Source], progress: Progress) -> None:
        answers, size = self._exam.waiting(), sum(source.size for source in sources)
        many = self._workers if answers > _SMALL or size > _LITTLE else 1
        prompts = self._exam.new_prompts()
        # Whoever is broken off among the answers has seen the prompts to them. Small tasks come last, so that no worker
        # waits long for another one.
        tasks = chain[Task](
            (Prompts(prompts[at : at + _PROMPTS]) for at in range(0, len(prompts), _PROMPTS)),
            self._exam.stretches(CHUNK),
            map(self._file, sorted(sources, key=lambda source: -source.size)),
        )
        files = done = 0
        for seen in in_turn(partial(look, self._exam.unseen()), tasks, many):
            self._keep(seen)
            match seen:
                case SeenFile():
                    files += 1
                    progress(0.8 + 0.2 * files / len(sources), "searching files for secrets")
                case SeenAnswers(rows):
                    done += len(rows)
                    said = f"examining: {done:,} of {answers:,} answers"
                    progress(0.8 * min(1.0, done / max(1, answers)), said)
        self._keep_answers()
        self._exam.parts_done()

    def _keep(self, seen: Looked) -> None:
        match seen:
            case SeenFile(file, encoding, whole, secrets):
                self._exam.saw_source(file.source, encoding, secrets, whole=whole)
            case SeenPrompts(prompts, secrets):
                self._exam.saw_prompts(prompts.keys, secrets)
            case SeenAnswers(rows, secrets):
                self._rows += rows
                self._secrets += secrets
                if len(self._rows) >= _KEPT:
                    self._keep_answers()

    def _keep_answers(self) -> None:
        if not self._rows:
            return
        self._exam.saw_answers(self._rows, self._secrets)
        self._rows, self._secrets = [], []

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
        corpus_of = {own: at for at, (_, parts, _) in enumerate(groups) for own in parts}
        answers = sum(size for _, _, size in groups)
        function = partial(compare, self._exam.unseen(), corpus_of)
        for name, parts, size in groups:
            if size >= _CROWD:
                progress(0.0, f"near duplicates in {name}")
                self._exam.saw_alike(function(Within([(name, parts)])).rows)
        prompts = self._exam.prompts()
        tasks = chain[Within | Across](
            map(Within, _together(groups)),
            (Across(prompts[at : at + _ASKED]) for at in range(0, len(prompts), _ASKED)),
        )
        inside = across = 0
        for at, seen in enumerate(in_turn(function, tasks, self._workers if answers > _SMALL else 1)):
            if not at:
                self._exam.seal()  # The workers go on meanwhile.
            self._exam.saw_alike(seen.rows)
            match seen.task:
                case Within(corpora):
                    inside += seen.answers
                    progress(0.5 * min(1.0, inside / answers), f"near duplicates in {corpora[-1][0]}")
                case Across():
                    across += seen.answers
                    said = f"near duplicates across corpora: {across:,} of {answers:,} answers"
                    progress(0.5 + 0.5 * min(1.0, across / answers), said)


def _together(groups: list[tuple[str, list[int], int]]) -> Iterator[list[tuple[str, list[int]]]]:
    """The corpora that are no crowds, some thousand answers at a time."""
    held, size = list[tuple[str, list[int]]](), 0
    for name, parts, answers in groups:
        if answers < _CROWD:
            held.append((name, parts))
            size += answers
        if size >= _COMPARED:
            yield held
            held, size = [], 0
    if held:
        yield held
