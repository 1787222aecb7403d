"""The case: one folder with its database, originals, ledger and lock, behind one door."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from workbench.core.artefacts import Settlement
from workbench.core.model import Corpus, Finding, Json, Narrative, Role, Source
from workbench.core.plan import LockedPlan, MadeRun
from workbench.core.progress import Progress, silent
from workbench.core.selection import Answer, Block
from workbench.core.surroundings import Conditions
from workbench.store import artefacts, backup, corpora, exports, findings, ledger, opening, pairing, plans, queries
from workbench.store.browse import Browser
from workbench.store.database import Store
from workbench.store.disk_state import as_written, database_words, place_of
from workbench.store.examination.examinations import Examinations
from workbench.store.importing import imports, late_prompts, left_out_duplicates, sources
from workbench.store.importing.open_import import Intake
from workbench.store.importing.rejections import ReasonCount, reasons
from workbench.store.ledger import LedgerLine
from workbench.store.lock import Lock, under_way
from workbench.store.notes import Notes
from workbench.store.paired_blocks import paired_blocks, share_answered
from workbench.store.pairing import Pairing, Pairings
from workbench.store.rows import (
    CaseFacts,
    CorpusCounts,
    DuplicateRow,
    Export,
    ImportRow,
    Joining,
    OpenImport,
    Problem,
    RejectedRow,
    StoredFinding,
    TakenSource,
)  # fmt: skip
from workbench.store.schema import MIGRATIONS, version_of
from workbench.store.search import Search
from workbench.store.vault import Vault
from workbench.store.verify.verify import verify_case


class Case:
    """An open case: every method uses a connection of the calling thread.

    `notice` is what must be said of the disk or of the state of the case, or empty.
    `until`, where a method takes it, is the number of a ledger line: the case as it was after it.
    """

    def __init__(self, store: Store, vault: Vault, lock: Lock | None, notice: str) -> None:
        self.notice = notice
        self._store = store
        self._vault = vault
        self._lock = lock
        self._pairings = Pairings()

    @classmethod
    def create(cls, folder: Path, *, title: str, conditions: Conditions) -> Self:
        """Make a new case and open it for writing; raises CaseError when the folder can't be made."""
        opening.make(folder, title, conditions)
        return cls.open(folder, conditions=conditions, writing=True)

    @classmethod
    def open(cls, folder: Path, *, conditions: Conditions, writing: bool = False) -> Self:
        """Open a case; for reading it needs no lock and works from a read-only medium.

        Writing takes the lock, brings an older schema up to date and sets right what a killed program
        left. Raises CaseError when there is no case, another program writes, or it is too new.
        """
        version = opening.check(folder)
        place = place_of(folder)
        vault = Vault(folder, place)
        if not writing:
            return cls(Store(folder, conditions, place, writing=False), vault, None, "")
        lock = Lock(folder, conditions.account)
        store = Store(folder, conditions, place, writing=True)
        try:
            if version < MIGRATIONS.newest:
                opening.migrate(folder, version, conditions)
            said = opening.recover(store, vault)
        except BaseException:
            store.close()
            lock.release()
            raise
        return cls(store, vault, lock, " ".join(filter(None, (place.notice, said))))

    def close(self) -> None:
        """Close every connection, leave one database file, and give the lock back."""
        self._store.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def facts(self) -> CaseFacts:
        """Id, title, examiner, date of making, schema and folder."""
        with self._reading() as connection:
            row = connection.execute("SELECT case_id, title, examiner, created FROM cases").fetchone()
            key, title, examiner, created = row
            return CaseFacts(key, title, examiner, created, version_of(connection), self._store.folder)

    @property
    def writing(self) -> bool:
        """Whether this case was opened for writing."""
        return self._store.writing

    @property
    def examinations(self) -> Examinations:
        """What was examined, and what is masked for it."""
        return Examinations(self._store, self._reading)

    @property
    def notes(self) -> Notes:
        """What stands in the ledger alone: secrets by name, markers and usage logs."""
        return Notes(self._store, self._reading)

    @property
    def words(self) -> Search:
        """The full-text index, and single answers."""
        return Search(self._store, self._reading)

    @property
    def browse(self) -> Browser:
        """Shapes of answers, lists and counts."""
        return Browser(self._reading, self._pairings.of)

    # --- corpora

    def corpora(self, until: int | None = None) -> list[Corpus]:
        """The corpora of finished imports, in order of first appearance."""
        with self._reading() as connection:
            return corpora.corpora(connection, until)

    def as_imported(self) -> dict[str, Corpus]:
        """Each corpus that was changed since it came in, as it came in."""
        with self._reading() as connection:
            return corpora.as_imported(connection)

    def answering(self, suspect: str | None) -> list[str]:
        """The corpora in the role of documents that answered at least half of the suspect's prompts, as models do."""
        with self._reading() as connection:
            known = corpora.corpora(connection)
            texts = [c for c in known if c.role in (Role.TRAINING, Role.SERVED, Role.UNSERVED)]
            own = [c for c in known if (c.name == suspect if suspect else c.role is Role.SUSPECT)]
            if not texts or not own:
                return []
            paired = self._pairings.of(connection)
            return [c.name for c in texts if 2 * share_answered(connection, own[0], c, paired) >= 1]

    def catalogue(self, until: int | None = None) -> list[CorpusCounts]:
        """The corpora with their counts."""
        with self._reading() as connection:
            return [queries.counts_of(connection, c, until) for c in corpora.corpora(connection, until)]

    def set_corpus(
        self,
        name: str,
        *,
        role: Role | None = None,
        facts: Mapping[str, Any] | None = None,
        note: str | None = None,
        reason: str,
    ) -> Corpus:
        """Mend role, facts (fields of Facts by name) or note of a corpus, with a reason, in the open."""
        with as_written(self._store.folder):
            return corpora.change(self._store, name, role, facts or {}, note, reason)

    def blocks(self, names: Sequence[str], size: int = 128) -> Iterator[Block]:
        """The answers of some corpora, `size` prompts at a time, in order of prompt digest."""
        with self._reading() as connection:
            chosen = [corpora.named(connection, name) for name in names]
            paired = self._pairings.of(connection)
            if paired is None:
                yield from queries.blocks(connection, chosen, size)
            else:
                yield from paired_blocks(connection, chosen, size, paired)

    def answers(self, corpus: str) -> Iterator[Answer]:
        """The answers of a corpus in order of prompt digest and sample; those without a prompt first."""
        with self._reading() as connection:
            yield from queries.answers(connection, corpora.named(connection, corpus))

    def normalised(self, corpus: str, until: int | None = None) -> Iterator[Json]:
        """Every answer of a corpus as plain JSON with its lineage, in order of place."""
        with self._reading() as connection:
            reader = queries.Reader(connection, [corpora.named(connection, corpus)], until)
            yield from reader.lineage(self._pairings.of(connection, until))

    # --- pairing by the ids of prompts

    def pairing(self) -> Pairing | None:
        """The prompts that are compared, and what is counted of each set of ids; None where all is paired by text."""
        with self._reading() as connection:
            return self._pairings.of(connection)

    def texts_in_import(self, import_id: int, most: int) -> dict[str, dict[str, str]]:
        """By model, the text of the prompt under each id in the first answers of an import under way."""
        with self._reading() as connection:
            return pairing.texts_in_import(connection, import_id, most)

    def texts_in_corpus(self, name: str, most: int) -> dict[str, str]:
        """The text of the prompt under each id in the first answers of a corpus."""
        with self._reading() as connection:
            return pairing.texts_in_corpus(connection, corpora.named(connection, name).id, most)

    # --- traces of saving

    def settle_artefact(self, decision: Settlement) -> None:
        """Write into the ledger what is done about a trace of saving in a corpus."""
        with database_words(self._store.folder):
            artefacts.settle(self._store, decision)

    def settlements(self, until: int | None = None) -> list[Settlement]:
        """What was decided about traces of saving, as of a line of the ledger."""
        with self._reading() as connection:
            return artefacts.all_of(connection, until)

    # --- files and imports

    def take(self, path: Path, progress: Progress = silent, *, name: str | None = None) -> TakenSource:
        """Receive a file: hashed while it is copied into the originals; the same bytes are the same source.

        `name` is what it is called in the case; the file's own name unless given.
        """
        with database_words(self._store.folder):
            return sources.take(self._store, self._vault, path, progress, name)

    def release(self, source: Source) -> bool:
        """Let a received file go from which nothing was imported; False when something was."""
        with database_words(self._store.folder):
            return sources.release(self._store, self._vault, source)

    def sources(self, until: int | None = None) -> list[Source]:
        """Every file that was received, in order of arrival; with `until` those that the ledger named by then."""
        with self._reading() as connection:
            return sources.all_of(connection, until)

    def draft(self) -> AbstractContextManager[tuple[BinaryIO, Path]]:
        """A new file in the case's own folder, and where it is; gone afterwards. Raises OSError."""
        return self._vault.draft()

    def original(self, sha256: str) -> Path:
        """Where the bytes of a received file are."""
        with self._reading() as connection:
            return sources.original(connection, self._vault, sha256)

    def begin_import(self, source: Source, importer: str, options: Json) -> Intake:
        """Begin an import, or go on with the open one of the same source, importer and options."""
        with as_written(self._store.folder):
            begun = imports.begin(self._store, source, importer, options)
            if self._lock is not None:
                self._lock.took_up(begun.id)
            return Intake(self._store, begun)

    def open_imports(self) -> list[OpenImport]:
        """The imports that were begun and neither finished nor discarded."""
        # Before and after: what another program begins meanwhile must not be taken for interrupted.
        elsewhere = set[int]() if self.writing else {*under_way(self._store.folder)}
        with self._reading() as connection:
            found = imports.opened(connection)
        if found and not self.writing:
            elsewhere |= under_way(self._store.folder)
        return [replace(one, under_way=one.id in elsewhere) for one in found]

    def discard_import(self, import_id: int, progress: Progress = silent) -> None:
        """Delete what is stored of an open import, and say so in the ledger."""
        with as_written(self._store.folder):
            imports.discard(self._store, import_id, progress, "dropped by the examiner")

    def import_log(self, until: int | None = None) -> list[ImportRow]:
        """The finished and the discarded imports, in order of their ledger lines."""
        with self._reading() as connection:
            return imports.log(connection, until)

    def imports_of(self, source: Source) -> list[ImportRow]:
        """The finished imports of a file."""
        with self._reading() as connection:
            return imports.done_of(connection, source)

    def rejections(self, import_id: int, limit: int | None = None) -> list[RejectedRow]:
        """The records that a finished import did not take, in order of place."""
        with self._reading() as connection:
            return imports.rejections(connection, import_id, limit)

    def rejection_reasons(self, import_id: int, limit: int) -> list[ReasonCount]:
        """Why records of an import were not taken: each reason with how many share it, at most `limit`."""
        with self._reading() as connection:
            return reasons(connection, import_id, limit)

    def duplicates(self, import_id: int | None = None, after: int = 0) -> Iterator[DuplicateRow]:
        """The records that finished imports, or one, left out as duplicates, in order of place, from after a key."""
        with self._reading() as connection:
            yield from left_out_duplicates.rows(connection, import_id, after)

    def add_prompts(
        self, source: Source, corpus: str, pairs: Iterable[tuple[str, str]], marked: Collection[str] = ()
    ) -> Joining:
        """Join answers that lack their prompt to (key, text) pairs; those with `marked` keys are counted apart."""
        with database_words(self._store.folder):
            return late_prompts.add(self._store, source, corpus, pairs, marked)

    # --- findings and packs

    def record_finding(self, finding: Finding, *, narrative: Narrative, svg: bytes, options: Json) -> StoredFinding:
        """Store a Finding with its tables, sentences and chart in one transaction with its ledger line."""
        with as_written(self._store.folder):
            return findings.record(self._store, finding, narrative, svg, options)

    def findings(self, until: int | None = None) -> list[StoredFinding]:
        """All Findings in order of number, the withdrawn ones too."""
        with self._reading() as connection:
            return findings.all_of(connection, until)

    def finding(self, number: int) -> StoredFinding:
        """One Finding; raises UsageError when there is none of that number."""
        with self._reading() as connection:
            return findings.one(connection, number)

    def record_refusal(self, analysis: str, options: Json, reason: str) -> None:
        """Write into the ledger that a run was asked for and refused."""
        with as_written(self._store.folder):
            findings.refuse(self._store, analysis, options, reason)

    def withdraw(self, number: int, reason: str) -> None:
        """Hide a Finding, with a reason; it is never erased."""
        with as_written(self._store.folder):
            findings.withdraw(self._store, number, reason)

    def lock_plan(self, plan: Json, reason: str) -> LockedPlan:
        """Write the next version of the plan into the ledger; a later version needs a reason."""
        with as_written(self._store.folder):
            return plans.lock(self._store, plan, reason)

    def lock_plan_again(self, line: Json) -> None:
        """Write a version of the plan as the line of an old ledger has it."""
        with database_words(self._store.folder):
            plans.lock_again(self._store, line)

    def plans(self, until: int | None = None) -> list[LockedPlan]:
        """Every version of the plan, in order."""
        with self._reading() as connection:
            return plans.all_of(connection, until)

    def runs(self, until: int | None = None) -> list[MadeRun]:
        """Every stored run with its status, in order."""
        with self._reading() as connection:
            return plans.runs(connection, until)

    def open_export(self) -> Export:
        """The next pack as it is now; nothing is written of it before it is sealed."""
        with as_written(self._store.folder):
            return exports.opened(self._store)

    def seal_export(self, pack: Export, choices: Json, contents: Json) -> Export:
        """Write the line of a pack whose files are made, with the digests of what is in it."""
        with as_written(self._store.folder):
            return exports.seal(self._store, pack, choices, contents)

    def export_again(self, number: int) -> Export:
        """A pack as it was sealed; raises UsageError when there is none of that number."""
        with self._reading() as connection:
            return exports.again(connection, number)

    def finish_export(self, number: int, sha256: str, signatures: Sequence[str] = ()) -> None:
        """Record the SHA-256 of a finished pack, and its signatures as text."""
        with as_written(self._store.folder):
            exports.finish(self._store, number, sha256, signatures)

    def exports(self) -> list[Export]:
        """All packs that were begun, in order of number."""
        with self._reading() as connection:
            return exports.all_of(connection)

    # --- the whole

    def ledger(self, until: int | None = None) -> Iterator[LedgerLine]:
        """The lines of the ledger in order."""
        with self._reading() as connection:
            yield from ledger.lines(connection, until)

    def note_rescue(self, said: Json) -> None:
        """Write the line that says that this case was rebuilt from another one's remains."""
        with self._store.transaction() as connection:
            entry = ledger.Entry("case rescued", {"case": self.facts.id}, said)
            self._store.log(connection, self._store.conditions.now(), entry)

    def verify(self, *, head: str | None = None, progress: Progress = silent) -> list[Problem]:
        """Everything that is wrong with the case; `head` is a hash that its ledger must hold."""
        return verify_case(self._store.folder, head=head, progress=progress)

    def backup(self, file: Path, progress: Progress = silent) -> None:
        """Write the whole case into one zip file."""
        with self._reading() as connection:
            backup.backup(self._store.folder, connection, file, progress)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with as_written(self._store.folder):
            yield self._store.connection
