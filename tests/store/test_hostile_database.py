"""A database from somebody else: what was added to it never runs, and what is wrong in it ends in words, and soon."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.making import bring, new_case, record, sealed_pack, several
from workbench.core.errors import CaseError
from workbench.core.hashing import canonical, sha256
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.store import Case, connecting, rescue, verify_case
from workbench.store.connecting import BoundedConnection
from workbench.store.disk_state import DamagedError
from workbench.store.folder import DATABASE
from workbench.store.ledger import LONGEST, NO_HASH

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case in which something of everything has happened."""
    tmp_path = tmp_path_factory.mktemp("made")
    with new_case(tmp_path, of_this_machine("A. Examiner")) as case:
        bring(case, tmp_path, several(4))
        record(case, 1)
        case.finish_export(sealed_pack(case, {"a": 1}).number, "c" * 64)
    return tmp_path / "a.case"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the case to prepare."""
    return Path(shutil.copytree(made, tmp_path / "a.case"))


def prepare(folder: Path, *statements: str) -> None:
    """Change the database as somebody would who knows SQLite."""
    database = sqlite3.connect(folder / DATABASE)
    database.executescript(";".join(["PRAGMA writable_schema = ON", *statements]))
    database.commit()
    database.close()


def behind(folder: Path, *statements: str) -> None:
    """The same, and put the guards back."""
    database = sqlite3.connect(folder / DATABASE)
    guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        database.execute(f"DROP TRIGGER {name}")
    for statement in (*statements, *(sql for _, sql in guards)):
        database.execute(statement)
    database.commit()
    database.close()


ADDED = {
    "a trigger": (
        f"CREATE TRIGGER x AFTER INSERT ON ledger BEGIN INSERT INTO joins SELECT x, 1, 1, 1, 1 FROM ({ENDLESS} x FROM "
        "n); END",
        "The trigger x of the database was added",
    ),
    "a trigger in place of a guard": (
        "DROP TRIGGER ledger_no_update; CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT 1; END",
        "The trigger ledger_no_update of the database was changed",
    ),
    "a guard that is missing": ("DROP TRIGGER ledger_no_delete", "The trigger ledger_no_delete of the database is"),
    "an endless view": (f"CREATE VIEW x AS {ENDLESS} x FROM n", "The view x of the database was added"),
    "an endless view in place of a table": (
        "ALTER TABLE corpora RENAME TO theirs; CREATE VIEW corpora AS "
        f"{ENDLESS} x AS id, 'a' AS name, 'b' AS role, '' AS facts, 1 AS documented, '' AS note, 1 AS answers, "
        "'' AS sha256 FROM n",
        "The view corpora of the database was added",
    ),
    "a table": ("CREATE TABLE x (y)", "The table x of the database was added"),
    "a table of statistics": ("ANALYZE", "The table sqlite_stat1 of the database was added"),
    "a column that computes": (
        "ALTER TABLE sources ADD COLUMN x AS (zeroblob(900000000))",
        "The table sources of the database was changed",
    ),
    "an index that computes": (
        "CREATE INDEX x ON sources (length(zeroblob(900000000)))",
        "The index x of the database was added",
    ),
    "a virtual table": ("CREATE VIRTUAL TABLE x USING fts5 (y)", "The table x of the database was added"),
    "a table twice": (
        "INSERT INTO sqlite_master SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = 'joins'",
        "",
    ),
    "another rank": (
        "INSERT INTO answer_words_config VALUES ('rank', 'load_extension(''x'')')",
        "The settings of the index answer_words",
    ),
    "words of the schema that are no text": (
        "UPDATE sqlite_master SET sql = CAST(x'ff' AS TEXT) WHERE name = 'joins'",
        "",
    ),
    "a schema without an end": (
        "CREATE TABLE many (x); WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000) INSERT "
        "INTO sqlite_master SELECT 'table', 't' || x, 't' || x, 2, 'CREATE TABLE t' || x || ' (y)' FROM n",
        "",
    ),
    "a word of the schema without an end": (
        "UPDATE sqlite_master SET sql = sql || printf('%.*c', 1000000, ' ') WHERE name = 'joins'",
        "",
    ),
    "a schema of a later version": ("PRAGMA user_version = 3", ""),
}


@pytest.mark.parametrize(("statements", "words"), ADDED.values(), ids=ADDED.keys())
def test_a_schema_that_was_never_released_is_refused_by_every_verb(
    folder: Path, conditions: Conditions, statements: str, words: str
) -> None:
    prepare(folder, statements)
    before = (folder / DATABASE).read_bytes()
    for writing in (False, True):
        with pytest.raises(CaseError) as refused, Case.open(folder, conditions=conditions, writing=writing) as case:
            case.corpora()
        assert refused.value.message.endswith((".", "”"))
    found = verify_case(folder)
    assert found
    assert any(words in problem.detail for problem in found)
    assert (folder / DATABASE).read_bytes() == before
    # The originals and the ledger are there all the same.
    assert rescue(folder, folder.parent / "new.case", conditions, read=lambda *_: iter(several(4))).replayed


def test_statements_of_somebody_else_are_not_trusted(folder: Path, conditions: Conditions) -> None:
    with Case.open(folder, conditions=conditions) as case:
        connection = case._store.connection
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert connection.execute("PRAGMA cell_size_check").fetchone() == (1,)


def pages_in_a_circle(folder: Path, table: str) -> None:
    """Have a table's tree lead through seventeen pages, each of which leads to the next a hundred times."""
    database = sqlite3.connect(folder / DATABASE)
    (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (size,) = database.execute("PRAGMA page_size").fetchone()
    database.close()
    data = bytearray((folder / DATABASE).read_bytes())
    leaf = len(data) // size + 1
    data += data[(root - 1) * size : root * size]
    for above in range(16):
        data += inner_page(leaf + above, size)
    data[(root - 1) * size : root * size] = inner_page(leaf + 16, size)
    struct.pack_into(">I", data, 28, len(data) // size)
    (folder / DATABASE).write_bytes(data)


def inner_page(child: int, size: int) -> bytes:
    page = bytearray(size)
    cells, at = [], size
    for number in range(100):
        cell = struct.pack(">I", child) + bytes([number + 1])
        at -= len(cell)
        page[at : at + len(cell)] = cell
        cells.append(at)
    struct.pack_into(">BHHHBI", page, 0, 5, 0, len(cells), at, 0, child)
    struct.pack_into(f">{len(cells)}H", page, 12, *cells)
    return bytes(page)


READING: dict[str, Callable[[Case], object]] = {
    "corpora": lambda case: case.corpora(),
    "parts": lambda case: case.catalogue(),
    "answers": lambda case: list(case.normalised("ada")),
    "sources": lambda case: case.sources(),
    "findings": lambda case: case.findings(),
    "ledger": lambda case: [None for _ in case.ledger()],
    "exports": lambda case: case.exports(),
}


@pytest.mark.parametrize("table", READING)
def test_a_tree_without_an_end_ends_in_words(
    folder: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr(connecting, "STEP", 10_000)
    monkeypatch.setattr(BoundedConnection, "least", 5)
    monkeypatch.setattr(connecting, "_BYTES_A_STEP", 1_000_000)
    pages_in_a_circle(folder, table)
    with (
        Case.open(folder, conditions=conditions) as case,
        pytest.raises(DamagedError, match=r"not come to an end|comes row"),
    ):
        READING[table](case)
    assert any("2nd reference" in problem.detail for problem in verify_case(folder))


NOT_TEXT = {
    "sources": "name",
    "corpora": "note",
    "ledger": "line",
    "imports": "options",
    "answers": "text",
    "prompts": "text",
    "findings": "narrative",
    "exports": "choices",
}


@pytest.mark.parametrize("value", ["CAST(x'ff00' AS TEXT)", "x'ff'", "7", "-1e400", "'[1]'"])
@pytest.mark.parametrize(("table", "column"), NOT_TEXT.items())
def test_a_row_that_is_not_as_it_is_written_ends_in_words(
    folder: Path, conditions: Conditions, table: str, column: str, value: str
) -> None:
    behind(folder, f"UPDATE {table} SET {column} = {value}")
    assert verify_case(folder)
    with Case.open(folder, conditions=conditions) as case:
        for read in READING.values():
            in_words(lambda read=read: read(case))
    in_words(lambda: Case.open(folder, conditions=conditions, writing=True).close())


def in_words(verb: Callable[[], object]) -> None:
    """Done, or refused in words."""
    said = ""
    try:
        verb()
    except CaseError as error:
        said = error.message
    assert not said or said.endswith((".", "”"))


def ledger_of(folder: Path, lines: int, size: int) -> None:
    """Add lines to the ledger of a case, whole ones, and to its mirror."""
    database = sqlite3.connect(folder / DATABASE)
    sequence, previous = database.execute("SELECT sequence, hash FROM ledger ORDER BY sequence DESC").fetchone()
    with (folder / "ledger.jsonl").open("ab") as mirror:
        for number in range(sequence + 1, sequence + 1 + lines):
            fields = dict.fromkeys(("time", "examiner", "account", "tool", "reason"), "") | {
                "sequence": number, "action": "noted", "object": {}, "options": {"note": "x" * size},
                "before": None, "after": None, "previous": previous,
            }  # fmt: skip
            previous = sha256(canonical(fields))
            line = canonical(fields | {"hash": previous})
            row = (number, "noted", previous, line.decode())
            database.execute("INSERT INTO ledger (sequence, action, hash, line) VALUES (?, ?, ?, ?)", row)
            mirror.write(line + b"\n")
    database.commit()
    database.close()


def test_a_long_ledger_is_read_in_small_memory(folder: Path, conditions: Conditions) -> None:
    ledger_of(folder, 100, 400_000)
    tracemalloc.start()
    try:
        assert verify_case(folder) == []
        with Case.open(folder, conditions=conditions, writing=True) as case:
            case.sources(7)
            case.exports()
            assert sum(1 for _ in case.ledger()) > 100
            case.backup(folder.parent / "b.zip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_a_line_of_the_ledger_without_an_end_is_refused(folder: Path, conditions: Conditions) -> None:
    ledger_of(folder, 1, LONGEST + 1)
    assert any("longer than this program writes" in problem.detail for problem in verify_case(folder))
    with (
        Case.open(folder, conditions=conditions) as case,
        pytest.raises(DamagedError, match="longer than this program"),
    ):
        list(case.ledger())
    with Case.open(folder.with_name("a.case"), conditions=conditions) as case:
        assert case.sources()


def test_no_line_is_written_that_could_not_be_read(folder: Path, conditions: Conditions) -> None:
    with Case.open(folder, conditions=conditions, writing=True) as case:
        with pytest.raises(CaseError, match="characters"):
            case.set_corpus("ada", note="x", reason="r" * LONGEST)
        assert case.verify() == []


def test_the_first_line_follows_on_none(folder: Path) -> None:
    first = json.loads((folder / "ledger.jsonl").read_text("utf-8").splitlines()[0])
    assert first["previous"] == NO_HASH


def test_a_stored_chart_with_a_script_is_named(folder: Path) -> None:
    svg = zlib.compress(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    behind(folder, f"UPDATE findings SET svg = x'{svg.hex()}'")
    assert any("the element script" in problem.detail for problem in verify_case(folder))


def test_a_stored_chart_that_unfolds_without_an_end_is_named(folder: Path) -> None:
    svg = zlib.compress(b"<svg>" + bytes(200_000_000), 9)
    behind(folder, f"UPDATE findings SET svg = x'{svg.hex()}'")
    assert any("unfolds into more than" in problem.detail for problem in verify_case(folder))
