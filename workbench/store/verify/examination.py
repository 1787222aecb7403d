"""The last examination against its ledger line: what was seen, what is alike, what is masked, and its counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import orjson

from workbench.store import corpora, ledger
from workbench.store.examination import read as examined
from workbench.store.examination import redactions
from workbench.store.folder import DATABASE
from workbench.store.ledger import digest_of
from workbench.store.rows import Problem

_WHAT = {
    "seen": "What was seen of the answers is",
    "alike": "The near duplicates are",
    "redactions": "The secrets are",
    "counts": "The counts are",
}


def examination(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Compute the digests of the last examination again; earlier ones rest on their ledger lines."""
    last = examined.last(connection)
    if last is None:
        return
    text = connection.execute("SELECT line FROM ledger WHERE sequence = ?", (last.line,)).fetchone()
    line = None if text is None else ledger.whole(text[0])
    if line is None:
        return  # the ledger's own check names it
    # An examination that is under way has its rows beside, which count for nothing yet.
    found = examined.seals(connection, last.chain, last.id)
    found["redactions"] = redactions.seal(redactions.redactions(connection, last.line))
    found["counts"] = digest_of(last.counts)
    for name, own in found.items():
        if own != line.options.get(name):
            said = f"{_WHAT[name]} not what examination {last.id} sealed."
            yield Problem(DATABASE, "changed", said)
    stated = line.options.get("corpora", {})
    now = corpora.states(ledger.lines_of(connection, corpora.TELLING, last.line))
    for name, digest in sorted(stated.items()):
        if now.get(name, {}).get("sha256") != digest:
            yield Problem(DATABASE, "changed", f"Examination {last.id} was of other answers of {name}.")


def rows(connection: sqlite3.Connection) -> Iterator[tuple[int, int, list[object]]]:
    """Each finished examination as its row tells of it: number, line, and what that line must say."""
    if not examined.is_there(connection):
        return
    for key, ended, digest, rules, counts, line in connection.execute(
        "SELECT id, ended, sha256, rules, counts, line FROM examinations WHERE state = 'done'"
    ).fetchall():
        yield key, line, [ended, digest, orjson.loads(rules), digest_of(json.loads(counts))]


def full_text(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The index must name no answer and no prompt that is not there, and hold all that it says it holds."""
    if not examined.is_there(connection):
        return
    row = connection.execute(
        "SELECT (SELECT count(id) FROM answer_words_docsize), (SELECT count(*) FROM answers a JOIN indexed_parts x "
        "ON x.part = a.part WHERE a.id <= x.after), (SELECT count(id) FROM prompt_words_docsize), "
        "(SELECT count(prompt) FROM indexed_prompts)"
    ).fetchone()
    if row[0] != row[1] or row[2] != row[3]:
        yield Problem(DATABASE, "changed", "The full-text index does not hold what it says that it holds.")
