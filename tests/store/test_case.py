"""The case as a whole: made, opened, closed, read from where nothing may be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.store.making import SVG, bring, finding, new_case, record, sealed_pack, several
from workbench.core.errors import CaseError, UsageError
from workbench.core.model import Facts, Role
from workbench.core.surroundings import Conditions
from workbench.store import Case, disk_state, opening, schema
from workbench.store.folder import DATABASE


def test_a_closed_case_is_one_database_file_with_a_rollback_journal(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(3))
        assert (tmp_path / "a.case" / "case.db-wal").exists()
    names = {p.name for p in (tmp_path / "a.case").iterdir()}
    assert names == {"case.db", "originals", "ledger.jsonl", "lock"}
    # Bytes 18 and 19 of the file say which journal: 1 is rollback.
    assert (tmp_path / "a.case" / "case.db").read_bytes()[18:20] == b"\1\1"


def test_facts_of_the_case(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions, "Matter \ud800 7") as case:
        facts = case.facts
    assert facts.title == "Matter ⟦U+D800⟧ 7"
    assert facts.examiner == "A. Examiner"
    assert facts.id == "00000000-0000-4000-8000-000000000001"
    assert facts.created == "2026-03-01T12:00:00.000Z"
    assert facts.schema == schema.MIGRATIONS.newest
    assert facts.folder == tmp_path / "a.case"


@pytest.mark.parametrize("name", ["plain", ".case", "a.case.zip"])
def test_the_name_of_a_case_ends_in_case(tmp_path: Path, conditions: Conditions, name: str) -> None:
    with pytest.raises(CaseError, match=r"\.case"):
        Case.create(tmp_path / name, title="t", conditions=conditions)
    assert not list(tmp_path.iterdir())


def test_a_taken_name_is_refused(tmp_path: Path, conditions: Conditions) -> None:
    new_case(tmp_path, conditions).close()
    with pytest.raises(CaseError, match="exists already"):
        new_case(tmp_path, conditions)
    with pytest.raises(CaseError, match="no folder"):
        Case.create(tmp_path / "missing" / "a.case", title="t", conditions=conditions)


def test_opening_what_is_no_case(tmp_path: Path, conditions: Conditions) -> None:
    folder = tmp_path / "a.case"
    with pytest.raises(CaseError, match="no case at"):
        Case.open(folder, conditions=conditions)
    folder.mkdir()
    with pytest.raises(CaseError, match=r"no case\.db"):
        Case.open(folder, conditions=conditions)
    (folder / DATABASE).write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(CaseError, match="damaged"):
        Case.open(folder, conditions=conditions)
    (folder / DATABASE).unlink()
    sqlite3.connect(folder / DATABASE).close()
    with pytest.raises(CaseError, match="not a case of this workbench"):
        Case.open(folder, conditions=conditions)


def test_a_newer_schema_is_refused_in_words(tmp_path: Path, conditions: Conditions) -> None:
    new_case(tmp_path, conditions).close()
    database = sqlite3.connect(tmp_path / "a.case" / DATABASE)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(CaseError, match="newer workbench"):
        Case.open(tmp_path / "a.case", conditions=conditions, writing=True)


def test_reading_writes_nothing(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(3))
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "a.case").rglob("*")}
    with Case.open(tmp_path / "a.case", conditions=conditions) as case:
        assert len(case.corpora()) == 1
        with pytest.raises(CaseError, match="reading only"):
            case.set_corpus("ada", note="x", reason="y")
        with pytest.raises(CaseError, match="reading only"):
            case.take(tmp_path / "answers.json")
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "a.case").rglob("*")} == before


def test_a_closed_case_says_so(tmp_path: Path, conditions: Conditions) -> None:
    case = new_case(tmp_path, conditions)
    case.close()
    case.close()
    with pytest.raises(CaseError, match="closed"):
        case.corpora()


_READ_ONLY = """
import os, sys
from pathlib import Path
from workbench.core.surroundings import of_this_machine
from workbench.core.errors import CaseError
from workbench.store import Case
# The interpreter itself may lie where the other user can't read.
folder, conditions, _ = Path(sys.argv[1]), of_this_machine("x"), "x".encode("utf-16be")
os.setuid(65534)
with Case.open(folder, conditions=conditions) as case:
    print(len(list(case.answers("ada"))), case.verify(), case.finding(1).number)
try:
    Case.open(folder, conditions=conditions, writing=True)
except CaseError as error:
    print(error.message)
