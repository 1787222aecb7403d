"""Answers against their digests, and the counts and digests of the corpora that they make up."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from workbench.core.prepared_answers import UNKNOWN_PROMPT, record_digest
from workbench.core.progress import Progress
from workbench.core.text import PROMPT_FORM, normal_prompt
from workbench.store import corpora
from workbench.store.folder import DATABASE
from workbench.store.importing import answer_places, left_out_duplicates, rejections
from workbench.store.rows import Problem
from workbench.store.schema import version_of

_STEP = 2000


def answers(connection: sqlite3.Connection, progress: Progress) -> Iterator[Problem]:
    """Prompts, answers, places, joins, rejections, duplicates and corpora, each computed again from what is stored."""
    yield from _prompts(connection)
    yield from _texts(connection, progress)
    yield from _joined(connection)
    yield from _counts(connection)
    if version_of(connection) >= 3:
        yield from _in_order(connection)
    yield from left_out_duplicates.problems(connection)
    yield from rejections.problems(connection)
    yield from answer_places.problems(connection)
    yield from _digests(connection)


def _prompts(connection: sqlite3.Connection) -> Iterator[Problem]:
    for key, digest, form, text in connection.execute("SELECT id, sha256, form, text FROM prompts"):
        if form != PROMPT_FORM or hashlib.sha256(normal_prompt(text).encode()).digest() != digest:
            yield Problem(DATABASE, "changed", f"Prompt {key} does not have the text that was stored.")


def _texts(connection: sqlite3.Connection, progress: Progress) -> Iterator[Problem]:
    last = connection.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]
    rows = connection.execute(
        "SELECT a.id, p.sha256, a.prompt_key, a.record_id, a.sample, a.sha256, a.digest, a.text FROM answers a "
        "LEFT JOIN prompts p ON p.id = a.prompt ORDER BY a.id"
    )
    for number, (key, prompt, prompt_key, record, sample, digest, whole, text) in enumerate(rows):
        if number % _STEP == 0:
            progress(min(1.0, key / last), "answers")
        found = hashlib.sha256(text.encode()).digest()
        if found != digest:
            yield Problem(DATABASE, "changed", f"Answer {key} does not have the text that was stored.")
        elif record_digest(prompt or UNKNOWN_PROMPT, found, prompt_key, record, sample) != whole:
            yield Problem(DATABASE, "changed", f"Answer {key} does not have the prompt or the ids that were stored.")


def _joined(connection: sqlite3.Connection) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT a.id, p.sha256, a.sha256, a.prompt_key, a.record_id, a.sample, j.digest FROM joined j "
        "JOIN answers a ON a.id = j.answer JOIN prompts p ON p.id = j.prompt"
    )
    for key, prompt, text, prompt_key, record, sample, digest in rows:
        if record_digest(prompt, text, prompt_key, record, sample) != digest:
            yield Problem(DATABASE, "changed", f"The prompt that was joined to answer {key} is not the one stored.")
    yield from _miscounted(
        connection,
        "SELECT j.id, j.answers, (SELECT count(*) FROM joined d WHERE d.joining = j.id) FROM joins j "
        "WHERE j.line IS NOT NULL",
        "Join {} brought {} prompts, and {} are there.",
    )


def _miscounted(connection: sqlite3.Connection, query: str, words: str) -> Iterator[Problem]:
    """A problem for each row of key, stated count and found count in which the two counts differ."""
    for key, stated, found in connection.execute(query):
        if stated != found:
            yield Problem(DATABASE, "changed", words.format(key, stated, found))


def _counts(connection: sqlite3.Connection) -> Iterator[Problem]:
    yield from _miscounted(
        connection,
        "SELECT p.id, p.accepted, (SELECT count(*) FROM answers a WHERE a.part = p.id) FROM parts p "
        # Of a discarded import something may still wait to be deleted.
        "JOIN imports i ON i.id = p.import WHERE i.state <> 'discarded'",
        "Part {} has {} accepted answers, and {} are there.",
    )
    yield from _miscounted(
        connection,
        "SELECT i.id, i.rejected, (SELECT count(*) FROM rejections r WHERE r.import = i.id) FROM imports i "
        "WHERE i.state = 'done'",
        "Import {} rejected {} records, and {} are there.",
    )


def _in_order(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Digests that lie in tables of their own must be those of the answers and prompts."""
    done = "JOIN parts p ON p.id = {}.part JOIN imports i ON i.id = p.import AND i.state = 'done'"
    rows = connection.execute(
        f"SELECT a.id FROM answers a {done.format('a')} WHERE NOT EXISTS (SELECT 1 FROM records r "
        "WHERE r.part = a.part AND r.digest = a.digest AND r.answer = a.id)"
    )
    for (key,) in rows:
        yield Problem(DATABASE, "changed", f"The table of records does not hold answer {key} as it is.")
    yield from _miscounted(
        connection,
        "SELECT p.id, p.accepted, (SELECT count(*) FROM records r WHERE r.part = p.id) FROM parts p "
        "JOIN imports i ON i.id = p.import AND i.state = 'done'",
        "Part {} has {} accepted answers, and {} records.",
    )
    rows = connection.execute(
        "SELECT p.id FROM prompts p WHERE p.id > coalesce("
        "(SELECT n.last FROM new_prompts n WHERE n.first <= p.id ORDER BY n.first DESC LIMIT 1), 0) "
        "AND NOT EXISTS (SELECT 1 FROM known_prompts k WHERE k.sha256 = p.sha256 AND k.prompt = p.id)"
    )
    for (key,) in rows:
        yield Problem(DATABASE, "changed", f"The table of known prompts does not hold prompt {key} as it is.")


def _digests(connection: sqlite3.Connection) -> Iterator[Problem]:
    for corpus in corpora.corpora(connection):
        parts = [p.id for p in corpora.parts_of(connection, corpus.id)]
        joins = corpora.joins_of(connection, corpus.id)
        if corpora.digest(connection, parts, joins) != corpus.sha256:
            yield Problem(DATABASE, "changed", f"The answers of {corpus.name} are not those that its digest is of.")
