"""One import under way: batches that no one sees yet, then one short transaction that shows them all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import orjson

from workbench.core.hashing import canonical
from workbench.core.model import FLAGS_END, REPEATED, Corpus, Facts, Json, Role
from workbench.core.prepared_answers import Batch, Item, ModelRows, batches
from workbench.core.progress import Progress, part, silent
from workbench.core.text import well_formed
from workbench.store import corpora
from workbench.store.database import Store
from workbench.store.disk_state import database_words
from workbench.store.importing import answer_places, finish, imports, left_out_duplicates, rejections
from workbench.store.importing.finish import settle
from workbench.store.importing.write import PromptIds, write
from workbench.store.ledger import Entry, digest_of
from workbench.store.queries import counts_of
from workbench.store.rows import (
    CorpusCounts,
    OpenImport,
    RejectedRow,
    facts_from_json,
    facts_gathered,
    facts_json,
    facts_merged,
    source_json,
)  # fmt: skip

TOGETHER = 4
"""Batches that one transaction writes, so that none lasts over 200 ms."""


class Intake:
    """An import in state open; `records` counts the items that are stored and to be skipped on resume.

    Once it is finished, `strays` counts rejected records by the models of which no answer came in.
    """

    def __init__(self, store: Store, begun: OpenImport) -> None:
        self.id = begun.id
        self.records = begun.records
        self.source = begun.source
        self._store = store
        self._importer = begun.importer
        self._options = begun.options
        self.strays: dict[str, int] = {}
        self._parts: dict[str | None, int] = {}
        self._prompt_ids = dict(store.prompt_ids)

    def add(self, items: Iterable[Item]) -> None:
        """Take items in order and write them in batches; on resume hand in those after `records`.

        Raises CaseError when the disk is full; what was written stays for a resume.
        """
        self.put(batches(items))

    def put(self, ready: Iterable[Batch]) -> None:
        """Write batches that were made ready, some in each transaction; raises CaseError when the disk is full."""
        ready = iter(ready)
        while some := list(islice(ready, TOGETHER)):
            try:
                with self._store.transaction() as connection:
                    self._write(connection, some)
            except BaseException:
                # Ids that were given out in this transaction are void with it.
                self._prompt_ids.clear()
                self._parts.clear()
                raise
            self.records += sum(batch.items for batch in some)

    def finish(
        self,
        *,
        default_model: str,
        role: Role | None = None,
        facts: Facts | None = None,
        documented: bool = False,
        note: str = "",
        progress: Progress = silent,
    ) -> list[CorpusCounts]:
        """Show the import: answers without a model go to `default_model`; one ledger line.

        `role` None keeps a known corpus's role and makes a new one a control; facts that are given
        replace known ones, an empty field keeps them. Returns the counts of this import per corpus.
        """
        given = {
            "default_model": default_model,
            "role": None if role is None else str(role),
            "facts": facts_json(facts or Facts()),
            "documented": documented,
            "note": note,
        }
        with self._store.mutex, database_words(self._store.folder):
            groups = self._grouped(well_formed(default_model)[0])
            earlier = {name: self._earlier(name) for name in groups}
            if not (finish.may_settle_at_once(self._store, groups, earlier) and self._shown_at_once(groups, given)):
                self._settle(groups, earlier, part(progress, 0.0, 0.9))
                digests = {name: self._digest(name, parts) for name, parts in groups.items()}
                given |= answer_places.sealed(self._store.connection, self.id)
                with self._store.transaction() as connection:
                    self._publish(connection, groups, digests, given)
            return [self._counts(name, parts) for name, parts in groups.items()]

    def outcome(self) -> tuple[int, list[RejectedRow]]:
        """How many answers are stored of it so far, and the first record that was not taken."""
        with database_words(self._store.folder):
            query = "SELECT coalesce(sum(accepted), 0) FROM parts WHERE import = ?"
            accepted = self._store.connection.execute(query, (self.id,)).fetchone()[0]
            return int(accepted), imports.rejected(self._store.connection, self.id, 1)

    def names_no_model(self) -> bool:
        """Whether there are records that name no model: they go to the default corpus."""
        with database_words(self._store.folder):
            query = "SELECT EXISTS (SELECT 1 FROM parts WHERE import = ? AND model IS NULL)"
            return bool(self._store.connection.execute(query, (self.id,)).fetchone()[0])

    def discard(self, progress: Progress = silent, reason: str = "") -> None:
        """Delete what was stored of this import, in batches, and say so in the ledger."""
        with database_words(self._store.folder):
            imports.discard(self._store, self.id, progress, reason)

    def _write(self, connection: sqlite3.Connection, some: Sequence[Batch]) -> None:
        prompts = PromptIds(connection, self._prompt_ids, self.id)
        # The answers of one model lie side by side, so that they are quickly read.
        by_model: dict[str | None, list[tuple[ModelRows, Batch]]] = {}
        for batch in some:
            for rows in batch.rows:
                by_model.setdefault(rows.model, []).append((rows, batch))
        for model, own in by_model.items():
            part = self._part(connection, model)
            for rows, batch in own:
                write(connection, part, rows, prompts, batch.prompts)
        for batch in some:
            self._write_rest(connection, batch)

    def _write_rest(self, connection: sqlite3.Connection, batch: Batch) -> None:
        """What is no answer: rejected records, facts, and how many items it were."""
        for rows in batch.rows:
            self._gather(connection, self._part(connection, rows.model), rows.facts)
        connection.executemany(
            "INSERT INTO rejections (import, place, offset, length, member, reason, model) "
            f"VALUES ({self.id:d}, ?, ?, ?, ?, ?, ?)",
            batch.rejected,
        )
        for name, facts in batch.learned:
            self._gather(connection, self._part(connection, name), facts)
        connection.execute(
            "UPDATE imports SET items = items + ?, rejected = rejected + ? WHERE id = ?",
            (batch.items, len(batch.rejected), self.id),
        )

    def _gather(self, connection: sqlite3.Connection, part: int, stated: Facts) -> None:
        if stated == Facts():
            return
        held = connection.execute("SELECT facts FROM parts WHERE id = ?", (part,)).fetchone()[0]
        facts = facts_json(facts_gathered(facts_from_json(orjson.loads(held)), stated))
        connection.execute("UPDATE parts SET facts = ? WHERE id = ?", (canonical(facts).decode(), part))

    def _part(self, connection: sqlite3.Connection, model: str | None) -> int:
        """The part of this import for a model as its records name it, made at first sight."""
        if model not in self._parts:
            found = connection.execute(
                "SELECT id FROM parts WHERE import = ? AND model IS ?", (self.id, model)
            ).fetchone()
            if found is None:
                cursor = connection.execute("INSERT INTO parts (import, model) VALUES (?, ?)", (self.id, model))
                return cursor.lastrowid or 0
            self._parts[model] = int(found[0])
        return self._parts[model]

    def _grouped(self, default: str) -> dict[str, list[int]]:
        """This import's parts under the names that their corpora will have."""
        connection = self._store.connection
        rows = connection.execute("SELECT id, model FROM parts WHERE import = ? ORDER BY id", (self.id,)).fetchall()
        if not rows:
            with self._store.transaction() as writing:
                rows = [(self._part(writing, None), None)]
        groups: dict[str, list[int]] = {}
        for key, model in rows:
            groups.setdefault(default if model is None else model, []).append(key)
        return groups

    def _shown_at_once(self, groups: dict[str, list[int]], given: Json) -> bool:
        """Show an import in one transaction; False where that can't be, and nothing was changed."""
        try:
            with self._store.transaction() as connection:
                finish.settle_at_once(connection, self.id, [key for own in groups.values() for key in own])
                digests = {name: self._digest(name, parts) for name, parts in groups.items()}
                self._publish(connection, groups, digests, given | answer_places.sealed(connection, self.id))
        except finish.NotAllNewError:
            return False
        self._store.prompt_ids = self._prompt_ids
        return True

    def _earlier(self, name: str) -> list[int]:
        """The parts that a corpus has already."""
        return [p.id for c in self._known(name) for p in corpora.parts_of(self._store.connection, c.id)]

    def _settle(self, groups: Mapping[str, Sequence[int]], earlier: dict[str, list[int]], progress: Progress) -> None:
        """Find records that are in their corpus already; all this is invisible still."""
        kept = settle(self._store, self.id, groups, earlier, progress)
        self._store.prompt_ids = self._prompt_ids if kept else {}
        for name, parts in groups.items():
            before = earlier[name]
            for key in parts:
                if before:
                    imports.flag_repeated(self._store, key, before, REPEATED + FLAGS_END)
                before.append(key)

    def _known(self, name: str) -> list[Corpus]:
        found = corpora.find(self._store.connection, name)
        return [] if found is None else [found]

    def _digest(self, name: str, parts: Sequence[int]) -> tuple[int, str]:
        """How many answers the corpus will have, and their digest."""
        connection = self._store.connection
        known = self._known(name)
        earlier = [p.id for c in known for p in corpora.parts_of(connection, c.id)]
        joins = [j for c in known for j in corpora.joins_of(connection, c.id)]
        inside = ", ".join(str(p) for p in parts)
        new = connection.execute(f"SELECT sum(accepted) FROM parts WHERE id IN ({inside})").fetchone()[0]
        answers = sum(c.answers for c in known) + int(new)
        return answers, corpora.digest(connection, [*earlier, *parts], joins)

    def _publish(
        self,
        connection: sqlite3.Connection,
        groups: dict[str, list[int]],
        digests: dict[str, tuple[int, str]],
        given: Json,
    ) -> None:
        time = self._store.conditions.now()
        self._share_rejected(connection, groups, given["default_model"])
        before, after = [], []
        for name, parts in groups.items():
            known = self._known(name)
            old = known[0] if known else corpora.empty_corpus(name, Role.CONTROL)
            stated = [
                row[0]
                for row in connection.execute(
                    f"SELECT facts FROM parts WHERE id IN ({', '.join(str(p) for p in parts)}) ORDER BY id"
                )
            ]
            answers, digest = digests[name]
            corpus = replace(_informed(old, stated, given), answers=answers, sha256=digest)
            corpus = corpora.put(connection, corpus)
            connection.executemany("UPDATE parts SET corpus = ? WHERE id = ?", [(corpus.id, p) for p in parts])
            before.append(corpora.state_of(old) if known else None)
            after.append(corpora.state_of(corpus))
        own = [(state, groups[state["name"]]) for state in after]
        counted = [{"corpus": c} | self._sums(connection, p) | left_out_duplicates.seals(connection, p) for c, p in own]
        options = given | {
            "source": source_json(self.source),
            "importer": self._importer,
            "options": self._options,
            "items": self.records,
            "corpora": counted,
        }
        options |= rejections.sealed(connection, self.id)
        entry = Entry("file imported", {"import": self.id}, options, digest_of(before), digest_of(after))
        line = self._store.log(connection, time, entry)
        connection.execute(
            "UPDATE imports SET state = 'done', ended = ?, line = ? WHERE id = ?", (time, line.sequence, self.id)
        )

    def _share_rejected(self, connection: sqlite3.Connection, groups: dict[str, list[int]], default: str) -> None:
        """Count each rejected record with the corpus of the model that it names.

        Those that name none, or one without an answer here, count with the default corpus or with the first.
        """
        query = "SELECT model, count(*) FROM rejections WHERE import = ? GROUP BY model"
        rest = groups.get(default) or next(iter(groups.values()))
        counts = dict.fromkeys((part for own in groups.values() for part in own), 0)
        for model, count in connection.execute(query, (self.id,)):
            counts[groups.get(model, rest)[0]] += count
            if model is not None and model not in groups:
                self.strays[model] = count
        connection.executemany(
            "UPDATE parts SET rejected = ? WHERE id = ?", [(count, part) for part, count in counts.items()]
        )

    def _sums(self, connection: sqlite3.Connection, parts: Sequence[int]) -> dict[str, int]:
        accepted, rejected, duplicate = connection.execute(
            "SELECT sum(accepted), sum(rejected), sum(duplicate) FROM parts "
            f"WHERE id IN ({', '.join(str(p) for p in parts)})"
        ).fetchone()
        records = accepted + rejected + duplicate
        return {"records": records, "accepted": accepted, "rejected": rejected, "duplicate": duplicate}

    def _counts(self, name: str, parts: Sequence[int]) -> CorpusCounts:
        connection = self._store.connection
        corpus = corpora.named(connection, name)
        whole = counts_of(connection, corpus)
        own = self._sums(connection, parts)
        return replace(
            whole,
            records=own["records"],
            accepted=own["accepted"],
            rejected=own["rejected"],
            duplicate=own["duplicate"],
        )


def _informed(old: Corpus, stated: Sequence[str], given: Json) -> Corpus:
    """The corpus with what its file states, and then with what the user gave."""
    facts = old.facts
    for held in stated:
        facts = facts_gathered(facts, facts_from_json(orjson.loads(held)))
    return replace(
        old,
        role=old.role if given["role"] is None else Role(given["role"]),
        facts=facts_merged(facts, facts_from_json(given["facts"])),
        documented=old.documented or given["documented"],
        note=given["note"] or old.note,
    )