"""


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="needs another user to fall back to")
def test_a_read_only_medium(conditions: Conditions) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        _read_only_medium(Path(name), conditions)


def _read_only_medium(folder: Path, conditions: Conditions) -> None:
    with new_case(folder, conditions) as case:
        bring(case, folder, several(3))
        record(case)
    for path in (folder / "a.case").rglob("*"):
        path.chmod(0o755)
    (folder / "a.case").chmod(0o755)
    seen = _child(_READ_ONLY, folder / "a.case")
    assert seen[0] == "3 [] 1"
    assert "can't be written" in seen[1]
    # A database that a reader of long ago left in its log mode, checkpointed, opens as well.
    database = sqlite3.connect(folder / "a.case" / DATABASE)
    database.execute("PRAGMA journal_mode = wal")
    database.close()
    assert _child(_READ_ONLY, folder / "a.case")[0] == "3 [] 1"


def _child(code: str, folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_case_killed_while_its_journal_was_in_use_opens_for_reading_and_for_writing(
    tmp_path: Path, conditions: Conditions
) -> None:
    """A rollback journal that a killed program left is rolled back by whoever opens the case first."""
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(40))
    whole = tmp_path / "a.case"
    before = (whole / DATABASE).read_bytes()
    database = sqlite3.connect(whole / DATABASE, isolation_level=None)
    # So small a cache spills into the file before the transaction ends.
    database.execute("PRAGMA cache_size = 1")
    database.execute("BEGIN IMMEDIATE")
    database.execute("CREATE TABLE spilled (text)")
    database.execute("INSERT INTO spilled SELECT randomblob(20000) FROM pragma_function_list LIMIT 40")
    for number, writing in enumerate((False, True)):
        killed = tmp_path / f"{number}.case"
        shutil.copytree(whole, killed)
        assert (killed / DATABASE).read_bytes() != before
        with Case.open(killed, conditions=conditions, writing=writing) as case:
            assert case.verify() == []
            assert len(list(case.answers("ada"))) == 40
        assert not (killed / f"{DATABASE}-journal").exists()
        # A writer changes the counter of changes as well.
        assert writing or (killed / DATABASE).read_bytes() == before
    database.close()


def test_the_same_verbs_give_the_same_bytes(tmp_path: Path) -> None:
    seen = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        seen.append(_all_verbs(folder, _fixed(), reopen=bool(number)))
    assert seen[0] == seen[1]


def _fixed() -> Conditions:
    from datetime import UTC, datetime, timedelta

    start = datetime(2026, 1, 1, tzinfo=UTC)
    ticks = (start + timedelta(seconds=n) for n in range(1000))
    return Conditions(lambda: next(ticks), "E", "a@b", lambda: "one-id")


def _all_verbs(folder: Path, conditions: Conditions, *, reopen: bool) -> tuple[list[str], list[object]]:
    case = new_case(folder, conditions)
    try:
        bring(case, folder, [*several(5), *several(5, "bob")], "one.json", role=Role.CONTROL)
        if reopen:
            case.close()
            case = Case.open(folder / "a.case", conditions=conditions, writing=True)
        bring(case, folder, several(8, None), "two.json", default="cy", facts=Facts(released="2023"))
        case.set_corpus("bob", role=Role.SUSPECT, reason="it is")
        record(case)
        case.finish_export(sealed_pack(case, {"k": 1}).number, "0" * 64)
        case.withdraw(1, "wrong")
        lines = [line.text() for line in case.ledger()]
        return lines, [list(case.normalised(c.name)) for c in case.corpora()]
    finally:
        case.close()


def test_ledger_lines_hold_no_path(tmp_path: Path, conditions: Conditions) -> None:
    _all_verbs(tmp_path, conditions, reopen=True)
    assert str(tmp_path) not in (tmp_path / "a.case" / "ledger.jsonl").read_text(encoding="utf-8")


def test_threads_have_connections_of_their_own(tmp_path: Path, conditions: Conditions) -> None:
    case = new_case(tmp_path, conditions)
    seen: list[int] = []

    def work() -> None:
        seen.extend(len(case.corpora()) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    bring(case, tmp_path, several(50))
    for thread in threads:
        thread.join()
    assert set(seen) <= {0, 1}
    case.close()
    assert (tmp_path / "a.case" / "case.db").read_bytes()[18:20] == b"\1\1"


def test_reading_while_another_opening_writes(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case, Case.open(tmp_path / "a.case", conditions=conditions) as reader:
        assert reader.corpora() == []
        bring(case, tmp_path, several(3))
        assert [c.name for c in reader.corpora()] == ["ada"]
        assert reader.verify() == []
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert case.verify() == []


def test_a_network_share_gets_a_rollback_journal_and_a_notice(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_case(tmp_path, conditions).close()
    monkeypatch.setattr(
        "workbench.store.case.place_of", lambda folder: disk_state.Place(network=True, notice="A share.")
    )
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        bring(case, tmp_path, several(3))
        assert not (tmp_path / "a.case" / "case.db-wal").exists()
        assert case.notice == "A share."
        assert case.verify() == []


def _next_schema(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE rejections ADD COLUMN colour TEXT")


def test_a_migration_keeps_a_copy_and_a_line(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(3))
    old = schema.MIGRATIONS.newest
    newer = schema.Migrations()
    newer.steps = [*schema.MIGRATIONS.steps, _next_schema]
    for module in ("case", "opening", "schema"):
        target = {"case": "workbench.store.case.MIGRATIONS", "opening": "workbench.store.opening.schema.MIGRATIONS"}
        monkeypatch.setattr(target.get(module, "workbench.store.schema.MIGRATIONS"), newer)
    with Case.open(tmp_path / "a.case", conditions=conditions) as case:
        assert case.facts.schema == old
        assert case.verify() == []
    assert not list(tmp_path.glob("*.db"))
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert case.facts.schema == old + 1
        assert [line.action for line in case.ledger()][-1] == "case migrated"
        assert case.verify() == []
    copy = sqlite3.connect(tmp_path / f"a.before-schema-{old + 1}.db")
    assert copy.execute("PRAGMA user_version").fetchone() == (old,)
    copy.close()


def test_a_migration_without_room_is_refused(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_case(tmp_path, conditions).close()
    old = schema.MIGRATIONS.newest
    newer = schema.Migrations()
    newer.steps = [*schema.MIGRATIONS.steps, _next_schema]
    monkeypatch.setattr("workbench.store.case.MIGRATIONS", newer)
    monkeypatch.setattr("workbench.store.schema.MIGRATIONS", newer)
    monkeypatch.setattr(opening, "require_space", _no_room)
    with pytest.raises(CaseError, match="no room"):
        Case.open(tmp_path / "a.case", conditions=conditions, writing=True)
    with Case.open(tmp_path / "a.case", conditions=conditions) as case:
        assert case.facts.schema == old


def _no_room(folder: Path, need: int, what: str) -> None:
    raise CaseError(f"no room for {what}")


def test_findings_and_packs(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        assert record(case, 1) == 1
        stored = case.finding(record(case, 2))
        assert stored.finding.as_json(tables=True) == finding(2).as_json(tables=True)
        assert (stored.svg, stored.withdrawn, stored.options) == (SVG, "", {"k": 1})
        assert stored.narrative.sentences == ("One.", "Two.")
        first = sealed_pack(case, {"include_originals": True})
        case.withdraw(1, "a mistake")
        assert [f.withdrawn for f in case.findings()] == ["a mistake", ""]
        assert [f.withdrawn for f in case.findings(until=first.line)] == ["", ""]
        with pytest.raises(UsageError, match="withdrawn already"):
            case.withdraw(1, "again")
        with pytest.raises(UsageError, match="reason"):
            case.withdraw(2, " ")
        with pytest.raises(UsageError, match="no finding 9"):
            case.finding(9)
        case.finish_export(first.number, "a" * 64)
        case.finish_export(first.number, "a" * 64)
        with pytest.raises(UsageError, match="other bytes"):
            case.finish_export(first.number, "b" * 64)
        again = case.export_again(1)
        assert (again.choices, again.head, again.ledger) == (first.choices, first.head, first.ledger)
        assert again.sha256 == "a" * 64
        assert first.head in first.ledger[-1]
        assert sealed_pack(case, {}).number == 2
        with pytest.raises(UsageError, match="no pack 7"):
            case.export_again(7)
        assert [e.number for e in case.exports()] == [1, 2]
        assert case.verify(head=first.head) == []


def test_a_finding_of_more_than_a_megabyte_is_refused(tmp_path: Path, conditions: Conditions) -> None:
    from dataclasses import replace

    from tests.store.making import NARRATIVE

    with new_case(tmp_path, conditions) as case:
        big = replace(finding(), values={"list": "x" * 1_000_001})
        with pytest.raises(CaseError, match="at most 1000000"):
            case.record_finding(big, narrative=NARRATIVE, svg=b"", options={})
        assert case.findings() == []
        assert len(list(case.ledger())) == 1
